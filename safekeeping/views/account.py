"""A person's own account: what they may settle about it, and where they are signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from safekeeping import audit, bounces, own_sessions, policy


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show what a person may settle about their account."""
    returned = bounces.of(request.user)
    people = "directory:people"
    theirs = request.hat is not None and policy.is_for(people, request.hat)
    return render(
        request, "safekeeping/account.html", {"returned": returned, "people": reverse(people) if theirs else ""}
    )


@require_POST
def address_works(request: HttpRequest) -> HttpResponse:
    """Send letters to this person's address again, because they say that it takes them."""
    if bounces.forgive(request.user.email, by=request.hat, actor=request.user.pk, at=timezone.now()):
        messages.success(request, "We send e-mails to you again.")
    else:
        messages.info(request, "We were sending e-mails to you already.")
    return redirect("account")


@require_safe
def signed_in_places(request: HttpRequest) -> HttpResponse:
    """Show where a person is signed in."""
    found = own_sessions.of(request.user, this=request.session.session_key, at=timezone.now())
    return render(request, "safekeeping/signed_in_places.html", {"sessions": found})


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one other session of this person; what is not theirs is answered like what has ended already."""
    handle = request.POST.get("session", "")
    if handle == audit.fingerprint(request.session.session_key or ""):
        return redirect("account_logout")
    if own_sessions.end(request.user, handle, by=request.hat, at=timezone.now()):
        messages.success(request, "That browser is signed out.")
    else:
        messages.info(request, "That browser was signed out already.")
    return redirect("signed_in_places")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions of this person but the one that asks."""
    own_sessions.end_others(request.user, this=request.session.session_key, by=request.hat, at=timezone.now())
    messages.success(request, "You are signed in here and nowhere else.")
    return redirect("signed_in_places")
