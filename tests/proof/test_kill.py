"""
T-KILL: processes die in the middle of their work, and one letter in five is taken without anybody being told.

Whoever was told "done" finds it done, whoever had to be told is told, and nobody is told of what did not happen.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from pathlib import Path

from config.run import Part
from tests import servers
from tests.proof.conftest import ask, proof_site
from tests.proof.holding import TOLD
from tests.proof.load import Load

KILLS = int(os.environ.get("KILLS", "6"))
BETWEEN = 1.5  # seconds from one kill to the next
SECONDS_TO_HEAL = 20


def running(site: servers.Site, name: str) -> Part:
    return next(part for part in reversed(site.parts) if part.name == name)


def kill_one_of_the_web(site: servers.Site) -> None:
    """Kill one of the server's own workers; the server starts another one."""
    master = running(site, "web").process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


def kill_all_of_the_web(site: servers.Site) -> None:
    web = running(site, "web")
    web.stop(signal.SIGKILL)
    web.process.wait()
    began = time.monotonic()
    servers.serve(site)
    assert time.monotonic() - began < SECONDS_TO_HEAL


def kill_the_worker(site: servers.Site) -> None:
    worker = running(site, "worker")
    worker.stop(signal.SIGKILL)
    worker.process.wait()
    site.start("worker", "manage.py", "worker")


def test_nothing_that_was_acknowledged_is_lost_and_nobody_stays_untold(database, record_property):
    with proof_site(database) as site:
        site.start("worker", "manage.py", "worker")
        with Load(site) as load:
            time.sleep(BETWEEN)
            for _, kill in zip(
                range(KILLS), itertools.cycle([kill_one_of_the_web, kill_the_worker, kill_all_of_the_web]), strict=False
            ):
                kill(site)
                time.sleep(BETWEEN)
            time.sleep(BETWEEN)
            before = len(load.acknowledged)
            time.sleep(2 * BETWEEN)
            assert len(load.acknowledged) > before, "the site has not recovered"
        running(site, "worker").stop(signal.SIGTERM)
        running(site, "worker").process.wait(timeout=30)
        counted = ask(site, "tally")
        taken = [json.loads(line) for line in (site.place.var / "letters.jsonl").read_text().splitlines()]
    letters = [one["id"] for one in taken if one["to"] == [TOLD]]
    held, owed = set(counted["held"]), set(counted["letters"].values())
    figures = {
        "told": dict(load.told),
        "held": len(held),
        "letters": len(letters),
        "twice": len(letters) - len(set(letters)),
        "mails": counted["mails"],
    }
    record_property("figures", figures)
    assert len(load.acknowledged) > 50, figures
    assert load.told["no answer"] > 0, "nothing was killed in the middle of its work"
    assert load.acknowledged - held == set(), "acknowledged and lost"
    assert owed - set(letters) == set(), "never told"
    assert set(letters) - owed == set(), "told of what did not happen"
    assert figures["twice"] > 0, "no answer was ever lost: the letter box proves nothing"
    assert counted["mails"] == {"sent": len(held)}
    assert counted["in_trail"] == len(held)
