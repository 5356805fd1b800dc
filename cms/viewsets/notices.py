"""What is said above every page for a while: switched on and off by a steward, at once, and each time on record."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.forms import NoticeForm
from cms.models import SafetyNotice
from safekeeping import audit


def record(action: str, notice_id: int, request: HttpRequest) -> None:
    """Write down that somebody changed what every page says; what it says is on every page."""
    audit.record(action, by=request.hat, at=timezone.now(), subject="safety_notice", ref=str(notice_id))


class Recorded:
    event = ""

    def save_instance(self) -> SafetyNotice:
        with transaction.atomic():
            saved: SafetyNotice = super().save_instance()  # type: ignore[misc]
            record(self.event, saved.pk, self.request)  # type: ignore[attr-defined]
        return saved


class SetNotice(Recorded, generic.CreateView):
    event = "safety_notice_set"


class ChangeNotice(Recorded, generic.EditView):
    event = "safety_notice_changed"


class RemoveNotice(generic.DeleteView):
    def delete_action(self) -> None:
        with transaction.atomic():
            number = self.object.pk
            super().delete_action()
            record("safety_notice_removed", number, self.request)


def is_shown(notice: SafetyNotice) -> bool:
    """Tell whether the notice is in force now."""
    return notice.from_at <= timezone.now() < notice.until_at


class SafetyNoticeViewSet(ModelViewSet):
    model = SafetyNotice
    name = "safetynotice"
    url_prefix = "directory/notices"
    icon = "warning"
    menu_label = "Notice on every page"
    menu_order = 130
    add_to_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = SetNotice
    edit_view_class = ChangeNotice
    delete_view_class = RemoveNotice
    list_export = ["text", "telephone", "from_at", "until_at"]
    list_display = [
        "text",
        BooleanColumn("shown", label="Shown now", accessor=is_shown),
        Column("from_at", label="From", sort_key="from_at"),
        Column("until_at", label="Until", sort_key="until_at"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("text"),
            FieldPanel("telephone"),
            FieldRowPanel([FieldPanel("from_at"), FieldPanel("until_at")]),
        ],
        base_form_class=NoticeForm,
    )
