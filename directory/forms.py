"""The shape of what a provider may say about its places."""

from __future__ import annotations

from typing import Any

from django import forms

from directory.capacity import MOST_PLACES, Declaration
from directory.models import COUNTED, CapacityPool

OPEN, PAUSED = "open", "paused"
WAITLIST_OPEN, WAITLIST_CLOSED = "open", "closed"


class PlacesForm(forms.Form):
    """A pool's figures: numbers only, nobody's name. A total below what is taken is asked about once, then kept."""

    total = forms.IntegerField(
        label="Places in all",
        min_value=0,
        max_value=MOST_PLACES,
        error_messages={
            "required": "Enter how many places there are in all, such as 12",
            "invalid": "Enter the places in all as a whole number, such as 12",
            "min_value": "Places in all must be 0 or more",
            "max_value": f"Places in all must be {MOST_PLACES} or fewer",
        },
    )
    external_occupied = forms.IntegerField(
        label="Taken by others",
        help_text="A number only, no names: young people who have a place with you but did not come through us.",
        min_value=0,
        max_value=MOST_PLACES,
        error_messages={
            "required": "Enter how many places others have taken, or 0",
            "invalid": "Enter the places taken by others as a whole number, such as 4",
            "min_value": "Places taken by others must be 0 or more",
            "max_value": f"Places taken by others must be {MOST_PLACES} or fewer",
        },
    )
    taking = forms.ChoiceField(
        label="New offers",
        choices=[(OPEN, "Open"), (PAUSED, "Paused: offer us nobody new for now")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you can be offered somebody new"},
    )
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
    sure = forms.BooleanField(label="Yes, save it: nobody loses their place", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, pool: CapacityPool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pool = pool
        self.asks_if_sure = False
        if pool.model not in COUNTED:
            for name in ("total", "external_occupied", "waitlist", "wait_weeks", "sure"):
                del self.fields[name]

    @classmethod
    def of(cls, pool: CapacityPool, **options: Any) -> PlacesForm:
        """Return the form filled in with what the pool says now."""
        return cls(
            **options,
            pool=pool,
            initial={
                "total": pool.total,
                "external_occupied": pool.external_occupied,
                "taking": PAUSED if pool.paused_at else OPEN,
                "waitlist": WAITLIST_OPEN if pool.waitlist_open else WAITLIST_CLOSED,
                "wait_weeks": pool.wait_weeks,
                "version": pool.version,
            },
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

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        total, external = told.get("total"), told.get("external_occupied")
        if total is not None and external is not None:
            over = external + self.pool.occupied - total
            if over > 0 and not told.get("sure"):
                self.asks_if_sure = True
                taken = external + self.pool.occupied
                self.add_error(
                    "total",
                    f"{taken} young people already have a place, {over} more than this. Nobody loses their place, but "
                    "no one new will be offered. If that is right, tick the box below and save again",
                )
        return told

    def declaration(self) -> Declaration:
        """Return what the provider said."""
        told = self.cleaned_data
        return Declaration(
            total=told.get("total"),
            external_occupied=told.get("external_occupied") or 0,
            waitlist_open=told.get("waitlist") == WAITLIST_OPEN,
            wait_weeks=told.get("wait_weeks"),
            taking_new=told["taking"] == OPEN,
        )
