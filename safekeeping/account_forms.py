"""The sign-in library's forms in our words; and a code of the second factor that works once, whoever asks for it."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as second
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db.models import Q

EMAIL = "Work e-mail"
CODE_WRONG = "Enter the code that the app shows now. Each code works once, for 30 seconds."


def speak(field: forms.Field, label: str, missing: str, *, hint: str = "", **attrs: str) -> None:
    """Give a field of the library our label, hint and error, and none of its placeholders."""
    field.label, field.help_text = label, hint
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignIn(account.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self.fields["login"], EMAIL, "Enter your work e-mail", autocomplete="username", spellcheck="false")
        speak(self.fields["password"], "Password", "Enter your password")


class ForgottenPassword(account.ResetPasswordForm):
    """The address to which a link may be sent; whether it is known here is never said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self.fields["email"], EMAIL, "Enter your work e-mail", autocomplete="username", spellcheck="false")


class NewPassword(account.ResetPasswordKeyForm):
    """A new password, after following the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_of_new_password(self)


class ChangePassword(account.ChangePasswordForm):
    """A new password, knowing the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self.fields["oldpassword"], "Password now", "Enter your password as it is now")
        speak_of_new_password(self)


class Confirm(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self.fields["password"], "Password", "Enter your password")


def speak_of_new_password(form: forms.Form) -> None:
    """Say what a good password is, once."""
    hint = "At least 12 characters. Three or four words that do not belong together are easy to remember."
    speak(form.fields["password1"], "New password", "Enter a new password", hint=hint, autocomplete="new-password")
    speak(form.fields["password2"], "New password again", "Enter the new password again")


class OneTime:
    """
    A code that is asked for: wrong ones count towards the same lock as wrong passwords, right ones work once.

    The library remembers used codes, and counts wrong ones, in the memory of one process; here both are in the
    database, so that neither another process nor a restart forgets them.
    """

    user: Any
    fields: dict[str, forms.Field]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak(self.fields["code"], "Code", "Enter the code", autocomplete="one-time-code", spellcheck="false")
        self.fields["code"].max_length = 20

    def clean_code(self) -> str:
        tried = {"login": self.user.email}
        if not AxesProxyHandler.is_allowed(context.request, tried):
            context.request.axes_locked_out = True
            raise ValidationError(CODE_WRONG, code="locked")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            user_login_failed.send(type(self), credentials=tried, request=context.request)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP and not use_up(self.authenticator, code):
            raise ValidationError(CODE_WRONG, code="used")
        return code


def use_up(authenticator: Authenticator, code: str) -> bool:
    """Mark the code's half minute as used, in one conditional statement; False if it, or a later one, already is."""
    secret = decrypt(authenticator.data["secret"])
    fitting = [n for n in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, n)) == code.strip()]
    if not fitting:
        return False
    unused = Q(data__step__lt=fitting[0]) | ~Q(data__has_key="step")
    data = {**authenticator.data, "step": fitting[0]}
    return bool(Authenticator.objects.filter(unused, pk=authenticator.pk).update(data=data))


class SecondFactor(OneTime, second.AuthenticateForm):
    """The code that completes signing in; one of the printed codes will do."""


class SecondFactorAgain(OneTime, second.ReauthenticateForm):
    """The code once more, before something that matters."""


class SetUpSecondFactor(totp.ActivateTOTPForm):
    """The first code, which proves that the app has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = "Six figures, without a space."
        speak(
            self.fields["code"], "Code", "Enter the code", hint=hint, autocomplete="one-time-code", inputmode="numeric"
        )
