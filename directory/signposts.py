"""Where somebody can be pointed who finds nothing here, or who is about to speak with a whole class: lines that take reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from directory.models import Service

if TYPE_CHECKING:
    from safekeeping.policy import Hat

REPORTING_LINE = "reporting_line"
WORKSHOP = "school_workshop"
MOST = 3


class Signpost(NamedTuple):
    slug: str
    name: str
    summary: str


def signposts(hat: Hat | None) -> list[Signpost]:
    """Return the reporting lines that ``hat`` may see, by name; one query."""
    lines = Service.objects.visible_to(hat).filter(service_type__code=REPORTING_LINE)
    return [Signpost(*row) for row in lines.order_by("name", "pk").values_list("slug", "name", "summary")[:MOST]]


def beside(slug: str, hat: Hat | None) -> list[Signpost]:
    """Return what to point to on the page of that service: the reporting lines, if it is a workshop for pupils."""
    is_workshop = Service.objects.filter(slug=slug, service_type__code=WORKSHOP).exists()
    return signposts(hat) if is_workshop else []
