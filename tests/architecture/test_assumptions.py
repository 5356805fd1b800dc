"""Every judgement is on the page of assumptions, or says here why it is none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

import pytest

from brokering import assumptions as of_brokering
from brokering import matching
from config.setup import APPS, HOUSE
from directory import assumptions as of_directory
from directory import availability, freshness
from safekeeping import assumptions
from safekeeping.models import AssumptionChange
from training import assumptions as of_training
from training import conditions

# Modules that decide by a number: every constant in them that is a figure or a time is declared, or has its reason here.
DECIDING = (
    "brokering/deadlines.py",
    "brokering/matching.py",
    "brokering/denials.py",
    "brokering/offers.py",
    "brokering/places.py",
    "brokering/profiles.py",
    "brokering/requests.py",
    "brokering/shortlists.py",
    "brokering/contexts.py",
    "directory/asking.py",
    "directory/assurance.py",
    "directory/availability.py",
    "directory/compliance.py",
    "directory/exchange/batches.py",
    "directory/exchange/columns.py",
    "directory/exchange/export.py",
    "directory/exchange/plan.py",
    "directory/exchange/states.py",
    "directory/exchange/writing.py",
    "directory/freshness.py",
    "directory/invitations.py",
    "directory/joining.py",
    "directory/links.py",
    "directory/people.py",
    "directory/pilots.py",
    "directory/reports.py",
    "directory/tables.py",
    "directory/tokens.py",
    "directory/waiting.py",
    "search/finder.py",
    "search/misses.py",
    "search/saved.py",
    "search/sending.py",
    "search/shortlist.py",
    "training/bookings.py",
    "training/conditions.py",
    "training/seats.py",
    "training/sessions.py",
)
RETENTION = "retention: stated in the data map and on the privacy page, and changed together with them"
SECURITY = "guards the door: changed by a release"
MEANING = "what a word means, not how much of something"
MEMORY = "keeps a page or a statement from growing without end"
EXCEPTIONS = {
    "brokering.matching.RISKS": MEANING,
    "brokering.denials.WITHIN": SECURITY,
    "brokering.denials.TOLD_AT": SECURITY,
    "brokering.places.DIGITS_OF_A_NUMBER": MEANING,
    "brokering.requests.REFERENCE_LENGTH": "how references are made: longer ones are a release",
    "brokering.requests.OLDEST": "up to which age there is a service at all: law and funding, and five forms know it",
    "brokering.requests.ADULT": "law",
    "directory.asking.FORGET_AFTER": RETENTION,
    "directory.assurance.FORGET_DOUBTS_AFTER": RETENTION,
    "directory.compliance.RUN_OUT": MEANING,
    "directory.exchange.batches.CHUNK": "how much one transaction writes: measured, and no reader notices",
    "directory.exchange.batches.FORGET_AFTER": RETENTION,
    "directory.exchange.batches.FORGET_LOOKED_AT_AFTER": RETENTION,
    "directory.exchange.states.BATCH": MEMORY,
    "directory.invitations.LIVES_FOR": SECURITY,
    "directory.invitations.MOST_WAITING": SECURITY,
    "directory.invitations.FORGET_AFTER": RETENTION,
    "directory.joining.CONFIRM_WITHIN": SECURITY,
    "directory.joining.FORGET_UNCONFIRMED_AFTER": RETENTION,
    "directory.joining.FORGET_DECIDED_AFTER": RETENTION,
    "directory.freshness.SOON": "how a figure is coloured on its provider's page the day before: nothing follows from it",
    "directory.reports.FROM_ONE": SECURITY,
    "directory.reports.IN_ALL": SECURITY,
    "directory.joining.FROM_ONE_PLACE": SECURITY,
    "directory.joining.TO_ONE_ADDRESS": SECURITY,
    "search.sending.FROM_ONE": SECURITY,
    "search.sending.TO_ONE": SECURITY,
    "search.sending.IN_ALL": SECURITY,
    "directory.reports.ADDRESS_KEPT": RETENTION,
    "directory.reports.LONGEST_ANSWER": MEMORY,
    "directory.reports.LONGEST_TEXT": MEMORY,
    "directory.reports.SENDER_KEPT": RETENTION,
    "directory.tables.MOST_BYTES": SECURITY,
    "directory.tables.MOST_CHARACTERS": SECURITY,
    "directory.tables.MOST_COLUMNS": SECURITY,
    "directory.tables.MOST_PARTS": SECURITY,
    "directory.tables.MOST_ROWS": SECURITY,
    "directory.tables.MOST_UNPACKED": SECURITY,
    "directory.tokens.SECRET_BYTES": SECURITY,
    "directory.links.REMEMBERED_FOR": RETENTION,
    "search.misses.SMALLEST": "law and INV-P12: below it a number may point to somebody",
    "search.misses.MOST_FACETS": MEMORY,
    "search.misses.MOST_SHOWN": MEMORY,
    "search.misses.COUNTED_ONCE_SECONDS": "what one search is, not how much of something",
    "search.misses.KEPT": RETENTION,
    "search.saved.MOST_FOUND": MEMORY,
    "search.sending.FORGET_AFTER": RETENTION,
    "search.shortlist.KEPT_SECONDS": RETENTION,
    "search.shortlist.MOST_COMPARED": "four columns are what a page and a sheet of paper have room for",
    "search.finder.EVENING": MEANING,
    "search.finder.MILES": "the choices of the form, and the form is a release",
    "search.finder.USUAL_MILES": "one of the choices of the form, and the form is a release",
    "training.bookings.NEEDS_KEPT": RETENTION,
    "training.bookings.KEPT": RETENTION,
    "training.bookings.MOST_CHARACTERS": MEMORY,
    "training.conditions.SHORT": MEANING,
    "training.conditions.HALF_A_DAY": MEANING,
    "training.conditions.A_DAY": MEANING,
    "training.conditions.OF_A_DAY": MEANING,
    "training.sessions.MOST_SEATS": MEMORY,
}


def is_a_figure(node: ast.expr) -> bool:
    """Tell whether an expression is made of numbers or of times: a span, a share, a weight, or several of them."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("timedelta", "time", "Limit")
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, ast.BinOp):
        return is_a_figure(node.left) and is_a_figure(node.right)
    if isinstance(node, ast.UnaryOp):
        return is_a_figure(node.operand)
    if isinstance(node, ast.Tuple | ast.List):
        return bool(node.elts) and all(is_a_figure(one) for one in node.elts)
    if isinstance(node, ast.Dict):
        return bool(node.values) and all(is_a_figure(one) for one in node.values)
    return False


