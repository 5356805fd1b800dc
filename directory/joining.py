"""
Strangers at the door: a professional asks for an account, an organization applies to be listed.

What a page answers never depends on whether an address or a name is known: that is said in a letter to the address itself.
An ask counts once its letter's link is used; then whoever manages people at that organization decides, or else a steward.
A yes is an invitation (`directory.invitations`), so there is one way in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from directory import assumptions, compliance, invitations, people
from directory import joining_letters as letters
from directory.availability import LONDON
from directory.models import (
    SHOWN,
    AccountRequest,
    ComplianceItem,
    EmailDomain,
    Membership,
    Organization,
    OrganizationApplication,
    OrganizationStanding,
    Role,
    TaxonomyTerm,
)
from directory.models.joining import Asked
from directory.people import NotTheirs, Refused
from directory.querysets import MembershipQuerySet
from directory.tokens import TOKEN, hash_of, new_secret
from safekeeping import audit
from safekeeping.floods import DAY, HOUR, Limit, TooMany
from safekeeping.models import User
from safekeeping.policy import Hat

CONFIRM_WITHIN = timedelta(days=7)
# From one network address; a whole office shares one.
FROM_ONE_PLACE = Limit(12, within=HOUR)
# Letters of this kind to one address.
TO_ONE_ADDRESS = Limit(3, within=DAY)
FORGET_UNCONFIRMED_AFTER = timedelta(days=14)
FORGET_DECIDED_AFTER = timedelta(days=400)
BY_ASKING = "asking_to_join"
STEWARDS = (Role.CONTENT_EDITOR, Role.SYSADMIN)
AT_A_SCHOOL = frozenset({"school_college", "alternative_provision"})
UNDECIDED = (Asked.State.WAITING, Asked.State.ASKED_BACK)

# Mailboxes that anybody can open under any name: they say nothing of where somebody works.
FREE_MAIL = frozenset(
    {
        "aol.com", "aol.co.uk", "btinternet.com", "duck.com", "fastmail.com", "gmail.com", "gmx.co.uk", "gmx.com", "gmx.net",
        "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hushmail.com", "icloud.com", "inbox.com", "live.co.uk",
        "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "ntlworld.com", "outlook.com", "pm.me",
        "proton.me", "protonmail.com", "qq.com", "rocketmail.com", "sky.com", "talktalk.net", "tiscali.co.uk", "tuta.com",
        "tutanota.com", "virginmedia.com", "yahoo.co.uk", "yahoo.com", "yandex.com", "ymail.com", "zoho.com",
    }
)  # fmt: skip


class LinkIsDead(Exception):
    """There is no such link, it has run out, or was used."""


class AlreadyDecided(Refused):
    message = "Somebody else has decided this meanwhile."


class WhichOrganization(Refused):
    message = "Choose the organization first."


# --- addresses --------------------------------------------------------------------------------------------------------


def domain_of(email: str) -> str:
    """Return what stands behind the @, in small letters."""
    return email.rpartition("@")[2].strip().lower()


def is_free_mail(email: str) -> bool:
    """Tell whether anybody can open a mailbox there under any name."""
    return domain_of(email) in FREE_MAIL


def domains_of(organization_id: UUID) -> list[str]:
    """Return the ends of the organization's work addresses, as far as they are known."""
    return list(EmailDomain.objects.filter(organization=organization_id).values_list("domain", flat=True))


def fits(email: str, domains: Sequence[str]) -> bool:
    """Tell whether an address ends in one of these, or in a part of one: team.council.example is the council's."""
    domain = domain_of(email)
    return any(domain == one or domain.endswith("." + one) for one in domains)


def organizations() -> QuerySet[Organization]:
    """Return the organizations that one may say one works for: those that everybody can see."""
    return Organization.objects.published().filter(standing__visibility="public").order_by("name", "id")


# --- asking for an account --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AboutMe:
    """What a professional says: ``organization`` is None where theirs is not listed, and has a name then."""

    name: str
    email: str
    job_title: str
    why: str
    organization: Organization | None = None
    organization_name: str = ""


