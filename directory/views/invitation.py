"""
The page behind the link of an invitation: only a POST accepts; mail programs and their scanners open every link.

The token travels in the address of the first page and in a field of its forms. Whoever signs in on the way finds it again in
their session, and nowhere else.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from directory import invitations
from directory.joining_forms import AcceptForm
from directory.models import Invitation, Membership
from directory.views.link import kept_nowhere
from safekeeping import accounts, policy

SESSION_NAME = "invitation"
SIGN_IN = "sign_in"


@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
@sensitive_post_parameters("t", "password1", "password2")
def invitation(request: HttpRequest) -> HttpResponse:
    """Show what the link gives, and take the answer."""
    at = timezone.now()
    token = (request.POST if request.method == "POST" else request.GET).get("t", "")
    token = token or request.session.get(SESSION_NAME, "")
    try:
        row = invitations.find(token, at=at)
        if request.method == "POST":
            return answered(request, row, token)
    except invitations.InvitationIsDead:
        request.session.pop(SESSION_NAME, None)
        if request.method == "POST":
            invitations.refused(token, at=at)
        return render(request, "directory/joining/invitation_dead.html", status=404)
    return shown(request, row, token, AcceptForm(email=row.email, initial={"name": row.name}))


@sensitive_variables("token")
def answered(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    """
    Accept as whoever this is, or send them to sign in first.

    :raises InvitationIsDead: if somebody was faster
    """
    at = timezone.now()
    if request.POST.get("act") == SIGN_IN:
        return to_sign_in(request, token)
    is_owner = request.user.is_authenticated and request.user.email == row.email
    if is_owner:
        made = invitations.accept(token, signed_in=request.user, at=at)
        return in_new_hat(request, made)
    form = AcceptForm(request.POST, email=row.email)
    if request.user.is_authenticated or invitations.needs_sign_in(row) or not form.is_valid():
        return shown(request, row, token, form)
    try:
        made = invitations.accept(token, name=form.cleaned_data["name"], password=form.cleaned_data["password1"], at=at)
    except invitations.SignInFirst:
        return to_sign_in(request, token)
    request.session.pop(SESSION_NAME, None)
    return accounts.enter(request, made.user)


@sensitive_variables("token")
def to_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Have the owner of the account sign in, and lead them back here."""
    request.session[SESSION_NAME] = token
    return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('directory:invitation')})}")


def in_new_hat(request: HttpRequest, made: Membership) -> HttpResponse:
    """Go on in the role that has just been accepted."""
    request.session.pop(SESSION_NAME, None)
    request.session[policy.SESSION_HAT] = made.pk
    messages.success(request, f"You are now {made.get_role_display().lower()} at {made.organization.name}.")
    return redirect("start")


@sensitive_variables("token")
def shown(request: HttpRequest, row: Invitation, token: str, form: AcceptForm) -> HttpResponse:
    """Show the invitation as it looks to whoever is here."""
    signed_in = request.user.is_authenticated
    context: dict[str, Any] = {
        "row": row,
        "t": token,
        "form": form,
        "as_owner": signed_in and request.user.email == row.email,
        "as_somebody_else": signed_in and request.user.email != row.email,
        "has_account": invitations.needs_sign_in(row),
        "second_step": policy.needs_second_factor([hat_of(row)]),
    }
    return render(request, "directory/joining/invitation.html", context)


def hat_of(row: Invitation) -> policy.Hat:
    """Return the hat that the invitation would give."""
    return policy.Hat(0, 0, "", row.role, row.organization_id, row.organization.name)
