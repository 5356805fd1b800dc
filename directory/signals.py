"""News that goes up the house without an import; sent inside the transaction of what happened."""

from django.dispatch import Signal

# Sent with `service_id` (UUID) when anything that a finder shows of a service may have changed: words, standing, places, locations.
service_changed = Signal()
