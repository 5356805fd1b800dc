"""Views of the admin that do what they do in one transaction, news included: the finder follows, or nothing happened."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.views import generic
from wagtail.admin.widgets import Button
from wagtail.models import TaskState
from wagtail.snippets.views import snippets

from cms.forms import RejectionForm
from cms.news import services_of
from directory import words
from directory.models import Organization, OrganizationStanding, Service, ServiceStanding
from directory.signals import tell


class SavesAtOnce:
    """Saving, publishing and answering a workflow's question stand or fall together; Wagtail would part them."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        with transaction.atomic():
            return super().form_valid(form)  # type: ignore[misc]


class CreateEntry(SavesAtOnce, snippets.CreateView):
    """A new service or organization has a standing from its first moment; it is shown once it is published."""

    def save_instance(self) -> Service | Organization:
        made: Service | Organization = super().save_instance()
        if isinstance(made, Service):
            ServiceStanding.objects.create(service=made)
        else:
            OrganizationStanding.objects.create(organization=made)
        return made


class CreateCourse(SavesAtOnce, snippets.CreateView):
    pass


WHY = "Say why it is not approved: whoever sent it has to know what to change."


class EditEntry(SavesAtOnce, snippets.EditView):
    """Nobody's newer draft is written over unseen, and no proposal is refused without a reason."""

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):
            return False
        if self.action == "workflow-action" and self.refuses_without_reason():
            self.produced_error_message = WHY
            return False
        if not self.expects_json_response and self.came_second():
            self.produced_error_message = self.what_the_other_wrote(form)
            return False
        return True

    def refuses_without_reason(self) -> bool:
        """Say whether this is a no without a word about why."""
        if self.request.POST.get("workflow-action-name") != "reject":
            return False
        try:
            told = json.loads(self.request.POST.get("workflow-action-extra-data") or "{}")
            return not str(told.get("comment") or "").strip()
        except (ValueError, AttributeError):
            return True

    def came_second(self) -> bool:
        """Say whether somebody has saved another draft since this page was opened, also where there was none before."""
        loaded = self.request.POST.get("loaded_revision_id") or self.request.POST.get("overwrite_revision_id")
        return bool(self.is_out_of_date or (self.latest_revision and not loaded))

    def what_the_other_wrote(self, form: Any) -> str:
        """Return a message with the text of the other in each field that differs."""
        public = self.model._default_manager.get(pk=self.object.pk)
        theirs, ours = words.values_of(public.get_latest_revision_as_object()), words.values_of(form.instance)
        differing = words.differences(public, theirs, ours)
        told = " ".join(f"{one.label}: “{' / '.join(one.was)}”." for one in differing)
        return (
            "Somebody else has saved newer words while you were writing. Nothing is lost: yours are in the fields below and "
            f"not saved yet. Theirs, where they differ: {told} Save again to put yours in their place."
        )


class EditService(EditEntry):
    """A service's words lead to its places, which no draft carries."""

    @property
    def header_more_buttons(self) -> list[Button]:
        places = reverse("places_of_service", args=[self.object.pk])
        return [*super().header_more_buttons, Button("Places, and asking for them", url=places, icon_name="group")]


class UnpublishEntry(snippets.UnpublishView):
    def unpublish(self) -> HttpResponseBase | None:
        with transaction.atomic():
            return super().unpublish()


class ReasonForNo:
    """A no is asked for its reason."""

    def get_form_class(self) -> Any:
        return RejectionForm if self.action_name == "reject" else super().get_form_class()  # type: ignore[attr-defined,misc]


class CollectDecision(ReasonForNo, snippets.CollectWorkflowActionDataView):
    pass


class DecideOnEntry(ReasonForNo, snippets.WorkflowActionView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            # Whoever takes it back, or decides, at the same moment holds this row: what is read after it is true.
            self.model._default_manager.select_for_update().get(pk=self.object.pk)
            self.task_state = self.get_task_state()
            if self.task_state.status != TaskState.STATUS_IN_PROGRESS:
                self.add_not_in_moderation_error()
                return redirect(self.redirect_url)
            told = self.form_class(request.POST) if self.form_class else None
            if told is not None and not told.is_valid() and request.headers.get("x-requested-with") is None:
                messages.error(request, WHY)
                return redirect(self.redirect_url)
            return super().post(request, *args, **kwargs)


class Told:
    """Live at once: what is saved is told to the finder, for the services it was about before and those it is about now."""

    def save_instance(self) -> Any:
        with transaction.atomic():
            kept = self.model._default_manager.filter(pk=self.form.instance.pk).first()  # type: ignore[attr-defined]
            before = services_of(kept) if kept else set()
            saved = super().save_instance()  # type: ignore[misc]
            tell(type(saved), before | services_of(saved))
        return saved


class CreateFact(Told, generic.CreateView):
    pass


class EditFact(Told, generic.EditView):
    pass


class DeleteFact(generic.DeleteView):
    def delete_action(self) -> None:
        with transaction.atomic():
            about = services_of(self.object)
            super().delete_action()
            tell(type(self.object), about)
