"""Rows that safekeeping owns."""

from safekeeping.models.user import User

__all__ = ["User"]
