"""The shape of what a coordinator decides and writes; what has to be there is asked of each answer by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms

from brokering.answers import MOST_CHARACTERS, SHORT
from brokering.forms.providing import EndForm
from brokering.matching import DEFAULT_ORDER, FACTOR_WORDS, Factor
from brokering.models import EDITABLE, ContextState, RequestState, TriageOutcome
from brokering.offers import WITHDRAW_REASONS as TAKE_BACK_REASONS
from brokering.requests import CLOSE_REASONS, WITHDRAW_REASONS
from directory import vocabularies
from safekeeping.forms import Checkboxes, DatePartsField, Radios, offer_choices
from safekeeping.working_time import LONDON

SHORT_WORDS = 120
MINE, CLOSED = "mine", "closed"
CHILDREN, PLACES = "children", "places"
HOUR = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")
NO_NAMES = "No names: whoever asked may read this."
DECISIONS = [
    (TriageOutcome.ACCEPT_CHILD, TriageOutcome.ACCEPT_CHILD.label),
    (TriageOutcome.NEEDS_INFORMATION, TriageOutcome.NEEDS_INFORMATION.label),
    (TriageOutcome.ESCALATE_FRONT_DOOR, TriageOutcome.ESCALATE_FRONT_DOOR.label),
    (TriageOutcome.SIGNPOST_UNIVERSAL, TriageOutcome.SIGNPOST_UNIVERSAL.label),
    (TriageOutcome.NOT_SUITABLE, TriageOutcome.NOT_SUITABLE.label),
]


def words(label: str, *, rows: int = 3, required: bool = False, needed: str = "", hint: str = "") -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": needed, "max_length": f"Use {MOST_CHARACTERS} characters or fewer"},
    )


class TriageForm(forms.Form):
    """What the coordinator decides, why, and what each decision wants besides; what does not apply is ignored."""

    outcome = forms.ChoiceField(
        label="What do you decide?",
        choices=DECISIONS,
        widget=Radios(hints={TriageOutcome.NOT_SUITABLE: "Another coordinator has to agree."}),
        error_messages={"required": "Choose what you decide"},
    )
    question = words("Your question", hint="Whoever asked answers it here. No names.")
    told_on = DatePartsField(label="Which day did you call?", required=False)
    told_hour = forms.CharField(
        label="At what time?", help_text="Such as 14:20", required=False, widget=forms.TextInput, max_length=5
    )
    told_by_role = forms.CharField(label="Your role, as you gave it", required=False, max_length=SHORT_WORDS)
    universal = words("What is open to them?", hint="Whoever asked reads this.")
    instead = words("What could they do instead?", hint="Whoever asked reads this.")
    principles = forms.MultipleChoiceField(
        label="I have thought about",
        help_text="Tick what you did. Nothing depends on it.",
        required=False,
        widget=Checkboxes,
    )
    rationale = words("Why?", required=True, needed="Say why, in a sentence or two", hint=NO_NAMES)

    def __init__(self, *args: Any, today: date | None = None, may_accept: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "principles", vocabularies.choices("practice_principle"))
        if today and not self.is_bound:
            self.fields["told_on"].initial = today
        if not may_accept:  # it is being matched already: accepted once is enough
            offer_choices(self, "outcome", [one for one in DECISIONS if one[0] != TriageOutcome.ACCEPT_CHILD])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        match found.get("outcome"):
            case TriageOutcome.NEEDS_INFORMATION:
                self.need("question", "Write your question")
            case TriageOutcome.ESCALATE_FRONT_DOOR:
                self.need("told_on", "Enter the day on which you called")
                self.need("told_by_role", "Enter your role")
                if "told_hour" in found and not HOUR.fullmatch(found["told_hour"].strip()):
                    self.add_error("told_hour", "Enter the time as hours and minutes, such as 14:20")
            case TriageOutcome.SIGNPOST_UNIVERSAL:
                self.need("universal", "Say what is open to them")
            case TriageOutcome.NOT_SUITABLE:
                self.need("instead", "Say what they could do instead")
        return found

    def need(self, name: str, said: str) -> None:
        """Ask for a field that only this decision needs."""
        if name in self.cleaned_data and not self.cleaned_data[name]:
            self.add_error(name, said)

    @property
    def told_at(self) -> datetime:
        """The moment of the call, on the city's clock."""
        told = HOUR.fullmatch(self.cleaned_data["told_hour"].strip())
        assert told is not None  # the field let nothing else through
        hour, minute = told.groups()
        return datetime.combine(self.cleaned_data["told_on"], time(int(hour), int(minute)), tzinfo=LONDON)

    @property
    def alternative(self) -> str:
        """What they can do instead, from the field beside the decision."""
        name = "universal" if self.cleaned_data["outcome"] == TriageOutcome.SIGNPOST_UNIVERSAL else "instead"
        return self.cleaned_data[name]


