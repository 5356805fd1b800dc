"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from directory.views import facts, link, partner, public, report, words

app_name = "directory"
urlpatterns = [
    path("services/<slug:slug>/", public.service, name="service"),
    path("services/<slug:slug>/wrong/", report.about_service, name="report_service"),
    path("organizations/<slug:slug>/wrong/", report.about_organization, name="report_organization"),
    path("wrong/", report.about_page, name="report_page"),
    path("suggest-a-service/", report.suggest, name="suggest"),
    path("reports/<uuid:ref>/", report.report, name="report"),
    path("my-services/reports/", report.our_reports, name="our_reports"),
    path("for-providers/", public.for_providers, name="for_providers"),
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
    # what a partner writes of its services, its organization and its places
    path("my-services/services/", words.our_services, name="our_services"),
    path("my-services/services/new/", words.new_service, name="new_service"),
    path("my-services/services/<uuid:pk>/", words.overview, name="our_service"),
    path("my-services/services/<uuid:pk>/preview/", words.preview, name="our_service_preview"),
    path("my-services/services/<uuid:pk>/send/", words.send, name="our_service_send"),
    path("my-services/services/<uuid:pk>/withdraw/", words.withdraw, name="our_service_withdraw"),
    path("my-services/services/<uuid:pk>/discard/", words.discard, name="our_service_discard"),
    path("my-services/services/<uuid:pk>/where/", facts.where, name="our_service_where"),
    path("my-services/services/<uuid:pk>/times/", facts.times, name="our_service_times"),
    path("my-services/services/<uuid:pk>/closed/", facts.closures, name="our_service_closures"),
    path("my-services/services/<uuid:pk>/words/<slug:section>/", words.write, name="our_service_words"),
    path("my-organization/", words.overview, name="our_organization"),
    path("my-organization/preview/", words.preview, name="our_organization_preview"),
    path("my-organization/send/", words.send, name="our_organization_send"),
    path("my-organization/withdraw/", words.withdraw, name="our_organization_withdraw"),
    path("my-organization/discard/", words.discard, name="our_organization_discard"),
    path("my-organization/words/", words.write, name="our_organization_words"),
    path("my-organization/places/", facts.venues, name="our_venues"),
    path("my-organization/places/new/", facts.new_venue, name="our_venue_new"),
    path("my-organization/places/<uuid:pk>/", facts.venue, name="our_venue"),
    path("my-organization/places/<uuid:pk>/withdraw/", facts.withdraw_visibility, name="our_venue_withdraw"),
]
