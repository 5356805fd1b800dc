"""May this hat do this to that row: asked of the same scope that lists it, so that list and deed cannot disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safekeeping.policy import Hat


class NotYours(Exception):
    """The row is not for this hat; whoever asks over the web gets the page of what is not there."""


def need(subject: Any, by: Hat | None, *roles: str) -> Hat:
    """
    Return the hat, if it has one of these roles and may see the row.

    :raises NotYours: if not
    """
    if by is None or by.role not in roles:
        raise NotYours
    if not type(subject).objects.visible_to(by).filter(pk=subject.pk).exists():
        raise NotYours
    return by
