"""What a steward says once for every page: changed at once, and each time on record."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.forms import SiteWordsForm
from cms.models import SiteWords
from cms.models.site import ONLY
from safekeeping import audit


class OnlyOne(generic.IndexView):
    """There is one row: the list leads to it."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        SiteWords.objects.get_or_create(pk=ONLY)
        return redirect(reverse("sitewords:edit", args=[ONLY]))


class ChangeWords(generic.EditView):
    def save_instance(self) -> SiteWords:
        with transaction.atomic():
            changed = self.form.changed_data
            saved: SiteWords = super().save_instance()
            audit.record(
                "site_words_changed",
                by=self.request.hat,
                at=timezone.now(),
                subject="site_words",
                ref=str(saved.pk),
                fields=changed,
            )
        return saved


class SiteWordsViewSet(ModelViewSet):
    model = SiteWords
    name = "sitewords"
    url_prefix = "directory/site"
    icon = "cogs"
    menu_label = "Words on every page"
    menu_order = 131
    add_to_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = OnlyOne
    edit_view_class = ChangeWords
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("front_door_telephone"), FieldPanel("front_door_hours")]),
                    FieldRowPanel([FieldPanel("late_name"), FieldPanel("late_telephone")]),
                ],
                heading="Whom a worried adult calls",
            ),
            FieldPanel("finder_note"),
            FieldPanel("footer"),
        ],
        base_form_class=SiteWordsForm,
    )