@transaction.atomic
def ask_for_account(told: AboutMe, *, asked_from: str, at: datetime) -> None:
    """
    Note the ask and write to the address; or write that there is an account, or an ask, already.

    :raises TooMany: if too much came from there within the hour
    """
    refuse_many(asked_from, at=at)
    email = told.email.strip().lower()
    token, kept = new_secret()
    if said_enough(email, at=at):
        return
    row = AccountRequest(
        name=told.name,
        email=email,
        job_title=told.job_title,
        why=told.why,
        organization=told.organization,
        organization_name=told.organization_name,
        token_hash=kept,
        token_ends_at=at + CONFIRM_WITHIN,
        asked_from=asked_from,
        asked_at=at,
    )
    row.save(force_insert=True)
    if Membership.objects.current(at.astimezone(LONDON).date()).filter(user__email=email).exists():
        letters.has_an_account(row, at=at)
    else:
        letters.confirm_address(row, token, page="directory:join_confirm", at=at)
    audit.record("account.ask", by=None, kind=BY_ASKING, at=at, subject="account_request", ref=row.pk)


def reached(limit: Limit, *, at: datetime, **asked: str) -> bool:
    """Tell whether as much was asked, for people and for organizations together, as may be."""
    rows = (AccountRequest.objects.filter(**asked), OrganizationApplication.objects.filter(**asked))
    return limit.reached(*rows, at=at, counted_by="asked_at")


def refuse_many(asked_from: str, *, at: datetime) -> None:
    """
    Refuse when too much came from one network address.

    :raises TooMany: if so
    """
    if reached(FROM_ONE_PLACE, at=at, asked_from=asked_from):
        raise TooMany


def said_enough(email: str, *, at: datetime) -> bool:
    """Tell whether that address was written to often enough today: nobody fills a stranger's mailbox through us."""
    return reached(TO_ONE_ADDRESS, at=at, email=email)


def find(token: str, *, at: datetime) -> AccountRequest | OrganizationApplication:
    """
    Return what the link of a letter confirms.

    :raises LinkIsDead: if there is nothing that waits for it
    """
    if TOKEN.fullmatch(token):
        for model in (AccountRequest, OrganizationApplication):
            waiting = model.objects.filter(state=Asked.State.UNCONFIRMED, token_ends_at__gt=at)
            if found := waiting.filter(token_hash=hash_of(token)).select_related("organization").first():
                return found
    raise LinkIsDead


@transaction.atomic
def confirm(token: str, *, at: datetime) -> AccountRequest | OrganizationApplication:
    """
    Take an ask as confirmed, and tell whoever decides.

    :raises LinkIsDead: if the link does not work, or was used
    """
    row = find(token, at=at)
    rows = type(row).objects.filter(pk=row.pk, state=Asked.State.UNCONFIRMED)
    if not rows.update(state=Asked.State.WAITING, confirmed_at=at):
        raise LinkIsDead
    row.state, row.confirmed_at = Asked.State.WAITING, at
    if isinstance(row, AccountRequest):
        letters.account_to_decide(row, deciders(row, at=at), by_organization=has_approver(row, at=at), at=at)
        what = "account"
    else:
        letters.application_to_decide(row, at=at)
        what = "organization"
    audit.record(f"{what}.confirm", by=None, kind=BY_ASKING, at=at, subject=f"{what}_request", ref=row.pk)
    return row


# --- deciding about an account ----------------------------------------------------------------------------------------


def roles_at(organization: Organization) -> tuple[Role, ...]:
    """Return the roles that a professional may be given there, the usual one first."""
    if organization.organization_type.code in AT_A_SCHOOL:
        return (Role.SCHOOL_DSL, Role.PROFESSIONAL)
    return (Role.PROFESSIONAL,)


def approvers(organization_id: UUID, *, at: datetime) -> MembershipQuerySet:
    """Return the memberships at that organization that may give a professional's role there."""
    giving = [role for role in people.MANAGERS if Role.PROFESSIONAL in people.GRANTS[role]]
    return people.here(organization_id, at=at).filter(role__in=giving)


def has_approver(row: AccountRequest, *, at: datetime) -> bool:
    """Tell whether somebody at the organization itself decides."""
    return row.organization_id is not None and approvers(row.organization_id, at=at).exists()


def deciders(row: AccountRequest, *, at: datetime) -> MembershipQuerySet:
    """Return whoever decides: at the organization, or else the stewards."""
    if row.organization_id is not None and has_approver(row, at=at):
        return approvers(row.organization_id, at=at)
    return Membership.objects.filter(role=Role.CONTENT_EDITOR)


def accounts_for(hat: Hat) -> QuerySet[AccountRequest]:
    """Return the asks that this hat may decide about: a steward all, a manager those of the own organization."""
    found = AccountRequest.objects.filter(state__in=UNDECIDED).select_related("organization__organization_type")
    if hat.role in STEWARDS:
        return found
    if Role.PROFESSIONAL not in people.GRANTS.get(hat.role, ()):
        return found.none()
    return found.filter(organization=hat.organization_id)


