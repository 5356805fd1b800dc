"""
What somebody who asks for support is asked, section by section: forms in, the plain answers of `brokering.answers` out.

Nothing here is required to save: a tired person saves what they know and goes on. What is missing is said before
sending, by `brokering.requests.missing`, in one list.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from brokering.answers import (
    AVOID_REASONS,
    MOST_CHARACTERS,
    MOST_GOALS,
    SHORT,
    AboutChild,
    Agreement,
    Avoid,
    Help,
    Preferences,
    RoughHome,
    Wishes,
)
from brokering.homes import areas_to_choose, rough_errors
from brokering.models import NoPostcode, Rescreen, SafeWay, Sex, SpeakFirst
from brokering.requests import WITHDRAW_REASONS
from directory import vocabularies
from directory.models import Ward
from safekeeping.forms import Checkboxes, DateParts, DatePartsField, Radios, offer_choices
from safekeeping.screening import Answer, Answers, For, Must, questions_for
from safekeeping.working_time import LONDON

Choices = list[tuple[str, str]]
YES_NO: Choices = [("yes", "Yes"), ("no", "No")]
OFF = {"autocomplete": "off"}
CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)
NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def time_in(text: str) -> time:
    """
    Return the time that somebody wrote: "3.40pm", "15:40", "9am", "noon".

    :raises ValueError: if it is none
    """
    text = text.strip().lower()
    if text in NAMED:
        return NAMED[text]
    found = CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        raise ValueError(text)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)


class TimeWords(forms.CharField):
    """A time of day as people write it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return time_in(text)
        except ValueError:
            raise ValidationError("Enter a time, like 3.40pm or 15:40", code="invalid") from None


def one_of(label: str, choices: Choices, *, hint: str = "", hints: dict[str, str] | None = None, **more: Any) -> Any:
    """Return a question with one answer, shown as radio buttons; nothing is chosen beforehand."""
    return forms.ChoiceField(
        label=label, choices=choices, help_text=hint, required=False, widget=Radios(hints=hints),
        error_messages={"invalid_choice": "Choose from the list"}, **more,
    )  # fmt: skip


def pick(label: str, choices: Choices, *, hint: str = "") -> Any:
    """Return a question with one answer out of many, shown as a list that opens."""
    return forms.ChoiceField(
        label=label, choices=[("", "Choose"), *choices], help_text=hint, required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )  # fmt: skip