class OutcomeForm(forms.Form):
    """What the front door has decided."""

    prefix = "outcome"
    outcome_reference = forms.CharField(
        label="Reference of the outcome",
        help_text="From their e-mail, or from the telephone. No names.",
        max_length=SHORT_WORDS,
        error_messages={"required": "Enter the reference of the outcome"},
    )


class MessageForm(forms.Form):
    """A few sentences to whoever asked."""

    prefix = "message"
    text = words("Write to whoever asked", required=True, needed="Write a few words", hint="No names.")


class ReplyForm(forms.Form):
    """What a provider asked before it decides, answered; a page may have one for each offer."""

    text = words("Reply", required=True, needed="Write your reply", hint="No names.")


class WithdrawForm(forms.Form):
    """Why the request is taken back."""

    prefix = "withdraw"
    because = forms.ChoiceField(
        label="Why is it taken back?",
        choices=list(WITHDRAW_REASONS.items()),
        widget=Radios,
        error_messages={"required": "Choose why it is taken back"},
    )


class CloseForm(forms.Form):
    """Why the request is closed."""

    prefix = "close"
    because = forms.ChoiceField(
        label="Why is it closed?",
        choices=list(CLOSE_REASONS.items()),
        widget=Radios,
        error_messages={"required": "Choose why it is closed"},
    )
    words = words("Anything to add", hint=NO_NAMES)


class OfferForm(forms.Form):
    """What goes with an offer, and what may be needed for it."""

    note = words("To the provider", hint="Goes with whichever offer you make. No names.", rows=4)
    because = words(
        "Why this one and not the first?", hint="Needed below the first. Only coordinators read it.", rows=2
    )
    statutory_agreement = forms.CharField(
        label="Reference of the social worker’s agreement",
        help_text="While a child protection enquiry or strategy discussion is open.",
        required=False,
        max_length=SHORT,
    )


class OrderForm(forms.Form):
    """What comes first in the order of what fits; the rest stays as it is."""

    first = forms.ChoiceField(
        label="What should come first?",
        help_text="The rest keeps its order. That you chose it is kept with this look.",
        required=False,
        widget=Radios,
        error_messages={"invalid_choice": "Choose from the list"},
        choices=[(one.value, FACTOR_WORDS[one][:1].upper() + FACTOR_WORDS[one][1:]) for one in Factor],
    )

    @property
    def order(self) -> tuple[Factor, ...]:
        """The whole order."""
        chosen = self.cleaned_data["first"]
        return (Factor(chosen), *(one for one in DEFAULT_ORDER if one != chosen)) if chosen else DEFAULT_ORDER


class TakeBackForm(forms.Form):
    """Why an offer is taken back."""

    because = forms.ChoiceField(
        label="Why is it taken back?",
        choices=[("", "Choose a reason"), *TAKE_BACK_REASONS.items()],
        widget=forms.Select,
        error_messages={"required": "Choose why it is taken back"},
    )


class EndPlaceForm(EndForm):
    """The same, by the coordinator: when the provider cannot be reached, or the child has moved away."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["next_step"].help_text = "Whoever asked and the provider read this. No names."


class ReadersForm(forms.Form):
    """Who may see the request, and why only they."""

    prefix = "readers"
    readers = forms.MultipleChoiceField(
        label="Who else may see it?",
        required=False,
        widget=Checkboxes,
        help_text="You always may. Name one more coordinator at least, so that it does not wait while you are away.",
        error_messages={"invalid_choice": "Choose from the list"},
    )
    because = words(
        "Why?", required=True, needed="Say why, in a sentence", rows=2, hint="Only those named read this. No names."
    )

    def __init__(self, *args: Any, people: Iterable[tuple[int, str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "readers", [(str(person), f"{name}, {what}") for person, name, what in people])

    @property
    def named(self) -> list[int]:
        """The ids of whoever was chosen."""
        return [int(one) for one in self.cleaned_data["readers"]]


class LiftForm(forms.Form):
    """Why everybody within reach may see it again."""

    prefix = "lift"
    because = words(
        "Why may everybody see it again?", required=True, needed="Say why, in a sentence", rows=2, hint="No names."
    )


class FilterForm(forms.Form):
    """What of the queue is shown; anything odd shows everything."""

    q = forms.CharField(label="Find", required=False, max_length=20)
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Everything open"), (MINE, "Mine and nobody’s"), (CLOSED, "Closed too")],
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Any"),
            *((one.value, one.label) for one in RequestState if one not in EDITABLE),
            (ContextState.OWNED.value, ContextState.OWNED.label),
        ],
    )
    about = forms.ChoiceField(
        label="About",
        required=False,
        choices=[("", "Children and places"), (CHILDREN, "Children"), (PLACES, "Places")],
    )
    risk = forms.ChoiceField(label="Risk", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "risk", [("", "Any"), *vocabularies.choices("risk_level")])
