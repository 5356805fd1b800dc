"""
Who may see one request: everybody within reach, or only named people.

Some children must not be seen by whoever happens to be on duty: a relative works here, the family is protected, or the
child has died. Then lists, single pages, searches and messages know the request for the named people only; for everybody
else it is not there. Whoever asked keeps what is theirs, and a provider that was asked keeps its part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from brokering import deadlines, rights
from brokering.answers import MOST_CHARACTERS
from brokering.models import PlacementRequest, RequestReader, RestrictionDecision
from brokering.requests import carry, locked, refuse
from directory.models import Membership, Role
from safekeeping import audit

if TYPE_CHECKING:
    from safekeeping.policy import Hat


def could_read(request: PlacementRequest, *, at: datetime) -> list[tuple[int, str, str]]:
    """
    Return who could be named, as id, name and what they are: coordinators within reach, and the school's safeguarding leads.

    Naming somebody takes nothing away from the other rules: they still see it only under a hat that reaches it.
    """
    current = Membership.objects.current(deadlines.day_of(at)).select_related("user")
    near = Q(citywide=True)
    if request.locality_id:
        near |= Q(localities=request.locality_id)
    rows = current.filter(
        (Q(role=Role.COORDINATOR) & near) | Q(role=Role.SCHOOL_DSL, organization_id=request.requester_organization_id)
    )
    words = {Role.COORDINATOR: "coordinator", Role.SCHOOL_DSL: "safeguarding lead where it was asked for"}
    found: dict[int, tuple[int, str, str]] = {}
    for one in rows.exclude(user_id=request.requester_id).order_by("user__name", "user_id", "role"):
        found.setdefault(one.user_id, (one.user_id, one.user.name, words[Role(one.role)]))
    return list(found.values())


@transaction.atomic
def restrict(request: PlacementRequest, *, readers: Iterable[int], because: str, by: Hat, at: datetime) -> None:
    """
    Let only these people and whoever does this see the request; on a restricted one, change who they are.

    If its coordinator is not among them, whoever does this takes it over.

    :raises AnswerRefused: without a reason, or if somebody is named who could not see it anyway
    :raises NotYours: if the hat is not a coordinator's, or cannot see it
    """
    rights.need(request, by, Role.COORDINATOR)
    row = locked(request)
    named = set(readers) - {row.requester_id, by.user_id}
    errors = reason_errors(because)
    if named - {person for person, _, _ in could_read(row, at=at)}:
        errors["readers"] = "Choose from the list"
    refuse(errors)
    narrow(row, people={*named, by.user_id}, because=because, by=by, at=at)
    if row.coordinator_id and row.coordinator_id not in {*named, by.user_id}:
        row.coordinator_id = by.user_id
        row.save(update_fields=["coordinator"])
    audit.record("request.restrict", by=by, at=at, subject="request", ref=row.ref, fields=["readers"])
    carry(row, request)


@transaction.atomic
def lift(request: PlacementRequest, *, because: str, by: Hat, at: datetime) -> None:
    """
    Let everybody within reach see the request again.

    :raises AnswerRefused: without a reason
    :raises NotYours: if the hat is not one of the named coordinators'
    """
    rights.need(request, by, Role.COORDINATOR)
    row = locked(request)
    refuse(reason_errors(because))
    if row.restricted:
        row.restricted = False
        row.save(update_fields=["restricted"])
        named(row).delete()
        note(row, because=because, by=by, at=at)
    audit.record("request.lift-restriction", by=by, at=at, subject="request", ref=row.ref)
    carry(row, request)


def reason_errors(because: str) -> dict[str, str]:
    """Return what is wrong with the reason."""
    if not because.strip():
        return {"because": "Say why, in a sentence"}
    return {"because": f"Use {MOST_CHARACTERS} characters or fewer"} if len(because) > MOST_CHARACTERS else {}


def named(row: PlacementRequest) -> QuerySet[RequestReader]:
    """Return who is named for it."""
    return RequestReader.objects.unscoped(reason="who is named, for a coordinator who was let in").filter(request=row)


def narrow(row: PlacementRequest, *, people: set[int], because: str, by: Hat, at: datetime) -> None:
    """Let only these people see it from now on, and keep why; in the caller's transaction, on the locked row."""
    row.restricted = True
    row.save(update_fields=["restricted"])
    readers = named(row)
    readers.exclude(person_id__in=people).delete()
    kept = set(readers.values_list("person_id", flat=True))
    RequestReader.objects.bulk_create(
        [RequestReader(request=row, person_id=one, named_by_id=by.user_id, at=at) for one in sorted(people - kept)]
    )
    note(row, because=because, by=by, at=at)


def note(row: PlacementRequest, *, because: str, by: Hat, at: datetime) -> None:
    """Keep who decided what about it, and why."""
    RestrictionDecision.objects.create(
        request=row, restricted=row.restricted, because=because.strip(), decided_by_id=by.user_id, at=at
    )
