"""What people are told by e-mail about invitations, roles, accounts, applications and compliance. Never about a child."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from directory.models import Membership
from directory.notifications import tell, tell_stewards
from directory.querysets import MembershipQuerySet
from safekeeping import front_door, outbox

if TYPE_CHECKING:
    from directory.models import AccountRequest, ComplianceItem, Invitation, OrganizationApplication
    from safekeeping.policy import Hat


def link_to(name: str, *args: Any, **query: str) -> str:
    """Return an address for a letter."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{settings.BASE_URL}{reverse(name, args=args)}{asked}"


def words(template: str, **context: Any) -> str:
    """Return a letter."""
    told = {**context, "site_name": settings.SITE_NAME, "city": front_door.city()}
    return render_to_string(f"directory/mail/joining/{template}.txt", told)


def one_line(subject: str) -> str:
    """Return a subject without line breaks."""
    return " ".join(subject.split())


def letter(key: str, to: str, subject: str, text: str, *, at: datetime) -> int:
    """Put one letter into the outbox; return how many were new."""
    return int(outbox.mail(key=key, to=to, subject=one_line(subject), text=text, at=at) is not None)


# --- invitations and roles --------------------------------------------------------------------------------------------


def invitation(row: Invitation, token: str, *, by: Hat, at: datetime) -> None:
    """Send the link that gives the role."""
    organization = row.organization.name
    text = words(
        "invitation",
        link=link_to("directory:invitation", t=token),
        role=row.get_role_display(),
        organization=organization,
        who=by.person,
        their_organization=by.organization if by.organization_id != row.organization_id else "",
        to=row.name,
        until=row.expires_at,
    )
    subject = f"{settings.SITE_NAME}: your invitation from {organization}"
    letter(f"invitation:{row.pk}:{at:%Y%m%dT%H%M%S%f}", row.email, subject, text, at=at)


def invitation_accepted(row: Invitation, made: Membership, *, at: datetime) -> None:
    """Tell whoever sent it that somebody has accepted."""
    text = words(
        "accepted",
        person=made.user.get_full_name(),
        email=row.email,
        role=row.get_role_display(),
        organization=row.organization.name,
    )
    tell(
        Membership.objects.filter(pk=row.sent_by_id),
        key=f"invitation-accepted:{row.pk}",
        subject=one_line(f"{made.user.get_full_name()} has joined {row.organization.name}"),
        text=text,
        at=at,
    )


def about_role(template: str, made: Membership, *, by: Hat, subject: str, at: datetime) -> None:
    """Tell a person about a role of theirs."""
    text = words(
        template,
        to=made.user.get_short_name(),
        who=by.person,
        role=made.get_role_display(),
        organization=made.organization.name,
        start=link_to("start"),
    )
    letter(f"{template}:{made.pk}:{at:%Y%m%dT%H%M%S%f}", made.user.email, subject, text, at=at)


def role_changed(made: Membership, *, by: Hat, at: datetime) -> None:
    """Tell somebody that they are something else from now on."""
    about_role("role_changed", made, by=by, subject=f"Your role at {made.organization.name} has changed", at=at)


def role_ended(was: Membership, *, by: Hat, at: datetime) -> None:
    """Tell somebody that their role has ended."""
    about_role("role_ended", was, by=by, subject=f"Your role at {was.organization.name} has ended", at=at)


def handed_over(made: Membership, *, by: Hat, at: datetime) -> None:
    """Tell somebody that they manage people and places from now on."""
    about_role(
        "handed_over", made, by=by, subject=f"{by.person} has handed over to you: {made.organization.name}", at=at
    )


def colleague_left(was: Membership, managers: MembershipQuerySet, *, at: datetime) -> None:
    """Tell the managers that somebody has left."""
    text = words(
        "left", person=was.user.get_full_name(), role=was.get_role_display(), organization=was.organization.name
    )
    subject = one_line(f"{was.user.get_full_name()} has left {was.organization.name}")
    tell(managers, key=f"left:{was.pk}", subject=subject, text=text, at=at)


# --- asking to join ---------------------------------------------------------------------------------------------------


def confirm_address(row: AccountRequest | OrganizationApplication, token: str, *, page: str, at: datetime) -> None:
    """Ask the owner of an address whether it was they who asked."""
    text = words("confirm_address", link=link_to(page, t=token), name=row.name, until=row.token_ends_at)
    letter(f"join:{row.pk}", row.email, f"{settings.SITE_NAME}: confirm your e-mail address", text, at=at)


def has_an_account(row: AccountRequest, *, at: datetime) -> None:
    """Tell the owner of an address that there is an account already: the page has said nothing."""
    text = words("has_an_account", sign_in=link_to("account_login"), forgotten=link_to("account_reset_password"))
    letter(f"join:{row.pk}", row.email, f"{settings.SITE_NAME}: you have an account already", text, at=at)


