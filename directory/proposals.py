"""
A partner's words become a draft that waits for a steward: written, sent, taken back, approved or not.

What a partner writes is kept beside the entry (`ProposedWords`) until it is sent: a half-finished sentence is in nobody's
editor. Sending makes a Wagtail revision out of the latest one and has it moderated in the partner's name. What waits is not
changed any more, because approval publishes the latest revision. Nobody's text is ever written over unseen: whoever
comes second is shown both (`SomebodyElseWrote`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import TaskState, WorkflowState

from directory import words
from directory.models import LiveAtOnce, Organization, ProposedWords, Service, ServiceStanding
from directory.words import Entry, Values
from safekeeping import audit
from safekeeping.models import User
from safekeeping.policy import Hat

MINE, THEIRS = "mine", "theirs"


class Refused(Exception):
    """What a partner asked for is not done; each reason has a class of its own."""


class AlreadyWaiting(Refused):
    """A steward has these words: they are taken back first, or decided."""


class NothingToSend(Refused):
    """There is no difference to what is public."""


class NothingWaits(Refused):
    """There is nothing to take back: it has been decided, or was never sent."""


class NoModeration(Refused):
    """Nobody would read it: `setup` has not been run."""


class NotComplete(Refused):
    """The entry as a whole cannot be kept like this; ``errors`` says why, in words."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


class SomebodyElseWrote(Refused):
    """Others have changed these fields meanwhile; ``theirs`` holds what they wrote, by field."""

    def __init__(self, theirs: Values) -> None:
        super().__init__(", ".join(sorted(theirs)))
        self.theirs = theirs


class Sent(StrEnum):
    """What became of words that were sent."""

    WAITING = "waiting"
    PUBLISHED = "published"


# --- where an entry stands ----------------------------------------------------------------------------------------------
class Stage(StrEnum):
    NEW = "new"
    PUBLISHED = "published"
    UNSENT = "unsent"
    WAITING = "waiting"
    NOT_APPROVED = "not_approved"
    TAKEN_DOWN = "taken_down"


@dataclass(frozen=True, slots=True)
class Where:
    """
    How an entry stands, for its own organization.

    ``since`` and ``who`` say when it was sent or answered, and by whom; ``reason`` is the steward's. ``shown`` tells
    whether anybody outside can see it at all; ``ours``, whether the provider itself has sent what is with the stewards.
    """

    stage: Stage
    since: datetime | None = None
    who: str = ""
    reason: str = ""
    live: bool = False
    shown: bool = False
    unsent: bool = False
    ours: bool = False


def where_they_stand(entries: Collection[Entry]) -> dict[UUID, Where]:
    """Return how each of these entries of one kind stands; three queries, however many."""
    if not entries:
        return {}
    model = type(next(iter(entries)))
    by_id = {entry.pk: entry for entry in entries}
    rows = {
        getattr(row, f"{words.kind_of(model)}_id"): row
        for row in ProposedWords.objects.filter(**{f"{words.kind_of(model)}__in": list(by_id)}).select_related(
            "sent_by"
        )
    }
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    active = {
        state.object_id: state
        for state in WorkflowState.objects.active()
        .filter(base_content_type=kind, object_id__in=[str(pk) for pk in by_id])
        .select_related("current_task_state__finished_by", "requested_by")
    }
    return {pk: where_it_stands(entry, rows.get(pk), active.get(str(pk))) for pk, entry in by_id.items()}


def where_it_stands(entry: Entry, row: ProposedWords | None, state: WorkflowState | None) -> Where:
    """Return how one entry stands."""
    standing = getattr(entry, "standing", None)
    shown = entry.live and standing is not None and standing.standing in ("open", "restricted")
    stage, since, who, reason = stage_of(entry, row, state)
    return Where(
        stage,
        since=since,
        who=who,
        reason=reason,
        live=entry.live,
        shown=shown,
        unsent=bool(row and row.words),
        ours=was_sent(row),
    )


def stage_of(
    entry: Entry, row: ProposedWords | None, state: WorkflowState | None
) -> tuple[Stage, datetime | None, str, str]:
    """Return the stage, since when, who has sent or answered it, and the steward's reason."""
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        sent = row is not None and row.sent_at is not None
        by: Any = row.sent_by if row and sent else state.requested_by
        return Stage.WAITING, row.sent_at if row and sent else state.created_at, named(by), ""
    if state:
        last: TaskState = state.current_task_state
        return Stage.NOT_APPROVED, last.finished_at, named(last.finished_by), last.comment
    if row and row.words:
        return Stage.UNSENT, row.changed_at, "", ""
    if entry.live:
        return Stage.PUBLISHED, entry.last_published_at, "", ""
    return (Stage.TAKEN_DOWN if entry.first_published_at else Stage.NEW), None, "", ""