def figures(source: str, module: str) -> Iterator[str]:
    """Yield the names of a module's constants that are figures."""
    for node in ast.parse(source).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper() and value is not None and is_a_figure(value):
                yield f"{module}.{target.id}"


def test_every_figure_that_decides_is_declared_or_says_why_not():
    found = set()
    for name in DECIDING:
        file = HOUSE / name
        found |= set(figures(file.read_text(encoding="utf-8"), name.removesuffix(".py").replace("/", ".")))
    assert found == set(EXCEPTIONS)


def test_the_search_for_figures_finds_what_it_is_meant_to():
    source = "A = timedelta(days=3)\nB: float = 0.2\nC = (1, 2)\nD = {'x': 4 * 60}\nE = 'words'\nF = declare('k')\nG = True\n"
    assert list(figures(source, "m")) == ["m.A", "m.B", "m.C", "m.D"]


@pytest.mark.parametrize(
    ("usual", "now"),
    [
        (availability.FEW, of_directory.limited),
        (freshness.LADDER, of_directory.ladder),
        (matching.USUAL, of_brokering.numbers),
        (conditions.USUAL, of_training.terms),
    ],
    ids=lambda one: type(one).__name__ if not callable(one) else "",
)
@pytest.mark.django_db
def test_rules_without_rows_are_given_what_counts_now(usual, now, at):
    """As long as nothing is changed they are given their own defaults; every number of them can be changed."""
    assert now() == usual
    for one in assumptions.REGISTRY.values():
        if one.kind is not assumptions.Kind.TEXT:
            other = one.default + 1 if one.default < one.most else one.default - 1
            AssumptionChange.objects.create(key=one.key, number=1, value=str(other), reason="A test", at=at)
    changed, before = asdict(now()), asdict(usual)
    assert [name for name in before if changed[name] == before[name]] == []


# Rules that have a default for their numbers, for tests and readers: the code itself always says which numbers count.
GIVEN = {
    "of_pool": "limited",
    "best_of": "limited",
    "seats_of": "limited",
    "is_due": "ladder",
    "comes_along": "ladder",
    "next_step": "ladder",
    "booking_closes": "terms",
    "last_day_to_cancel": "terms",
    "is_late": "terms",
    "late_pounds": "terms",
    "fee_pounds": "terms",
}
OTHERS = {"training/views/public.py": "seats_of", "training/views/mine.py": "seats_of"}  # another function of that name


def test_nobody_forgets_to_say_which_numbers_count():
    forgot = []
    for app in APPS:
        for file in (HOUSE / app).rglob("*.py"):
            name = str(file.relative_to(HOUSE))
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call):
                    called = ast.unparse(call.func).rsplit(".", 1)[-1]
                    judging = (called == "judge" and name.startswith("brokering/") and "numbers") or GIVEN.get(called)
                    if called == "judge" and not is_matching(call, name):
                        continue
                    if judging and OTHERS.get(name) != called and judging not in {one.arg for one in call.keywords}:
                        forgot.append(f"{name}: {called}")
    assert forgot == []


def is_matching(call: ast.Call, name: str) -> bool:
    """Tell whether ``judge`` is that of `brokering.matching`: the safety questions have one too."""
    return ast.unparse(call.func) == "judge" and name in ("brokering/offers.py", "brokering/shortlists.py")


def test_templates_and_sentences_name_only_what_is_declared():
    named = set()
    for app in APPS:
        for file in [*(HOUSE / app).rglob("*.html"), *(HOUSE / app).rglob("*.txt")]:
            named |= set(re.findall(r'{% assumed "([^"]+)" %}', file.read_text(encoding="utf-8")))
        for file in (HOUSE / app).rglob("*.py"):
            named |= set(re.findall(r"in_words\(['\"]([a-z_.]+)['\"]\)", file.read_text(encoding="utf-8")))
    assert named
    assert named <= set(assumptions.REGISTRY)


def test_every_assumption_says_where_people_meet_it():
    assert [
        one.key for one in assumptions.REGISTRY.values() if not one.shown_on or not one.words or not one.group
    ] == []


def test_nothing_that_guards_the_door_is_an_assumption():
    words = re.compile(r"password|session\.|login|sign_in|second_factor|lockout|attempts|secret|token")
    assert [key for key in assumptions.REGISTRY if words.search(key)] == []


def test_spans_are_calendar_time():
    assert of_directory.LINK_LIVES.span == timedelta(days=7)
