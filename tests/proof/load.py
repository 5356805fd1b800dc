"""People who ask for places without a break, and what they were told: who was told "done" must find it done."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from uuid import uuid4

from tests import servers
from tests.proof.clients import Answer, Browser, NoAnswer
from tests.proof.conftest import ask

CLIENTS, POOLS, PLACES = 6, 4, 999
TRY_AGAIN = "try again later, in our words"
TYPED = "Zebulon Quillfeather boxes on Tuesdays"


class Load:
    """
    Clients who ask for places without a break.

    Each waits ``pause`` seconds between two of their requests; ``onlookers`` more are signed in and ask for nothing.
    ``told`` counts the answers by status, "no answer" and `TRY_AGAIN`, which is the page for a machine in trouble.
    """

    def __init__(self, site: servers.Site, *, pause: float = 0, onlookers: int = 0) -> None:
        self.pause = pause
        world = ask(site, "prepare", CLIENTS + onlookers, POOLS, PLACES)
        self.addresses = itertools.cycle(f"/proof/hold/{service}/{pool}/" for service, pool in world["pools"])
        everybody = [Browser(site.address, cookies) for cookies in world["sessions"]]
        self.browsers, self.onlookers = everybody[:CLIENTS], everybody[CLIENTS:]
        self.told: Counter[object] = Counter()
        self.acknowledged: set[str] = set()
        self.turned_away: set[str] = set()
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=[one], daemon=True) for one in self.browsers]

    def run(self, browser: Browser) -> None:
        while not self.over.is_set():
            told = self.ask_once(browser)
            if told == "no answer":
                time.sleep(0.05)
            self.over.wait(self.pause)

    def ask_once(self, browser: Browser) -> object:
        """Ask for one place and return what was told."""
        reference = str(uuid4())
        with self.lock:
            address = next(self.addresses)
        told: object
        try:
            answer = browser.post(address, [("reference", reference), ("notes", TYPED)])
            told = TRY_AGAIN if is_designed(answer) else answer.status
        except NoAnswer:
            told = "no answer"
        with self.lock:
            self.told[told] += 1
            if told == 302:
                self.acknowledged.add(reference)
            elif told == TRY_AGAIN:
                self.turned_away.add(reference)
        return told

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(90)


def is_designed(answer: Answer) -> bool:
    """Tell whether this is the page for a machine in trouble: what to do now, the numbers, and nothing of what was sent."""
    there = all(words in answer.body for words in ("Nothing was saved", "try again in a few minutes", "tel:999"))
    return answer.status == 503 and there and TYPED not in answer.body