def account_to_decide(
    row: AccountRequest, deciders: MembershipQuerySet, *, by_organization: bool, at: datetime
) -> None:
    """Tell whoever decides that somebody waits."""
    page = "directory:people_asked" if by_organization else "directory:joining_account"
    where = row.organization.name if row.organization else row.organization_name
    text = words(
        "account_to_decide", name=row.name, job_title=row.job_title, organization=where, link=link_to(page, row.pk)
    )
    subject = one_line(f"Somebody asks for an account: {where}")
    tell(deciders, key=f"account-to-decide:{row.pk}", subject=subject, text=text, at=at)


def account_refused(row: AccountRequest, reason: str, *, at: datetime) -> None:
    """Tell somebody that they get no account, and why."""
    text = words("account_refused", name=row.name, reason=reason, what="an account")
    letter(
        f"account-refused:{row.pk}", row.email, f"{settings.SITE_NAME}: about the account you asked for", text, at=at
    )


def application_to_decide(row: OrganizationApplication, *, at: datetime) -> None:
    """Tell the stewards that an organization waits."""
    text = words(
        "application_to_decide",
        organization=row.organization_name,
        link=link_to("directory:joining_organization", row.pk),
    )
    subject = one_line(f"An organization asks to be listed: {row.organization_name}")
    tell_stewards(key=f"application-to-decide:{row.pk}:{at:%Y%m%dT%H%M%S}", subject=subject, text=text, at=at)


def application_question(
    row: OrganizationApplication, question: str, token: str, *, ends: datetime, at: datetime
) -> None:
    """Ask an applicant something."""
    text = words(
        "application_question", name=row.name, organization=row.organization_name, question=question,
        link=link_to("directory:apply", t=token), until=ends,
    )  # fmt: skip
    subject = f"{settings.SITE_NAME}: a question about {row.organization_name}"
    letter(f"application-question:{row.pk}:{at:%Y%m%dT%H%M%S%f}", row.email, subject, text, at=at)


def application_rejected(row: OrganizationApplication, reason: str, *, at: datetime) -> None:
    """Tell an applicant that the organization is not listed, and why."""
    text = words("account_refused", name=row.name, reason=reason, what=f"a listing for {row.organization_name}")
    subject = f"{settings.SITE_NAME}: about {row.organization_name}"
    letter(f"application-rejected:{row.pk}", row.email, subject, text, at=at)


# --- compliance -------------------------------------------------------------------------------------------------------


def compliance_entered(item: ComplianceItem, *, at: datetime) -> None:
    """Tell the stewards that something waits to be checked: one letter a day for an organization."""
    organization = item.organization.name
    text = words("compliance_entered", organization=organization, link=link_to("directory:joining"))
    key = f"compliance-entered:{item.organization_id}:{at:%Y%m%d}"
    tell_stewards(key=key, subject=one_line(f"To check: {organization}"), text=text, at=at)


def compliance_runs_out(
    item: ComplianceItem, managers: MembershipQuerySet, *, step: int, on: date, at: datetime
) -> int:
    """Tell a provider's managers that something runs out, or has; return how many letters were new."""
    text = words(
        "compliance_runs_out", kind=item.get_kind_display(), organization=item.organization.name,
        expires_on=item.expires_on, over=item.expires_on < on, link=link_to("directory:compliance"),
    )  # fmt: skip
    left = (item.expires_on - on).days
    when = (
        "has run out" if left < 0 else "runs out today" if left == 0 else f"runs out in {left} day{'s' * (left != 1)}"
    )
    key = f"compliance:{item.pk}:{item.expires_on:%Y%m%d}:{step}"
    return tell(managers, key=key, subject=f"{item.get_kind_display()} {when}", text=text, at=at)


def compliance_rejected(item: ComplianceItem, managers: MembershipQuerySet, *, at: datetime) -> None:
    """Tell a provider's managers that what they entered was not found to be right."""
    text = words(
        "compliance_rejected", kind=item.get_kind_display(), organization=item.organization.name,
        link=link_to("directory:compliance"),
    )  # fmt: skip
    tell(
        managers,
        key=f"compliance-rejected:{item.pk}",
        subject=f"Please enter again: {item.get_kind_display()}",
        text=text,
        at=at,
    )


def compliance_ran_out(item: ComplianceItem, *, at: datetime) -> int:
    """Tell the stewards that something has run out: children who are there already go on; return how many letters were new."""
    organization: str = item.organization.name
    text = words(
        "compliance_ran_out", kind=item.get_kind_display(), organization=organization, expires_on=item.expires_on,
        link=compliance_page(item.pk),
    )  # fmt: skip
    key = f"compliance-over:{item.pk}:{item.expires_on:%Y%m%d}"
    subject = one_line(f"Run out: {item.get_kind_display()}, {organization}")
    return tell_stewards(key=key, subject=subject, text=text, at=at)


def compliance_page(pk: UUID) -> str:
    """Return where a steward looks at an item."""
    return link_to("directory:joining_item", pk)
