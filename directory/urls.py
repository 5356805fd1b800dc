"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from directory.views import link, partner, public, whole

app_name = "directory"
urlpatterns = [
    path("services/<slug:slug>/", public.service, name="service"),
    path("for-providers/", public.for_providers, name="for_providers"),
    path("directory/print/", whole.on_paper, name="on_paper"),
    path("directory/services.<slug:form>", whole.as_table, name="as_table"),
    path("confirm/", link.confirm, name="confirm"),
    path("confirm/new-link/", link.new_link, name="new_link"),
    path("confirm/sent/", link.link_sent, name="link_sent"),
    path("my-services/", partner.my_services, name="my_services"),
    path("my-services/places/<uuid:pk>/", partner.pool, name="pool"),
    path("my-services/places/<uuid:pk>/confirm/", partner.confirm, name="pool_confirm"),
    path("my-services/places/<uuid:pk>/reopen/", partner.reopen, name="pool_reopen"),
    path("my-services/places/<uuid:pk>/another-day/", partner.another_day, name="another_day"),
    path("my-services/places/<uuid:pk>/call-off/", partner.call_off, name="call_off"),
    path("my-services/links/stop/", partner.stop_links, name="stop_links"),
]
