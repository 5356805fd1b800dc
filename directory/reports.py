"""
Reports from readers: taken from anybody, looked at by a steward, and whoever asked for an answer gets one.

A report is about an entry or a page, never about a person: names are refused where they are typed. Its reference is
random; whoever has it reads what became of the report, and nobody else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from directory import lifecycle, notifications
from directory.assumptions import REPORT_ANSWER
from directory.availability import LONDON
from directory.models import Organization, Service
from directory.models.report import ANSWERED, Report, ReportKind, ReportState
from safekeeping import audit, personal_data
from safekeeping.floods import HOUR, Limit, TooMany, mark_of
from safekeeping.lives import MoveNotAllowed
from safekeeping.personal_data import Finding, Kind
from safekeeping.policy import Hat
from safekeeping.working_time import add_working_days

S = ReportState
ADDRESS_KEPT = timedelta(days=90)
SENDER_KEPT = timedelta(days=1)
# From one network address, and from all together: a person who reads the whole directory aloud stays below it.
FROM_ONE = Limit(6, within=HOUR)
IN_ALL = Limit(120, within=HOUR)
LONGEST_TEXT = 1000
LONGEST_ANSWER = 500
# A fact of a service is a telephone number, an address, a postcode: those may be written down. Who somebody is may not.
ABOUT_A_PERSON = frozenset(
    set(Kind) - {Kind.TELEPHONE, Kind.EMAIL, Kind.POSTCODE, Kind.ADDRESS, Kind.LONG_NUMBER}
)  # fmt: skip


class AnsweredMeanwhile(Exception):
    """Somebody else has moved the report on."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader says. ``name`` and ``reach`` are those of a service that is missing."""

    kind: ReportKind
    text: str
    what: str = ""
    name: str = ""
    reach: str = ""
    address: str = ""
    service_id: UUID | None = None
    organization_id: UUID | None = None
    page: str = ""


# --- questions --------------------------------------------------------------------------------------------------------
def people_in(text: str, *, at: datetime, but: str = "") -> tuple[Finding, ...]:
    """Return what in ``text`` says who a person is; the words of ``but``, a service's name, do not count."""
    allowed = but.casefold()
    found = personal_data.find(text, on=at.astimezone(LONDON).date(), kinds=ABOUT_A_PERSON)
    return tuple(one for one in found if not (allowed and one.text.casefold() in allowed))


def open_reports() -> QuerySet[Report]:
    """Return the reports that wait for a steward."""
    return Report.objects.exclude(state__in=ANSWERED)


def about_the_same(report: Report) -> QuerySet[Report]:
    """Return the other reports about the same entry or page that wait as well."""
    same = open_reports().exclude(pk=report.pk).filter(kind=report.kind)
    if report.kind == ReportKind.MISSING:
        return same.filter(name__iexact=report.name)
    return same.filter(service=report.service_id, organization=report.organization_id, page=report.page)


def about(organization_id: UUID, *, at: datetime) -> QuerySet[Report]:
    """Return what readers say of an organization and its services: what is open, and what was answered in the last month."""
    mine = Q(service__organization=organization_id) | Q(organization=organization_id)
    recent = ~Q(state__in=ANSWERED) | Q(answered_at__gt=at - timedelta(days=30))
    return (
        Report.objects.filter(mine & recent, kind=ReportKind.WRONG)
        .select_related("service")
        .order_by("-sent_at", "ref")
    )


# --- verbs ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def send(told: Told, *, network_address: str, at: datetime) -> Report:
    """
    Take a report.

    :raises TooMany: if too many came within the hour, from there or in all
    """
    theirs = Report.objects.filter(sender__in=FROM_ONE.marks_of(network_address, at=at))
    if FROM_ONE.reached(theirs, at=at) or IN_ALL.reached(Report.objects.all(), at=at):
        raise TooMany
    report = Report(
        kind=told.kind,
        service_id=told.service_id,
        organization_id=told.organization_id,
        page=told.page,
        what=told.what,
        name=told.name,
        reach=told.reach,
        text=told.text,
        address=told.address or None,
        sender=mark_of(network_address, at=at),
        sent_at=at,
        due_at=add_working_days(at, REPORT_ANSWER.number),
    )
    lifecycle.begin(report, by=None, at=at)
    return report


def onward(report: Report, to: ReportState, *, by: Hat, at: datetime, **facts: Any) -> None:
    """
    Move a report on.

    :raises AnsweredMeanwhile: if somebody else did so first
    """
    try:
        lifecycle.move(report, to, by=by, at=at, **facts)
    except MoveNotAllowed as refused:
        raise AnsweredMeanwhile from refused


@transaction.atomic
def look(report: Report, *, by: Hat, at: datetime) -> None:
    """
    Take the report on.

    :raises AnsweredMeanwhile: if somebody else did so first
    """
    onward(report, S.LOOKING, by=by, at=at)
    audit.record("report_taken", by=by, at=at, subject="report", ref=report.pk)


@transaction.atomic
def answer(report: Report, *, fixed: bool, sentence: str, also: Iterable[Report] = (), by: Hat, at: datetime) -> int:
    """
    Say what became of the report, and of ``also``, which said the same; tell whoever asked for an answer.

    :return: how many people are written to
    :raises AnsweredMeanwhile: if one of them was answered already; then nothing is
    """
    told = 0
    for one in [report, *also]:
        if one.state == S.NEW:
            onward(one, S.LOOKING, by=by, at=at)
        onward(one, S.FIXED if fixed else S.UNCHANGED, by=by, at=at, answer=sentence, answered_at=at)
        told += notifications.tell_reader(one, at=at)
        audit.record(
            "report_answered", by=by, at=at, subject="report", ref=one.pk, outcome="fixed" if fixed else "unchanged"
        )
    return told


def forget(at: datetime) -> None:
    """Forget reporters' addresses 90 days after they were answered, and after a day where a report came from."""
    Report.objects.filter(answered_at__lt=at - ADDRESS_KEPT, address__isnull=False).update(address=None)
    Report.objects.filter(sent_at__lt=at - SENDER_KEPT).exclude(sender="").update(sender="")


def entry_of(report: Report) -> Service | Organization | None:
    """Return what the report is about, None if it is a page or something that is missing."""
    return report.service or report.organization
