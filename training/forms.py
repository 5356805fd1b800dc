"""The shape of what people say: who wants a seat, and the team that plans a session or calls it off."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms

from directory.models import AddressVisibility, Location
from safekeeping import assumptions
from safekeeping.forms import DatePartsField, Radios, TimeField
from safekeeping.working_time import LONDON
from training import conditions
from training.assumptions import terms
from training.bookings import MOST_CHARACTERS
from training.models import CalledOff, Course, CourseSession
from training.sessions import MOST_SEATS, Plan

MOST_YEARS_AHEAD = 3
ROOM, ONLINE = "room", "online"


class BookingForm(forms.Form):
    """What is asked of somebody who wants a seat: no more than the trainer and their manager have to know."""

    needs = forms.CharField(
        label="Is there anything you need so that you can take part?",
        help_text="Such as a hearing loop, step-free access or food you cannot eat. Only the team that runs it reads this.",
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MOST_CHARACTERS}),
        error_messages={"max_length": f"Use {MOST_CHARACTERS} characters or fewer"},
    )
    manager_agreed = forms.BooleanField(
        label="My manager has agreed that I come",
        error_messages={"required": "Tick this once your manager has agreed"},
    )


class SessionForm(forms.Form):
    """When, where and for how many."""

    course = forms.ModelChoiceField(queryset=Course.objects.published(), empty_label="Choose a course")
    on = DatePartsField(label="Which day?", help_text="For example, 3 12 2026")
    begins = TimeField(label="From", help_text="For example, 9.30am")
    last_day = DatePartsField(label="Until which day? (only if it is another)", required=False)
    ends = TimeField(label="Until", help_text="For example, 12.45pm")
    how = forms.ChoiceField(
        label="Where?",
        choices=[(ROOM, "In a room"), (ONLINE, "Online, live")],
        widget=Radios,
        error_messages={"required": "Choose where it is"},
    )
    location = forms.ModelChoiceField(
        label="Which place?", queryset=Location.objects.none(), required=False, empty_label="Choose a place"
    )
    room = forms.CharField(label="Which room? (optional)", max_length=80, required=False)
    seats = forms.IntegerField(
        label="How many seats are there?",
        min_value=1,
        max_value=MOST_SEATS,
        error_messages={
            "required": "Enter how many seats there are",
            "invalid": "Enter the seats as a whole number, such as 18",
            "min_value": "Enter 1 or more",
            "max_value": f"Enter {MOST_SEATS} or fewer",
        },
    )
    elsewhere = forms.IntegerField(
        label="How many of them were given by e-mail or telephone?",
        min_value=0,
        max_value=MOST_SEATS,
        initial=0,
        error_messages={
            "required": "Enter 0 if there are none",
            "invalid": "Enter the seats as a whole number, such as 2",
            "min_value": "Enter 0 or more",
            "max_value": f"Enter {MOST_SEATS} or fewer",
        },
    )
    closes_on = DatePartsField(
        label="What is the last day to book? (optional)",
        required=False,
    )
    joining = forms.CharField(
        label="How to join",
        help_text="A link, the way to the room, what to bring. Only people with a seat read this.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at
        self.fields["closes_on"].help_text = f"If you leave this empty: {assumptions.in_words('seats.close')} before."
        places = Location.objects.filter(kind=Location.Kind.VENUE, address_visibility=AddressVisibility.FULL)
        self.fields["location"].queryset = places

    @classmethod
    def of(cls, row: CourseSession, *, at: datetime) -> SessionForm:
        """Return the form filled in with what the session says now."""
        form = cls(at=at, initial=said_by(row))
        form.fields["course"].disabled = True
        return form

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("how") == ROOM and not told.get("location") and "location" not in self.errors:
            self.add_error("location", "Choose the place")
        seats, elsewhere = told.get("seats"), told.get("elsewhere")
        if seats is not None and elsewhere is not None and elsewhere > seats:
            self.add_error("elsewhere", "Enter no more than there are seats")
        if all(told.get(name) is not None for name in ("on", "begins", "ends")) and "last_day" not in self.errors:
            self.check_times(told)
        return told

    def check_times(self, told: dict[str, Any]) -> None:
        """Refuse what lies behind, too far ahead, or in the wrong order."""
        last = told.get("last_day") or told["on"]
        today = self.at.astimezone(LONDON).date()
        if not today < told["on"] < today + timedelta(days=365 * MOST_YEARS_AHEAD):
            self.add_error("on", f"Enter a day after today, within {MOST_YEARS_AHEAD} years")
        elif not told["on"] <= last <= told["on"] + timedelta(days=14):
            self.add_error("last_day", "Enter the same day or one within two weeks of it")
        elif (last, told["ends"]) <= (told["on"], told["begins"]):
            self.add_error("ends", "It must end after it begins")
        elif told.get("closes_on") and not today <= told["closes_on"] <= told["on"]:
            self.add_error("closes_on", "Enter a day from today until the session")

    def plan(self) -> Plan:
        """Return what was said, in UTC where it is a moment."""
        told = self.cleaned_data
        starts = datetime.combine(told["on"], told["begins"], tzinfo=LONDON)
        closes = (
            conditions.end_of(told["closes_on"])
            if told["closes_on"]
            else conditions.booking_closes(starts, terms=terms())
        )
        return Plan(
            starts_at=starts,
            ends_at=datetime.combine(told["last_day"] or told["on"], told["ends"], tzinfo=LONDON),
            booking_closes_at=min(closes, starts),
            location=told["location"] if told["how"] == ROOM else None,
            room=told["room"].strip(),
            seats=told["seats"],
            elsewhere=told["elsewhere"],
            joining=told["joining"].strip(),
        )


def said_by(row: CourseSession) -> dict[str, Any]:
    """Return a session as its form would say it."""
    starts, ends = row.starts_at.astimezone(LONDON), row.ends_at.astimezone(LONDON)
    closes = row.booking_closes_at.astimezone(LONDON)
    return {
        "course": row.course_id,
        "on": starts.date(),
        "begins": time(starts.hour, starts.minute),
        "last_day": ends.date() if ends.date() != starts.date() else None,
        "ends": time(ends.hour, ends.minute),
        "how": ONLINE if row.online else ROOM,
        "location": row.location_id,
        "room": row.room,
        "seats": row.pool.total,
        "elsewhere": row.pool.external_occupied,
        "closes_on": (closes - timedelta(minutes=1)).date(),
        "joining": row.joining,
        "version": row.version,
    }


class CallOffForm(forms.Form):
    """Why a session does not take place."""

    because = forms.ChoiceField(
        label="Why?",
        help_text="Everybody who has a seat is told this by e-mail.",
        choices=CalledOff.choices,
        widget=Radios,
        error_messages={"required": "Choose why"},
    )
