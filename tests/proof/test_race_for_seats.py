"""T-RACE for training (INV-L1): fifty people send the booking form for the last ten seats at the same moment."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from tests import servers
from tests.proof.clients import Browser, answers_of
from tests.proof.conftest import ask, proof_site

ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))
CLIENTS, SEATS = 50, 10
GOT_ONE, TOLD_IT_IS_FULL = "a seat", "full, and when there is another"


def rounds_on(site: servers.Site, rounds: int) -> Iterator[Counter[object]]:
    """Let everybody go for a new session's seats, again and again; yield each time how many got which answer."""
    world = ask(site, "prepare_seats", CLIENTS, rounds + 1, SEATS)
    browsers = [Browser(site.address, cookies) for cookies in world["sessions"]]
    *raced, _last = world["to_book"]  # the last one stays free, to be offered
    for browser in browsers[:8]:
        assert browser.get(f"/training/bookings/new/{raced[0]}/").status == 200
    for session in raced:

        def go(browser: Browser, session: str = session) -> object:
            answer = browser.post(f"/training/bookings/new/{session}/", [("manager_agreed", "on")])
            if answer.status == 302 and answer.location.startswith("/training/bookings/"):
                return GOT_ONE
            if answer.status == 409 and "Book that one instead" in answer.body:
                return TOLD_IT_IS_FULL
            return answer.status, answer.location

        yield answers_of(browsers, go)


def test_the_last_seats_go_to_exactly_so_many_people_and_the_others_are_offered_another_date(database):
    with proof_site(database) as site:
        for round_, answers in enumerate(rounds_on(site, ROUNDS), start=1):
            expected = {GOT_ONE: SEATS, TOLD_IT_IS_FULL: CLIENTS - SEATS}
            assert answers == expected, f"round {round_}: {dict(answers)}"
            site.manage("check_invariants")
        site.manage("verify_audit")


def test_the_race_would_notice_seats_without_their_guard(database):
    """The control: whoever looks first and writes then gives the same seat away twice."""
    with proof_site(database, settings="tests.proof.settings_unguarded") as site:
        [answers] = rounds_on(site, 1)
    assert answers[GOT_ONE] > SEATS, dict(answers)
