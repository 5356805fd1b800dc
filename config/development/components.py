"""Every part of the design system on one page, as documentation and as something to look at after a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from config.templatetags.look import SHAPES
from safekeeping.forms import Checkboxes, DatePartsField, Radios


@dataclass(frozen=True, slots=True)
class Shown:
    """Stands in for a pool's availability."""

    state: str
    words: str
    when: str
    total: int = 8
    free: int = 0
    held: int = 0


STATES = (
    Shown("available", "3 places free", "Checked 2 days ago", total=12, free=3, held=1),
    Shown("limited", "1 place left", "Checked today", free=1),
    Shown("full_waitlist_open", "Full, waiting list about 4 weeks", "Checked 5 days ago"),
    Shown("full_waitlist_closed", "Full, waiting list closed", "Checked 3 days ago"),
    Shown("unconfirmed", "Not confirmed", "Last checked 16 days ago. Ring before you promise anything."),
    Shown("paused", "Paused until 14 December", "Checked 2 days ago"),
    Shown("not_yet_open", "Opens on 4 January", "Checked today"),
    Shown("ended", "Ended on 30 October", "Checked 3 weeks ago"),
    Shown("open_access", "Drop in", "", total=0),
    Shown("information_only", "For information", "", total=0),
)
YES_NO = [("yes", "Yes"), ("no", "No")]


class Example(forms.Form):
    """One question of every kind."""

    postcode = forms.CharField(
        label="Where does the child live?",
        help_text="Full postcode. We use it once, to find the council and the ward.",
        max_length=10,
        error_messages={"required": "Enter a full postcode"},
    )
    danger = forms.ChoiceField(label="Is a child in danger right now?", choices=YES_NO, widget=Radios)
    harm = forms.ChoiceField(label="Have you seen signs of harm?", choices=YES_NO, widget=Radios)
    told = forms.CharField(label="When did you tell them?", required=False)
    worker = forms.ChoiceField(
        label="Does the child have a social worker now?",
        help_text="If they do, they should hear about this from you before we start.",
        choices=[*YES_NO, ("unknown", "I don’t know")],
        widget=Radios(hints={"unknown": "That’s fine. We will find out and tell you."}),
        error_messages={"required": "Choose yes, no, or I don’t know"},
    )
    born = DatePartsField(label="When was the child born?", help_text="For example, 27 3 2012")
    safe = forms.MultipleChoiceField(
        label="What is safe on that phone?",
        choices=[("ring", "Ring"), ("text", "Send a text"), ("none", "None of these")],
        widget=Checkboxes(none="none"),
        error_messages={"required": "Choose what is safe, or “none of these”"},
    )
    wishes = forms.CharField(
        label="What does the child want?",
        help_text="Their own words. No names.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(
        label="Kind of support", choices=[("", "Choose"), ("mentor", "Mentoring"), ("youth", "Youth work")]
    )
    places = forms.IntegerField(label="Places in all", initial=12)
    password = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    agreed = forms.BooleanField(label="The child has said yes", help_text="We ask again before anything starts.")


def components(request: HttpRequest) -> HttpResponse:
    """Show everything; `?answered` shows the form with its errors."""
    at = timezone.now()
    form = Example({"born_day": "3", "danger": "no", "harm": "yes"} if "answered" in request.GET else None)
    return render(request, "development/components.html", {"form": form, "at": at, **_examples(at)})


def _examples(at: datetime) -> dict[str, object]:
    return {
        "states": STATES,
        "shapes": sorted(SHAPES),
        "deadlines": [at - timedelta(days=1), at + timedelta(minutes=1), at + timedelta(days=2)],
        "found": [("fits", "Local mentors, as asked"), ("partly", "Mostly Wednesdays"), ("not", "Ages 8 to 12 only")],
        "columns": ["What", "You, now", "If you say yes", "If you say no"],
        "rows": [
            ["Name, how to get in touch", "Hidden", "Shown to you", "Never shown"],
            ["What is on this page", "Shown", "Shown", "Gone from your screen"],
        ],
        "events": [
            ("Matched: 3 fit, 3 nearly", at, "you", ""),
            ("Asked for", at - timedelta(days=7), "", "Safety questions answered. The front door was told"),
        ],
        "tags": [("Age 14", "?answered"), ("Knives or weapons", "?answered")],
    }
