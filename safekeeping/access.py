"""Who each route of the door is for, and what stands behind it."""

from __future__ import annotations

from safekeeping.policy import PUBLIC, SIGNED_IN, SIGNING_IN, Audience

ROUTES: dict[str, Audience] = {
    "account_login": PUBLIC,
    "mfa_authenticate": PUBLIC,  # nobody is signed in yet: the library checks that a password was right
    "account_logout": PUBLIC,  # also ends a sign-in that stopped half way
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reauthenticate": SIGNING_IN,
    "mfa_reauthenticate": SIGNING_IN,
    "mfa_activate_totp": SIGNING_IN,
    "mfa_index": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account": SIGNED_IN,
    "address_works": SIGNED_IN,
    "signed_in_places": SIGNED_IN,
    "end_session": SIGNED_IN,
    "end_other_sessions": SIGNED_IN,
    "start": SIGNED_IN,
    "choose_hat": SIGNED_IN,
    "kept_form": SIGNED_IN,
    "forget_form": SIGNED_IN,
    "health_live": PUBLIC,
    "health_ready": PUBLIC,
}
PRIVATE = ("/start/", "/hat/", "/kept/", "/account/")
