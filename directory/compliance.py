"""
Which policies, insurances and registrations an organization must have, which are in date, and what stops when they are not.

INV-S8: whoever has let a required item run out is offered nothing new, and so is whoever still owes one after the day that
stewards have named. Places that a child has already go on. docs/decisions/0013 says why "missing" waits for that day.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db import transaction

from directory import assumptions
from directory import joining_letters as letters
from directory.availability import LONDON
from directory.models import SHOWN, ComplianceItem, ComplianceKind, Membership, OrganizationStanding, Service
from safekeeping import audit, working_time
from safekeeping.policy import Hat

FILE = Path(__file__).with_name("compliance.toml")
RUN_OUT = 0


class NotThere(Exception):
    """The item is not there, not theirs, or has been checked already."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one kind stands: ``state`` is "fine", "soon", "unchecked", "over" or "missing"."""

    kind: ComplianceKind
    state: str
    required: bool
    item: ComplianceItem | None = None
    unchecked: ComplianceItem | None = None


# --- what is needed ---------------------------------------------------------------------------------------------------


@cache
def requirements() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Return the kinds that every service needs, and those that a kind of service needs besides."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    every = frozenset(ComplianceKind(kind).value for kind in told["every"])
    more = {
        service_type: frozenset(ComplianceKind(kind).value for kind in kinds)
        for service_type, kinds in told.get("service_type", {}).items()
    }
    return every, more


def required_for(service_types: Iterable[str]) -> frozenset[str]:
    """Return the kinds that an organization needs that runs services of these kinds."""
    every, more = requirements()
    return every.union(*(more.get(one, frozenset()) for one in service_types))


# --- who may be offered to --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """What an organization has shown us: for each kind the last day on which a checked item is in date."""

    until: Mapping[str, date]
    due_on: date | None

    def wanting(self, kinds: Iterable[str], *, on: date) -> str:
        """Return the first of ``kinds`` that stops an offer on that day, "" if none does."""
        for kind in sorted(kinds):
            until = self.until.get(kind)
            if until is None and self.due_on is not None and self.due_on <= on:
                return kind
            if until is not None and until < on:
                return kind
        return ""


def held_by(organizations: Mapping[UUID, date | None]) -> dict[UUID, Held]:
    """
    Return what each of these organizations has shown; one query, however many.

    :param organizations: the day from which what is missing counts (`OrganizationStanding.compliance_due_on`), by id
    """
    until: dict[UUID, dict[str, date]] = defaultdict(dict)
    checked = ComplianceItem.objects.filter(organization__in=organizations, verified_on__isnull=False)
    for organization_id, kind, expires_on in checked.values_list("organization_id", "kind", "expires_on"):
        until[organization_id][kind] = max(expires_on, until[organization_id].get(kind, expires_on))
    return {one: Held(until[one], due_on) for one, due_on in organizations.items()}


def why_not(held: Held | None, service_type: str, *, on: date) -> str:
    """Return why nothing may be offered to a service of that kind, "" if it may (INV-S8)."""
    kind = held.wanting(required_for([service_type]), on=on) if held else ""
    if not kind:
        return ""
    words = ComplianceKind(kind).label
    assert held is not None
    if kind in held.until:
        return f"Their {in_a_sentence(words)} ran out and has not been renewed"
    return f"Their {in_a_sentence(words)} has not been checked yet"


def in_a_sentence(words: str) -> str:
    """Return a label as it stands within a sentence: "ICO registration" keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def offer_eligible(organization_id: UUID, service_type: str, *, due_on: date | None, on: date) -> bool:
    """Tell whether an organization may be offered a place at a service of that kind on that day."""
    return not why_not(held_by({organization_id: due_on})[organization_id], service_type, on=on)


# --- the provider's page ----------------------------------------------------------------------------------------------


def lines_of(organization_id: UUID, *, on: date) -> list[Line]:
    """Return every kind that is required or has been entered, those that need something first; two queries."""
    types = Service.objects.filter(organization=organization_id).values_list("service_type__code", flat=True)
    needed = required_for(set(types))
    entered: dict[str, list[ComplianceItem]] = defaultdict(list)
    for item in ComplianceItem.objects.filter(organization=organization_id).order_by("-expires_on", "-entered_at"):
        entered[item.kind].append(item)
    found = [line_of(kind, entered[kind], required=kind in needed, on=on) for kind in {*needed, *entered}]
    urgency = {"over": 0, "missing": 1, "soon": 2, "unchecked": 3, "fine": 4}
    return sorted(found, key=lambda line: (urgency[line.state], line.kind.label))


def line_of(kind: str, items: list[ComplianceItem], *, required: bool, on: date) -> Line:
    """Return how one kind stands; ``items`` are those entered, the one that lasts longest first."""
    checked = next((item for item in items if item.verified_on), None)
    unchecked = next((item for item in items if not item.verified_on), None)
    if checked and unchecked and unchecked.expires_on <= checked.expires_on:
        unchecked = None
    if checked and checked.expires_on >= on:
        soon = checked.expires_on <= on + timedelta(days=assumptions.papers_reminders()[0])
        state = "soon" if soon and unchecked is None else "fine"
    elif unchecked:
        state = "unchecked"
    else:
        state = "over" if checked else "missing"
    return Line(ComplianceKind(kind), state, required, checked, unchecked)


@transaction.atomic
def enter(
    kind: str, *, issued_on: date | None, expires_on: date, reference: str, by: Hat, at: datetime
) -> ComplianceItem:
    """Note an item of the hat's own organization; it counts once a steward has checked it."""
    made = ComplianceItem.objects.create(
        organization_id=by.organization_id,
        kind=kind,
        issued_on=issued_on,
        expires_on=expires_on,
        reference=reference,
        entered_by_id=by.user_id,
        entered_at=at,
    )
    letters.compliance_entered(made, at=at)
    audit.record("compliance.enter", by=by, at=at, subject="compliance", ref=made.pk, reason=kind)
    return made


