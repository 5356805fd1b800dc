"""
What a steward does to several services or organizations at once: one transaction, with its news and its line in the trail.

Standing is a fact and counts at once. A word of a vocabulary belongs to an entry's words: where a draft waits, it waits
with the draft. Only what was ticked is changed: "everything in the list" would go past filters that somebody had set.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from cms.news import services_of
from directory import assurance
from directory.models import (
    Organization,
    OrganizationStanding,
    Service,
    ServiceStanding,
    Standing,
    TaxonomyTerm,
    Visibility,
)
from directory.signals import tell
from safekeeping import audit

Entry = Service | Organization
Row = ServiceStanding | OrganizationStanding


class AtOnce(SnippetBulkAction):
    """What all of them have in common."""

    template_name = "cms/admin/bulk.html"
    explained: ClassVar[str] = ""
    permission: ClassVar[str] = "directory.change_servicestanding"
    models: ClassVar[list[Any]] = [Service, Organization]

    def check_perm(self, obj: Entry) -> bool:
        return bool(self.request.user.has_perm(self.permission))

    @classmethod
    def get_queryset(cls, model: type[Entry], object_ids: list[str]) -> list[Entry]:
        """Return what was ticked; what is no id is nothing that could have been."""
        return list(model.objects.filter(pk__in=filter(None, map(as_id, object_ids))))

    def get_actionable_objects(self) -> tuple[list[Entry], dict[str, list[Entry]]]:
        """Return what was ticked; nothing of "everything" (see above)."""
        if "all" in self.request.GET.getlist("id"):
            return [], {"items_with_no_access": []}
        found: tuple[list[Entry], dict[str, list[Entry]]] = super().get_actionable_objects()
        return found

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        everything = "all" in self.request.GET.getlist("id")
        return super().get_context_data(
            heading=self.display_name, explained=self.explained, everything=everything, **more
        )

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "told": self.cleaned_form.cleaned_data, "request": self.request}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("Done for %(count)d entry.", "Done for %(count)d entries.", num_parent_objects) % {
            "count": num_parent_objects
        }


def as_id(typed: str) -> UUID | None:
    """Return an id, None if it is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None


def standings_of(entries: list[Entry]) -> list[Row]:
    """Return the rows of standing of these entries, held until the end of the transaction, always in the same order."""
    ids = [one.pk for one in entries]
    found: list[Row] = []
    if entries and isinstance(entries[0], Service):
        found = list(ServiceStanding.objects.select_for_update(of=("self",)).filter(service__in=ids).order_by("pk"))
    elif entries:
        rows = OrganizationStanding.objects.select_for_update(of=("self",))
        found = list(rows.filter(organization__in=ids).order_by("pk"))
    return found


def change(entries: list[Entry], *, event: str, request: Any, **facts: Any) -> int:
    """Write these facts into the standing of each entry, tell the finder, and put it on record; return how many."""
    rows = standings_of(entries)
    services = set()
    for row in rows:
        for name, value in facts.items():
            setattr(row, name, value)
        if "standing" in facts:
            assurance.by_hand(row)
        row.save(update_fields=[*facts, "before_overdue"])
        log(instance=row, action="wagtail.edit", user=request.user)
        services |= services_of(row)
    if rows:
        tell(type(rows[0]), services)
        audit.record_each(
            event,
            by=request.hat,
            at=timezone.now(),
            subject=type(rows[0])._meta.model_name or "",
            refs=[str(row.pk) for row in rows],
            fields=sorted(facts),
        )
    return len(rows)


class CheckedToday(AtOnce):
    display_name = "Checked today"
    action_type = "checked_today"
    aria_label = "Say that the ticked entries were read and found right today"
    explained = (
        "You have read the words of each of these today, and they are right. What was hidden for its age "
        "alone is shown again; what a steward has suspended stays suspended."
    )
    action_priority = 10

    @classmethod
    def execute_action(cls, objects: list[Entry], *, request: Any, told: Any, **more: Any) -> tuple[int, int]:
        return assurance.vouch(standings_of(objects), by=request.hat, at=timezone.now()), 0


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        help_text="For stewards only; never shown to the provider.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why", "max_length": "Use 500 characters or fewer"},
    )


class Suspend(AtOnce):
    display_name = "Suspend"
    action_type = "suspend"
    aria_label = "Suspend the ticked entries"
    explained = (
        "They disappear from the finder at once, and nothing new is offered to them. Places that children have stay."
    )
    form_class = SuspendForm
    action_priority = 30
    classes: ClassVar[set[str]] = {"serious"}

    @classmethod
    def execute_action(cls, objects: list[Entry], *, request: Any, told: Any, **more: Any) -> tuple[int, int]:
        facts = {"standing": Standing.SUSPENDED, "suspension_reason": told["reason"]}
        return change(objects, event="entries_suspended", request=request, **facts), 0


class AudienceForm(forms.Form):
    visibility = forms.ChoiceField(
        label="Who may see them?",
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see them"},
    )


class SetAudience(AtOnce):
    display_name = "Seen by"
    action_type = "seen_by"
    aria_label = "Choose who may see the ticked entries"
    explained = "It counts at once."
    form_class = AudienceForm
    action_priority = 20

    @classmethod
    def execute_action(cls, objects: list[Entry], *, request: Any, told: Any, **more: Any) -> tuple[int, int]:
        return change(objects, event="entries_seen_by", request=request, visibility=told["visibility"]), 0


# Vocabularies of which an entry may have several words; a single choice (kind, level) is a decision for each entry.
FIELD_OF = {
    field.remote_field.limit_choices_to["taxonomy"]: field.name
    for field in Service._meta.many_to_many
    if field.related_model is TaxonomyTerm and isinstance(field.remote_field.limit_choices_to, dict)
    and "taxonomy" in field.remote_field.limit_choices_to
}  # fmt: skip


class TermChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: TaxonomyTerm) -> str:
        return f"{obj.taxonomy.name}: {obj.shown}"


class WordForm(forms.Form):
    term = TermChoice(
        label="Which word?",
        queryset=TaxonomyTerm.objects.none(),
        error_messages={"required": "Choose a word", "invalid_choice": "Choose a word of the list"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = TaxonomyTerm.objects.filter(taxonomy__in=FIELD_OF, in_use=True).select_related("taxonomy")
        self.fields["term"].queryset = words.order_by("taxonomy__name", "position", "label")  # type: ignore[attr-defined]


class AddWord(AtOnce):
    display_name = "Add a word"
    action_type = "add_word"
    aria_label = "Describe the ticked services with one more word"
    explained = "It is published at once where no draft waits; where one does, it waits with the draft."
    form_class = WordForm
    permission = "directory.publish_service"
    models: ClassVar[list[Any]] = [Service]
    action_priority = 40

    @classmethod
    def execute_action(cls, objects: list[Entry], *, request: Any, told: Any, **more: Any) -> tuple[int, int]:
        term = told["term"]
        field = FIELD_OF[term.taxonomy_id]
        many = 0
        for service in sorted(objects, key=lambda one: str(one.pk)):
            waits = service.has_unpublished_changes or not service.live  # asked before saving says yes to it
            words = service.get_latest_revision_as_object()
            held = getattr(words, field)
            if term in held.all():
                continue
            held.add(term)
            revision = words.save_revision(user=request.user, log_action=True)
            if not waits:
                revision.publish(user=request.user)
            many += 1
        return many, 0


ACTIONS: tuple[type[AtOnce], ...] = (CheckedToday, SetAudience, Suspend, AddWord)
