"""Deciding who comes in: a manager about their own organization, stewards about everything, and what stewards check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import compliance, invitations, joining, people
from directory.availability import LONDON
from directory.joining_forms import (
    ASK,
    YES,
    ComplianceForm,
    DecideAccountForm,
    DecideApplicationForm,
    StaffInviteForm,
)
from directory.models import ComplianceItem
from directory.people import NotTheirs, Refused
from directory.views.colleagues import or_back

JOINING = "directory:joining"


@require_safe
def joining_list(request: HttpRequest) -> HttpResponse:
    """Show a steward who waits: people, organizations, and what has to be checked."""
    at = timezone.now()
    unchecked = ComplianceItem.objects.filter(verified_on__isnull=True).select_related("organization")
    return render(
        request,
        "directory/joining/desk.html",
        {
            "accounts": list(joining.accounts_for(request.hat)),
            "applications": list(joining.applications()),
            "items": list(unchecked.order_by("entered_at", "id")),
            "invited": list(invitations.waiting_for(request.hat, at=at)),
            "at": at,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide about somebody who asks for an account; for stewards and for managers of the organization."""
    at = timezone.now()
    try:
        row = joining.account(pk, by=request.hat)
    except NotTheirs:
        raise Http404 from None
    is_steward = request.hat.role in joining.STEWARDS
    form = DecideAccountForm(request.POST if request.method == "POST" else None, row=row, listed=is_steward)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if told["decision"] == YES:
                joining.approve(row, role=told["role"], organization=told.get("organization"), by=request.hat, at=at)
                messages.success(request, f"We have invited {row.name}.")
            else:
                joining.refuse(row, told["reason"], by=request.hat, at=at)
                messages.success(request, f"We have told {row.name}.")
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(JOINING if is_steward else "directory:people")
    context = {
        "row": row,
        "form": form,
        "is_steward": is_steward,
        "unknown_address": joining.unknown_address(row),
        "has_approver": is_steward and joining.has_approver(row, at=at),
    }
    return render(request, "directory/joining/decide_account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """
    Decide about an organization that applies.

    :raises Http404: if none waits there
    """
    at = timezone.now()
    row = joining.applications().filter(pk=pk).first()
    if row is None:
        raise Http404
    form = DecideApplicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if told["decision"] == YES:
                made = joining.take_in(row, by=request.hat, at=at)
                messages.success(
                    request, f"{made.name} is a draft now: publish it in the directory. {row.name} is invited."
                )
            elif told["decision"] == ASK:
                joining.ask_back(row, told["reason"], by=request.hat, at=at)
                messages.success(request, f"We have asked {row.name}.")
            else:
                joining.reject(row, told["reason"], by=request.hat, at=at)
                messages.success(request, f"We have told {row.name}.")
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(JOINING)
    labels = dict(compliance.ComplianceKind.choices)
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "items": [{**item, "label": labels.get(item["kind"], item["kind"])} for item in row.items],
        "missing": [
            label for kind, label in labels.items()
            if kind in compliance.required_for([]) and kind not in {item["kind"] for item in row.items}
        ],
        "same_name": joining.same_name(row),
        "free_mail": joining.is_free_mail(row.email),
    }  # fmt: skip
    return render(request, "directory/joining/decide_application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody to any organization."""
    at = timezone.now()
    roles = people.GRANTS[request.hat.role]
    form = StaffInviteForm(request.POST if request.method == "POST" else None, roles=roles)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = invitations.invite(
                told["email"], told["role"], told["organization"], name=told["name"], job_title=told["job_title"],
                by=request.hat, at=at,
            )  # fmt: skip
        except Refused as refused:
            form.add_error("email", refused.message)
        else:
            messages.success(request, f"We have written to {made.email}. The link works for seven days.")
            return redirect(JOINING)
    return render(request, "directory/joining/invite.html", {"form": form, "is_staff_page": True})


@require_POST
@or_back
def send_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an invitation again."""
    try:
        made = invitations.send_again(pk, by=request.hat, at=timezone.now())
    except invitations.SentJustNow as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"We have written to {made.email} again. The older link works no more.")
    return redirect(JOINING)


@require_POST
@or_back
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitations.withdraw(pk, by=request.hat, at=timezone.now())
    messages.success(request, "The invitation is withdrawn. Its link works no more.")
    return redirect(JOINING)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """
    Check what a provider has entered: seen and right, or not.

    :raises Http404: if there is none
    """
    row = ComplianceItem.objects.filter(pk=pk).select_related("organization", "verified_by").first()
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            if request.POST.get("act") == "seen":
                compliance.verify(row, by=request.hat, at=timezone.now())
                messages.success(request, "Checked. It counts from now on.")
            else:
                compliance.reject(row, by=request.hat, at=timezone.now())
                messages.success(request, "Taken out. They can enter it again.")
        except compliance.NotThere:
            messages.error(request, "Somebody else has dealt with this meanwhile.")
        return redirect(JOINING)
    today = timezone.now().astimezone(LONDON).date()
    return render(request, "directory/joining/item.html", {"row": row, "over": row.expires_on < today})


# --- the provider's own page ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def our_compliance(request: HttpRequest) -> HttpResponse:
    """Show a provider what it has and what it still needs, and take one more."""
    at = timezone.now()
    form = ComplianceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        compliance.enter(**form.cleaned_data, by=request.hat, at=at)
        messages.success(request, "Saved. It counts once a steward has checked it.")
        return redirect("directory:compliance")
    lines = compliance.lines_of(request.hat.organization_id, on=at.astimezone(LONDON).date())
    due_on = compliance.due_on(request.hat.organization_id)
    return render(request, "directory/joining/compliance.html", {"lines": lines, "form": form, "due_on": due_on})


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """
    Take back what was entered by mistake.

    :raises Http404: if there is none of theirs, or it was checked
    """
    try:
        compliance.take_back(pk, by=request.hat, at=timezone.now())
    except compliance.NotThere:
        raise Http404 from None
    messages.success(request, "Taken back.")
    return redirect("directory:compliance")
