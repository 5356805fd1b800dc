"""What organizations must have, as stewards check it; and the ends of their work addresses. Both live at once."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from cms.viewsets.facts import joining
from directory.joining import FREE_MAIL
from directory.models import ComplianceItem, ComplianceKind, EmailDomain, Organization
from safekeeping import audit


class ComplianceItemForm(WagtailAdminModelForm):
    """An item, and whether a steward has seen it: then it counts."""

    checked = forms.BooleanField(
        label="I have seen it", required=False, help_text="From then on it counts, with your name and today’s date."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["checked"] = self.instance.verified_on is not None

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean()
        first, last = told.get("issued_on"), told.get("expires_on")
        if first and last and first > last:
            self.add_error("expires_on", "It must not end before it was issued.")
        return told


class Recorded:
    """What is changed here stands in the audit trail, or it did not happen; a change without the tick has to be checked anew."""

    event = ""

    def save_instance(self) -> ComplianceItem:
        with transaction.atomic():
            form, request = self.form, self.request  # type: ignore[attr-defined]
            item, at = form.instance, timezone.now()
            if item._state.adding:
                item.entered_by, item.entered_at = request.user, at
            if not form.cleaned_data["checked"]:
                item.verified_by = item.verified_on = None
            elif item.verified_on is None or set(form.changed_data) & {
                "organization",
                "kind",
                "issued_on",
                "expires_on",
            }:
                item.verified_by, item.verified_on = request.user, timezone.localdate()
            saved: ComplianceItem = super().save_instance()  # type: ignore[misc]
            audit.record(
                self.event, by=request.hat, at=at, subject="compliance", ref=saved.pk, fields=form.changed_data
            )
        return saved


class EnterItem(Recorded, generic.CreateView):
    event = "compliance.enter"


class ChangeItem(Recorded, generic.EditView):
    event = "compliance.change"


class ComplianceFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(choices=ComplianceKind.choices)
    organization = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())
    expires_on = django_filters.DateFromToRangeFilter(label="Runs out between")
    unchecked = django_filters.BooleanFilter(field_name="verified_on", lookup_expr="isnull", label="Not checked yet")

    class Meta:
        model = ComplianceItem
        fields: list[str] = []


class ComplianceItemViewSet(ModelViewSet):
    model = ComplianceItem
    name = "complianceitem"
    url_prefix = "directory/compliance"
    icon = "doc-full"
    menu_label = "Policies and insurance"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = joining("organization")
    add_view_class = EnterItem
    edit_view_class = ChangeItem
    filterset_class = ComplianceFilterSet
    search_fields = ["organization__name", "reference"]
    list_display = [
        Column("organization", sort_key="organization__name"),
        Column("kind", accessor="get_kind_display", sort_key="kind"),
        Column("expires_on", label="Runs out on", sort_key="expires_on"),
        BooleanColumn("verified_on", label="Checked", accessor=lambda item: item.verified_on is not None),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("organization"),
            FieldPanel("kind"),
            FieldRowPanel([FieldPanel("issued_on"), FieldPanel("expires_on")]),
            FieldPanel("reference"),
            FieldPanel("checked"),
        ],
        base_form_class=ComplianceItemForm,
    )


class EmailDomainForm(WagtailAdminModelForm):
    """What stands behind the @; nobody's private mailbox."""

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].strip().lower().removeprefix("@")
        if "." not in domain or "@" in domain or " " in domain:
            raise ValidationError("Write what stands behind the @, like council.example.")
        if domain in FREE_MAIL:
            raise ValidationError("Anybody can have an address there.")
        return domain


class EmailDomainViewSet(ModelViewSet):
    model = EmailDomain
    name = "emaildomain"
    url_prefix = "directory/email-domains"
    icon = "mail"
    menu_label = "Work addresses"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = joining("organization")
    search_fields = ["organization__name", "domain"]
    list_display = [
        Column("organization", sort_key="organization__name"),
        Column("domain", label="Ends in", sort_key="domain"),
    ]
    edit_handler = ObjectList([FieldPanel("organization"), FieldPanel("domain")], base_form_class=EmailDomainForm)


class JoiningGroup(ModelViewSetGroup):
    """What organizations have shown."""

    menu_label = "Organizations’ papers"
    menu_icon = "doc-full"
    menu_order = 115
    items = (ComplianceItemViewSet, EmailDomainViewSet)
