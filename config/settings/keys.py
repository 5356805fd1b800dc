"""Keys of an installation on one machine: made at random on the first start, kept in `var/keys.json`, readable by its owner only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def keys_of(var: Path) -> dict[str, str]:
    """Return the installation's secrets, hexadecimal, making them once."""
    file = var / "keys.json"
    if not file.exists():
        var.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_hex(32) for name in ("secret", "seal", "seal_index", "audit")}
        scratch = file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(made, out)
        try:
            os.link(scratch, file)  # the first process wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
