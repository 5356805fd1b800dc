"""Addresses of the door. The sign-in library's names are kept, because it looks its pages up by them."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as printed
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from safekeeping.views import account as own_account
from safekeeping.views import health, sign_in

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("start/", sign_in.start, name="start"),
    path("hat/", sign_in.choose_hat, name="choose_hat"),
    path("kept/", sign_in.kept_form, name="kept_form"),
    path("kept/forget/", sign_in.forget_form, name="forget_form"),
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", second.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/", own_account.account, name="account"),
    path("account/e-mail-works/", own_account.address_works, name="address_works"),
    path("account/signed-in/", own_account.signed_in_places, name="signed_in_places"),
    path("account/signed-in/end/", own_account.end_session, name="end_session"),
    path("account/signed-in/end-others/", own_account.end_other_sessions, name="end_other_sessions"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", second.reauthenticate, name="mfa_reauthenticate"),
    path("account/password/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("account/password/forgotten/", account.password_reset, name="account_reset_password"),
    path("account/password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/changed/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/second-step/", second.index, name="mfa_index"),
    path("account/second-step/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-step/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-step/codes/", printed.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", printed.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
