"""Addresses of the finder."""

from __future__ import annotations

from django.urls import path

from search import views, views_saved, views_shortlist

app_name = "search"
urlpatterns = [
    path("", views.home, name="home"),
    path("find/", views.find, name="find"),
    path("shortlist/", views_shortlist.shortlist, name="shortlist"),
    path("shortlist/add/", views_shortlist.add, name="shortlist_add"),
    path("shortlist/remove/", views_shortlist.remove, name="shortlist_remove"),
    path("shortlist/empty/", views_shortlist.empty, name="shortlist_empty"),
    path("shortlist/compare/", views_shortlist.compare, name="compare"),
    path("shortlist/shared/", views_shortlist.shared, name="shared"),
    path("services/<slug:slug>/e-mail/", views_shortlist.send, name="send"),
    path("services/<slug:slug>/e-mail/sent/", views_shortlist.sent, name="sent"),
    path("saved-searches/", views_saved.saved_searches, name="saved"),
    path("saved-searches/new/", views_saved.save, name="save"),
    path("saved-searches/<uuid:pk>/", views_saved.saved_search, name="saved_search"),
    path("saved-searches/<uuid:pk>/pause/", views_saved.pause, name="saved_pause"),
    path("saved-searches/<uuid:pk>/go-on/", views_saved.go_on, name="saved_go_on"),
    path("saved-searches/<uuid:pk>/delete/", views_saved.delete, name="saved_delete"),
    path("stop-search-e-mails/", views_saved.stop, name="stop"),
    path("find/suggestions/", views.suggestions, name="suggestions"),
    path("find/outlines.json", views.outlines, name="outlines"),
]
