"""Who may ask without a hat: every module that says `.unscoped(…)` is on this list, with what it needs that for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent.parent
APPS = ("config", "cms", "brokering", "training", "search", "directory", "safekeeping")

# Module → why a hat cannot narrow what it asks. A line more here is a decision, not a formality.
ALLOWED: dict[str, str] = {
    "brokering/context_disclosure.py": "gives whoever asked the part of a decision about a place that is told to them",
    "brokering/contexts.py": "locks the row of a deed whose doer was let in, and works through drafts by the clock",
    "brokering/lifecycle.py": "counts what follows from the states of offers and places, for whoever was let in before",
    "safekeeping/lives.py": "compares and swaps states, for whoever was let in before, and proves every history",
    "brokering/disclosure.py": "gives whoever asked the part of a decision that is told to them, and a number of services",
    "brokering/notifications.py": "asks whom a restricted request may be told to",
    "brokering/offers.py": "reads list, checks and state of a request whose coordinator was let in; ends offers by the clock",
    "brokering/places.py": "locks the row of a deed whose doer was let in; chases and forgets names by the clock",
    "brokering/querysets.py": "asks who is named for a restricted request, which is part of what visible_to decides",
    "brokering/requests.py": "locks the row of a deed whose doer was let in, and works through drafts by the clock",
    "brokering/restrictions.py": "names who may see a request, for a coordinator who was let in",
    "brokering/sample.py": "asks whether the demonstration has its requests already, before anybody is there to ask",
    "brokering/context_sample.py": "asks whether the demonstration has its places already, before anybody is there to ask",
    "brokering/shortlists.py": "asks what a child has already, and what was checked, for the coordinator who was let in",
    "brokering/tasks.py": "proves across all rows what must always agree",
    "brokering/triage.py": "settles the escalation or the check of a request whose coordinator was let in",
    "training/bookings.py": "proves that ledger and bookings agree, and forgets by the clock what is not needed any more",
    "training/sessions.py": "tells everybody with a seat what the team has done to their session",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for file in sorted((HOUSE / app).rglob("*.py")):
            yield file.relative_to(HOUSE).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def uses(tree: ast.AST) -> list[int]:
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "unscoped"]


def opens(tree: ast.AST) -> list[int]:
    """Return where a query is opened outside `visible_to`, which is what the door is for."""
    inside = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "visible_to"
        for inner in ast.walk(node)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"_opened", "opened"} and node not in inside
    ]


def reasons(tree: ast.AST) -> list[int]:
    """Return the calls of `.unscoped` that do not say why in so many words."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "unscoped"
        and not [
            word
            for word in node.keywords
            if word.arg == "reason" and isinstance(word.value, ast.Constant) and len(str(word.value.value)) >= 10
        ]
    ]


def test_only_listed_modules_ask_without_a_hat():
    found = [f"{name}:{line}" for name, tree in modules() if name not in ALLOWED for line in uses(tree)]
    assert found == []


def test_the_list_holds_nothing_that_is_no_longer_needed():
    needed = {name for name, tree in modules() if uses(tree)}
    assert sorted(set(ALLOWED) - needed) == []


def test_every_question_without_a_hat_says_why():
    assert [f"{name}:{line}" for name, tree in modules() for line in reasons(tree)] == []


def test_only_visible_to_opens_a_query():
    found = [f"{name}:{line}" for name, tree in modules() if name != "safekeeping/scoping.py" for line in opens(tree)]
    assert found == []


def test_no_view_or_template_tag_asks_without_a_hat():
    inside = ("/views", "/templatetags/", "/context.py")
    assert [name for name in ALLOWED if any(part in name for part in inside)] == []


def test_no_look_up_goes_through_a_hidden_relation():
    """Django keeps a hidden reverse relation under the name "+", and would follow it: `Team.values("+__ref")`."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "+__" in node.value
    ]
    assert found == []


def test_no_sensitive_row_is_reached_through_djangos_own_manager():
    """`_base_manager` is for Django and for safekeeping itself; anybody else would walk round the guard."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "_base_manager" and not name.startswith("safekeeping/")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("finder", "source"),
    [
        (uses, "Case.objects.unscoped(reason='because it must')"),
        (reasons, "Case.objects.unscoped(reason='')"),
        (reasons, "Case.objects.unscoped(reason=why)"),
        (opens, "def mine(rows): return rows._opened()"),
        (opens, "rows.query.opened = True"),
    ],
)
def test_these_tests_can_fail(finder, source):
    assert finder(ast.parse(source)) == [1]
