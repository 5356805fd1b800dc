"""Forms behind the pages that need more than their columns say."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

PRACTICE_REVIEW = "practice_review"
SAY_HOW = "Say how families and young people took part, before this review is published."


class GovernanceForm(WagtailAdminPageForm):
    """A draft may leave things open; a review is published with a word about those whom it is about."""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean()
        said = (told.get("involvement_statement") or "").strip()
        if told.get("kind") == PRACTICE_REVIEW and not said and not self.is_deferred_validation:
            self.add_error("involvement_statement", SAY_HOW)
        return told
