"""Rows that safekeeping owns."""

from safekeeping.models.assumption import AssumptionChange
from safekeeping.models.audit import AuditEvent, AuditHead
from safekeeping.models.bounces import BouncingAddress
from safekeeping.models.clock import PeriodicJob
from safekeeping.models.outbox import OutboxRow, OutboxState
from safekeeping.models.session import Session
from safekeeping.models.user import User

__all__ = [
    "AssumptionChange",
    "AuditEvent",
    "AuditHead",
    "BouncingAddress",
    "OutboxRow",
    "OutboxState",
    "PeriodicJob",
    "Session",
    "User",
]