def was_sent(row: ProposedWords | None) -> bool:
    """Say whether the provider has sent words that are not decided; a steward may have begun a moderation of their own."""
    return row is not None and row.sent_at is not None


def named(person: User | None) -> str:
    """Return the person's name, "" if nobody is known."""
    return person.get_full_name() if person else ""


# --- what is written, and what would be published ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Draft:
    """An entry with the partner's words: ``public`` is what everybody reads, ``now`` what it would be."""

    entry: Entry
    row: ProposedWords | None
    public: Values
    now: Values

    @property
    def differences(self) -> list[words.Difference]:
        """What would change for everybody who reads it; of what was never published, all that it says."""
        return words.differences(self.entry, self.public, {n: v for n, v in self.now.items() if n in self.touched})

    @property
    def touched(self) -> set[str]:
        """The fields whose values are not the public ones; of what was never published, those that say something."""
        if not self.entry.first_published_at and not self.entry.live:
            return {name for name, value in self.now.items() if value not in (None, "", [], False)}
        return {name for name, value in self.now.items() if self.public.get(name) != value}


def draft_of(entry: Entry) -> Draft:
    """Return the entry with the words that its organization would have."""
    public = words.values_of(entry) if entry.live or entry.first_published_at else {}
    latest = words.values_of(entry.get_latest_revision_as_object())
    row = row_of(entry)
    mine = row.words if row else {}
    return Draft(entry=entry, row=row, public=public, now=latest | mine)


def preview_of(entry: Entry) -> Entry:
    """Return the entry as it would be, not saved: what a preview draws."""
    shown: Entry = entry.get_latest_revision_as_object()
    row = row_of(entry)
    if row:
        words.put(shown, row.words)
    return shown


def row_of(entry: Entry) -> ProposedWords | None:
    """Return what a partner has written about the entry, None if nothing."""
    return ProposedWords.objects.filter(**{words.kind_of(entry): entry.pk}).first()


def locked(entry: Entry) -> Entry:
    """Lock the entry's row and read it anew, so that of two who write at once the second sees the first."""
    found: Entry = type(entry).objects.select_for_update().get(pk=entry.pk)
    return found


def state_of(entry: Entry) -> WorkflowState | None:
    """Return the moderation that goes on or was answered with no, None if there is none."""
    state: WorkflowState | None = entry.current_workflow_state
    return state


def is_waiting(entry: Entry) -> bool:
    """Say whether a steward has the entry's words."""
    state = state_of(entry)
    return state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS


# --- writing --------------------------------------------------------------------------------------------------------------
@transaction.atomic
def write(
    entry: Entry,
    typed: Mapping[str, Any],
    *,
    seen: Mapping[str, str],
    chosen: Mapping[str, str] | None = None,
    by: Hat,
    at: datetime,
) -> ProposedWords:
    """
    Keep what a partner has typed, for sending later; nobody else's text is written over.

    :param seen: the digest of each field as the form had shown it
    :param chosen: for fields that were shown twice, which of both stays: "mine" or "theirs"
    :raises AlreadyWaiting: while a steward has the words
    :raises SomebodyElseWrote: if fields were changed meanwhile, and typed otherwise here
    """
    entry = locked(entry)
    if is_waiting(entry):
        raise AlreadyWaiting
    latest = words.values_of(entry.get_latest_revision_as_object())
    public = words.values_of(entry)
    row = row_of(entry) or ProposedWords(**{words.kind_of(entry): entry})
    current = latest | row.words
    kept, theirs = merged(typed, current, seen=seen, chosen=chosen or {})
    if theirs:
        raise SomebodyElseWrote(theirs)
    for name, value in kept.items():
        if value == latest[name] and (value == public[name] or not entry.live):
            row.words.pop(name, None)
            row.before.pop(name, None)
            continue
        if name not in row.words:
            row.before[name] = latest[name]
        row.words[name] = value
    row.changed_by_id, row.changed_at = by.user_id, at
    row.save()
    audit.record("words_written", by=by, at=at, subject=words.kind_of(entry), ref=entry.pk, fields=sorted(kept))
    return row


def merged(
    typed: Mapping[str, Any], current: Mapping[str, Any], *, seen: Mapping[str, str], chosen: Mapping[str, str]
) -> tuple[Values, Values]:
    """Return what to keep of each field, and those that two people have written differently, as the other wrote them."""
    kept: Values = {}
    theirs: Values = {}
    for name, value in typed.items():
        unchanged = words.digest(current[name]) == seen.get(name)
        if unchanged and chosen.get(name) == THEIRS:
            kept[name] = current[name]
        elif unchanged or value == current[name]:
            kept[name] = value
        elif words.digest(value) == seen.get(name):
            kept[name] = current[name]
        else:
            theirs[name] = current[name]
    return kept, theirs


