"""Make what the stewards' work stands on: their groups and rights, the moderation, the first pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from cms import groups, seed, workflows
from cms.models import SiteWords
from cms.models.site import ONLY


class Command(BaseCommand):
    help = "Make the stewards' groups, the moderation workflow and the first pages. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            above = seed.plant(settings.CITY.folder / "pages", name=settings.SITE_NAME)
            groups.set_up(above)
            workflows.set_up()
            SiteWords.objects.get_or_create(pk=ONLY)
        self.stdout.write("The stewards' groups, the moderation and the first pages are there.")
