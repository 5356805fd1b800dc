"""Development's own routes are open: nothing real is behind them."""

from __future__ import annotations

from safekeeping.policy import PUBLIC, Audience

ROUTES: dict[str, Audience] = {
    "sample_sign_in": PUBLIC,
    "components": PUBLIC,
    "emails": PUBLIC,
    "email": PUBLIC,
    "email_as_sent": PUBLIC,
}
