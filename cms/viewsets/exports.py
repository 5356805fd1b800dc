"""Lists as spreadsheets: what somebody typed is text in every cell, never something that a spreadsheet program would run."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views import generic
from wagtail.snippets.views import snippets

# OWASP, "CSV Injection": what starts with one of these may be taken for a formula; the wide forms are read as the narrow.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: Any) -> Any:
    """Return the cell, with an apostrophe in front of what a spreadsheet program might take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell


class Harmless:
    """For a list of the admin: every cell of its spreadsheets is made harmless, in both formats."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Return the cell of one field as Wagtail would write it, made harmless."""
        return harmless(super().preprocess_field_value(field, value, export_format))  # type: ignore[misc]


class List(Harmless, generic.IndexView):
    """A list of plain rows."""


class SnippetList(Harmless, snippets.IndexView):
    """A list of entries whose words wait for publication."""
