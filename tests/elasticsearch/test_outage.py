"""
Outages of a real server, with the whole site running and people searching: killed, hung, and back with last week's data.

Nobody sees an error, nobody waits long, nothing that was withdrawn is shown; and it comes back by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests import servers
from tests.elasticsearch.server import NoElasticsearch, elasticsearch

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

SEARCH = "/find/?text=mentoring&within=citywide&availability=all"
# A page while Elasticsearch is away may take so much longer than the slowest one before: one question's patience, once.
LONGER = 1.5
BACK_WITHIN = 60
PICK = """
from directory.models import Service
one = Service.objects.published().filter(name__icontains="mentor", standing__visibility="public").order_by("name")[{place}]
print(one.pk, one.name, sep="|")
"""
WITHDRAW = """
from directory.models import ServiceStanding
one = ServiceStanding.objects.get(service_id="{id}")
one.standing = "suspended"
one.save()
"""
EQUAL = """
from search.backends import backend
engine = backend()
print(engine.elastic.index.digests() == engine.own.digests() and not engine.elastic.index.has_lost())
"""


@dataclass(slots=True)
class Crowd:
    """People who search all the time: how long each page took, and what went wrong."""

    address: str
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    gone: str = ""

    def search(self, done: threading.Event) -> None:
        while not done.is_set():
            gone, began = self.gone, time.monotonic()
            try:
                with urllib.request.urlopen(self.address + SEARCH, timeout=30) as told:
                    page = told.read().decode()
            except (urllib.error.URLError, OSError) as trouble:
                self.wrong.append(repr(trouble))
                continue
            self.took.append(time.monotonic() - began)
            if gone and f"{gone}<" in page:
                self.wrong.append(f"shows {gone}")


@contextmanager
def crowd(address: str, gone: str = "") -> Iterator[Crowd]:
    """Have two people search until the block ends."""
    one, done = Crowd(address, gone=gone), threading.Event()
    people = [threading.Thread(target=one.search, args=(done,)) for _ in range(2)]
    for person in people:
        person.start()
    try:
        yield one
    finally:
        done.set()
        for person in people:
            person.join()


@pytest.fixture(scope="module")
def drill():
    """Start a server of our own, and the site with everything that runs beside it; both go away."""
    try:
        with elasticsearch() as server, servers.site(environ={"ELASTICSEARCH_URL": server.url}) as site:
            site.start("worker", "manage.py", "worker")
            site.start("clock", "manage.py", "clock")
            until_answered_by(site, "elasticsearch", seconds=180)
            yield server, site
    except NoElasticsearch as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


def health(site) -> dict[str, str]:
    """Return what the site says of its search; until the clock has run each of its jobs once it is not ready."""
    try:
        with urllib.request.urlopen(site.address + "/health/ready", timeout=30) as told:
            body = told.read()
    except urllib.error.HTTPError as unready:
        body = unready.read()
    answer: dict[str, str] = json.loads(body)["search"]
    return answer


def until_answered_by(site, who: str, *, seconds: float) -> float:
    """Wait until that engine answers; return how many seconds it took."""
    began = time.monotonic()
    while (told := health(site))["answered_by"] != who:
        assert time.monotonic() - began < seconds, (told, site.said[-20:])
        time.sleep(0.2)
    return time.monotonic() - began


def withdraw(site, place: int) -> str:
    """Suspend a service; return its name."""
    pk, name = site.manage("shell", "-v", "0", "-c", PICK.format(place=place)).strip().splitlines()[-1].split("|")
    site.manage("shell", "-v", "0", "-c", WITHDRAW.format(id=pk))
    return name


def until_back_and_equal(site) -> None:
    """Wait until Elasticsearch answers again and holds what the database's own index holds."""
    began = time.monotonic()
    until_answered_by(site, "elasticsearch", seconds=BACK_WITHIN)
    while not site.manage("shell", "-v", "0", "-c", EQUAL).strip().endswith("True"):
        assert time.monotonic() - began < BACK_WITHIN, site.said[-20:]


def slowest_on_a_good_day(site) -> float:
    with crowd(site.address) as people:
        time.sleep(5)
    assert people.wrong == []
    return max(people.took)


@pytest.mark.parametrize("outage", ["killed", "hung"])
def test_an_outage_under_load_is_seen_by_nobody_and_ends_by_itself(drill, outage):
    server, site = drill
    usual = slowest_on_a_good_day(site)
    with crowd(site.address) as people:
        (server.kill if outage == "killed" else server.freeze)()
        until_answered_by(site, "database", seconds=10)
        people.gone = withdraw(site, 0)
        (server.start if outage == "killed" else server.thaw)()
        until_back_and_equal(site)
    assert people.wrong == []
    assert people.took
    assert max(people.took) < usual + LONGER


def test_last_weeks_data_is_not_believed_and_is_mended(drill):
    server, site = drill
    server.kill()
    shutil.copytree(server.folder / "data", server.folder / "older")
    server.start()
    until_back_and_equal(site)
    gone = withdraw(site, 1)
    until_back_and_equal(site)
    server.kill()
    with crowd(site.address, gone) as people:
        shutil.rmtree(server.folder / "data")
        (server.folder / "older").rename(server.folder / "data")
        if server.owner:
            give(server)
        server.start()
        until_back_and_equal(site)
    assert people.wrong == []


def give(server) -> None:
    """Give the server the data that we copied."""
    for path in [server.folder / "data", *(server.folder / "data").rglob("*")]:
        os.chown(path, server.owner["user"], server.owner["group"])
