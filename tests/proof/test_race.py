"""T-RACE: fifty people want the last ten places at the same moment. Ten get one, forty are told, nobody meets an error."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests import servers
from tests.proof.apps import UnguardedConfig
from tests.proof.clients import Browser, answers_of
from tests.proof.conftest import ask, proof_site

ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))
CLIENTS, PLACES = 50, 10


def rounds_on(site: servers.Site, rounds: int) -> Iterator[Counter[object]]:
    """Let everybody go for a new pool's places, again and again; yield each time how many got which answer."""
    world = ask(site, "prepare", CLIENTS, rounds, PLACES)
    browsers = [Browser(site.address, cookies) for cookies in world["sessions"]]
    for browser in browsers[:8]:
        assert browser.get("/start/").status == 302
    for service, pool in world["pools"]:

        def go(browser: Browser, address: str = f"/proof/hold/{service}/{pool}/") -> int:
            return browser.post(address, [("reference", str(uuid4()))]).status

        yield answers_of(browsers, go)


def test_the_last_places_go_to_exactly_so_many_people(database):
    with proof_site(database) as site:
        for round_, answers in enumerate(rounds_on(site, ROUNDS), start=1):
            assert answers == {302: PLACES, 409: CLIENTS - PLACES}, f"round {round_}: {dict(answers)}"
            site.manage("check_invariants")
        site.manage("verify_audit")


def test_the_race_would_notice_a_ledger_without_its_guard(database):
    """The control: whoever looks first and writes then gives the same place away twice."""
    with proof_site(database, settings="tests.proof.settings_unguarded") as site:
        [answers] = rounds_on(site, 1)
    assert answers[302] > PLACES, dict(answers)


@pytest.mark.parametrize("environment", ["production", "test"])
def test_the_guard_cannot_be_taken_out_where_places_are_real(settings, environment):
    from django.core.exceptions import ImproperlyConfigured

    import tests.proof

    settings.ENVIRONMENT = environment
    with pytest.raises(ImproperlyConfigured):
        UnguardedConfig("tests.proof", tests.proof).ready()
