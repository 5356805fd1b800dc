"""
The shape of what a provider may say about its places: one form for each way of counting, and `form_for` that chooses it.

Every form knows the version of the pool that it was filled in against, keeps what was typed, and becomes a `Declaration`.
Whoever asks a provider for figures, on a page or from a mail, asks through `form_for`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from directory.availability import LONDON
from directory.capacity import MOST_PLACES, Declaration, NewPool, SessionDay, schools
from directory.models import CapacityModel, CapacityPool, OnCall, Organization, Service
from directory.report_forms import told_of_people
from safekeeping.forms import Checkboxes, DatePartsField, Radios, TimeField

# A session further ahead is a mistyped year.
MOST_DAYS_AHEAD = 366
OPEN, PAUSED = "open", "paused"
WAITLIST_OPEN, WAITLIST_CLOSED = "open", "closed"


def figure(label: str, *, ask: str, such_as: int, help_text: str = "") -> forms.IntegerField:
    """Return a field for a whole number of things, 0 to 999; ``ask`` completes "Enter …"."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_value=MOST_PLACES,
        error_messages={
            "required": f"Enter {ask}, such as {such_as}",
            "invalid": f"Enter {ask} as a whole number, such as {such_as}",
            "min_value": f"{label} must be 0 or more",
            "max_value": f"{label} must be {MOST_PLACES} or fewer",
        },
    )


def taking_new(label: str, is_open: str, is_paused: str, *, ask: str) -> forms.ChoiceField:
    """Return the choice between taking somebody new and not for now; ``ask`` completes "Choose …"."""
    return forms.ChoiceField(
        label=label,
        choices=[(OPEN, is_open), (PAUSED, is_paused)],
        widget=forms.RadioSelect,
        error_messages={"required": f"Choose {ask}"},
    )


class PlacesForm(forms.Form):
    """What every pool can say, and all that one without a count says: whether it is open."""

    taking = taking_new("Is it running?", "Yes", "Not for now", ask="whether it is running")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    field_order = ("on_call", "total", "external_occupied", "sure", "taking", "waitlist", "wait_weeks", "version")
    # The numbers that stand side by side, in this order.
    numbers: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, pool: CapacityPool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pool = pool
        self.asks_if_sure = False

    @classmethod
    def of(cls, pool: CapacityPool, **options: Any) -> PlacesForm:
        """Return the form filled in with what the pool says now."""
        return cls(
            pool=pool,
            initial={
                "on_call": pool.on_call,
                "total": pool.total,
                "external_occupied": pool.external_occupied,
                "taking": PAUSED if pool.paused_at else OPEN,
                "waitlist": WAITLIST_OPEN if pool.waitlist_open else WAITLIST_CLOSED,
                "wait_weeks": pool.wait_weeks,
                "version": pool.version,
            },
            **options,
        )

    def after_somebody_else(self, pool: CapacityPool) -> PlacesForm:
        """Return the form as it was typed, against the figures that somebody else has written meanwhile."""
        typed = self.data.copy()
        typed["version"] = str(pool.version)
        again = type(self)(typed, pool=pool, auto_id=self.auto_id)
        again.add_error(
            None,
            "Somebody else changed these figures while you were typing. Theirs are shown above, yours are below. "
            "Save again if yours are right",
        )
        return again

    @property
    def figures(self) -> list[forms.BoundField]:
        """The numbers, for the template."""
        return [self[name] for name in self.numbers]

    def declaration(self) -> Declaration:
        """Return what the provider said."""
        told = self.cleaned_data
        return Declaration(
            total=told.get("total"),
            external_occupied=told.get("external_occupied") or 0,
            waitlist_open=told.get("waitlist") == WAITLIST_OPEN,
            wait_weeks=told.get("wait_weeks"),
            taking_new=told["taking"] == OPEN,
            on_call=told.get("on_call", ""),
        )


