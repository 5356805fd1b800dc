"""Addresses: what others link to, and what stays."""

from django.conf import settings
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("", include("search.urls")),
    path("", include("directory.urls")),
    path("", include("brokering.urls")),
    path("", include("training.urls")),
    path("", include("safekeeping.urls")),
    path("", include("cms.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if settings.ENVIRONMENT != "production":
    urlpatterns.insert(0, path("", include("config.development.urls")))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
