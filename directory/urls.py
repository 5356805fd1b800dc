"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from directory.views import partner, public

app_name = "directory"
urlpatterns = [
    path("services/<slug:slug>/", public.service, name="service"),
    path("my-services/", partner.my_services, name="my_services"),
    path("my-services/places/<uuid:pk>/", partner.pool, name="pool"),
    path("my-services/places/<uuid:pk>/confirm/", partner.confirm, name="pool_confirm"),
    path("my-services/places/<uuid:pk>/reopen/", partner.reopen, name="pool_reopen"),
]
