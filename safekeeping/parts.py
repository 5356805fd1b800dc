"""What apps above have to say of a part of theirs, for whoever watches the site: it has a way to do without, or it is no part."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import ImproperlyConfigured

PARTS: dict[str, Callable[[], Mapping[str, str]]] = {}


def register(name: str, told: Callable[[], Mapping[str, str]]) -> None:
    """
    Enter a part: ``told`` says in a few constants how it does, and never waits long.

    :raises ImproperlyConfigured: if another one has that name
    """
    if PARTS.setdefault(name, told) is not told:
        raise ImproperlyConfigured(f"two parts are called {name!r}")


def all_told() -> dict[str, Mapping[str, str]]:
    """Return what every part says."""
    return {name: told() for name, told in sorted(PARTS.items())}
