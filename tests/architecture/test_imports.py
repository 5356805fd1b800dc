"""Imports only go down. The contracts, with their reasons, are in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from config.setup import HOUSE


def test_the_import_contracts_are_kept():
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=HOUSE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_pure_module_that_exists_is_under_contract():
    """Pure modules hold rules that a court could ask about: they must be readable, and testable, without a database."""
    pure = ["directory.geo", "directory.eligibility", "directory.schedules", "directory.availability"]
    pure += ["directory.freshness", "search.queries", "brokering.matching", "safekeeping.screening"]
    pure += ["safekeeping.personal_data", "training.conditions", "training.seats", "directory.outlines"]
    there = {name for name in pure if (HOUSE / f"{name.replace('.', '/')}.py").exists()}
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = [one for one in contracts if one["id"] == "pure"]
    assert there == set(contract["source_modules"])
