"""What an engine must do: a few verbs on plain values. `settings.SEARCH_BACKEND` names the one in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from search.queries import ResultPage, SearchDocument, ServiceQuery, Suggestion


class SearchBackend(Protocol):
    """Finds services; knows documents and queries, no rows and no requests."""

    def find(self, query: ServiceQuery) -> ResultPage: ...

    def index(self, documents: Iterable[SearchDocument]) -> None: ...

    def remove(self, service_ids: Iterable[UUID]) -> None: ...

    def replace_all(self, documents: Iterable[SearchDocument]) -> None: ...

    def spelt(self, words: Iterable[str], audiences: tuple[str, ...]) -> Mapping[str, str]:
        """
        Return what was probably meant by each word that looks mistyped; "" where it finds nothing and nothing is like it.

        Words come in and go out folded. Left out is what the index holds in any form, and what finds something by itself
        unless one letter makes it a word of the index. What is offered finds something for those audiences.
        """
        ...

    def suggest(self, beginning: str, audiences: tuple[str, ...], *, most: int = 8) -> Sequence[Suggestion]:
        """
        Return what somebody who typed ``beginning`` may be about to type, of what those audiences may find.

        Words begin so, in any case and with or without accents: names of services, then organizations, then words of the
        vocabularies, a few of which keep their room beside any number of names; each group by name. Nothing for fewer than
        two letters.
        """
        ...

    def digests(self) -> Mapping[UUID, str]:
        """Return what is in the index, for `tasks.reconcile`."""
        ...


@cache
def backend_named(name: str) -> SearchBackend:
    """Return the one object of that class."""
    made: SearchBackend = import_string(name)()
    return made


def backend() -> SearchBackend:
    """Return the engine in use."""
    return backend_named(settings.SEARCH_BACKEND)
