"""After the door: where somebody starts, which role they are in, and a form that outlived its session."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safekeeping import accounts, kept_forms, policy


class SignIn(account.LoginView):
    """
    E-mail and password, and beside them what needs no account.

    Whoever is signed in already is told so, and not sent on: a page that sent them here would send them here again.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            onward = policy.safe_next(request, default=reverse("start"))
            return render(request, "safekeeping/signed_in.html", {"onward": onward})
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"panels": accounts.panels(self.request)}


class ChangePassword(account.PasswordChangeView):
    """A new password, knowing the old one; whoever has none is told how to get one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():
            return render(request, "account/password_none.html")
        return super().dispatch(request, *args, **kwargs)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Send somebody who has signed in to where they begin."""
    if kept_forms.kept(request):
        return redirect("kept_form")
    if request.hat:
        return redirect(policy.home_url(request.hat))
    return redirect("choose_hat")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_hat(request: HttpRequest) -> HttpResponse:
    """Let somebody with several roles say which one they are in now."""
    wanted = request.POST.get("hat", "")
    if request.method == "POST" and wanted.isdecimal() and policy.wear(request, int(wanted)):
        hat = policy.chosen(request, request.hats)
        return redirect(policy.safe_next(request, default=policy.home_url(hat) if hat else "/"))
    asked = {"next": policy.safe_next(request, default=""), "missing": request.method == "POST"}
    return render(request, "safekeeping/choose_hat.html", asked, status=400 if asked["missing"] else 200)


@require_safe
def kept_form(request: HttpRequest) -> HttpResponse:
    """Give back what somebody had typed when their time ran out: one button sends it again as it was."""
    held = kept_forms.kept(request)
    if held is None:
        return redirect("start")
    if request.hat is None and held.hat:
        policy.wear(request, held.hat)
    if policy.chosen(request, request.hats) is None:
        return redirect(f"/hat/?{urlencode({'next': request.path})}")
    return render(request, "safekeeping/kept_form.html", {"held": held})


@require_POST
def forget_form(request: HttpRequest) -> HttpResponse:
    """Throw away a kept form."""
    kept_forms.forget(request)
    return redirect("start")
