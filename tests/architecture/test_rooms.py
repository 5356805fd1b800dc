"""Every app has the same rooms with the same names on the doors, so that a stranger finds the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.setup import APPS, HOUSE

OURS = [app for app in APPS if (HOUSE / app).is_dir()]
# Names that say nothing about what is behind the door; *service* is the central noun of the domain.
NOBODYS_NAMES = {
    "services",
    "utils",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "handler",
    "handlers",
    "misc",
}
# Who listens elsewhere than in receivers.py, and why that is no rule in a signal.
OTHER_EARS = {
    "safekeeping/memory.py": "forgets what a process remembers when its rows change",
    "safekeeping/accounts.py": "writes sign-ins to the audit trail: the library sends nothing but signals",
}
# Methods that would hide a rule in saving a row.
HIDING_PLACES = {"save", "delete", "full_clean", "clean"}


def modules(app: str) -> list[Path]:
    return [file for file in sorted((HOUSE / app).rglob("*.py")) if "migrations" not in file.parts]


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name_of(file: Path) -> str:
    return str(file.relative_to(HOUSE))


def models_in(app: str) -> Iterator[tuple[Path, ast.ClassDef]]:
    """Yield the classes in an app's rooms for models."""
    for file in modules(app):
        if "models" in file.parts or file.name == "models.py":
            for node in ast.walk(tree(file)):
                if isinstance(node, ast.ClassDef):
                    yield file, node


@pytest.mark.parametrize("app", OURS)
def test_no_door_has_nobodys_name_on_it(app):
    named = [name_of(file) for file in modules(app) if {file.stem, file.parent.name} & NOBODYS_NAMES]
    assert named == []


@pytest.mark.parametrize("app", OURS)
def test_every_module_says_what_it_decides_and_for_whom(app):
    silent = [
        name_of(file) for file in modules(app) if file.name != "__init__.py" and not ast.get_docstring(tree(file))
    ]
    assert silent == []


@pytest.mark.parametrize("app", [app for app in OURS if app != "config"])
def test_an_app_with_addresses_says_who_they_are_for(app):
    if (HOUSE / app / "urls.py").exists() and "path(" in (HOUSE / app / "urls.py").read_text(encoding="utf-8"):
        assert (HOUSE / app / "access.py").exists()


@pytest.mark.parametrize("app", OURS)
def test_rows_hide_no_rules(app):
    """A model has fields, constraints, `__str__` and properties; what somebody does is a verb in the module of its noun."""
    allowed = ("objects", "Manager", "QuerySet")
    hidden = [
        f"{name_of(file)}: {node.name}.{method.name}"
        for file, node in models_in(app)
        if not node.name.endswith(allowed)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in HIDING_PLACES and not page_or_snippet(app, node)
    ]
    assert hidden == []


def page_or_snippet(app: str, node: ast.ClassDef) -> bool:
    """Tell whether Wagtail asks for the method: its pages and blocks are checked in their own `clean`."""
    bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
    return app == "cms" and any(base.endswith(("Page", "Block", "Mixin")) for base in bases)


@pytest.mark.parametrize("app", OURS)
def test_news_is_listened_to_in_one_room(app):
    """Receivers only write rows of the outbox; where they are, they can be read in one go."""
    ears = [
        f"{name_of(file)}:{node.lineno}"
        for file in modules(app)
        if file.name not in ("receivers.py", "apps.py") and name_of(file) not in OTHER_EARS
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and ast.unparse(node.func.value).split(".")[-1].startswith(("post_", "pre_", "m2m_", "user_logged", "service_"))
    ]
    assert ears == []


@pytest.mark.parametrize("app", ["brokering", "training", "search", "directory", "safekeeping"])
def test_verbs_say_who_and_when_by_name(app):
    """`offers.accept(offer, by=…, at=…)`: nobody can mistake one for the other, or leave the moment to the machine."""
    loose = [
        f"{name_of(file)}: {node.name}({name})"
        for file in modules(app)
        if "views" not in file.parts and "commands" not in file.parts
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if {"by", "at"} <= {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
        for name in ("by", "at")
        if name in {argument.arg for argument in [*node.args.posonlyargs, *node.args.args]}
    ]
    assert loose == []


def test_the_site_never_imports_its_tests():
    needs = [
        f"{name_of(file)}:{node.lineno}"
        for app in OURS
        for file in modules(app)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            name.split(".")[0] in ("tests", "bench")
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        )
    ]
    assert needs == []