def several(label: str, choices: Choices, *, hint: str = "", none: str | None = None) -> Any:
    """Return a question with any number of answers."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=hint, required=False, widget=Checkboxes(none=none),
        error_messages={"invalid_choice": "Choose from the list"},
    )  # fmt: skip


def line(label: str, *, hint: str = "", longest: int = 120) -> Any:
    """Return a question that one line answers."""
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=longest, widget=forms.TextInput(attrs=OFF),
        error_messages={"max_length": f"Use {longest} characters or fewer"},
    )  # fmt: skip


def words(label: str, *, hint: str = "", rows: int = 3, longest: int = MOST_CHARACTERS) -> Any:
    """Return a question that a few sentences answer."""
    return forms.CharField(
        label=label, help_text=hint, required=False, widget=forms.Textarea(attrs={"rows": rows, **OFF}),
        max_length=None if longest == MOST_CHARACTERS else longest,
        error_messages={"max_length": f"Use {longest} characters or fewer"},
    )  # fmt: skip


def day(label: str, *, hint: str = "", birthday: bool = False) -> Any:
    """Return a question for a date."""
    return DatePartsField(label=label, help_text=hint, required=False, widget=DateParts(birthday=birthday))


def yes_no(value: bool | None) -> str:
    """Return the answer that stands for a truth, or for none."""
    return "" if value is None else "yes" if value else "no"


def truth(answer: str) -> bool | None:
    """Return what yes and no mean; anything else is not known."""
    return {"yes": True, "no": False}.get(answer)


class Section(forms.Form):
    """One page of the request. ``elsewhere`` says under which field an error about an answer is shown."""

    elsewhere: dict[str, str] = {}

    def refuse(self, errors: dict[str, str]) -> None:
        """Show what could not be kept beside the question."""
        for name, said in errors.items():
            field = self.elsewhere.get(name, name)
            if field not in self.fields:
                self.add_error(None, said)
            elif field not in self.errors:
                self.add_error(field, said)


# --- is the child safe? ---
class SafetyForm(Section):
    """The safety questions, worded by `safekeeping.screening`."""

    elsewhere = {
        Must.ANSWER_HOME: "postcode",
        Must.REPORT_WHEN: "reported_on",
        Must.REPORT_NOT_IN_FUTURE: "reported_on",
        Must.REPORT_TO_WHOM: "reported_reference",
    }
    adult = one_of("How old is the person you ask for?", [("no", "Under 18"), ("yes", "18 or over")])
    reported_on = day("The day you told them")
    reported_time = TimeWords(
        label="The time", required=False, help_text="Like 3.40pm or 15:40.", widget=forms.TextInput(attrs=OFF)
    )
    reported_reference = line("Their reference")
    reported_to_role = line("Or the role of the person you spoke to", hint="Like “duty social worker”. No names.")

    def __init__(self, *args: Any, adult: bool = False, place_known: str = "", door: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        for question in questions_for(For.CHILD):
            text = question.wording(adult=adult)
            if question.choices:
                self.fields[question.field] = one_of(
                    text, [(one.value, one.label) for one in question.choices], hint=question.hint
                )
            elif question.field == "home_council":
                hint = f"We have {place_known}. Leave this empty to keep it." if place_known else question.hint
                self.fields["postcode"] = line(text, hint=hint, longest=40)
                self.fields["no_postcode"] = several("No postcode", [("yes", "We cannot give a postcode")])
                self.fields["no_postcode_because"] = one_of("Why not?", list(NoPostcode.choices))
                self.fields["area"] = pick("Where are they mostly?", [], hint="Say as much as is safe to say.")
                offer_choices(self, "area", [("", "Choose"), *areas_to_choose()])
            elif question.field == "report":
                self.report_text = text.format(front_door=door)

    def clean(self) -> dict[str, Any]:
        """Say which half of a moment is missing."""
        told = super().clean() or {}
        if self.danger:
            return told
        half = told.get("harm") == "yes" and told.get("reported_on") and not told.get("reported_time")
        if half and "reported_time" not in self.errors:
            self.add_error("reported_time", "Enter the time when you told them, like 3.40pm")
        if told.get("no_postcode") and told.get("postcode"):
            self.add_error("postcode", "Enter a postcode, or say that you cannot give one: not both")
        elif told.get("no_postcode"):
            self.refuse(rough_errors(self.rough))
        return told

    @property
    def rough(self) -> RoughHome:
        """What was said instead of a postcode, complete or not."""
        told = self.cleaned_data
        return RoughHome(because=told.get("no_postcode_because", ""), area=told.get("area", ""))

    def rough_home(self) -> RoughHome | None:
        """Return where they stay, if no postcode can be given and enough was said instead."""
        ticked = self.cleaned_data.get("no_postcode") and not self.cleaned_data.get("postcode")
        return self.rough if ticked and not rough_errors(self.rough) else None

    @staticmethod
    def initial_of(told: Answers, rough: RoughHome, *, answered: bool) -> dict[str, Any]:
        """Return the answers for the form; danger that has passed is asked about anew."""
        when = told.reported_at.astimezone(LONDON) if told.reported_at else None
        return {
            "adult": yes_no(told.adult) if answered else "",
            "danger_now": "" if told.danger_now is Answer.YES else told.danger_now,
            "harm": told.harm,
            "social_worker": told.social_worker,
            "adult_works_with_children": told.adult_works_with_children,
            "trafficking": told.trafficking,
            "reported_on": when.date() if when else None,
            "reported_time": f"{when:%H:%M}" if when else "",
            "reported_reference": told.reported_reference,
            "reported_to_role": told.reported_to_role,
            "no_postcode": ["yes"] if rough.because else [],
            "no_postcode_because": rough.because,
            "area": rough.area,
        }

    @property
    def danger(self) -> bool:
        """Whether somebody is in danger now: then nothing else on the page matters."""
        return self.data.get("danger_now") == "yes"

    def answers(self) -> Answers:
        """Return what could be read of the answers."""
        told = self.cleaned_data

        def answer(name: str) -> Answer | None:
            return Answer(told[name]) if told.get(name) else None

        return Answers(
            danger_now=answer("danger_now"),
            harm=answer("harm"),
            social_worker=answer("social_worker"),
            adult_works_with_children=answer("adult_works_with_children"),
            trafficking=answer("trafficking"),
            reported_at=moment(told.get("reported_on"), told.get("reported_time")),
            reported_reference=told.get("reported_reference", ""),
            reported_to_role=told.get("reported_to_role", ""),
            adult=told.get("adult") == "yes",
        )


def moment(on: date | None, at: time | None) -> datetime | None:
    """Return the moment that a day and a time on the city's clock make; None if one is missing."""
    return datetime.combine(on, at, tzinfo=LONDON) if on and at else None


