"""
The places of one service, for stewards: what is counted and when that was said, more to be counted, and asking for the numbers.

How many there are, their provider says: a steward who knows it by telephone would vouch for a figure of somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from cms.stale import ask_and_say, stewards_only
from directory import capacity, places
from directory.forms import KIND_HINTS, NewPoolForm
from directory.models import CapacityModel, Service


class PlacesForm(NewPoolForm):
    """The providers' own questions, drawn as the admin draws them."""

    def __init__(self, *args: Any, service: Service, at: datetime, **options: Any) -> None:
        super().__init__(*args, organization_id=service.organization_id, at=at, **options)
        told = {
            value: f"{CapacityModel(value).label}: {hint[0].lower()}{hint[1:]}" for value, hint in KIND_HINTS.items()
        }
        kinds: Any = self.fields["model"]
        kinds.label = "How are they counted?"
        kinds.widget = forms.RadioSelect(choices=list(told.items()))
        services: Any = self.fields["services"]
        services.widget = forms.CheckboxSelectMultiple(choices=services.choices)
        services.error_messages |= dict.fromkeys(
            ("invalid_choice", "invalid_pk_value"), f"Choose from the services of {service.organization}"
        )
        services.initial = [service.pk]
        for name in ("starts_on", "ends_on"):
            asked = self.fields[name]
            self.fields[name] = forms.DateField(
                label=asked.label, help_text="Of a group with dates.", required=False, widget=AdminDateInput
            )


class Places(WagtailAdminTemplateMixin, FormView):
    """What is counted of one service, and what else is to be."""

    template_name = "cms/admin/places.html"
    page_title = "Places"
    header_icon = "group"
    form_class = PlacesForm

    def dispatch(self, request: HttpRequest, *args: Any, service: UUID, **kwargs: Any) -> HttpResponseBase:
        stewards_only(request)
        found = Service.objects.select_related("organization").filter(pk=service).first()
        if found is None:
            raise Http404
        self.service = found
        self.at = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.service.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": self.edit_address, "label": self.service.name}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.page_title}]

    @property
    def edit_address(self) -> str:
        """Where the words of the service are."""
        return reverse("wagtailsnippets_directory_service:edit", args=[self.service.pk])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"service": self.service, "at": self.at}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "ask" in request.POST:
            ask_and_say(request, self.service.organization)
            return redirect("places_of_service", service=self.service.pk)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PlacesForm) -> HttpResponse:
        made = capacity.begin(form.pool(), self.service.organization_id, by=self.request.hat, at=self.at)  # type: ignore[attr-defined]
        messages.success(
            self.request,
            f"{made.name} is set up. {self.service.organization} is asked how many there are: until then it says "
            "“not confirmed”.",
        )
        return redirect("places_of_service", service=self.service.pk)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        mine = set(self.service.pools.values_list("pk", flat=True))
        lines = places.lines_about(mine, organization_id=self.service.organization_id, at=self.at)
        return super().get_context_data(service=self.service, lines=lines, edit_address=self.edit_address, **more)


URLS = [path("places/<uuid:service>/", Places.as_view(), name="places_of_service")]
