"""A service's own page, for whoever may see it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory import service_page, signposts
from directory.models import Service
from safekeeping import policy
from safekeeping.policy import Hat


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Show who a service is for, whether there is room, what happens there and how to ask.

    :raises Http404: if there is none, or this reader may not see it
    """
    hat = getattr(request, "hat", None)
    at = timezone.now()
    row = Service.objects.visible_to(hat).filter(slug=slug).values_list("pk", flat=True).first()
    page = service_page.page_of(row, hat=hat, at=at) if row else None
    if page is None:
        raise Http404
    context: dict[str, Any] = {"page": page, "card": page.card, "at": at, "ask_url": ask_url(page, hat=hat)}
    # What is not for everybody, or has to be talked about first, is not passed on by e-mail.
    context["sendable"] = not page.card.restricted and (
        hat is None or Service.objects.visible_to(None).filter(pk=row).exists()
    )
    context["signposts"] = signposts.beside(slug, hat)
    return render(request, "directory/service.html", context)


def ask_url(page: service_page.ServicePage, *, hat: Hat | None) -> str:
    """Return where to ask for it, "" where that is not asked for here, or not by this hat."""
    if not (page.asks_here and policy.is_for("brokering:start", hat)):
        return ""
    try:
        return f"{reverse('brokering:start')}?service={page.card.slug}"
    except NoReverseMatch:
        return ""


@require_safe
def for_providers(request: HttpRequest) -> HttpResponse:
    """Say what a provider does here, and where each of it is done."""
    return render(request, "directory/for_providers.html")