@transaction.atomic
def begin_service(first: Values, *, by: Hat, at: datetime) -> Service:
    """Make a service of the hat's organization that nobody sees until a steward has approved it; not sent yet."""
    made = Service(organization_id=by.organization_id, live=False, slug=free_slug(first["name"]))
    words.put(made, first)
    made.full_clean(exclude=["slug"])
    made.save()
    ServiceStanding.objects.create(service=made)
    audit.record("service_begun", by=by, at=at, subject="service", ref=made.pk)
    return made


def free_slug(name: str) -> str:
    """Return an address for that name that no other service has."""
    wanted = slugify(name)[:130] or "service"
    slug, number = wanted, 1
    while Service.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


# --- sending ----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def propose_changes(entry: Entry, *, by: Hat, at: datetime, chosen: Mapping[str, str] | None = None) -> Sent:
    """
    Send what was written to the stewards, in the partner's name; what needs none of them is published at once.

    :param chosen: for fields that a steward has changed meanwhile, which text stays: "mine" or "theirs"
    :raises AlreadyWaiting: while they have words of this entry
    :raises NothingToSend: if nothing would change
    :raises SomebodyElseWrote: if a steward has changed the same fields since they were written, and nobody has chosen
    :raises NotComplete: if the entry as a whole would be wrong
    :raises NoModeration: if nobody would read it
    """
    entry = locked(entry)
    state = state_of(entry)
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise AlreadyWaiting
    workflow = entry.get_workflow()
    if workflow is None:
        raise NoModeration("run manage.py setup: it makes the moderation that words wait in")
    person = User.objects.get(pk=by.user_id)
    row = row_of(entry) or ProposedWords(**{words.kind_of(entry): entry}, changed_by=person, changed_at=at)
    public = words.values_of(entry)
    draft = entry.get_latest_revision_as_object()  # the entry itself, where there is no revision yet
    settle(row, words.values_of(draft), chosen or {})
    words.put(draft, row.words)
    changed = {name for name, value in words.values_of(draft).items() if public[name] != value}
    if not changed and entry.live:
        raise NothingToSend
    if lacking := promises_lacking(entry, draft, changed):
        raise NotComplete(lacking)
    try:
        revision = draft.save_revision(user=person, clean=True)
    except ValidationError as wrong:
        raise NotComplete(said_of(entry, wrong)) from wrong
    at_once = entry.live and changed <= live_at_once(entry)
    audit.record(
        "words_published" if at_once else "words_proposed",
        by=by, at=at, subject=words.kind_of(entry), ref=entry.pk, fields=sorted(changed),
    )  # fmt: skip
    if at_once:
        if row.pk and not row._state.adding:
            row.delete()
        revision.publish(user=person, skip_permission_checks=True)
        return Sent.PUBLISHED
    row.sent, row.sent_by, row.sent_at = dict(row.words), person, at
    row.save()
    if state:
        state.resume(person)
    else:
        workflow.start(draft, person)
    return Sent.WAITING


def settle(row: ProposedWords, latest: Mapping[str, Any], chosen: Mapping[str, str]) -> None:
    """
    Follow the choices between a partner's text and a steward's newer one.

    :raises SomebodyElseWrote: if nobody has chosen
    """
    theirs = {name: latest[name] for name in clashing(row, latest)}
    unsettled = {name: value for name, value in theirs.items() if chosen.get(name) not in (MINE, THEIRS)}
    if unsettled:
        raise SomebodyElseWrote(unsettled)
    for name, value in theirs.items():
        if chosen[name] == THEIRS:
            row.words.pop(name)
        row.before[name] = value


def clashing(row: ProposedWords, latest: Mapping[str, Any]) -> list[str]:
    """Return the fields that somebody else has changed since the partner wrote them."""
    return [
        name
        for name, value in row.words.items()
        if latest[name] not in (value, row.before.get(name))
        and (name not in row.sent or row.sent[name] != latest[name])
    ]


def live_at_once(entry: Entry) -> set[str]:
    """Return the fields that need no steward."""
    kind = words.kind_of(entry)
    listed = LiveAtOnce.objects.filter(field__startswith=f"{kind}.").values_list("field", flat=True)
    names = {field.partition(".")[2] for field in listed}
    return {name for name in names if not words.always_waits(entry, name)}


