"""A practice review says how families and young people took part, before it is published in whatever way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from wagtail.models import Page

from cms.models import GovernancePage
from cms.models.governance import says_too_little


def stop(request: HttpRequest, chosen: Iterable[Any]) -> HttpResponseBase | None:
    """Return where to go instead of publishing, with the reason; None if nothing stands in the way."""
    pages = [one for one in chosen if isinstance(one, Page)]
    below = {found.pk for one in pages for found in one.get_descendants(inclusive=True).type(GovernancePage)}
    drafts = [one.get_latest_revision_as_object() for one in GovernancePage.objects.filter(pk__in=below)]
    silent = [one for one in drafts if says_too_little(one)]
    if not silent:
        return None
    messages.error(
        request,
        f"Say how families and young people took part in “{silent[0].title}” first. Nothing has been published.",
    )
    return redirect("wagtailadmin_pages:edit", silent[0].pk)
