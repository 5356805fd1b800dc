"""
Asking for an account, and applying for an organization: open to everybody, and saying the same to everybody.

Whether an address or an organization is known here is told to nobody but the address itself.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from directory import joining
from directory.joining import LinkIsDead
from directory.joining_forms import AccountForm, ApplyForm
from directory.models import AccountRequest
from directory.views.link import kept_nowhere
from safekeeping import audit
from safekeeping.floods import TooMany
from safekeeping.headers import client_address

SENT = "directory:join_sent"


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Say which ways in there are."""
    return render(request, "directory/joining/join.html")


def asked_from(request: HttpRequest) -> str:
    """Return a keyed hash of the network address, for the limit."""
    return audit.fingerprint(client_address(request))


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Take a professional's ask for an account."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            joining.ask_for_account(form.about_me(), asked_from=asked_from(request), at=timezone.now())
        except TooMany:
            return render(request, "directory/joining/too_many.html", status=429)
        return redirect(SENT)
    return render(request, "directory/joining/account.html", {"form": form})


@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def apply(request: HttpRequest) -> HttpResponse:
    """Take an organization's application; with a link from a letter, what it changes after a question."""
    at = timezone.now()
    token = (request.POST if request.method == "POST" else request.GET).get("t", "")
    try:
        row = joining.find_asked_back(token, at=at) if token else None
        if request.method != "POST":
            form = ApplyForm.of(row) if row else ApplyForm()
        else:
            form = ApplyForm(request.POST, fixed_email=row.email if row else "")
            if form.is_valid():
                if row:
                    joining.answer(token, form.about_us(), at=at)
                    return redirect("directory:join_confirmed")
                joining.apply(form.about_us(), asked_from=asked_from(request), at=at)
                return redirect(SENT)
    except LinkIsDead:
        return dead(request)
    except TooMany:
        return render(request, "directory/joining/too_many.html", status=429)
    return render(request, "directory/joining/apply.html", {"form": form, "row": row, "t": token if row else ""})


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a letter is on its way: the same words for everybody."""
    return render(request, "directory/joining/sent.html")


@kept_nowhere
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def confirm(request: HttpRequest) -> HttpResponse:
    """Have the owner of an address confirm it; only a POST does."""
    at = timezone.now()
    token = (request.POST if request.method == "POST" else request.GET).get("t", "")
    try:
        if request.method == "POST":
            joining.confirm(token, at=at)
            return redirect("directory:join_confirmed")
        row = joining.find(token, at=at)
    except LinkIsDead:
        return dead(request)
    context = {"row": row, "t": token, "is_account": isinstance(row, AccountRequest)}
    return render(request, "directory/joining/confirm.html", context)


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "directory/joining/confirmed.html")


def dead(request: HttpRequest) -> HttpResponse:
    """Say the same of every link that does not work."""
    return render(request, "directory/joining/link_dead.html", status=404)
