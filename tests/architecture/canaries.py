"""
Children of whom every sensitive word is unique, in every state; and who may read which of those words.

The table `MAY_READ` was written from the domain (roles, stages of minimisation, invariants on privacy) and not from the
code: a page that shows more is wrong, whatever it was meant to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from brokering import offers, places, requests, restrictions, triage
from brokering.answers import Preferences
from brokering.models import DeclineReason, Offer, PlacementRequest, PlaceState, SupportPlace
from safekeeping.policy import Hat
from safekeeping.screening import YES
from tests.factories import brokering as make

NOW = make.AT + timedelta(days=130)
POSTCODE = "BS5 0AA"
SECTOR = "BS5 0"

# --- who may read what -----------------------------------------------------------------------------------------------
WRITER, COLLEAGUE, COORDINATOR, ASKED, SUPPORTING = "writer", "colleague", "coordinator", "asked", "supporting"
ASKING = {WRITER, COLLEAGUE}  # a school's safeguarding lead sees what the whole school has sent
EVERYBODY_ON_THE_CASE = {*ASKING, COORDINATOR, ASKED, SUPPORTING}
CARD = {*ASKING, COORDINATOR, SUPPORTING}
MAY_READ: dict[str, set[str]] = {
    # the contact card: a provider only for its own places, from a yes until ten working days after the end (INV-P3)
    "name": CARD,
    "family name": CARD,
    "parent": CARD,
    "telephone": CARD,
    "safe times": CARD,
    "not to be told": CARD,
    # who it is: never a provider's to know from the request (§3.15: triage = initials, sector; the birthday is not displayed)
    "initials": {*ASKING, COORDINATOR},
    "birthday": ASKING,
    "school": {*ASKING, COORDINATOR},
    "sector": {*ASKING, COORDINATOR},
    "postcode": set(),
    "case reference": {*ASKING, COORDINATOR},
    "lead’s number": {*ASKING, COORDINATOR},
    "report": {*ASKING, COORDINATOR},
    # the pseudonymous profile
    "wishes": EVERYBODY_ON_THE_CASE,
    "goal": EVERYBODY_ON_THE_CASE,
    "times": EVERYBODY_ON_THE_CASE,
    "risk by": EVERYBODY_ON_THE_CASE,
    "note": {COORDINATOR, ASKED, SUPPORTING},
    # what is safe is on the card as well; what was tried is the desk's
    "safe contact": {*ASKING, COORDINATOR, SUPPORTING},
    "tried": {*ASKING, COORDINATOR},
    # between two
    "message": {*ASKING, COORDINATOR},
    "question": {COORDINATOR, ASKED},
    # the coordinators' own
    "rationale": {COORDINATOR},
    "because": {COORDINATOR},
    "no": {COORDINATOR},
    "next step": {*ASKING, COORDINATOR, SUPPORTING},
}

# What lies open in the database, because it is about a grown-up at work and about no child without what is sealed.
LIES_OPEN = {"lead’s number"}


# --- words -----------------------------------------------------------------------------------------------------------
WORD = re.compile(r"zq[a-z]{2}x[a-z]{2}zq", re.IGNORECASE)
INITIALS = re.compile(r"\bQX[A-Z]{2}\b")
TELEPHONE = re.compile(r"0117[\s-]*496[\s-]*07\d\d\b")
KINDS = [
    kind
    for kind in MAY_READ
    if kind not in ("initials", "telephone", "lead’s number", "birthday", "postcode", "sector")
]


def letters(number: int) -> str:
    """Return two letters for a number."""
    return "abcdefghijklmnopqrst"[number // 20] + "abcdefghijklmnopqrst"[number % 20]


@dataclass
class Case:
    """One child: its rows, its words, and in what state it is."""

    name: str
    number: int
    rows: dict[str, Any] = field(default_factory=dict)
    restricted: bool = False

    def word(self, kind: str) -> str:
        """Return this child's own word of that kind, which stands nowhere else in the world."""
        match kind:
            case "initials":
                return f"QX{letters(self.number).upper()}"
            case "telephone":
                return f"0117 496 07{self.number:02}"
            case "lead’s number":
                return f"0117 496 07{self.number + 50:02}"
            case _:
                return f"Zq{letters(self.number)}x{letters(KINDS.index(kind))}zq"

    @property
    def born(self) -> date:
        return date(2012, 1, 3) + timedelta(days=19 * self.number)

    @property
    def request(self) -> PlacementRequest:
        return self.rows["request"]

    @property
    def offer(self) -> Offer | None:
        return self.rows.get("offer")

    @property
    def place(self) -> SupportPlace | None:
        return self.rows.get("place")

    def refresh(self) -> None:
        self.rows = {name: make.now(row) for name, row in self.rows.items()}


