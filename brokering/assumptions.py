"""Brokering's judgements: by when who does what, and what weighs in the order of a match."""

from __future__ import annotations

from brokering.matching import Numbers
from safekeeping.assumptions import Assumption, Counts, Kind, declare

DEADLINES = "Deadlines of a request"
BELIEVED = "How long answers are believed"
MATCHING = "Order of a match"
DESK = ("A coordinator’s requests",)
ASKING = ("Making a request", "Your requests")
PROVIDER = ("A provider’s requests",)
MATCH = ("A match",)


def deadline(
    key: str, words: str, days: int, shown_on: tuple[str, ...], *, most: int = 20, least: int = 1
) -> Assumption:
    """Declare a deadline in working days."""
    return declare(
        f"deadline.{key}", DEADLINES, words, Kind.WORKING_DAYS, days, least=least, most=most, shown_on=shown_on
    )


TRIAGE = deadline("triage", "A coordinator reads a new request", 1, (*DESK, *ASKING, "Home"), most=5)
TRIAGE_URGENT = declare(
    "deadline.triage_urgent", DEADLINES, "The same, when something has just happened", Kind.WORKING_HOURS, 4,
    least=1, most=8, shown_on=(*DESK, *ASKING),
)  # fmt: skip
ANSWER = deadline("answer", "Whoever asked answers a coordinator’s question", 2, (*DESK, *ASKING))
FIRST_OFFER = deadline("first_offer", "From accepting a request to offering it to a provider", 1, DESK, most=10)
NEXT_OFFER = deadline(
    "next_offer", "From a provider’s no to the next offer; 0 is the same day", 0, DESK, least=0, most=5
)
OFFER = deadline("offer", "A provider answers an offer; the place is held as long", 2, (*DESK, *PROVIDER), most=5)
FRONT_DOOR = deadline("front_door", "Somebody asks what the front door has decided", 1, DESK, most=3)
CONTACT = deadline("contact", "Whoever asked sends the contact details after a yes", 1, (*DESK, *ASKING), most=5)
RING = deadline("ring", "The provider rings, once it has the contact details", 2, (*DESK, *ASKING, *PROVIDER), most=5)
INTRODUCE = deadline("introduce", "From a yes to the first meeting", 10, (*DESK, *PROVIDER))
INTRODUCE_HIGH = deadline("introduce_high", "The same, at high or critical risk", 5, (*DESK, *PROVIDER), most=10)
REVIEW = deadline("review", "First review after support has started", 20, DESK, least=5, most=60)
CLOSE = deadline("close", "What comes next is decided after support has ended", 5, DESK)
PLACE = deadline(
    "place", "The Partnership Team decides about a place, once it has taken it on", 5, ("Worries about places",)
)
# A provider forgets whose place it was (INV-P3): it may be sooner, never later.
READABLE = deadline("readable", "A provider can read the contact details after the end", 10, PROVIDER, most=10)

DRAFT_KEPT = declare(
    "draft.kept", BELIEVED, "An unfinished request is kept after its last change", Kind.DAYS, 30,
    least=7, most=30, shown_on=ASKING, counts=Counts.AT_ONCE,
)  # fmt: skip
RISK_BELIEVED = declare(
    "risk.believed", BELIEVED, "A level of risk is believed for", Kind.DAYS, 28,
    least=7, most=56, shown_on=(*DESK, *PROVIDER), counts=Counts.AT_ONCE,
)  # fmt: skip
CO_ATTENDANCE_BELIEVED = declare(
    "co_attendance.believed", BELIEVED, "A check of who else comes is believed for", Kind.DAYS, 14,
    least=1, most=28, shown_on=MATCH, counts=Counts.AT_ONCE,
)  # fmt: skip
MOST_MONTHS = declare(
    "place.most_months", BELIEVED, "Support lasts at most, where a service says nothing", Kind.MONTHS, 12,
    least=1, most=12, shown_on=PROVIDER,
)  # fmt: skip


def weight(key: str, words: str, default: int, *, most: int = 10) -> Assumption:
    """Declare how much something weighs against other things of the same kind."""
    return declare(f"match.{key}", MATCHING, words, Kind.NUMBER, default, least=0, most=most, shown_on=MATCH)


WANTED = weight("wanted", "Wishes: the kind of support that was asked for", Numbers().wanted)
COMPOSITION = weight("composition", "Wishes: with whom, as asked for", Numbers().composition)
SETTING = weight("setting", "Wishes: where, as asked for", Numbers().setting)
UNWANTED = weight("unwanted", "Wishes: only where they do not want to go, taken off", Numbers().unwanted)
ONE_TO_ONE = weight("one_to_one", "Wishes: alone or in a group, as asked for", Numbers().one_to_one)
NOT_ALONE = weight(
    "not_alone", "Wishes: a group, where somebody of their own was asked for, taken off", Numbers().not_alone
)
MAIN_HARM = weight("main_harm", "The worry: knows about the main one", Numbers().main_harm)
OTHER_HARM = weight("other_harm", "The worry: knows about another of them", Numbers().other_harm)
NEARLY_YEARS = declare(
    "match.nearly_years", MATCHING, "“Nearly”: so far outside the ages of a service", Kind.YEARS, Numbers().nearly_years,
    least=0, most=3, shown_on=MATCH,
)  # fmt: skip
FAR = declare(
    "match.far", MATCHING, "The way there is a caution from", Kind.METRES, Numbers().far_metres,
    least=500, most=50_000, shown_on=MATCH,
)  # fmt: skip
UNKNOWN_WAY = declare(
    "match.unknown_way", MATCHING, "A service that does not say where it is ranks as if it were so far away", Kind.METRES,
    Numbers().unknown_way_metres, least=500, most=50_000, shown_on=MATCH,
)  # fmt: skip


def numbers() -> Numbers:
    """Return what weighs in the order of a match, as it is judged now."""
    return Numbers(
        wanted=WANTED.number,
        composition=COMPOSITION.number,
        setting=SETTING.number,
        unwanted=UNWANTED.number,
        one_to_one=ONE_TO_ONE.number,
        not_alone=NOT_ALONE.number,
        main_harm=MAIN_HARM.number,
        other_harm=OTHER_HARM.number,
        nearly_years=NEARLY_YEARS.number,
        far_metres=FAR.number,
        unknown_way_metres=UNKNOWN_WAY.number,
    )
