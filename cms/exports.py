"""Lists and reports as spreadsheets: what somebody typed is text in every cell, never something that a spreadsheet would run."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

# OWASP, "CSV Injection": what starts with one of these may be taken for a formula; the wide forms are read as the narrow.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: Any) -> Any:
    """Return the cell, with an apostrophe in front of what a spreadsheet program might take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell


def harmless_everywhere() -> None:
    """
    Have every spreadsheet of the admin made harmless: our lists, Wagtail's own reports, and what a later release brings.

    Wagtail has no setting for it, and a mixin of ours in each list leaves out the reports, which it registers itself.
    """
    as_wagtail_writes_it = SpreadsheetExportMixin.preprocess_field_value
    if as_wagtail_writes_it.__module__ == __name__:
        return

    def preprocess_field_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        return harmless(as_wagtail_writes_it(self, field, value, export_format))

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
