"""What must always agree across rows, entered by the app that owns them, proved by `manage.py check_invariants`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import ImproperlyConfigured

INVARIANTS: dict[str, Callable[[], Iterable[str]]] = {}


class InvariantBroken(Exception):
    """Rows that should agree do not."""


def register(name: str, differences: Callable[[], Iterable[str]]) -> None:
    """
    Enter an invariant; ``differences`` returns one line for each thing that does not agree, by id and never by name.

    :raises ImproperlyConfigured: if another one has that name
    """
    if INVARIANTS.setdefault(name, differences) is not differences:
        raise ImproperlyConfigured(f"two invariants are called {name!r}")


def broken() -> Iterator[tuple[str, str]]:
    """Yield every difference with the name of its invariant."""
    for name, differences in sorted(INVARIANTS.items()):
        for difference in differences():
            yield name, difference