def promises_lacking(entry: Entry, draft: Entry, changed: Collection[str]) -> list[str]:
    """Say which of the partnership's commitments a service is silent about: a new one, or one that was not before."""
    if not isinstance(draft, Service):
        return []
    labels = words.words_of(entry)
    return [
        f"{labels[name].label}: say this before you send it, under “Promises and evidence”"
        for name in words.COMMITMENTS
        if not str(getattr(draft, name)).strip() and (name in changed or not entry.live)
    ]


def said_of(entry: Entry, wrong: ValidationError) -> list[str]:
    """Return what is wrong with an entry, each with the label of its field."""
    if not hasattr(wrong, "error_dict"):
        return list(wrong.messages)
    labels = {name: word.label for name, word in words.words_of(entry).items()}
    return [f"{labels.get(name, name)}: {said}" for name, told in wrong.message_dict.items() for said in told]


# --- taking back ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def withdraw(entry: Entry, *, by: Hat, at: datetime) -> None:
    """
    Take back what waits; the words stay with the partner, and the stewards' draft is what it was before.

    :raises NothingWaits: if it has been decided meanwhile, or was never sent
    """
    entry = locked(entry)
    state = state_of(entry)
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS or not was_sent(row_of(entry)):
        raise NothingWaits
    take_back(entry, state, by=by, at=at)


@transaction.atomic
def discard(entry: Entry, *, by: Hat, at: datetime) -> None:
    """
    Forget what was written and not sent, or sent and not approved: the entry stays as it is.

    :raises AlreadyWaiting: while a steward has it: it is taken back first
    """
    entry = locked(entry)
    state = state_of(entry)
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise AlreadyWaiting
    if state and was_sent(row_of(entry)):
        take_back(entry, state, by=by, at=at)
    row = row_of(entry)
    if row:
        row.delete()
        audit.record("words_discarded", by=by, at=at, subject=words.kind_of(entry), ref=entry.pk)


def take_back(entry: Entry, state: WorkflowState, *, by: Hat, at: datetime) -> None:
    """End the moderation in the partner's name, and put back what stood in the draft before."""
    person = User.objects.get(pk=by.user_id)
    row = row_of(entry)
    if row:
        sent, row.sent, row.sent_at, row.sent_by = row.sent, {}, None, None
        row.save()
        restore(entry, sent, row.before, person)
    state.cancel(user=person)
    audit.record("words_withdrawn", by=by, at=at, subject=words.kind_of(entry), ref=entry.pk)


def restore(entry: Entry, sent: Values, before: Values, person: User) -> None:
    """Save a revision without the partner's words; what a steward has changed of them stays theirs."""
    draft = entry.get_latest_revision_as_object()
    latest = words.values_of(draft)
    words.put(draft, {name: before[name] for name, value in sent.items() if latest[name] == value and name in before})
    public = words.values_of(entry)
    draft.save_revision(user=person, clean=False)
    if entry.live:  # a revision that says what is public is no newer draft
        newer = words.values_of(draft) != public
        type(entry).objects.filter(pk=entry.pk).update(has_unpublished_changes=newer)


# --- what a steward has decided: told by whoever hears Wagtail (`cms.receivers`) ----------------------------------------------
def approved(entry: Entry) -> User | None:
    """Forget the partner's words, which are public now; return who had sent them, None if nothing was sent."""
    row = row_of(entry)
    if row is None or row.sent_at is None:
        return None
    person: User | None = row.sent_by
    row.delete()
    return person


def are_public(entry: Entry) -> bool:
    """Say whether what a partner has sent is what everybody reads."""
    row = row_of(entry)
    if row is None or row.sent_at is None:
        return False
    public = words.values_of(entry)
    return all(public[name] == value for name, value in row.sent.items())


def closed_unpublished(entry: Entry) -> User | None:
    """Note that a steward has ended the moderation without publishing; return who had sent the words."""
    row = row_of(entry)
    if row is None or row.sent_at is None:
        return None
    person: User | None = row.sent_by
    row.sent_at, row.sent_by = None, None
    row.save(update_fields=["sent_at", "sent_by"])
    return person


def sender_of(entry: Entry) -> User | None:
    """Return who has sent what waits, or what was not approved."""
    row = row_of(entry)
    return row.sent_by if row else None


def own_services(organization_id: UUID) -> list[Service]:
    """Return the services of that organization, whatever their standing, with what their list says of them."""
    return list(Service.objects.run_by(organization_id).select_related("standing").order_by("name", "pk"))


def own_organization(organization_id: UUID) -> Organization:
    """
    Return that organization with its standing.

    :raises Organization.DoesNotExist: if there is none
    """
    found: Organization = Organization.objects.select_related("standing").get(pk=organization_id)
    return found
