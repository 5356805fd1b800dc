"""
Accounts: made by a steward for a known work address, opened with a password and a second factor, and never by signing up.

The sign-in library decides how; this module says what it may do here, and in whose words.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from safekeeping import audit, front_door, policy
from safekeeping.headers import client_address
from safekeeping.sealed import seal, unseal

if TYPE_CHECKING:
    from safekeeping.models import User

RECENT = 5 * 60  # seconds in which signing in counts as having just confirmed who one is
SEALED_FOR = "mfa.authenticator"


class AccountAdapter(DefaultAccountAdapter):
    """What the library may do with accounts here."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Check your e-mail and password. One of them is not right.",
        "incorrect_password": "That is not your password",
        "enter_current_password": "That is not your password",
        "too_many_login_attempts": "Too many tries. Wait 15 minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def format_email_subject(self, subject: str) -> str:
        return " ".join(f"{settings.SITE_NAME}: {subject}".split())

    def render_mail(self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None) -> Any:
        said = {**context, "site_name": settings.SITE_NAME, "team_email": front_door.city().team_email}
        return super().render_mail(template_prefix, email, said, headers=headers)

    def is_reauthentication_required(self, *, app: str, request: HttpRequest | None = None) -> bool:
        """Ask again before a change to the second factor, unless the person has signed in just now."""
        asking = request or self.request
        records = get_authentication_records(asking, asking.user)
        return not any(time.time() - record["at"] < RECENT for record in records)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals the secrets of the second factor; a copy of the database opens no account."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Enter the code that the app shows now. Each code works once, for 30 seconds.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, SEALED_FOR)


def set_password_path(user: User) -> str:
    """Return the path of a link that sets this person's password, once, until `link_ends`."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    told = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=told)


def link_ends(at: datetime) -> datetime:
    """Return until when a link works that was made at ``at``, in local time."""
    return timezone.localtime(at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT))


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in somebody who has just proved who they are and chosen a password; a second factor is asked for as always."""
    from allauth.account.internal.flows.login import perform_password_login
    from allauth.account.models import Login

    return perform_password_login(request, {"email": user.email}, Login(user=user, email=user.email))


def account_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return whose account somebody tries to open, written in one way, for the lock that counts failures."""
    given = credentials or {}
    tried = given.get("email") or given.get("login") or given.get("username") or request.POST.get("login", "")
    return str(tried).strip().casefold()[:254]


# --- receivers of the signals of Django and the library: what follows from them is written beside them -----------------
def note(action: str, user_id: int | None, *, ref: str = "", outcome: str = "ok") -> None:
    """Write to the audit trail what happened to an account, by the account's number or by a hash of what was tried."""
    with transaction.atomic():
        ref = ref or str(user_id)
        at = timezone.now()  # noqa: TID251 - the library's signals carry no moment
        audit.record(action, by=None, actor=user_id, at=at, subject="user", ref=ref, outcome=outcome)


def signed_in(sender: type, request: HttpRequest, user: User, **more: Any) -> None:
    """Receiver: somebody is in."""
    note("sign_in", user.pk)


def sign_in_failed(sender: type, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """Receiver: a password or a code was wrong. Behind the lock nothing is tried, so nothing is written either."""
    if request is not None and not getattr(request, "axes_locked_out", False):
        note("sign_in", None, ref=audit.fingerprint(account_tried(request, credentials)), outcome="refused")


def signed_out(sender: type, request: HttpRequest, user: User | None, **more: Any) -> None:
    """Receiver: somebody has left, or their time was up."""
    if user is not None and user.pk:
        note("sign_out", user.pk)


def second_factor_used(sender: type, request: HttpRequest, user: User, **more: Any) -> None:
    """Receiver: a code was right, or the app has just been set up with one."""
    policy.note_second_factor(request, user)


def second_factor_added(sender: type, request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    """Receiver: setting up the app takes a code, which counts; being handed printed codes does not."""
    if authenticator.type == Authenticator.Type.TOTP:
        policy.note_second_factor(request, user)
    note(f"second_factor.add.{authenticator.type}", user.pk)


def second_factor_reset(sender: type, request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    """Receiver: new printed codes were made."""
    note(f"second_factor.reset.{authenticator.type}", user.pk)


def second_factor_removed(sender: type, request: HttpRequest, user: User, authenticator: Any, **more: Any) -> None:
    """Receiver: without the app, the session is as if the second factor had not been passed."""
    if authenticator.type == Authenticator.Type.TOTP:
        policy.forget_second_factor(request)
    note(f"second_factor.remove.{authenticator.type}", user.pk)


def connect() -> None:
    """Connect the receivers above, and the start of a session."""
    from allauth.mfa import signals as second_factor
    from django.contrib.auth import signals

    from safekeeping import bounces, sessions

    signals.user_logged_in.connect(sessions.begin)
    signals.user_logged_in.connect(signed_in)
    signals.user_logged_in.connect(bounces.say_at_sign_in)
    signals.user_login_failed.connect(sign_in_failed)
    signals.user_logged_out.connect(signed_out)
    second_factor.authenticator_used.connect(second_factor_used)
    second_factor.authenticator_added.connect(second_factor_added)
    second_factor.authenticator_reset.connect(second_factor_reset)
    second_factor.authenticator_removed.connect(second_factor_removed)


# --- what may stand beside the sign-in form -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the sign-in page that another app brings: a template, and what it needs."""

    template: str
    context: Callable[[HttpRequest], dict[str, Any]]


_panels: list[Panel] = []


def beside_sign_in(panel: Panel) -> None:
    """Add a part to the sign-in page."""
    if panel not in _panels:
        _panels.append(panel)


def panels(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the parts that stand beside the sign-in form now, each with its template and its context."""
    return [{"template": panel.template, **panel.context(request)} for panel in _panels]
