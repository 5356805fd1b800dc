"""
Addresses of the pages that stewards write, all under /about/, and of the pictures in them.

Wagtail's own list is not included: it brings a sign-in page and a password page of its own.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import path, re_path
from django.views.static import serve as serve_file
from wagtail.views import serve

from cms import views
from cms.account import own_desk

# The four pages that every page's footer links to have names, so that the links outlive a steward's renaming.
urlpatterns = [
    path("admin/account/", own_desk, name="own_desk"),  # in front of Wagtail's, which asks for names and a portrait
    path("about/", serve, {"path": ""}, name="about"),
    path("about/how-we-use-information/", serve, {"path": "how-we-use-information/"}, name="privacy"),
    path("about/accessibility/", serve, {"path": "accessibility/"}, name="accessibility"),
    path("about/something-wrong/", serve, {"path": "something-wrong/"}, name="feedback"),
    path("about/search/", views.find_pages, name="find_pages"),
    path("calendar/<int:number>.ics", views.event_calendar, name="event_calendar"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    re_path(r"^about/((?:[\w\-]+/)*)$", serve, name="wagtail_serve"),
    # Pictures only, and only as the formats that Wagtail has decoded; documents go through their own view.
    re_path(
        r"^media/(?P<path>images/[\w.\-]+\.(?:png|jpe?g|gif|webp))$",
        serve_file,
        {"document_root": settings.MEDIA_ROOT},
        name="picture",
    ),
]
