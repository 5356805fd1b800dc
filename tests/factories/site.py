"""The stewards' side as `manage.py setup` leaves it, without the pages that most tests never open: forty cost two seconds."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from cms import groups, seed, workflows
from cms.models import SiteWords
from cms.models.site import ONLY
from cms.said import LINKED

# Those that every footer links to.
PAGES = (seed.FIRST, *(address.strip("/") for address in LINKED))


def set_up() -> None:
    """Make the groups, the moderation and the few pages that every other page links to."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PAGES:
            shutil.copy(settings.CITY.folder / "pages" / f"{name}.toml", folder)
        above = seed.plant(Path(folder), name=settings.SITE_NAME)
    groups.set_up(above)
    workflows.set_up()
    SiteWords.objects.get_or_create(pk=ONLY)
