"""Pages that are made of pages: what is found among them, what search engines are told, an event for one's own calendar."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as drawn
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from cms import calendar
from cms.filters import PageSearchForm, turned
from directory.models import Service
from safekeeping import policy

ON_A_PAGE = 20
WORD = re.compile(r"\w+")
CALENDAR_FILE = "event.ics"


@require_safe
def find_pages(request: HttpRequest) -> HttpResponse:
    """Find pages by their words; services have a finder of their own, to which the page leads."""
    form = PageSearchForm(request.GET)
    text = " ".join(form.cleaned_data["text"].split()) if form.is_valid() else ""
    # Words only: the library puts what was typed between quotation marks, and one among them would end the question early.
    sought = " ".join(WORD.findall(text))
    context: dict[str, Any] = {"form": form, "text": text}
    if text:
        results = pages().search(sought) if sought else Page.objects.none()
        page = Paginator(results, ON_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "found": page,
            "rows": [
                one.specific for one in Page.objects.filter(pk__in=[row.pk for row in page.object_list]).specific()
            ],
            "before": turned(request.GET, page.previous_page_number()) if page.has_previous() else "",
            "after": turned(request.GET, page.next_page_number()) if page.has_next() else "",
        }
        order = [row.pk for row in page.object_list]
        context["rows"].sort(key=lambda one: order.index(one.pk))
    return render(request, "cms/find_pages.html", context, status=400 if form.errors else 200)


def pages() -> Any:
    """Return the pages that everybody may read, below the first one and that one too."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return Page.objects.none()
    return Page.objects.descendant_of(site.root_page, inclusive=True).live().public()


@require_safe
def event_calendar(request: HttpRequest, number: int) -> HttpResponse:
    """
    Give one date of an event as a file for a calendar.

    :raises Http404: if it is over, or of a page that not everybody may read
    """
    at = timezone.now()
    one = calendar.to_come(at=at).filter(pk=number).first()
    if one is None:
        raise Http404
    text = calendar.entry_of(one, address=f"{settings.BASE_URL}{one.page.url}", at=at)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{CALENDAR_FILE}"'
    return answer


class PagesMap(Sitemap):
    """The pages, the finder and the list of training."""

    def items(self) -> list[tuple[str, Any]]:
        above = Site.objects.select_related("root_page").filter(is_default_site=True).first()
        ways = [(reverse(name), None) for name in ("search:home", "search:find", "training:home")]
        start = above.root_page.url_path if above else "/"
        return ways + [
            (reverse("about") + path.removeprefix(start), told)
            for path, told in pages().order_by("path").values_list("url_path", "last_published_at")
        ]

    def location(self, item: tuple[str, Any]) -> str:
        return item[0]

    def lastmod(self, item: tuple[str, Any]) -> Any:
        return item[1]


class ServicesMap(Sitemap):
    """The services that somebody sees who has not signed in: none for professionals only, none that is hidden."""

    def items(self) -> Any:
        return Service.objects.visible_to(None).order_by("slug").values_list("slug", flat=True)

    def location(self, item: str) -> str:
        return reverse("directory:service", args=[item])


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Tell search engines what there is for everybody."""
    found: HttpResponse = drawn(
        request, {"pages": PagesMap(), "services": ServicesMap()}, content_type="application/xml"
    )
    return found


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines where to look: nowhere in a demonstration, and never at what was searched for."""
    if settings.ENVIRONMENT != "production":
        lines = ["User-agent: *", "Disallow: /"]
    else:
        closed = sorted({*policy.registry.private, f"{reverse('search:find')}?", f"{reverse('find_pages')}?"})
        lines = ["User-agent: *", *(f"Disallow: {one}" for one in closed)]
        lines += ["", f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
