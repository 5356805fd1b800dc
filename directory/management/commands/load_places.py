"""Load the city's localities, wards, neighbourhood names and the wards of its postcodes from the city's folder."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from directory.geo import Point, mean_point
from directory.geocoding import named_places, postcode_table
from directory.models import Area, Locality, PostcodeWard, Ward
from directory.postcodes import PostcodesNotLoaded


class Command(BaseCommand):
    help = "Load localities, wards, neighbourhoods and postcode wards of the city. Safe to run again; needs load_postcodes."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.CITY.folder
        wards = list(rows(folder / "wards.csv"))
        areas = list(rows(folder / "areas.csv"))
        ward_of = {row["postcode"]: row["ward_code"] for row in rows(folder / "postcode_wards.csv")}
        if already_loaded(wards, areas, ward_of):
            self.stdout.write("Places: up to date.")
            return
        try:
            centres = centres_of(ward_of)
        except PostcodesNotLoaded as missing:
            raise CommandError("Run load_postcodes first: a ward's middle comes from its postcodes.") from missing
        if unplaced := [row["name"] for row in wards if row["ward_code"] not in centres]:
            raise CommandError(f"No live postcode lies in {', '.join(unplaced)}.")
        load(wards, areas, ward_of, centres)
        self.stdout.write(f"Places: {len(wards)} wards, {len(areas)} neighbourhoods, {len(ward_of):,} postcodes.")


@transaction.atomic
def load(
    wards: list[dict[str, str]], areas: list[dict[str, str]], ward_of: dict[str, str], centres: dict[str, Point]
) -> None:
    """Write everything by its own key, so that a second run changes nothing but what the files changed."""
    Locality.objects.bulk_create(
        [
            Locality(code=code, name=name, position=position)
            for position, (code, name) in enumerate(settings.CITY.localities.items())
        ],
        update_conflicts=True, unique_fields=["code"], update_fields=["name", "position"],
    )  # fmt: skip
    Ward.objects.bulk_create(
        [
            Ward(
                code=row["ward_code"],
                name=row["name"],
                locality_id=row["locality"],
                latitude=round(centres[row["ward_code"]].latitude, 6),
                longitude=round(centres[row["ward_code"]].longitude, 6),
            )
            for row in wards
        ],
        update_conflicts=True, unique_fields=["code"], update_fields=["name", "locality", "latitude", "longitude"],
    )  # fmt: skip
    Area.objects.bulk_create(
        [
            Area(
                name=row["name"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                ward_id=row["ward_code"],
                note=row["note"],
            )
            for row in areas
        ],
        update_conflicts=True, unique_fields=["name"], update_fields=["latitude", "longitude", "ward", "note"],
    )  # fmt: skip
    PostcodeWard.objects.bulk_create(
        [PostcodeWard(postcode=postcode.replace(" ", ""), ward_id=ward) for postcode, ward in ward_of.items()],
        batch_size=2000, update_conflicts=True, unique_fields=["postcode"], update_fields=["ward"],
    )  # fmt: skip
    named_places.forget()


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Yield the lines of a table with a header."""
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def centres_of(ward_of: dict[str, str]) -> dict[str, Point]:
    """Return the mean position of each ward's live postcodes."""
    points: dict[str, list[Point]] = defaultdict(list)
    for postcode, point in postcode_table().positions(ward_of):
        points[ward_of[postcode]].append(point)
    return {ward: middle for ward, inside in points.items() if (middle := mean_point(inside))}


def already_loaded(wards: list[dict[str, str]], areas: list[dict[str, str]], ward_of: dict[str, str]) -> bool:
    """Say whether the database holds what the files say; positions follow from them."""
    return (
        dict(Locality.objects.values_list("code", "name")) == settings.CITY.localities
        and {(row["ward_code"], row["name"], row["locality"]) for row in wards}
        == set(Ward.objects.values_list("code", "name", "locality_id"))
        and {
            (row["name"], float(row["latitude"]), float(row["longitude"]), row["ward_code"], row["note"])
            for row in areas
        }
        == set(Area.objects.values_list("name", "latitude", "longitude", "ward_id", "note"))
        and {postcode.replace(" ", ""): ward for postcode, ward in ward_of.items()}
        == dict(PostcodeWard.objects.values_list("postcode", "ward_id"))
    )