def account(pk: UUID, *, by: Hat) -> AccountRequest:
    """
    Return the ask if this hat may decide about it.

    :raises NotTheirs: if there is none, or somebody has
    """
    row = accounts_for(by).filter(pk=pk).first()
    if row is None:
        raise NotTheirs
    return row


def unknown_address(row: AccountRequest) -> bool:
    """Tell whether nothing says that the address belongs to that organization: then somebody has to make sure."""
    return row.organization_id is None or not fits(row.email, domains_of(row.organization_id))


@transaction.atomic
def approve(row: AccountRequest, *, role: str, organization: Organization | None = None, by: Hat, at: datetime) -> None:
    """
    Say yes: the person is invited, and the account begins when they accept.

    :raises WhichOrganization: if theirs is not listed and none was chosen
    :raises NotTheirs: if it, or the role there, is not this hat's to give
    :raises AlreadyDecided: if somebody else was faster
    """
    account(row.pk, by=by)
    where = row.organization or organization
    if where is None:
        raise WhichOrganization
    if role not in roles_at(where):
        raise NotTheirs
    decided(row, Asked.State.APPROVED, by=by, at=at)
    sent = invitations.write(row.email, role, where, name=row.name, job_title=row.job_title, by=by, at=at)
    AccountRequest.objects.filter(pk=row.pk).update(invitation=sent, organization=where)
    invitations.record(sent, by=by, at=at)
    audit.record("account.approve", by=by, at=at, subject="account_request", ref=row.pk, reason=role)


@transaction.atomic
def refuse(row: AccountRequest, reason: str, *, by: Hat, at: datetime) -> None:
    """
    Say no, with a reason that the person reads.

    :raises NotTheirs: if it is not this hat's to decide
    :raises AlreadyDecided: if somebody else was faster
    """
    account(row.pk, by=by)
    decided(row, Asked.State.REFUSED, by=by, at=at, reason=reason)
    letters.account_refused(row, reason, at=at)
    audit.record("account.refuse", by=by, at=at, subject="account_request", ref=row.pk)


def decided(row: Asked, state: Asked.State, *, by: Hat, at: datetime, reason: str = "") -> None:
    """
    Write a decision down, if nobody has.

    :raises AlreadyDecided: if somebody has
    """
    rows = type(row)._default_manager.filter(pk=row.pk, state__in=UNDECIDED)
    if not rows.update(state=state, decided_at=at, decided_by=by.user_id, reason=reason):
        raise AlreadyDecided
    row.state, row.reason = state, reason


# --- an organization applies ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AboutUs:
    """What an organization says; ``items`` are dicts of kind, expires_on (ISO) and reference."""

    organization_name: str
    organization_type: TaxonomyTerm
    description: str
    website: str
    name: str
    email: str
    job_title: str
    telephone: str
    items: list[dict[str, Any]]

    def columns(self) -> dict[str, Any]:
        """Return what is written of it."""
        return {name: getattr(self, name) for name in self.__slots__} | {"email": self.email.strip().lower()}


@transaction.atomic
def apply(told: AboutUs, *, asked_from: str, at: datetime) -> None:
    """
    Note an application and have its address confirmed.

    :raises TooMany: if too much came from there within the hour
    """
    refuse_many(asked_from, at=at)
    token, kept = new_secret()
    if said_enough(told.email.strip().lower(), at=at):
        return
    row = OrganizationApplication(
        **told.columns(), token_hash=kept, token_ends_at=at + CONFIRM_WITHIN, asked_from=asked_from, asked_at=at
    )
    row.save(force_insert=True)
    letters.confirm_address(row, token, page="directory:join_confirm", at=at)
    audit.record("organization.ask", by=None, kind=BY_ASKING, at=at, subject="organization_request", ref=row.pk)


def find_asked_back(token: str, *, at: datetime) -> OrganizationApplication:
    """
    Return the application that a question was asked about.

    :raises LinkIsDead: if there is none behind that link
    """
    asked = OrganizationApplication.objects.filter(state=Asked.State.ASKED_BACK, token_ends_at__gt=at)
    found = asked.filter(token_hash=hash_of(token)).first() if TOKEN.fullmatch(token) else None
    if found is None:
        raise LinkIsDead
    return found


@transaction.atomic
def answer(token: str, told: AboutUs, *, at: datetime) -> None:
    """
    Take the amended application; its address stays the one that was confirmed.

    :raises LinkIsDead: if the link does not work any more
    """
    row = find_asked_back(token, at=at)
    rows = OrganizationApplication.objects.filter(pk=row.pk, state=Asked.State.ASKED_BACK)
    if not rows.update(**{**told.columns(), "email": row.email, "state": Asked.State.WAITING, "token_ends_at": at}):
        raise LinkIsDead
    row.refresh_from_db()
    letters.application_to_decide(row, at=at)
    audit.record("organization.answer", by=None, kind=BY_ASKING, at=at, subject="organization_request", ref=row.pk)


