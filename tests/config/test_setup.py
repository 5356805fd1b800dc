"""Set-up does what is due, and only that."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from config import setup


@pytest.fixture
def place(tmp_path):
    return setup.Place.of({"VAR_DIR": str(tmp_path)})


@pytest.fixture
def step(tmp_path):
    """Return a step that copies a file, and the list of its doings."""
    source, result = tmp_path / "source", tmp_path / "result"
    source.write_text("one")
    done: list[str] = []

    def do() -> None:
        done.append(source.read_text())
        result.write_text(source.read_text())

    made = setup.Step(
        name="copy",
        told="Copy",
        made_from=lambda: setup.fingerprint([source]),
        still_there=result.exists,
        do=do,
        remembered_in=tmp_path / "kept.json",
    )
    return made, done, source, result


def quiet(line: str) -> None:
    """Say nothing."""


def test_a_step_that_is_done_is_skipped(step):
    made, done, *_ = step
    assert setup.take([made], say=quiet) == 1
    assert setup.take([made], say=quiet) == 0
    assert done == ["one"]


def test_a_step_is_due_again_when_what_it_is_made_from_changes(step):
    made, done, source, _ = step
    setup.take([made], say=quiet)
    source.write_text("two")
    setup.take([made], say=quiet)
    assert done == ["one", "two"]


def test_a_step_is_due_again_when_its_result_is_gone(step):
    made, _done, _, result = step
    setup.take([made], say=quiet)
    result.unlink()
    assert setup.take([made], say=quiet) == 1


def test_a_step_that_failed_is_due_again(step):
    made, _done, source, _ = step
    setup.take([made], say=quiet)
    source.unlink()
    with pytest.raises(FileNotFoundError):
        setup.take([made], say=quiet)
    source.write_text("one")
    assert setup.take([made], say=quiet) == 1


def test_a_broken_memory_counts_as_none(step, tmp_path):
    made, *_ = step
    setup.take([made], say=quiet)
    (tmp_path / "kept.json").write_text("{")
    assert setup.take([made], say=quiet) == 1
    assert json.loads((tmp_path / "kept.json").read_text())


def test_each_long_step_says_that_it_began_and_how_long_it_took(step):
    said: list[str] = []
    setup.take([step[0]], say=said.append)
    assert said == ["  … Copy", "  ✓ Copy (0 s)"]


def test_another_database_at_the_same_address_is_another_database(place):
    assert setup.birth_of(place) == ""
    file = place.var / "alongside.sqlite3"
    for born in ("2026-11-01", "2026-11-02"):
        file.unlink(missing_ok=True)
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE django_migrations (applied text)")
            connection.executemany("INSERT INTO django_migrations VALUES (?)", [(born,), ("2026-11-09",)])
        connection.close()
        assert setup.birth_of(place) == born


def test_a_failure_says_what_the_program_said_last(place):
    with pytest.raises(setup.SetupFailed, match="no such thing"):
        setup.call(setup.sys.executable, "-c", "raise SystemExit('no such thing')", place=place)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_a_lock_is_pinned_and_hashed_and_names_no_address(lock):
    text = (setup.HOUSE / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)


def test_the_lock_for_tests_holds_all_of_the_lock_for_the_site():
    def pins(name: str) -> set[str]:
        lines = (setup.HOUSE / name).read_text(encoding="utf-8").splitlines()
        return {line for line in lines if line and not line.startswith((" ", "#"))}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_what_runs_before_anything_is_installed_needs_nothing_installed():
    allowed = set(setup.sys.stdlib_module_names) | {"config"}
    for name in ("setup.py", "run.py", "frontend.py", "__init__.py"):
        for line in (Path(setup.__file__).parent / name).read_text(encoding="utf-8").splitlines():
            if line.startswith(("import ", "from ")):
                assert line.split()[1].split(".")[0] in allowed, f"{name}: {line}"
