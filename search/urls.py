"""Addresses of the finder."""

from __future__ import annotations

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("", views.home, name="home"),
    path("find/", views.find, name="find"),
    path("find/suggestions/", views.suggestions, name="suggestions"),
]