def spoken(day: date) -> set[str]:
    """Return the ways to write a birthday."""
    return {
        day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%B} {day.year}",
        f"{day.day} {day:%b} {day.year}", f"{day.day} {day.month} {day.year}", f"{day:%d.%m.%Y}", f"{day:%Y%m%d}",
    }  # fmt: skip


class Ear:
    """Finds the children's words in anything that can be written down."""

    def __init__(self, cases: list[Case]) -> None:
        self.known: dict[str, tuple[Case, str]] = {}
        for case in cases:
            for kind in MAY_READ:
                if kind not in ("birthday", "postcode", "sector"):
                    self.known[case.word(kind).lower().replace(" ", "")] = (case, kind)
        birthdays = {words: case for case in cases for words in spoken(case.born)}
        self.birthdays = birthdays
        self.birthday = re.compile("|".join(rf"(?<!\d){re.escape(words)}(?!\d)" for words in birthdays))

    def hear(self, text: str) -> set[tuple[str, str]]:
        """Return which words of which children stand in the text: (name of the case, kind)."""
        found = set()
        for pattern in (WORD, INITIALS, TELEPHONE):
            for word in pattern.findall(text):
                if told := self.known.get(re.sub(r"[\s-]", "", word).lower()):
                    found.add((told[0].name, told[1]))
        if any(
            words in text for words in self.birthdays
        ):  # searching for the pattern alone takes as long as making the page
            found |= {(self.birthdays[words].name, "birthday") for words in self.birthday.findall(text)}
        return found


# --- children --------------------------------------------------------------------------------------------------------
def child(here: make.World, case: Case, at: datetime) -> dict[str, Any]:
    """Return what is asked for that child, every word its own."""
    word = case.word
    return {
        "at": at,
        "postcode": POSTCODE,
        "answers": replace(
            make.SAFE, harm=YES, reported_at=at - timedelta(hours=1), reported_reference="", reported_to_role=word("report")
        ),
        "child": replace(
            make.CHILD, initials=word("initials"), date_of_birth=case.born, school_name=word("school"),
            case_reference=word("case reference"), risk_on=(at - timedelta(days=3)).date(),
            risk_set_by_role=word("risk by"), lead_professional_contact=word("lead’s number"),
        ),
        "wishes": replace(
            make.WISHES, wishes=f"To box, {word('wishes')}", preferences=Preferences(good_times_note=word("times"))
        ),
        "help": replace(
            make.HELP, goals=(word("goal"),), tried_already=word("tried"), safe_contact=f"Not at home, {word('safe contact')}"
        ),
        "agreement": replace(make.AGREEMENT, participation_on=at.date()),
    }  # fmt: skip


def asked_for(here: make.World, case: Case, at: datetime) -> PlacementRequest:
    """Send the request, take it on, write to each other: a place is looked for."""
    request = make.sent(here, **child(here, case, at))
    case.rows["request"] = request
    requests.write(request, f"A word: {case.word('message')}", by=here.dsl, at=at)
    triage.accept(make.now(request), rationale=f"Fits: {case.word('rationale')}", by=here.coordinator, at=at)
    return make.now(request)


def offered(here: make.World, case: Case, at: datetime) -> Offer:
    """Go on to an offer with a question about it."""
    request = asked_for(here, case, at)
    offer = offers.make(
        request, here.mentoring.pk, note=f"Ring first, {case.word('note')}", because=f"Near: {case.word('because')}",
        by=here.coordinator, at=at,
    )  # fmt: skip
    case.rows["offer"] = offer
    offers.ask(offer, f"Which evenings? {case.word('question')}", by=here.manager, at=at)
    return make.now(offer)


def placed(here: make.World, case: Case, at: datetime) -> SupportPlace:
    """Go on to a yes."""
    offer = offered(here, case, at)
    place = offers.accept(
        offer, worker_role="Mentor", first_meeting_on=(at + timedelta(days=3)).date(),
        worker=here.worker.membership_id, by=here.manager, at=at,
    )  # fmt: skip
    case.rows["place"] = place
    return make.now(place)


