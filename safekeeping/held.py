"""What safekeeping itself holds, field by field: its rows of the data map."""

from __future__ import annotations

from safekeeping.datamap import PERSONAL, STAFF, Field, declare
from safekeeping.models import (
    AssumptionChange,
    AuditEvent,
    AuditHead,
    BouncingAddress,
    OutboxRow,
    PeriodicJob,
    Session,
    User,
)

ACCOUNT = "account: 12 months after last use"
TRAIL = "audit: 6 years"
SESSION = "session: 24 hours after signing in"
RETURNED = "bouncing address: until it works again, or 400 days"
MESSAGE = "message: body blanked 7 days after sending"


def enter() -> None:
    """Declare every field of safekeeping's models."""
    sign_in = Field(PERSONAL, "signing in", subject_access=True, retention=ACCOUNT)
    secret = Field(PERSONAL, "signing in", retention=ACCOUNT)
    rights = Field(STAFF, "what the person may configure")
    declare(
        User,
        {
            "id": Field(STAFF),
            "email": Field(
                PERSONAL, "signing in and telling people what waits for them", subject_access=True, retention=ACCOUNT
            ),
            "name": Field(
                PERSONAL, "showing who did what to people they work with", subject_access=True, retention=ACCOUNT
            ),
            "password": secret,
            "last_login": sign_in,
            "joined_at": sign_in,
            "is_active": rights,
            "is_demo": rights,
            "is_staff": rights,
            "is_superuser": rights,
            "groups": rights,
            "user_permissions": rights,
        },
    )
    open_now = Field(PERSONAL, "staying signed in, and seeing where", subject_access=True, retention=SESSION)
    opens = Field(PERSONAL, "staying signed in", retention=SESSION)
    declare(Session, {"user": open_now, "expire_date": open_now, "session_key": opens, "session_data": opens})
    returned = Field(PERSONAL, "sending nothing where nothing arrives", subject_access=True, retention=RETURNED)
    declare(BouncingAddress, dict.fromkeys(["id", "email", "code", "bounced_at"], returned))
    who = Field(PERSONAL, "showing who looked at what", subject_access=True, retention=TRAIL)
    trail = Field(STAFF, "showing who looked at what", retention=TRAIL)
    chain = Field(STAFF, "proving that the trail is whole", retention=TRAIL)
    declare(
        AuditEvent,
        {
            **dict.fromkeys(["actor", "hat", "role", "organization", "ip_hash", "session_hash"], who),
            **dict.fromkeys(
                ["at", "action", "object_type", "object_ref", "fields", "outcome", "reason", "request_id"], trail
            ),
            **dict.fromkeys(["seq", "prev", "mac"], chain),
        },
    )
    declare(AuditHead, dict.fromkeys(["id", "chain", "seq", "mac", "begun_at"], chain))
    work = Field(STAFF, "doing what was asked for once, and only once", retention=MESSAGE)
    declare(
        OutboxRow,
        {
            "payload": Field(PERSONAL, "message and addressee: no child data", subject_access=True, retention=MESSAGE),
            **dict.fromkeys(
                [
                    "id", "kind", "key", "state", "put_at", "due_at", "attempts", "lease", "lease_until", "sent_at",
                    "blanked_at", "last_error",
                ],
                work,
            ),
        },
    )  # fmt: skip
    job = Field(STAFF, "knowing whether the clock works")
    declare(
        PeriodicJob,
        dict.fromkeys(
            [
                "name", "known_since", "due_at", "lease_until", "started_at", "finished_at", "failed_at", "failures",
                "last_error",
            ],
            job,
        ),
    )  # fmt: skip
    decided = Field(STAFF, "knowing what was judged, by whom and why")
    declare(
        AssumptionChange,
        {
            **dict.fromkeys(["id", "key", "number", "value", "reason", "by_role", "at"], decided),
            "by_person": Field(PERSONAL, "knowing who decided it", subject_access=True, retention=TRAIL),
        },
    )
