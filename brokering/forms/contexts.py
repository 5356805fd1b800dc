"""
What somebody who asks for a place is asked, section by section, and what is decided about it.

A name that the scanner has found is quoted beside its question, with other words to use; the text stays as it was typed,
on the page and nowhere else.
"""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from django import forms
from django.utils.html import format_html

from brokering.context_answers import LONG, OLDEST, SHORT, AboutPlace, Decided, Happening, Wanted
from brokering.contexts import CLOSE_REASONS, NO_SUBJECT, WITHDRAW_REASONS, NamesFound, known_places
from brokering.forms.asking import (
    SafeNowForm,
    SafetyForm,
    Section,
    TimeWords,
    day,
    line,
    moment,
    one_of,
    pick,
    several,
    words,
)
from brokering.models import AffectedBand, ContextOutcome
from directory import vocabularies
from directory.models import Ward
from safekeeping import personal_data
from safekeeping.forms import offer_choices

MOST_QUOTED = 3
NO_NAMES = "No names, nicknames or initials."


class Named(Section):
    """
    A page whose words are looked through; ``fixes`` has for each question what could be written instead.

    ``kept_as`` are the answers that a section is kept as; it says which of them are words.
    """

    fixes: dict[str, list[str]]
    kept_as: type = object

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fixes = {}

    def stop(self, refused: NamesFound) -> None:
        """Quote what was found beside its question, and offer other words."""
        self.refuse(refused.others)
        for name, found in refused.found.items():
            question = self.elsewhere.get(name, name)
            said = [personal_data.explain(one) for one in found[:MOST_QUOTED]]
            for one in said:
                self.add_error(question, format_html("{}: <mark>{}</mark>", one.what, one.quoted))
            self.fixes[question] = list(dict.fromkeys(one.instead for one in said))
            widget = self.fields[question].widget
            widget.attrs = {**widget.attrs, "aria-describedby": f"{self[question].auto_id}-fix"}


# --- is anybody in danger? ----------------------------------------------------------------------------------------------
class PlaceSafetyForm(Named, SafetyForm):
    """The safety questions without those about one child."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("adult", "social_worker", "postcode", "no_postcode", "no_postcode_because", "area"):
            del self.fields[name]


class PlaceSafeNowForm(Named, SafeNowForm):
    """What opens a locked request for a place again."""


# --- the place ----------------------------------------------------------------------------------------------------------
class PlaceForm(Named):
    """Which school, group or place."""

    kept_as = AboutPlace

    context_type = one_of("What is it?", [])
    known_as = pick("Is it on our list?", [], hint="Schools, venues and neighbourhoods. Leave it if it is not there.")
    label = line(
        "What shall we call it?",
        hint="Something everyone in a meeting can say aloud, like “Year 9”. No names.",
        longest=SHORT,
    )
    place_description = words(
        "Where exactly, if that helps?", hint=f"A stop, a path, an app. No homes. {NO_NAMES}", rows=2, longest=LONG
    )
    ward = pick("Which ward?", [], hint="Leave it if you don’t know, or if it is online.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        subjects = [one for one in vocabularies.choices("context_type", full=True) if one[0] not in NO_SUBJECT]
        offer_choices(self, "context_type", subjects)
        self.fields["context_type"].widget.hints = {
            code: told for code, _ in subjects if (told := vocabularies.word_for("context_type", code).description)
        }
        places: list[Any] = [("", "Choose")]
        for group, found in groupby(known_places(), key=lambda one: one.group):
            places.append((group, [(one.code, one.name) for one in found]))
        offer_choices(self, "known_as", places)
        offer_choices(self, "ward", [("", "Choose"), *Ward.objects.order_by("name").values_list("code", "name")])

    def told(self) -> AboutPlace:
        """Return the section's answers."""
        return AboutPlace(**{name: self.cleaned_data[name] for name in AboutPlace.__slots__})


# --- what happens there -------------------------------------------------------------------------------------------------
def age(label: str) -> Any:
    """Return a question for an age."""
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=OLDEST, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter an age as a number",
            "min_value": f"Enter an age from 0 to {OLDEST}",
            "max_value": f"Enter an age from 0 to {OLDEST}",
        },
    )  # fmt: skip


