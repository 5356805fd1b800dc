"""Who works here as what: for those who manage people, and for everybody the way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import invitations, joining, people
from directory.joining_forms import InviteForm, RoleForm
from directory.models import Membership, Organization, Role
from directory.people import NotTheirs, Refused
from safekeeping import policy

PEOPLE = "directory:people"


def or_back(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a refusal said on the list; what is not theirs is not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotTheirs:
            raise Http404 from None
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect(PEOPLE)

    return answer


def of_mine(request: HttpRequest, pk: int) -> Membership:
    """
    Return a colleague whose role this person may change.

    :raises Http404: if there is none
    """
    try:
        return people.colleague(request.hat, pk, at=timezone.now())
    except NotTheirs:
        raise Http404 from None


@require_safe
def people_here(request: HttpRequest) -> HttpResponse:
    """Show who works here as what, who is invited, and who asks for an account."""
    at = timezone.now()
    manages = people.manages(request.hat)
    return render(
        request,
        "directory/joining/people.html",
        {
            "colleagues": people.colleagues_of(request.hat, at=at),
            "manages": manages,
            "invited": list(invitations.waiting_for(request.hat, at=at)) if manages else [],
            "asked": list(joining.accounts_for(request.hat)) if manages else [],
            "compliance": policy.is_for("directory:compliance", request.hat),
            "at": at,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague; what is said does not depend on whether the address is known."""
    at = timezone.now()
    roles = people.grants(request.hat, request.hat.organization_id)
    form = InviteForm(request.POST if request.method == "POST" else None, roles=roles)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        where = Organization.objects.get(pk=request.hat.organization_id)
        try:
            made = invitations.invite(
                told["email"],
                told["role"],
                where,
                name=told["name"],
                job_title=told["job_title"],
                by=request.hat,
                at=at,
            )
        except Refused as refused:
            form.add_error("email", refused.message)
        else:
            messages.success(request, f"We have written to {made.email}. The link works for seven days.")
            return redirect(PEOPLE)
    return render(request, "directory/joining/invite.html", {"form": form})


@require_POST
@or_back
def send_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an invitation again."""
    made = invitations.send_again(pk, by=request.hat, at=timezone.now())
    messages.success(request, f"We have written to {made.email} again. The older link works no more.")
    return redirect(PEOPLE)


@require_POST
@or_back
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitations.withdraw(pk, by=request.hat, at=timezone.now())
    messages.success(request, "The invitation is withdrawn. Its link works no more.")
    return redirect(PEOPLE)


@require_http_methods(["GET", "HEAD", "POST"])
@or_back
def one(request: HttpRequest, member: int) -> HttpResponse:
    """Show a colleague, and give them another role."""
    membership = of_mine(request, member)
    roles = people.grants(request.hat, request.hat.organization_id)
    form = RoleForm(request.POST if request.method == "POST" else None, roles=roles, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        made = people.change_role(member, form.cleaned_data["role"], by=request.hat, at=timezone.now())
        messages.success(request, f"{made.user.get_full_name()} is now: {made.get_role_display()}.")
        return redirect(PEOPLE)
    own = Role(request.hat.role)
    context = {"one": membership, "form": form, "own_role": own.label, "steps_back_to": people.STEPS_BACK_TO[own].label}
    return render(request, "directory/joining/colleague.html", context)


@require_POST
@or_back
def end(request: HttpRequest, member: int) -> HttpResponse:
    """End a colleague's membership."""
    was = people.end(member, by=request.hat, at=timezone.now())
    messages.success(request, f"{was.user.get_full_name()} is out, and signed out everywhere.")
    return redirect(PEOPLE)


@require_POST
@or_back
def hand_over(request: HttpRequest, member: int) -> HttpResponse:
    """Make a colleague what one is, and step back."""
    back = people.hand_over(member, by=request.hat, at=timezone.now())
    request.session[policy.SESSION_HAT] = back.pk
    messages.success(request, f"You have handed over. You are now: {back.get_role_display()}.")
    return redirect("start")


@require_http_methods(["GET", "HEAD", "POST"])
@or_back
def leave(request: HttpRequest) -> HttpResponse:
    """Ask whether somebody means to leave, and let them."""
    if request.method == "POST":
        name = request.hat.organization
        people.leave(by=request.hat, at=timezone.now())
        request.session.pop(policy.SESSION_HAT, None)
        messages.success(request, f"You have left {name}.")
        return redirect("start")
    return render(request, "directory/joining/leave.html")
