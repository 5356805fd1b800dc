"""The directory's judgements, and how they reach the rules that know no rows: as numbers, read at the time."""

from __future__ import annotations

from datetime import timedelta

from directory.availability import Limited
from directory.freshness import Dated, Ladder
from directory.models import FRESH_DAYS, CapacityModel
from safekeeping.assumptions import Assumption, Counts, Kind, declare

ROOM = "How room is shown"
CHECKED = "How long a figure is believed"
ASKED = "Asking providers"
CARDS = ("Find a service", "A service’s page")
MAILS = ("E-mails to providers",)

LIMITED_LEFT = declare(
    "availability.few", ROOM, "“Few left”: so many places free or fewer", Kind.NUMBER, Limited().left,
    least=0, most=10, shown_on=CARDS, counts=Counts.AT_ONCE,
)  # fmt: skip
LIMITED_SHARE = declare(
    "availability.few_share", ROOM, "“Few left”: at most this share of all places free", Kind.PERCENT, Limited().share,
    least=0, most=50, shown_on=CARDS, counts=Counts.AT_ONCE,
)  # fmt: skip
FRESH: dict[str, Assumption] = {
    model.value: declare(
        f"fresh.{model.value}", CHECKED, f"{model.label}: believed for", Kind.DAYS, days,
        least=1, most=365, shown_on=("Your places", *CARDS),
    )
    for model, days in FRESH_DAYS.items() if days
}  # fmt: skip
LINK_LIVES = declare(
    "confirm_link.life", ASKED, "A link in an e-mail works for", Kind.DAYS, 7,
    least=1, most=14, shown_on=(*MAILS, "For providers", "A link that has ended"),
)  # fmt: skip
FIRST_REMINDER = declare(
    "ask.first_reminder", ASKED, "First reminder, after the first e-mail", Kind.DAYS, Ladder().again.days,
    least=1, most=14, shown_on=("Your places", *MAILS), counts=Counts.AT_ONCE,
)  # fmt: skip
LAST_REMINDER = declare(
    "ask.last_reminder", ASKED, "Second and last reminder, after the first e-mail", Kind.DAYS, Ladder().last.days,
    least=2, most=28, shown_on=("Your places", *MAILS), counts=Counts.AT_ONCE,
)  # fmt: skip
COORDINATORS = declare(
    "ask.coordinators", ASKED, "Coordinators are told that a figure is too old, after", Kind.DAYS, 7,
    least=1, most=28, shown_on=("E-mails to coordinators",), counts=Counts.AT_ONCE,
)  # fmt: skip
COMES_ALONG = declare(
    "ask.comes_along", ASKED, "What would be due within so long comes along in the same e-mail", Kind.DAYS,
    Ladder().comes_along_days, least=0, most=14, shown_on=MAILS, counts=Counts.AT_ONCE,
)  # fmt: skip
AHEAD_FROM = declare(
    "ask.ahead_from", ASKED, "Asked for a working day ahead, if a figure is believed for at least", Kind.DAYS,
    Ladder().ahead_from_days, least=2, most=30, shown_on=MAILS, counts=Counts.AT_ONCE,
)  # fmt: skip

REPORT_ANSWER = declare(
    "report.answer", "Reports from readers", "Somebody looks at a report within", Kind.WORKING_DAYS, 5,
    least=1, most=20, shown_on=("Something wrong?", "What became of a report", "From readers"),
)  # fmt: skip
PROPOSAL_ANSWER = declare(
    "proposal.answer", "Proposals of providers", "A steward usually answers a proposal within", Kind.WORKING_DAYS, 2,
    least=1, most=20, shown_on=("Our services", "E-mails to stewards"), counts=Counts.AT_ONCE,
)  # fmt: skip
REPORT_THANKS = declare(
    "report.thanks", "Reports from readers", "What somebody reads whose report led to no change", Kind.TEXT,
    "Thank you for telling us. We looked, and the page is right as it is.",
    least=10, most=300, shown_on=("From readers",),
)  # fmt: skip

PAPERS = "Policies and insurance"
PAPERS_REMINDERS = tuple(
    declare(
        f"compliance.{key}", PAPERS, f"{words} that something runs out, before its end", Kind.DAYS, days,
        least=1, most=90, shown_on=("Policies and insurance", *MAILS), counts=Counts.AT_ONCE,
    )
    for key, words, days in (("first", "First reminder", 30), ("second", "Second reminder", 14), ("last", "Last reminder", 7))
)  # fmt: skip
QUESTION_ANSWERED = declare(
    "joining.answer", "Who wants to join", "An organization that was asked something back can answer for", Kind.DAYS, 28,
    least=7, most=60, shown_on=("E-mails to applicants",),
)  # fmt: skip

ASSURED_FOR = declare(
    "assured.for", CHECKED, "The words of an entry, once somebody has read and approved them", Kind.DAYS, 365,
    least=30, most=730, shown_on=("A service’s page", "Standing of services"),
)  # fmt: skip
WORDS_ASKED_AHEAD = declare(
    "assured.asked_ahead", CHECKED, "Whoever runs a service is asked about its words before they are due, by", Kind.DAYS, 14,
    least=1, most=60, shown_on=MAILS, counts=Counts.AT_ONCE,
)  # fmt: skip
WORDS_HIDDEN_AFTER = declare(
    "assured.hidden_after", CHECKED, "A service whose words nobody vouches for is hidden after they are due, by", Kind.DAYS, 60,
    least=7, most=365, shown_on=("A service’s page", "What is stale"), counts=Counts.AT_ONCE,
)  # fmt: skip
DOUBT_RESTS = declare(
    "assured.doubt_rests", ASKED, "Whoever said “not right” about words is not asked about them for", Kind.DAYS, 14,
    least=1, most=60, shown_on=MAILS, counts=Counts.AT_ONCE,
)  # fmt: skip
PILOT_TOLD = declare(
    "pilot.told_ahead", "Pilots", "Stewards are told before the day of a pilot’s decision, by", Kind.DAYS, 28,
    least=1, most=120, shown_on=("E-mails to stewards", "What is stale"), counts=Counts.AT_ONCE,
)  # fmt: skip


def limited() -> Limited:
    """Return when few are left, as it is judged now."""
    return Limited(left=LIMITED_LEFT.number, share=LIMITED_SHARE.number)


def ladder() -> Ladder:
    """Return when a provider is asked, as it is judged now; the last reminder never comes before the first."""
    return Ladder(
        again=FIRST_REMINDER.span,
        last=max(LAST_REMINDER.span, FIRST_REMINDER.span + timedelta(days=1)),
        comes_along_days=COMES_ALONG.number,
        ahead_from_days=AHEAD_FROM.number,
    )


def papers_reminders() -> tuple[int, ...]:
    """Return how many days before the end of a paper its provider is told, the most first."""
    return tuple(sorted({one.number for one in PAPERS_REMINDERS}, reverse=True))


def fresh_days(model: str) -> int:
    """Return how many days a figure of that model can be believed; 0 of what never grows old."""
    kept = FRESH.get(CapacityModel(model).value)
    return kept.number if kept else 0


def believed_for(pool: Dated, model: str) -> int:
    """Return how many days the pool's next figure can be believed: what was settled for this pool, else what is usual."""
    usual = FRESH_DAYS[CapacityModel(model)]
    return fresh_days(model) if pool.confirm_every_days == usual else pool.confirm_every_days