class HappeningForm(Named):
    """What happens there, when, and to about how many."""

    kept_as = Happening

    harm_types = several("What are you worried about?", [], hint="Choose all that fit.")
    what_is_known = words(
        "What is happening, and when?", hint=f"Times, places, what has helped before. {NO_NAMES}", rows=5, longest=LONG
    )
    pattern = several("When does it happen most?", [])
    affected = one_of("About how many children are affected?", list(AffectedBand.choices))
    youngest = age("Youngest")
    oldest = age("Oldest")
    strengths = words(
        "What is good about this place already?",
        hint=f"Who looks out for children there: a role. {NO_NAMES}",
        longest=LONG,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_choices(self, "harm_types", vocabularies.choices("harm_type"))
        offer_choices(self, "pattern", vocabularies.choices("context_harm_pattern", full=True))

    def told(self) -> Happening:
        """Return the section's answers."""
        known = {name: self.cleaned_data[name] for name in Happening.__slots__}
        return Happening(**{**known, "harm_types": tuple(known["harm_types"]), "pattern": tuple(known["pattern"])})


# --- what would help ----------------------------------------------------------------------------------------------------
class WantedForm(Named):
    """What would help, who could, and who answers for the place."""

    kept_as = Wanted

    response_wanted = several("What would help?", [], hint="Choose all that would. You need not know the services.")
    accountable_owner = line(
        "Who answers for this place?",
        hint="A role, like “head of school” or “licensing lead”. No names.",
        longest=SHORT,
    )
    partners = words("Who else could help there?", hint=f"Shops, the bus company, a club. {NO_NAMES}", longest=LONG)
    tried_already = words(
        "What has been tried already?", hint=f"What worked a little counts too. {NO_NAMES}", longest=LONG
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_choices(self, "response_wanted", vocabularies.choices("context_response", full=True))

    def told(self) -> Wanted:
        """Return the section's answers."""
        known = {name: self.cleaned_data[name] for name in Wanted.__slots__}
        return Wanted(**{**known, "response_wanted": tuple(known["response_wanted"])})


# --- after sending ------------------------------------------------------------------------------------------------------
class PlaceMessageForm(Named):
    """A few sentences to the other side."""

    text = words("Write a message", hint=NO_NAMES, rows=3, longest=LONG)


def needed(label: str, choices: dict[str, str], said: str) -> Any:
    """Return a question that has to be answered."""
    field = one_of(label, list(choices.items()))
    field.required = True
    field.error_messages["required"] = said
    return field


class PlaceWithdrawForm(Named):
    """Why it is taken back."""

    because = needed("Why is it taken back?", WITHDRAW_REASONS, "Choose a reason")


# --- deciding -----------------------------------------------------------------------------------------------------------
class DecideForm(Named):
    """What is decided, why, and what each decision wants besides; what does not apply is ignored."""

    agreed = words("What is agreed, and who does it?", hint="Whoever asked reads this. No names.")
    review_on = day("When do you look at it again?")
    elsewhere_instead = words("Who can do it, and how are they reached?", hint="Whoever asked reads this. No names.")
    told_on = day("Which day did you call?")
    told_time = TimeWords(
        label="At what time?", required=False, help_text="Like 3.40pm or 15:40.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    told_by_role = line("Your role, as you gave it", hint="Not your name.", longest=SHORT)
    same_as = line("The reference of the other request", hint="In full, or its last four characters.", longest=16)
    nothing_because = words("Why is nothing more needed?", hint="Whoever asked reads this. No names.")
    rationale = words("Why do you decide so?", hint="For those who decide, not for whoever asked. No names.")
    outcome = needed("What do you decide?", dict(ContextOutcome.choices), "Choose what you decide")
    # Which question holds what whoever asked reads, for each decision.
    TOLD = {
        ContextOutcome.RESPONSE_AGREED: "agreed",
        ContextOutcome.SIGNPOSTED: "elsewhere_instead",
        ContextOutcome.NO_FURTHER_ACTION: "nothing_because",
    }

    def __init__(self, *args: Any, today: date | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if today and not self.is_bound:
            self.fields["told_on"].initial = today
        outcome = self.data.get("outcome", "") if self.is_bound else ""
        self.elsewhere = {"told": self.TOLD.get(outcome, "rationale"), "told_at": "told_on"}  # type: ignore[call-overload]

    def clean(self) -> dict[str, Any]:
        """Ask for the time of a call that has a day."""
        told = super().clean() or {}
        stepped_up = told.get("outcome") == ContextOutcome.STEPPED_UP_STATUTORY
        if stepped_up and told.get("told_on") and not told.get("told_time") and "told_time" not in self.errors:
            self.add_error("told_time", "Enter the time when you called, like 3.40pm")
        return told

    @property
    def told_at(self) -> datetime | None:
        """The moment of the call, on the city's clock."""
        at: time | None = self.cleaned_data["told_time"]
        return moment(self.cleaned_data["told_on"], at)

    def told(self) -> Decided:
        """Return the decision, without what does not belong to it."""
        known, outcome = self.cleaned_data, ContextOutcome(self.cleaned_data["outcome"])
        stepped_up = outcome == ContextOutcome.STEPPED_UP_STATUTORY
        question = self.TOLD.get(outcome)
        return Decided(
            outcome=outcome,
            rationale=known["rationale"],
            told=known[question] if question else "",
            review_on=known["review_on"] if outcome == ContextOutcome.RESPONSE_AGREED else None,
            told_at=self.told_at if stepped_up else None,
            told_by_role=known["told_by_role"] if stepped_up else "",
            same_as=known["same_as"] if outcome == ContextOutcome.DUPLICATE else "",
        )


class PlaceCloseForm(Named):
    """Why it is closed."""

    because = needed("Why is it closed?", CLOSE_REASONS, "Choose why it is closed")
    words = words("Anything to add", hint="No names.", longest=LONG)
