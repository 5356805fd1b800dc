"""The secret in a link of a letter: 256 random bits, of which only a hash is kept (docs/decisions/0008)."""

from __future__ import annotations

import hashlib
import re
import secrets

SECRET_BYTES = 32
# Hexadecimal: no mail program leaves off its last letter, as some do with a dash.
TOKEN = re.compile(r"[0-9a-f]{64}")


def new_secret() -> tuple[str, str]:
    """Return a new token, and what we keep of it."""
    token = secrets.token_hex(SECRET_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """Return what we keep of a token; it is too random to be found by trying."""
    return hashlib.sha256(token.encode()).hexdigest()
