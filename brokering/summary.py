"""
What somebody told us about a child, in words, section by section: for "check and send", and to look it up afterwards.

Pure words: `brokering.disclosure` has decided before what the reader may know, and recorded that they read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from brokering import profiles
from brokering.answers import AVOID_REASONS, Agreement, Wishes
from brokering.disclosure import Answered
from brokering.models import Sex
from directory import vocabularies
from safekeeping import screening
from safekeeping.working_time import LONDON

Pairs = list[tuple[str, str]]
ALONE = {True: "Alone with a worker", False: "In a group", None: ""}


def of(told: Answered) -> dict[str, Pairs]:
    """Return every section's pairs of question and answer, what they want first; what was not answered is left out."""
    words = {
        "wishes": of_wishes(told.wishes),
        "child": of_child(told),
        "help": of_help(told),
        "screen": of_screen(told.screen),
        "agreement": of_agreement(told.agreement),
    }
    return {section: [pair for pair in pairs if pair[1]] for section, pairs in words.items()}


def day_words(day: date | None) -> str:
    """Return "14 November 2026"."""
    return f"{day.day} {day:%B %Y}" if day else ""


def with_day(words: str, day: date | None) -> str:
    """Return "Suspended, on 14 November 2026"."""
    return f"{words}, on {day_words(day)}" if words and day else words


def full(taxonomy: str, code: str) -> str:
    """Return a code's words in full, "" for none."""
    return vocabularies.full_label_of(taxonomy, code) if code else ""


def listed(taxonomy: str, codes: Iterable[str]) -> str:
    """Return the words of codes, one after the other."""
    return ", ".join(profiles.labels(taxonomy, tuple(codes)))


def of_wishes(told: Wishes) -> Pairs:
    """Return the wishes; the child's own words stand apart."""
    liked = told.preferences
    times = ", ".join(part for part in (listed("time_availability", liked.good_times), liked.good_times_note) if part)
    return [
        ("Nobody has asked because", told.not_asked_because),
        ("Good times", times),
        ("Would like to meet", listed("delivery_setting", liked.settings_wanted)),
        ("Would not like to meet", listed("delivery_setting", liked.settings_unwanted)),
        ("Alone or in a group", ALONE[liked.one_to_one]),
        ("Kind of group", listed("group_composition", liked.compositions)),
        ("Worker", {"woman": "A woman", "man": "A man"}.get(liked.worker, "")),
        ("Languages", listed("language", liked.languages)),
        ("Somebody who", "has been through similar things" if liked.lived_experience else ""),
    ]


def of_child(told: Answered) -> Pairs:
    """Return the section about the child: an age, never the date of birth."""
    child = told.child
    risk = full("risk_level", child.risk_level)
    if child.risk_set_by_role:
        risk = f"{risk}, set by {child.risk_set_by_role}"
    return [
        ("Initials", child.initials),
        ("Age", f"{told.age}, from the date of birth you gave" if told.age is not None else ""),
        ("Sex", str(Sex(child.sex).label) if child.sex else ""),
        ("Lives in", told.lives_in),
        ("School", child.school_name),
        ("Worries", listed("harm_type", child.harm_types)),
        ("Main worry", profiles.label("harm_type", child.primary_harm)),
        ("Happens most", full("context_type", child.primary_context)),
        ("Risk", with_day(risk, child.risk_on)),
        ("Based on", full("risk_source", child.risk_source)),
        ("Why now", with_day(full("critical_moment", child.critical_moment), child.critical_moment_on)),
        ("Level of need", full("level_of_need", child.level_of_need)),
        ("Statutory process", full("statutory_status", child.statutory_status)),
        ("Its reference", child.case_reference),
        ("Comes from", full("request_source", child.route)),
        ("Leads the work", ", ".join(p for p in (child.lead_professional_role, child.lead_professional_contact) if p)),
    ]


def of_help(told: Answered) -> Pairs:
    """Return what would help, and what has to be minded."""
    wanted = told.help
    avoid = [
        f"{told.wards.get(one.ward, one.ward)} ({profiles.small(AVOID_REASONS[one.because])})" for one in wanted.avoid
    ]
    return [
        ("Support", listed("service_type", wanted.wanted)),
        ("Hoping for", ". ".join(wanted.goals)),
        ("Tried already", wanted.tried_already),
        ("Needs", listed("access_need", wanted.access_needs)),
        ("Not safe in", ", ".join(avoid)),
        ("Safe contact", wanted.safe_contact),
        ("Start by", day_words(wanted.start_wanted_on)),
    ]


def of_screen(told: screening.Answers) -> Pairs:
    """Return the safety questions."""
    name = settings.CITY.front_door.short_name if not told.adult else "Adult social care"
    report = ""
    if told.reported and told.reported_at:
        when = told.reported_at.astimezone(LONDON)
        whom = told.reported_reference or told.reported_to_role
        report = f". {name} told on {day_words(when.date())} at {when:%H:%M}, {whom}"

    def said(answer: screening.Answer | None, then: str = "") -> str:
        return f"{answer.label}{then if answer is screening.YES else ''}" if answer else ""

    return [
        ("In danger now", "They are safe now" + report if told.safe_confirmed else said(told.danger_now, report)),
        ("Signs of harm", said(told.harm, report)),
        ("Social worker", said(told.social_worker)),
        ("An adult who works with children", said(told.adult_works_with_children)),
        ("Trafficking", said(told.trafficking)),
    ]


def of_agreement(told: Agreement) -> Pairs:
    """Return agreement and sharing."""
    unsafe = told.participation == "not_sought_safety_reason"
    return [
        ("Why you may share", full("lawful_basis", told.lawful_basis)),
        ("Sensitive information", full("special_category_condition", told.special_condition)),
        ("They know", with_day(full("information_sharing_notice", told.notice), told.notice_by_on)),
        ("Not told because", told.notice_not_given_because),
        ("Taking part", with_day(full("participation_consent", told.participation), told.participation_on)),
        ("How", told.participation_method),
        ("Not asked because", told.participation_because if unsafe else ""),
    ]