class CountedForm(PlacesForm):
    """How much there is and how much others have: numbers only, nobody's name. A cut is asked about once, then kept."""

    total = figure("Places in all", ask="how many places there are in all", such_as=12)
    external_occupied = figure(
        "Taken by others",
        ask="how many places others have taken",
        such_as=4,
        help_text="A number only, no names: young people who have a place with you but did not come through us.",
    )
    taking = taking_new(
        "New offers", "Open", "Paused: offer us nobody new for now", ask="whether you can be offered somebody new"
    )
    sure = forms.BooleanField(label="Yes, save it: nobody loses their place", required=False)

    numbers = ("total", "external_occupied")
    too_few: ClassVar[str] = (
        "{taken} young people already have a place, {over} more than this. Nobody loses their place, but no one new will be "
        "offered. If that is right, tick the box below and save again"
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        total, external = told.get("total"), told.get("external_occupied")
        if total is not None and external is not None:
            taken = external + self.pool.occupied
            if taken > total and not told.get("sure"):
                self.asks_if_sure = True
                self.add_error("total", self.too_few.format(taken=taken, over=taken - total))
        return told


class WaitingForm(CountedForm):
    """Places for which young people may wait: a caseload, a group, the places in one school."""

    waitlist = forms.ChoiceField(
        label="Waiting list",
        choices=[(WAITLIST_OPEN, "Open"), (WAITLIST_CLOSED, "Closed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your waiting list is open"},
    )
    wait_weeks = forms.IntegerField(
        label="About how many weeks is the wait?",
        help_text="Only if the waiting list is open. Leave it empty if you cannot say.",
        required=False,
        min_value=1,
        max_value=104,
        error_messages={
            "invalid": "Enter the wait in whole weeks, such as 4",
            "min_value": "The wait must be 1 week or more",
            "max_value": "The wait must be 104 weeks or fewer",
        },
    )


class SchoolForm(WaitingForm):
    """The places that a worker has in one host school."""

    external_occupied = figure(
        "Taken now",
        ask="how many places are taken now",
        such_as=4,
        help_text="A number only, no names: pupils who work with you and did not come through us.",
    )


class SessionForm(CountedForm):
    """A session on a day: once it has begun, nothing more is asked."""

    total = figure("Room for", ask="how many the session has room for", such_as=8)
    external_occupied = figure(
        "Booked with you",
        ask="how many have booked with you directly",
        such_as=3,
        help_text="A number only, no names: those who did not come through us.",
    )
    taking = taking_new("Bookings", "Open", "Closed: nobody new for now", ask="whether people can book")
    too_few = (
        "{taken} have booked already, {over} more than this. Nobody loses their place, but no one new can book. If that is "
        "right, tick the box below and save again"
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if self.pool.starts_on is None:
            self.add_error(None, "Say first on which day it is: sign in, and add a day under “Our places”")
        return told


class AnotherDayForm(forms.Form):
    """When a session takes place besides, and for how many."""

    on = DatePartsField(
        label="On which day?",
        help_text="For example, 3 12 2026",
        error_messages={"required": "Enter the day, like 3 12 2026"},
    )
    begins_at = TimeField(
        label="At what time does it begin? (optional)", help_text="For example, 2pm or 14:00", required=False
    )
    total = figure("Room for", ask="how many the session has room for", such_as=8)
    external_occupied = figure(
        "Booked with you already",
        ask="how many have booked with you directly, or 0",
        such_as=0,
        help_text="A number only, no names. 0 if nobody has.",
    )

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        total, booked = told.get("total"), told.get("external_occupied")
        if total == 0:
            self.add_error("total", "Room for must be 1 or more")
        elif total is not None and booked is not None and booked > total:
            self.add_error("external_occupied", "Booked with you already cannot be more than it has room for")
        if told.get("on") and "begins_at" not in self.errors:
            self.check_time(told["on"], told.get("begins_at"))
        return told

    def check_time(self, on: date, begins_at: time | None) -> None:
        """Refuse what lies behind, and a year that was mistyped."""
        now = self.at.astimezone(LONDON)
        if on < now.date():
            self.add_error("on", "Enter today or a day to come")
        elif on > now.date() + timedelta(days=MOST_DAYS_AHEAD):
            self.add_error("on", "Enter a day within the next year")
        elif on == now.date() and begins_at is not None and begins_at <= now.time():
            self.add_error("begins_at", "Enter a time that is still to come")

    def day(self) -> SessionDay:
        """Return what the provider said."""
        return SessionDay(**self.cleaned_data)


KIND_HINTS: dict[str, str] = {
    CapacityModel.CASELOAD_PLACES: "A worker or a team has so many young people at a time.",
    CapacityModel.COHORT_PLACES: "They begin together and end together.",
    CapacityModel.SESSION_SLOTS: "Each day has its own number. You add the days afterwards.",
    CapacityModel.RAPID_RESPONSE_ROTA: "A role that can be sent now. You say it every day.",
    CapacityModel.SCHOOL_HOST_CASELOAD: "For pupils of that school only.",
    CapacityModel.TEAM_DEPLOYMENTS: "For streets, parks and groups, not for one child.",
    CapacityModel.PRACTITIONER_ROSTER: "People, not places.",
    CapacityModel.OPEN_ACCESS: "Nobody counts; people just come.",
    CapacityModel.INFORMATION_ONLY: "There is nothing to count.",
}


class NewPoolForm(forms.Form):
    """Which places of a provider are to be counted; how many there are is asked on its page of them."""

    model = forms.ChoiceField(
        label="How do you count them?",
        choices=[(value, label) for value, label in CapacityModel.choices if value in KIND_HINTS],
        widget=Radios(hints=KIND_HINTS),
        error_messages={"required": "Choose how you count them", "invalid_choice": "Choose from this list"},
    )
    name = forms.CharField(
        label="What are they called?",
        help_text="People see it beside the number. For example: Thursday boxing. No names of people.",
        max_length=80,
        error_messages={
            "required": "Enter what they are called, such as Thursday boxing",
            "max_length": "Use 80 characters or fewer",
        },
    )
    services = forms.ModelMultipleChoiceField(
        label="Which services are they for?",
        help_text="Several services can share the same places.",
        queryset=Service.objects.none(),
        widget=Checkboxes(),
        error_messages={
            "required": "Choose at least one service",
            "invalid_choice": "Choose from your own services",
            "invalid_pk_value": "Choose from your own services",
        },
    )
    host_school = forms.ModelChoiceField(
        label="In which school?",
        help_text="Only for places in one school.",
        queryset=Organization.objects.none(),
        required=False,
        empty_label="No school",
        error_messages={"invalid_choice": "Choose a school from the list"},
    )
    starts_on = DatePartsField(
        label="First day", help_text="Only for a group with dates. Like 3 12 2026", required=False
    )
    ends_on = DatePartsField(label="Last day", help_text="Only for a group with dates", required=False)

    def __init__(self, *args: Any, organization_id: UUID, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization_id, self.at = organization_id, at
        services: Any = self.fields["services"]
        services.queryset = (
            Service.objects.run_by(organization_id).exclude(standing__standing="archived").order_by("name")
        )
        host: Any = self.fields["host_school"]
        host.queryset = schools().order_by("name")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if trouble := told_of_people(name, at=self.at):
            raise forms.ValidationError(trouble)
        if CapacityPool.objects.run_by(self.organization_id).filter(name__iexact=name).exists():
            raise forms.ValidationError("There are places with this name already. Change those, or choose another name")
        return name

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        model, first, last = told.get("model"), told.get("starts_on"), told.get("ends_on")
        in_a_school = model == CapacityModel.SCHOOL_HOST_CASELOAD
        if in_a_school and not told.get("host_school") and "host_school" not in self.errors:
            self.add_error("host_school", "Choose the school")
        if first and last and first > last:
            self.add_error("ends_on", "The last day must not be before the first")
        return told

    def pool(self) -> NewPool:
        """Return what was said; dates are a group's only, a school only of places in one: they stand under those answers."""
        told = self.cleaned_data
        has_dates = told["model"] == CapacityModel.COHORT_PLACES
        host = told["host_school"] if told["model"] == CapacityModel.SCHOOL_HOST_CASELOAD else None
        return NewPool(
            name=told["name"],
            model=told["model"],
            services=tuple(service.pk for service in told["services"]),
            host_school=host.pk if host else None,
            starts_on=told["starts_on"] if has_dates else None,
            ends_on=told["ends_on"] if has_dates else None,
        )


class RotaForm(CountedForm):
    """Who answers now, and with how many they can be at once: a role and two numbers, good for a day."""

    on_call = forms.ChoiceField(
        label="Who is on call?",
        help_text="The role only. Nobody’s name is shown or kept here.",
        choices=OnCall.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who is on call"},
    )
    total = figure("With how many at once?", ask="with how many young people they can be at once", such_as=2)
    external_occupied = figure(
        "With others now",
        ask="with how many others they are now",
        such_as=1,
        help_text="A number only, no names: young people who did not come through us.",
    )
    taking = taking_new("Cover", "Somebody is on call", "Nobody is on call for now", ask="whether somebody is on call")
    sure = forms.BooleanField(label="Yes, save it: nobody is left alone", required=False)
    too_few = (
        "They are with {taken} already, {over} more than this. Nobody is left alone, but no one new will be sent. If that is "
        "right, tick the box below and save again"
    )


class DeploymentsForm(CountedForm):
    """A team's week: how many sessions it can do, and how many are promised."""

    total = figure("Sessions this week", ask="how many sessions the team can do this week", such_as=6)
    external_occupied = figure(
        "Already promised",
        ask="how many of them are promised already",
        such_as=4,
        help_text="Count all of them, also those for places that we asked you to go to.",
    )
    taking = taking_new(
        "New places to go to", "Open", "Paused: nowhere new for now", ask="whether you can be asked to go somewhere new"
    )
    sure = forms.BooleanField(label="Yes, save it: no promise is broken", required=False)
    too_few = (
        "{taken} sessions are promised already, {over} more than this. No promise is broken, but nothing new will be asked. "
        "If that is right, tick the box below and save again"
    )


class RosterForm(PlacesForm):
    """How many people are trained, and how many of them could not go now."""

    total = figure("Trained people", ask="how many people are trained", such_as=9)
    external_occupied = figure(
        "Not ready now",
        ask="how many of them could not go now",
        such_as=4,
        help_text="On leave, busy with something else, or not yet checked.",
    )
    taking = taking_new("New work", "Open", "Paused: nothing new for now", ask="whether you take new work")

    numbers = ("total", "external_occupied")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        total, not_ready = told.get("total"), told.get("external_occupied")
        if total is not None and not_ready is not None and not_ready > total:
            self.add_error("external_occupied", "Not ready now cannot be more than all who are trained")
        return told


FORMS: dict[str, type[PlacesForm]] = {
    CapacityModel.CASELOAD_PLACES: WaitingForm,
    CapacityModel.COHORT_PLACES: WaitingForm,
    CapacityModel.SESSION_SLOTS: SessionForm,
    CapacityModel.RAPID_RESPONSE_ROTA: RotaForm,
    CapacityModel.SCHOOL_HOST_CASELOAD: SchoolForm,
    CapacityModel.TEAM_DEPLOYMENTS: DeploymentsForm,
    CapacityModel.PRACTITIONER_ROSTER: RosterForm,
    CapacityModel.OPEN_ACCESS: PlacesForm,
    CapacityModel.INFORMATION_ONLY: PlacesForm,
}


def form_for(pool: CapacityPool) -> type[PlacesForm]:
    """Return the form in which a provider says what there is in ``pool``."""
    return FORMS[pool.model]