class SafeNowForm(Section):
    """What opens a locked request again."""

    elsewhere = {
        Must.REPORT_WHEN: "reported_on",
        Must.REPORT_NOT_IN_FUTURE: "reported_on",
        Must.REPORT_TO_WHOM: "reported_reference",
        Must.BE_SAFE: "safe_confirmed",
    }
    reported_on = day("Which day did you call?")
    reported_time = TimeWords(
        label="At what time?", required=False, help_text="Like 3.40pm or 15:40.", widget=forms.TextInput(attrs=OFF)
    )
    reported_reference = line("A reference, or the role of the person you spoke to", hint="No names.")
    safe_confirmed = forms.BooleanField(label="The child is safe now", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("reported_on") and not told.get("reported_time") and "reported_time" not in self.errors:
            self.add_error("reported_time", "Enter the time when you called, like 3.40pm")
        return told


# --- the child ---
class ChildForm(Section):
    """The child, and the worry."""

    initials = line(
        "Their initials", hint="Two or three letters. No name: we ask for that after a provider says yes.", longest=8
    )
    date_of_birth = day("Their date of birth", hint="A provider sees an age band only.", birthday=True)
    sex = one_of("Their sex, as recorded", list(Sex.choices), hint="Only for groups that are for girls or for boys.")
    school_name = line("Their school or college, if any")
    primary_harm = pick("Which one worries you most?", [])
    primary_context = pick("Where does it happen most?", [])
    risk_level = one_of(
        "How high is the risk?", [], hint="Your agency’s level. If nobody has set one, choose “Not assessed”."
    )
    risk_source = one_of("What is that based on?", [])
    risk_on = day("When was it set?")
    risk_set_by_role = line("Who set it?", hint="A role, such as “social worker”.")
    critical_moment = pick(
        "Has something just happened?", [], hint="It makes us faster: help is heard best just after."
    )
    critical_moment_on = day("When did it happen?")
    level_of_need = one_of("What level of need is this?", [])
    statutory_status = pick("Is a statutory process running?", [])
    case_reference = line("Its reference, if you know it")
    sibling_of_known_child = one_of(
        "Does a brother or sister have support from us, now or earlier?", [*YES_NO, ("unknown", "I don’t know")]
    )
    route = pick("Where does this request come from?", [])
    lead_professional_role = line("Who leads the work with the family?", hint="A role, such as “head of year”.")
    lead_professional_contact = line("How do we reach them at work?", hint="A work telephone number or e-mail address.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        harms = vocabularies.choices("harm_type")
        self.fields["harm_types"] = several(
            "What are you worried about?", harms, hint="Choose all that fit. None of it says that the child did wrong."
        )
        for name, taxonomy in (
            ("primary_harm", "harm_type"), ("primary_context", "context_type"), ("critical_moment", "critical_moment"),
            ("statutory_status", "statutory_status"), ("route", "request_source"),
        ):  # fmt: skip
            offer_choices(self, name, [("", "Choose"), *vocabularies.choices(taxonomy, full=True)])
        for name in ("risk_level", "risk_source", "level_of_need"):
            offer_choices(self, name, vocabularies.choices(name, full=True))

    @staticmethod
    def initial_of(told: AboutChild) -> dict[str, Any]:
        """Return the section as the form shows it."""
        known = {name: getattr(told, name) for name in AboutChild.__slots__}
        return {**known, "sibling_of_known_child": yes_no(told.sibling_of_known_child)}

    def told(self) -> AboutChild:
        """Return the section's answers."""
        known = self.cleaned_data
        kept = {name: known[name] for name in AboutChild.__slots__ if name in known}
        kept["harm_types"] = tuple(known["harm_types"])
        kept["sibling_of_known_child"] = truth(known["sibling_of_known_child"])
        if known["critical_moment"] in ("", "none"):
            kept["critical_moment_on"] = None
        if known["risk_level"] in ("", "not_assessed"):
            kept.update(risk_source="", risk_on=None, risk_set_by_role="")
        if not kept["primary_harm"] and len(kept["harm_types"]) == 1:
            kept["primary_harm"] = kept["harm_types"][0]
        return AboutChild(**kept)


# --- what they want ---
class WishesForm(Section):
    """The child's own words, and what would suit them."""

    wishes = words("What do they want, in their own words?", hint="150 words at most. No names.", rows=5)
    not_asked_because = line(
        "If nobody has asked them yet, why not?", hint="Leave this empty if you wrote their words above.", longest=SHORT
    )
    good_times = several("When would suit them?", [])
    good_times_note = line("Anything else about times?", hint="Like “not Fridays”.", longest=SHORT)
    settings_wanted = several("Where would they like to meet?", [])
    settings_unwanted = several("Where would they not like to meet?", [])
    one_to_one = one_of(
        "Alone with a worker, or in a group?",
        [("yes", "Alone with a worker"), ("no", "In a group"), ("either", "Either")],
    )
    compositions = several("What kind of group would they like, if any?", [])
    worker = one_of(
        "Would they rather have a woman or a man as worker?",
        [("woman", "A woman"), ("man", "A man"), ("either", "Either")],
    )
    languages = several("In which language?", [], hint="Only if it matters for the support.")
    lived_experience = forms.BooleanField(
        label="They would like somebody who has been through similar things", required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        places = [one for one in vocabularies.choices("delivery_setting") if one[0] != "police_custody_or_station"]
        for name, choices in (
            ("good_times", vocabularies.choices("time_availability")), ("settings_wanted", places),
            ("settings_unwanted", places), ("compositions", vocabularies.choices("group_composition")),
            ("languages", vocabularies.choices("language")),
        ):  # fmt: skip
            offer_choices(self, name, choices)

    @staticmethod
    def initial_of(told: Wishes) -> dict[str, Any]:
        """Return the wishes as the form shows them."""
        liked = told.preferences
        known = {name: getattr(liked, name) for name in Preferences.__slots__}
        return {
            **known,
            "one_to_one": yes_no(liked.one_to_one),
            "wishes": told.wishes,
            "not_asked_because": told.not_asked_because,
        }

    def told(self) -> Wishes:
        """Return the section's answers."""
        known = self.cleaned_data
        liked = Preferences(
            **{
                name: tuple(known[name])
                for name in ("good_times", "settings_wanted", "settings_unwanted", "languages", "compositions")
            },
            good_times_note=known["good_times_note"],
            one_to_one=truth(known["one_to_one"]),
            worker="" if known["worker"] == "either" else known["worker"],
            lived_experience=known["lived_experience"],
        )
        return Wishes(wishes=known["wishes"], not_asked_because=known["not_asked_because"], preferences=liked)


# --- what would help ---
AVOIDED = (1, 2, 3)
# Kinds of service that are for places and for people at work: nobody asks for them for one child.
FOR_NO_CHILD = frozenset(
    {
        "bystander_guardianship_training",
        "place_improvement",
        "reporting_line",
        "practice_consultation",
        "mapping_support",
        "training",
    }
)


def kinds_of_support() -> Choices:
    """Return the kinds of service that can be asked for, for one child."""
    return [one for one in vocabularies.choices("service_type") if one[0] not in FOR_NO_CHILD]


class HelpForm(Section):
    """What would help, and what has to be minded."""

    elsewhere = {"goals": "goal_1", "avoid": "avoid_ward_1"}
    wanted = several("What kind of support?", [], hint="Choose all that would help. A coordinator looks for the rest.")
    access_needs = several("What do they need to take part?", [])
    tried_already = words("What has been tried already?", hint="What worked a little counts too. No names.")
    safe_contact = words(
        "How and when is contact safe?", hint="Who may see a phone or open the door. Roles, not names.", rows=3
    )
    start_wanted_on = day("Is there a day by which it should start?", hint="Leave it empty if there is none.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer_choices(self, "wanted", kinds_of_support())
        offer_choices(self, "access_needs", vocabularies.choices("access_need"))
        wards = list(Ward.objects.order_by("name").values_list("code", "name"))
        for number in range(1, MOST_GOALS + 1):
            self.fields[f"goal_{number}"] = line(
                ("Something that should get better", "A second thing", "A third thing")[number - 1], longest=SHORT
            )
        for number in AVOIDED:
            self.fields[f"avoid_ward_{number}"] = pick(f"Area {number}", wards)
            self.fields[f"avoid_because_{number}"] = pick("Why", list(AVOID_REASONS.items()))

    def clean(self) -> dict[str, Any]:
        """Say where an area has no reason, or a reason no area."""
        told = super().clean() or {}
        for number in AVOIDED:
            ward, because = told.get(f"avoid_ward_{number}"), told.get(f"avoid_because_{number}")
            if ward and not because:
                self.add_error(f"avoid_because_{number}", "Say why they are not safe there")
            if because and not ward:
                self.add_error(f"avoid_ward_{number}", "Choose the area where they are not safe")
        return told

    def goals(self) -> list[Any]:
        """Return the fields for goals."""
        return [self[f"goal_{number}"] for number in range(1, MOST_GOALS + 1)]

    def areas(self) -> list[tuple[Any, Any]]:
        """Return the pairs of fields for areas to avoid."""
        return [(self[f"avoid_ward_{number}"], self[f"avoid_because_{number}"]) for number in AVOIDED]

    @staticmethod
    def initial_of(told: Help) -> dict[str, Any]:
        """Return what would help as the form shows it."""
        known: dict[str, Any] = {name: getattr(told, name) for name in Help.__slots__}
        known.update({f"goal_{number}": goal for number, goal in enumerate(told.goals, start=1)})
        for number, one in enumerate(told.avoid, start=1):
            known.update({f"avoid_ward_{number}": one.ward, f"avoid_because_{number}": one.because})
        return known

    def told(self) -> Help:
        """Return the section's answers."""
        known = self.cleaned_data
        return Help(
            wanted=tuple(known["wanted"]),
            goals=tuple(known[f"goal_{number}"] for number in range(1, MOST_GOALS + 1) if known[f"goal_{number}"]),
            tried_already=known["tried_already"],
            access_needs=tuple(known["access_needs"]),
            avoid=tuple(
                Avoid(ward=known[f"avoid_ward_{number}"], because=known[f"avoid_because_{number}"])
                for number in AVOIDED
                if known[f"avoid_ward_{number}"]
            ),
            safe_contact=known["safe_contact"],
            start_wanted_on=known["start_wanted_on"],
        )


# --- agreement and sharing ---
ADULT_AGREEMENTS = frozenset({"adult_18plus_agreed"})
EITHER = frozenset({"not_yet_sought", "sought_refused", "not_sought_safety_reason", "court_or_disposal_condition"})
BASES = (
    "public_task",
    "legal_obligation",
    "vital_interests",
    "recognised_legitimate_interests",
    "legitimate_interests",
    "consent",
)
BASIS_HINTS = {
    "public_task": "Most schools, councils, health and police staff: sharing is part of your public duty.",
    "vital_interests": "Only to save a life.",
    "recognised_legitimate_interests": "Charities and others who share to safeguard a child.",
    "consent": "Seldom right for safeguarding: it can be taken back, and a refusal would bind you.",
}


class AgreementForm(Section):
    """Two different things: why information may be shared, and who has said yes to taking part."""

    lawful_basis = one_of(
        "Why may you share this?", [], hint="The basis in data-protection law. Your data protection lead can tell you."
    )
    special_condition = pick(
        "And for sensitive information, such as health?", [], hint="Leave it if there is none here."
    )
    notice = one_of("Do they know that you are sharing this?", [])
    notice_not_given_because = words("Why is it not safe to tell them?", hint="No names.", rows=2)
    notice_by_on = day("By when will they be told?")
    participation = one_of("Who has said yes to taking part?", [])
    participation_on = day("When did they say so?")
    participation_method = line("How?", hint="Like “by telephone” or “in person”.", longest=40)
    participation_because = words("Why is it not safe to ask?", hint="No names.", rows=2)
    participation_manager_role = line("Which manager agrees with that?", hint="A role, not a name.")

    def __init__(self, *args: Any, adult: bool | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        bases = dict(vocabularies.choices("lawful_basis", full=True))
        offer_choices(self, "lawful_basis", [(code, bases[code]) for code in BASES if code in bases])
        self.fields["lawful_basis"].widget.hints = BASIS_HINTS
        offer_choices(self, "special_condition", [
            ("", "Choose"), *vocabularies.choices("special_category_condition", full=True)
        ])  # fmt: skip
        offer_choices(self, "notice", vocabularies.choices("information_sharing_notice", full=True))
        offer_choices(
            self,
            "participation",
            [
                (code, said)
                for code, said in vocabularies.choices("participation_consent", full=True)
                if adult is None or code in EITHER or (code in ADULT_AGREEMENTS) == adult
            ],
        )

    @staticmethod
    def initial_of(told: Agreement) -> dict[str, Any]:
        """Return agreement and sharing as the form shows them."""
        return {name: getattr(told, name) for name in Agreement.__slots__}

    def told(self) -> Agreement:
        """Return the section's answers, without what does not belong to the answer that was chosen."""
        known = {name: self.cleaned_data[name] for name in Agreement.__slots__}
        if known["notice"] != "not_told_safety_reason":
            known["notice_not_given_because"] = ""
        if known["notice"] != "to_be_told_by_date":
            known["notice_by_on"] = None
        if known["participation"] != "not_sought_safety_reason":
            known.update(participation_because="", participation_manager_role="")
        if known["participation"] in ("", "not_yet_sought", "not_sought_safety_reason"):
            known.update(participation_on=None, participation_method="")
        return Agreement(**known)


# --- after sending ---
class MessageForm(Section):
    text = words("Write to the coordinator", hint="No names, please. They see the reference.", rows=3)


class WithdrawForm(Section):
    because = one_of("Why do you withdraw it?", list(WITHDRAW_REASONS.items()))

    def clean_because(self) -> str:
        if not self.cleaned_data["because"]:
            raise ValidationError("Choose a reason")
        return str(self.cleaned_data["because"])


class ChangeForm(Section):
    what = one_of(
        "What has changed?",
        [(code, Rescreen(code).label) for code in ("in_danger", "risk_raised", "weapon_injury", "missing", "moved")],
    )


DIGITS = re.compile(r"\D+")


class ContactForm(Section):
    """Who the child is, and how to reach them safely; nothing is ticked beforehand."""

    name_used = line("The name they use")
    family_name = line("Family name")
    speak_first_to = one_of("Who should they speak to first?", list(SpeakFirst.choices))
    parent_name = line("Name of the parent or carer", hint="If they should be spoken to.")
    telephone = forms.CharField(
        label="The phone number", required=False, max_length=40,
        widget=forms.TextInput(attrs={**OFF, "inputmode": "tel"}),
    )  # fmt: skip
    safe_ways = several("What is safe on that phone?", list(SafeWay.choices), none=SafeWay.NONE)
    safe_times = line("Safe times to call", hint="Days and hours, such as “weekdays after 6pm”.", longest=SHORT)
    must_not_be_told = line(
        "Is there anybody who must not be told?", hint="A role, such as “stepfather”. No names.", longest=SHORT
    )