def applications() -> QuerySet[OrganizationApplication]:
    """Return the applications without a decision."""
    return OrganizationApplication.objects.filter(state__in=UNDECIDED).select_related("organization_type")


def steward(by: Hat) -> None:
    """
    Let stewards pass.

    :raises NotTheirs: if somebody else decides about organizations
    """
    if by.role not in STEWARDS:
        raise NotTheirs


@transaction.atomic
def ask_back(row: OrganizationApplication, question: str, *, by: Hat, at: datetime) -> None:
    """
    Ask the applicant something; their link lets them change what they wrote.

    :raises AlreadyDecided: if somebody has decided
    """
    steward(by)
    token, kept = new_secret()
    ends = at + assumptions.QUESTION_ANSWERED.span
    rows = OrganizationApplication.objects.filter(pk=row.pk, state__in=UNDECIDED)
    if not rows.update(state=Asked.State.ASKED_BACK, reason=question, token_hash=kept, token_ends_at=ends):
        raise AlreadyDecided
    letters.application_question(row, question, token, ends=ends, at=at)
    audit.record("organization.ask_back", by=by, at=at, subject="organization_request", ref=row.pk)


@transaction.atomic
def reject(row: OrganizationApplication, reason: str, *, by: Hat, at: datetime) -> None:
    """
    Say no, with a reason that the applicant reads.

    :raises AlreadyDecided: if somebody else was faster
    """
    steward(by)
    decided(row, Asked.State.REFUSED, by=by, at=at, reason=reason)
    letters.application_rejected(row, reason, at=at)
    audit.record("organization.reject", by=by, at=at, subject="organization_request", ref=row.pk)


@transaction.atomic
def take_in(row: OrganizationApplication, *, by: Hat, at: datetime) -> Organization:
    """
    Say yes: the organization is a draft that a steward publishes, and the applicant is invited as its manager.

    What it has told of its compliance is entered, unchecked. From now on a missing item stops offers.

    :raises AlreadyDecided: if somebody else was faster
    """
    steward(by)
    decided(row, Asked.State.APPROVED, by=by, at=at)
    made = Organization(
        name=row.organization_name,
        slug=free_slug(row.organization_name),
        organization_type=row.organization_type,
        description=row.description,
        website=row.website,
        email=row.email,
        telephone=row.telephone,
        live=False,
    )
    made.has_unpublished_changes = True
    made.save()
    today = at.astimezone(LONDON).date()
    OrganizationStanding.objects.create(organization=made, compliance_due_on=today)
    made.save_revision(user=User.objects.get(pk=by.user_id), changed=True)
    kinds = set(compliance.ComplianceKind.values)
    ComplianceItem.objects.bulk_create(
        ComplianceItem(
            organization=made,
            kind=item["kind"],
            expires_on=item["expires_on"],
            reference=item.get("reference", ""),
            entered_at=at,
        )
        for item in row.items
        if item["kind"] in kinds
    )
    sent = invitations.write(row.email, Role.PROVIDER_ADMIN, made, name=row.name, job_title=row.job_title, by=by, at=at)
    OrganizationApplication.objects.filter(pk=row.pk).update(organization=made, invitation=sent)
    invitations.record(sent, by=by, at=at)
    audit.record("organization.take_in", by=by, at=at, subject="organization", ref=made.pk)
    return made


def free_slug(name: str) -> str:
    """Return an address for that name which no organization has."""
    wanted = slugify(name)[:100] or "organization"
    taken = set(Organization.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{n}" for n in range(2, len(taken) + 3) if f"{wanted}-{n}" not in taken)


def same_name(row: OrganizationApplication) -> bool:
    """Tell whether an organization of that name is here already."""
    return Organization.objects.filter(name__iexact=row.organization_name, standing__standing__in=SHOWN).exists()


# --- forgetting -------------------------------------------------------------------------------------------------------


def forget_old(at: datetime) -> None:
    """Forget what nobody confirmed within two weeks, and what was decided more than a year ago."""
    for model in (AccountRequest, OrganizationApplication):
        model.objects.filter(state=Asked.State.UNCONFIRMED, asked_at__lt=at - FORGET_UNCONFIRMED_AFTER).delete()
        model.objects.filter(decided_at__lt=at - FORGET_DECIDED_AFTER).delete()
