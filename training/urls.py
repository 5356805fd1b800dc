"""Addresses of training. A course's name comes last, so that no course can be called like a page."""

from __future__ import annotations

from django.urls import path

from training.views import mine, public, team

app_name = "training"
run = "training/run/<uuid:ref>/"
urlpatterns = [
    path("training/", public.home, name="home"),
    path("training/sessions/<uuid:ref>/", public.session, name="session"),
    path("training/bookings/", mine.bookings, name="bookings"),
    path("training/bookings/new/<uuid:ref>/", mine.book, name="book"),
    path("training/bookings/<uuid:ref>/", mine.booking, name="booking"),
    path("training/bookings/<uuid:ref>/cancel/", mine.cancel, name="cancel"),
    path("training/bookings/<uuid:ref>/training.ics", mine.calendar, name="calendar"),
    path("training/run/", team.run, name="run"),
    path("training/run/new/", team.plan, name="plan"),
    path(run, team.register, name="register"),
    path(f"{run}change/", team.change, name="change"),
    path(f"{run}open/", team.open_for_booking, name="open"),
    path(f"{run}call-off/", team.call_off, name="call_off"),
    path("training/<slug:slug>/", public.course, name="course"),
]
