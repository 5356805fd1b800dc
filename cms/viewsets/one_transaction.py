"""Views of the admin that do what they do in one transaction, news included: the finder follows, or nothing happened."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.views import generic
from wagtail.snippets.views import snippets

from cms.news import services_of, tell
from directory.models import Organization, OrganizationStanding, Service, ServiceStanding


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


class EditEntry(SavesAtOnce, snippets.EditView):
    pass


class UnpublishEntry(snippets.UnpublishView):
    def unpublish(self) -> HttpResponseBase | None:
        with transaction.atomic():
            return super().unpublish()


class DecideOnEntry(snippets.WorkflowActionView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
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
