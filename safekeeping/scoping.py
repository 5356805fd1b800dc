"""
Closed managers: a query over case work runs only after somebody has said for whom.

`Model.objects` of a sensitive model answers nothing until `.visible_to(hat)` has narrowed it, or `.unscoped(reason=…)`
has said why it need not be; modules that may say the latter are listed in tests/architecture/test_unscoped.py. The
guard sits in the query itself, so a closed queryset is refused inside a subquery, too.

Django's own work (saving, refresh_from_db, forward foreign keys, cascades) goes through `_base_manager`, which stays
plain. Reverse names would be a way round (`Organization.objects.values("requests__ref")`), so a sensitive model's
foreign keys have `related_name="+"`; `leaks()` names those that have not, and is a system check.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, Self

from django.apps import apps
from django.db import models
from django.db.models import sql

HOW = "say for whom: .visible_to(hat), or .unscoped(reason=…) where that is allowed"


class UnscopedQuery(Exception):
    """A query over sensitive rows did not say for whom."""


class ClosedQuery(sql.Query):
    """A query that compiles only once it has been opened; copies of an opened one stay open."""

    opened = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not (self.opened or self.is_empty()):
            raise UnscopedQuery(f"{self.model._meta.label}: {HOW}")
        return super().get_compiler(*args, **kwargs)


class ClosedQuerySet(models.QuerySet):
    """
    Rows that nobody may read unasked.

    A subclass says who sees what in ``visible_to`` and returns ``self.filter(…)._opened()``.
    """

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model=model, query=query or ClosedQuery(model), using=using, hints=hints)

    def visible_to(self, hat: Any) -> Self:
        """Return the rows that the person under this hat may see."""
        raise NotImplementedError(f"{type(self).__name__} does not say what a hat may see")

    def unscoped(self, *, reason: str) -> Self:
        """
        Return all rows, for work that is nobody's look at a case.

        :raises ValueError: if no reason is given
        """
        if not reason.strip():
            raise ValueError("say why this query needs no hat")
        return self._opened()

    def _opened(self) -> Self:
        rows = self._chain()
        rows.query.opened = True
        return rows

    def _need_opened(self) -> None:
        if not (self.query.opened or self.query.is_empty()):
            raise UnscopedQuery(f"{self.model._meta.label}: {HOW}")

    # An update or a delete changes the query's class and so leaves the guard behind: these look for themselves.

    def update(self, **kwargs: Any) -> int:
        self._need_opened()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def _update(self, values: Any) -> int:
        self._need_opened()
        return super()._update(values)  # type: ignore[misc]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._need_opened()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: str | None) -> int:
        self._need_opened()
        return super()._raw_delete(using)  # type: ignore[misc]

    def _merge_sanity_check(self, other: Any) -> None:
        """Refuse to widen an opened queryset by a closed one (`|`), or the other way round."""
        self._need_opened()
        if isinstance(other, ClosedQuerySet):
            other._need_opened()
        super()._merge_sanity_check(other)  # type: ignore[misc]

    # What goes past the guard, or shows more than rows, is refused to everybody.

    def _refused(self, name: str) -> NoReturn:
        raise UnscopedQuery(f"{self.model._meta.label}: {name} is not for sensitive rows")

    def union(self, *other_qs: Any, all: bool = False) -> NoReturn:  # noqa: A002 - Django's name
        self._refused("union")

    def intersection(self, *other_qs: Any) -> NoReturn:
        self._refused("intersection")

    def difference(self, *other_qs: Any) -> NoReturn:
        self._refused("difference")

    def raw(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refused("raw")

    def extra(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refused("extra")

    def explain(self, **options: Any) -> NoReturn:
        self._refused("explain")


_Manager = models.Manager.from_queryset(ClosedQuerySet)


class ClosedManager(_Manager):
    """The manager of a sensitive model: ``objects = ClosedManager.from_queryset(RequestQuerySet)()``."""


def is_closed(manager: Any) -> bool:
    """Tell whether what the manager gives is guarded."""
    return issubclass(getattr(manager, "_queryset_class", object), ClosedQuerySet)


def sensitive_models() -> Iterator[type[models.Model]]:
    """Yield every model whose rows are guarded."""
    for model in apps.get_models(include_auto_created=True):
        if any(is_closed(manager) for manager in model._meta.managers):
            yield model


def leaks(model: type[models.Model]) -> list[str]:
    """Return the ways round the guard of a sensitive model, in words; none if it is tight."""
    label = model._meta.label
    found = [f"{label}.{manager.name} is not closed" for manager in model._meta.managers if not is_closed(manager)]
    if is_closed(model._base_manager):
        found.append(f"{label}: Meta.base_manager_name must stay plain, Django saves and cascades through it")
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created or not field.is_relation or not hasattr(field, "remote_field"):
            continue
        told = field.remote_field
        if told is None:
            continue
        # A hidden many-to-many gets a name of its own from Django; it begins with an underscore and ends with "+".
        if not (told.related_name or "").endswith("+") or told.related_query_name:
            found.append(f'{label}.{field.name} needs related_name="+" and no related_query_name')
        if field.many_to_many and told.through._meta.auto_created:
            found.append(f"{label}.{field.name}: write the table between as a closed model of its own")
    return found
