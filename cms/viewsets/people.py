"""Who works for whom, as what, until when. Passwords and second factors are nobody's to see, here or elsewhere."""

from __future__ import annotations

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.forms import MembershipForm
from cms.viewsets.facts import joining
from directory.models import Membership, Organization, Role
from safekeeping import audit


class Recorded:
    """Granting and ending a membership stands in the audit trail, or it did not happen."""

    event = ""

    def save_instance(self) -> Membership:
        with transaction.atomic():
            membership = self.form.instance  # type: ignore[attr-defined]
            changed = self.form.changed_data  # type: ignore[attr-defined]
            membership.granted_by = self.request.user  # type: ignore[attr-defined]
            saved: Membership = super().save_instance()  # type: ignore[misc]
            audit.record(
                self.event,
                by=self.request.hat,  # type: ignore[attr-defined]
                at=timezone.now(),
                subject="membership",
                ref=str(saved.pk),
                fields=changed,
            )
        return saved


class GrantMembership(Recorded, generic.CreateView):
    event = "membership_granted"


class ChangeMembership(Recorded, generic.EditView):
    event = "membership_changed"

    def get_queryset(self) -> QuerySet[Membership]:
        # One's own memberships are somebody else's to change: here they are not there.
        found: QuerySet[Membership] = Membership.objects.exclude(user=self.request.user)
        return found


class MembershipFilterSet(WagtailFilterSet):
    role = django_filters.ChoiceFilter(choices=Role.choices)
    organization = django_filters.ModelChoiceFilter(queryset=Organization.objects.all())

    class Meta:
        model = Membership
        fields: list[str] = []


class MembershipViewSet(ModelViewSet):
    model = Membership
    name = "membership"
    url_prefix = "directory/memberships"
    icon = "key"
    menu_label = "Memberships"
    menu_order = 700
    add_to_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = joining("user", "organization")
    add_view_class = GrantMembership
    edit_view_class = ChangeMembership
    filterset_class = MembershipFilterSet
    search_fields = ["user__name", "user__email", "organization__name"]
    list_display = [
        Column("user", label="Person", sort_key="user__name"),
        Column("role", accessor="get_role_display", sort_key="role"),
        Column("organization", sort_key="organization__name"),
        Column("from_on", label="From", sort_key="from_on"),
        Column("until_on", label="Until", sort_key="until_on"),
        Column("ended_at", label="Ended", sort_key="ended_at"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("user"),
            FieldRowPanel([FieldPanel("organization"), FieldPanel("role")]),
            FieldPanel("job_title"),
            FieldPanel("localities"),
            FieldPanel("citywide"),
            FieldRowPanel([FieldPanel("from_on"), FieldPanel("until_on")]),
            FieldPanel("reason"),
        ],
        base_form_class=MembershipForm,
    )
