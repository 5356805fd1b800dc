"""What partners propose, for stewards: what would change, addresses to show or hide, and which words need no steward."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup

from cms.viewsets.facts import FactViewSet, joining
from directory import facts, proposals, words
from directory.models import ChangeProposal, Closure, LiveAtOnce


class ProposalPanel(Panel):
    """What a partner would change, field by field, above the words of the draft; only while it waits."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/proposal_panel.html"

        def is_shown(self) -> bool:
            entry = self.instance
            return bool(entry and not entry._state.adding and proposals.is_waiting(entry))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            public = type(self.instance).objects.get(pk=self.instance.pk)
            was = words.values_of(public) if public.live or public.first_published_at else {}
            now = words.values_of(public.get_latest_revision_as_object())
            said = {name: value for name, value in now.items() if was or value not in (None, "", [], False)}
            context["changes"] = words.differences(public, was, said)
            context["where"] = proposals.where_they_stand([public])[public.pk]
            return context


class AnswerForm(WagtailAdminModelForm):
    """Yes or no to a question about an address; a no with its reason."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("yes", "Approve: it is applied at once"), ("no", "Do not approve")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer"},
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean()
        if ChangeProposal.objects.filter(pk=self.instance.pk, state=ChangeProposal.State.WAITING).count() == 0:
            raise forms.ValidationError("This has been answered or taken back meanwhile. Nothing was changed.")
        if told.get("answer") == "no" and not (told.get("reason") or "").strip():
            self.add_error("reason", "Say why: whoever asked has to know what to change")
        return told


class AnswerProposal(generic.EditView):
    """Answers, applies and tells in one transaction."""

    def save_instance(self) -> ChangeProposal:
        told = self.form.cleaned_data
        proposal: ChangeProposal = self.form.instance
        with transaction.atomic():
            facts.decide(
                proposal,
                approve=told["answer"] == "yes",
                reason=told["reason"] or "",
                person=self.request.user,
                hat=self.request.hat,
                address=reverse("directory:our_venue", args=[proposal.location_id]),
                at=timezone.now(),
            )
        return proposal


class ChangeProposalViewSet(FactViewSet):
    model = ChangeProposal
    name = "changeproposal"
    url_prefix = "directory/addresses-to-show"
    icon = "view"
    menu_label = "Addresses to show or hide"
    edit_view_class = AnswerProposal
    list_filter = ["state"]
    index_view_class = joining("location", "organization", "proposed_by")
    search_fields = ["location__name", "organization__name"]
    list_display = [
        Column("location", sort_key="location__name"),
        Column("organization", sort_key="organization__name"),
        Column("was", label="People learn", accessor="get_was_display"),
        Column("becomes", label="They would learn", accessor="get_becomes_display"),
        Column("state", accessor="get_state_display", sort_key="state"),
        DateColumn("proposed_at", label="Sent", sort_key="proposed_at"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("location", read_only=True),
            FieldPanel("organization", read_only=True),
            FieldRowPanel([FieldPanel("was", read_only=True), FieldPanel("becomes", read_only=True)]),
            FieldPanel("because", heading="Why, in the partner’s words", read_only=True),
            FieldPanel("state", read_only=True),
            FieldPanel("answer"),
            FieldPanel("reason", heading="Why, if it is a no", help_text="Whoever asked reads this on their page."),
        ],
        base_form_class=AnswerForm,
    )


class LiveAtOnceForm(WagtailAdminModelForm):
    """A field that needs no steward; those that always do are not offered (INV-D4)."""

    field = forms.ChoiceField(label="Field", choices=words.may_go_at_once)

    def clean_field(self) -> str:
        chosen = str(self.cleaned_data["field"])
        if LiveAtOnce.objects.filter(field=chosen).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("That field is in the list already.")
        return chosen


class LiveAtOnceViewSet(FactViewSet):
    model = LiveAtOnce
    name = "liveatonce"
    url_prefix = "directory/needs-no-steward"
    icon = "check"
    menu_label = "Words that need no steward"
    list_export = ["field", "because"]
    search_fields = ["field", "because"]
    list_display = [
        Column("field", accessor=lambda row: dict(words.may_go_at_once()).get(row.field, row.field), sort_key="field"),
        "because",
    ]
    edit_handler = ObjectList([FieldPanel("field"), FieldPanel("because")], base_form_class=LiveAtOnceForm)


class ClosureForm(WagtailAdminModelForm):
    """Days on which a service is closed."""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean()
        first, last = told.get("from_on"), told.get("until_on")
        if first and last and first > last:
            self.add_error("until_on", "The last day must not be before the first.")
        at = told.get("at_location")
        if at and told.get("service") and at.service_id != told["service"].pk:
            self.add_error("at_location", "That is where another service happens.")
        return told


class ClosureViewSet(FactViewSet):
    model = Closure
    name = "closure"
    url_prefix = "directory/closures"
    icon = "cross"
    menu_label = "Closures"
    index_view_class = joining("service", "at_location__location", "at_location__service")
    search_fields = ["service__name", "note"]
    list_display = [
        Column("service", sort_key="service__name"),
        Column("from_on", label="First day", sort_key="from_on"),
        Column("until_on", label="Last day", sort_key="until_on"),
        "note",
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("service"),
            FieldPanel("at_location"),
            FieldRowPanel([FieldPanel("from_on"), FieldPanel("until_on")]),
            FieldPanel("note"),
        ],
        base_form_class=ClosureForm,
    )


class ProposalsGroup(ModelViewSetGroup):
    """What partners ask for, and what they may do without asking."""

    menu_label = "Proposals"
    menu_icon = "clipboard-list"
    menu_order = 103
    items = (ChangeProposalViewSet, LiveAtOnceViewSet)