@transaction.atomic
def take_back(pk: UUID, *, by: Hat, at: datetime) -> None:
    """
    Take back an item that was entered by mistake.

    :raises NotThere: if there is none of theirs, or a steward has checked it
    """
    mine = ComplianceItem.objects.filter(pk=pk, organization=by.organization_id, verified_on__isnull=True)
    if not mine.delete()[0]:
        raise NotThere
    audit.record("compliance.take_back", by=by, at=at, subject="compliance", ref=pk)


# --- a steward checks -------------------------------------------------------------------------------------------------


def due_on(organization_id: UUID) -> date | None:
    """Return the day from which what is missing stops offers, if stewards have named one."""
    rows = OrganizationStanding.objects.filter(organization=organization_id)
    found: date | None = rows.values_list("compliance_due_on", flat=True).first()
    return found


@transaction.atomic
def verify(item: ComplianceItem, *, by: Hat, at: datetime) -> None:
    """
    Note that a steward has seen it: it counts from now on.

    :raises NotThere: if it is gone, or somebody has checked it
    """
    rows = ComplianceItem.objects.filter(pk=item.pk, verified_on__isnull=True)
    if not rows.update(verified_on=at.astimezone(LONDON).date(), verified_by=by.user_id):
        raise NotThere
    audit.record("compliance.verify", by=by, at=at, subject="compliance", ref=item.pk, reason=item.kind)


@transaction.atomic
def reject(item: ComplianceItem, *, by: Hat, at: datetime) -> None:
    """
    Take out what is not right, and tell the provider.

    :raises NotThere: if it is gone, or somebody has checked it
    """
    if not ComplianceItem.objects.filter(pk=item.pk, verified_on__isnull=True).delete()[0]:
        raise NotThere
    managers = Membership.objects.filter(organization=item.organization_id, role="provider_admin")
    letters.compliance_rejected(item, managers, at=at)
    audit.record("compliance.reject", by=by, at=at, subject="compliance", ref=item.pk, reason=item.kind)


# --- reminders --------------------------------------------------------------------------------------------------------


def remind(at: datetime) -> int:
    """
    Tell providers what runs out soon, and them and the stewards what has; return how many letters were new.

    In working hours, once each; safe to run twice and by two clocks at once.
    """
    if not working_time.is_working_time(at):
        return 0
    today = at.astimezone(LONDON).date()
    return sum(remind_of(item, step, on=today, at=at) for item, step in due(today))


def due(on: date) -> list[tuple[ComplianceItem, int]]:
    """Return each checked item that nothing longer replaces and that runs out soon or has, with its step; two queries."""
    ahead = timedelta(days=assumptions.papers_reminders()[0])
    near = ComplianceItem.objects.filter(
        verified_on__isnull=False,
        expires_on__range=(on - ahead, on + ahead),
        organization__standing__standing__in=SHOWN,
    ).select_related("organization")
    items = list(near)
    entered, checked = lasts(items)
    found = []
    for item in items:
        step = step_of(item.expires_on, on=on)
        # A new one that waits to be checked ends the reminders; once the old one has run out, everybody has to know.
        longest = checked if step == RUN_OUT else entered
        if longest[item.organization_id, item.kind] <= item.expires_on:
            found.append((item, step))
    return found


def lasts(items: Collection[ComplianceItem]) -> tuple[dict[tuple[UUID, str], date], dict[tuple[UUID, str], date]]:
    """Return until when the longest item of each kind lasts, of those entered and of those checked, by organization and kind."""
    entered: dict[tuple[UUID, str], date] = {}
    checked: dict[tuple[UUID, str], date] = {}
    for item in ComplianceItem.objects.filter(organization__in={item.organization_id for item in items}):
        key = (item.organization_id, item.kind)
        for lengths in (entered, checked) if item.verified_on else (entered,):
            lengths[key] = max(item.expires_on, lengths.get(key, item.expires_on))
    return entered, checked


def step_of(expires_on: date, *, on: date) -> int:
    """Return which letter is due: that of so many days before the end, or 0 after it."""
    left, steps = (expires_on - on).days, assumptions.papers_reminders()
    return RUN_OUT if left < 0 else min((days for days in steps if left <= days), default=steps[0])


@transaction.atomic
def remind_of(item: ComplianceItem, step: int, *, on: date, at: datetime) -> int:
    """Put the letters of one step into the outbox; return how many were new."""
    managers = Membership.objects.filter(organization=item.organization_id, role="provider_admin")
    told = letters.compliance_runs_out(item, managers, step=step, on=on, at=at)
    if step == RUN_OUT:
        told += letters.compliance_ran_out(item, at=at)
    if told:
        audit.record("compliance.remind", by=None, at=at, subject="compliance", ref=item.pk, reason=f"days:{step}")
    return told