def met(here: make.World, case: Case, at: datetime, *, far: str = PlaceState.ACCEPTED) -> SupportPlace:
    """Go on to the contact card, and further."""
    place = placed(here, case, at)
    word = case.word
    card = places.Contact(
        name_used=word("name"), family_name=word("family name"), speak_first_to="parent_carer", parent_name=word("parent"),
        telephone=word("telephone"), safe_ways=("ring",), safe_times=word("safe times"),
        must_not_be_told=word("not to be told"),
    )  # fmt: skip
    places.give_contact(place, card, by=here.dsl, at=at)
    way = list(PlaceState)
    if way.index(far) >= way.index(PlaceState.ACTIVE):
        places.introduced(place, on=at.date(), by=here.worker, at=at)
        places.start(place, on=at.date(), by=here.worker, at=at)
    if far == PlaceState.ENDED:
        end = at + timedelta(days=20)
        places.end(
            make.now(place), make.EndReason.GOALS_MET, next_step=f"Football, {word('next step')}",
            family_told_on=end.date(), by=here.manager, at=end,
        )  # fmt: skip
    return make.now(place)


def children(here: make.World) -> list[Case]:
    """Make a child in every state that changes what somebody may read."""
    type(here.pool).objects.filter(pk=here.pool.pk).update(total=60, confirmed_until=NOW + timedelta(days=9))
    lately, long_ago = NOW - timedelta(hours=2), NOW - timedelta(days=20)
    names = [
        "draft", "locked", "sent", "looked for", "offered", "declined", "taken back", "run out", "out of time", "yes",
        "card given", "in support", "just ended", "long over", "redirected", "restricted",
    ]  # fmt: skip
    cases = {name: Case(name, number) for number, name in enumerate(names)}
    for name in ("draft", "locked"):
        cases[name].rows["request"] = make.draft(here, **child(here, cases[name], lately))
    requests.answer_screen(cases["locked"].request, make.IN_DANGER, by=here.dsl, at=lately)
    for name in ("sent", "redirected"):
        cases[name].rows["request"] = make.sent(here, **child(here, cases[name], lately))
    triage.redirect(
        cases["redirected"].request, make.TriageOutcome.SIGNPOST_UNIVERSAL, rationale="A club is enough",
        alternative="The youth club", by=here.coordinator, at=lately,
    )  # fmt: skip
    asked_for(here, cases["looked for"], lately)
    offered(here, cases["offered"], lately)
    offers.decline(
        offered(here, cases["declined"], lately), DeclineReason.OTHER, words=f"Sorry: {cases['declined'].word('no')}",
        by=here.manager, at=lately,
    )  # fmt: skip
    offers.take_back(offered(here, cases["taken back"], lately), "better_fit", by=here.coordinator, at=lately)
    offered(here, cases["run out"], long_ago)
    offers.expire_due(NOW)
    offered(here, cases["out of time"], long_ago)  # nobody has come by to write down that it has run out
    placed(here, cases["yes"], lately)
    met(here, cases["card given"], lately)
    met(here, cases["in support"], long_ago, far=PlaceState.ACTIVE)
    met(here, cases["just ended"], NOW - timedelta(days=22), far=PlaceState.ENDED)
    met(here, cases["long over"], NOW - timedelta(days=60), far=PlaceState.ENDED)
    offered(here, cases["restricted"], lately)
    restrictions.restrict(
        make.now(cases["restricted"].request), readers=[], because=f"Family: {cases['restricted'].word('because')}",
        by=here.coordinator, at=lately,
    )  # fmt: skip
    cases["restricted"].restricted = True
    for case in cases.values():
        case.refresh()
    return list(cases.values())


# --- the domain's answer, asked of nothing but the story above -----------------------------------------------------------
OPEN_OFFER = {"offered", "restricted"}
PROVIDER_READS = {"yes", "card given", "in support", "just ended"}
UNSENT = {"draft", "locked"}


def relations(here: make.World, hat: Hat | None, case: Case) -> set[str]:
    """Return what that person is to that child."""
    if hat is None:
        return set()
    if hat == here.dsl:
        return {WRITER}
    if hat == here.colleague:
        return set() if case.name in UNSENT or case.restricted else {COLLEAGUE}
    if hat == here.coordinator:
        return set() if case.name in UNSENT else {COORDINATOR}
    if hat == here.second:  # of two localities, the child's among them; named for none that is restricted
        return set() if case.name in UNSENT or case.restricted else {COORDINATOR}
    if hat == here.manager:
        return ({ASKED} if case.name in OPEN_OFFER else set()) | (
            {SUPPORTING} if case.name in PROVIDER_READS else set()
        )
    if hat == here.worker:
        return {SUPPORTING} if case.name in PROVIDER_READS else set()
    return set()


def may_read(here: make.World, hat: Hat | None, case: Case, kind: str) -> bool:
    """Tell whether the domain lets that person read that word of that child."""
    return bool(MAY_READ[kind] & relations(here, hat, case))
