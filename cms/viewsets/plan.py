"""Tells a steward that a locality has as many services of a kind as the city planned; nothing is refused for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.functional import cached_property
from wagtail.admin.panels import Panel

from directory import plan


class PlanPanel(Panel):
    """Above a service's words, for as long as it is one more than planned."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/plan_panel.html"

        def is_shown(self) -> bool:
            return bool(self.beyond)

        @cached_property
        def beyond(self) -> list[plan.Beyond]:
            there = self.instance and not self.instance._state.adding
            return plan.beyond(self.instance) if there else []

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "beyond": self.beyond}


class SaysWhatIsPlanned:
    """Says so once the area of a service is saved."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
        for one in plan.beyond(form.instance.service):
            messages.warning(self.request, str(one))  # type: ignore[attr-defined]
        return answer
