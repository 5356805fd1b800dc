"""Draw the approximate outlines of wards, councils and postcode districts that maps show."""

from __future__ import annotations

import csv
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directory.area_maps import AROUND, Layer, collection, write
from directory.geocoding import council_name, postcode_table
from directory.outlines import REACH
from directory.postcodes import PostcodesNotLoaded


class Command(BaseCommand):
    help = "Draw the outlines that maps show, from the positions of postcodes and their wards. Needs load_postcodes."
    requires_system_checks: list[str] = []  # set-up runs it before there is anything to check

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        city = settings.CITY
        try:
            # what lies just beyond the edge of the map decides where its own land ends
            rows = postcode_table().around(city.council_code, margin=AROUND + REACH)
        except PostcodesNotLoaded as missing:
            raise CommandError(
                "Run load_postcodes first: outlines are drawn from the positions of postcodes."
            ) from missing
        if not rows:
            raise CommandError(f"There is no live postcode of {city.council_name} to draw from.")
        names = {(Layer.COUNCIL, row.council.code): council_name(row.council) for row in rows}
        with (city.folder / "wards.csv").open(encoding="utf-8", newline="") as wards:
            names |= {(Layer.WARD, row["ward_code"]): row["name"] for row in csv.DictReader(wards)}
        with (city.folder / "postcode_wards.csv").open(encoding="utf-8", newline="") as listed:
            ward_of = {row["postcode"]: row["ward_code"] for row in csv.DictReader(listed)}
        told = collection(rows, city=city.council_code, ward_of=ward_of, names=names)
        size = write(settings.OUTLINES_FILE, told)
        self.stdout.write(
            f"Outlines: {len(told['features'])} areas from {len(rows):,} postcodes in"
            f" {time.monotonic() - started:.0f} s, {size / 1000:.0f} kB."
        )
