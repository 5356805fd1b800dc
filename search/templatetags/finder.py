"""What the finder's templates ask for and no attribute gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(told: Mapping[Any, Any], key: Any) -> Any:
    """Return what is told of ``key``, "" where nothing is."""
    return told.get(key, "") if told else ""
