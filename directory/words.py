"""
The words that a partner may change: which they are, in which sections they are asked, how they are kept and compared.

A value is held as plain JSON: text, a number or nothing, true or false, the id of a term, ids of terms in ascending
order, or rows as lists of mappings (contacts, conditions). So one value can be compared, kept and shown anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Value

from directory.models import (
    ALWAYS_WAITS,
    CoAttendance,
    EligibilityRule,
    Organization,
    RequestMode,
    Service,
    ServiceContact,
    Subject,
    TaxonomyTerm,
)

Entry = Service | Organization
Values = dict[str, Any]

LINE, TEXT, ADDRESS, EMAIL, NUMBER, FLAG, CHOICE, TERM, TERMS, CONTACTS, RULES = (
    "line", "text", "address", "email", "number", "flag", "choice", "term", "terms", "contacts", "rules",
)  # fmt: skip
CHILDREN = (CONTACTS, RULES)
MOST_CHARACTERS = 4000  # of a text that the database does not limit
Kind = EligibilityRule.Kind


@dataclass(frozen=True, slots=True)
class Word:
    """One field: ``name`` is the model's, ``kind`` says how its value is held, ``hint`` helps whoever writes it."""

    name: str
    label: str
    kind: str
    hint: str = ""
    rows: int = 4
    taxonomy: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Words that are asked on one page."""

    slug: str
    title: str
    words: tuple[Word, ...]


def of_choices(choices: Any) -> tuple[tuple[str, str], ...]:
    """Return what may be chosen, as values and labels."""
    return tuple((str(value), str(label)) for value, label in choices.choices)


SERVICE_SECTIONS = (
    Section("what-it-is", "What it is", (
        Word("name", "Name", LINE),
        Word("summary", "In one or two sentences", TEXT, "60 words at most. This is what people read in a list.", 3),
        Word("what_happens", "What happens", TEXT, "First meeting, then what, how often, with whom.", 6),
        Word("what_we_do_not_do", "What it is not", TEXT, "So that nobody is sent to you for nothing.", 3),
        Word("pattern", "How often", LINE, "For example: an afternoon a week."),
        Word("response_time", "How soon you answer", LINE, "For example: we ring within two working days."),
    )),
    Section("who-it-is-for", "Who it is for", (
        Word("subject", "You work with", CHOICE, choices=of_choices(Subject)),
        Word("minimum_age", "Youngest age", NUMBER, "On the day it starts. Empty: no limit."),
        Word("maximum_age", "Oldest age", NUMBER, "On the day it starts. Empty: no limit."),
        Word("harm_types", "Worries", TERMS, taxonomy="harm_type"),
        Word("group_compositions", "Who comes together", TERMS, taxonomy="group_composition"),
        Word("max_group_size", "Largest group", NUMBER, "Empty if you do not work in groups."),
        Word("co_attendance_check", "Is it checked who else comes?", CHOICE, choices=of_choices(CoAttendance)),
        Word("service_type", "Kind of support", TERM, taxonomy="service_type"),
        Word("intervention_level", "Level", TERM, taxonomy="intervention_level"),
        Word("duration_min_months", "Lasts at least this many months", NUMBER, "Empty if you cannot say."),
        Word("duration_max_months", "Lasts at most this many months", NUMBER, "Empty if you cannot say."),
    )),
    Section("conditions", "Further conditions", (
        Word("eligibility_rules", "Conditions", RULES),
    )),
    Section("how-to-ask", "How to ask", (
        Word("request_mode", "How somebody gets it", CHOICE, choices=of_choices(RequestMode)),
        Word("routes", "Who may ask", TERMS, taxonomy="request_source"),
        Word("contacts", "Contacts", CONTACTS),
    )),
    Section("where-and-how", "Where and how", (
        Word("delivery_settings", "In which settings", TERMS, taxonomy="delivery_setting"),
        Word("time_availabilities", "Usually when", TERMS, taxonomy="time_availability"),
        Word("languages", "Languages", TERMS, taxonomy="language"),
        Word("access_needs", "Access", TERMS, taxonomy="access_need"),
        Word("travels_to_child", "We come to the young person", FLAG),
        Word("lived_experience_staff", "Some of our people have been through it themselves", FLAG),
    )),
    Section("promises", "Promises and evidence", (
        Word("safeguarding_statement", "How you keep children safe", TEXT),
        Word("rights_statement", "Their rights", TEXT,
             "What a young person can say no to, and how they complain. A new service needs this."),
        Word("voice_statement", "Their voice", TEXT, "How young people change what you do."),
        Word("trauma_informed_statement", "If they have been through something bad", TEXT,
             "How you work with somebody who has. A new service needs this."),
        Word("evidence_note", "Does this kind of help work?", TEXT, "About the approach, not about you."),
        Word("evidence_source", "Where that is written", ADDRESS, "A web address that begins with https://"),
    )),
)  # fmt: skip
ORGANIZATION_SECTIONS = (
    Section("profile", "Who you are and how to reach you", (
        Word("name", "Name", LINE),
        Word("description", "What you do", TEXT, rows=6),
        Word("led_by", "Led by", LINE, "For example: led by and for Somali families."),
        Word("website", "Website", ADDRESS, "A web address that begins with https://"),
        Word("email", "E-mail", EMAIL, "One that somebody reads every working day."),
        Word("telephone", "Telephone", LINE),
    )),
)  # fmt: skip
# Core commitments of the partnership: no provider's service becomes public without a word on how it keeps them.
COMMITMENTS = ("trauma_informed_statement", "rights_statement")
# What a new service is asked for first; everything else can follow.
FIRST_NAMES = ("name", "summary", "service_type", "intervention_level", "subject", "request_mode")


def kind_of(entry: Entry | type[Entry]) -> str:
    """Return "service" or "organization"."""
    return str(entry._meta.model_name)


def sections_of(entry: Entry | type[Entry]) -> tuple[Section, ...]:
    """Return the sections in which its words are asked."""
    return SERVICE_SECTIONS if kind_of(entry) == "service" else ORGANIZATION_SECTIONS


def section_of(entry: Entry, slug: str) -> Section | None:
    """Return the section of that name, None if there is none."""
    return next((one for one in sections_of(entry) if one.slug == slug), None)


WORDS: Mapping[str, Mapping[str, Word]] = {
    kind: {word.name: word for section in sections for word in section.words}
    for kind, sections in (("service", SERVICE_SECTIONS), ("organization", ORGANIZATION_SECTIONS))
}


def words_of(entry: Entry | type[Entry]) -> Mapping[str, Word]:
    """Return all its words by name."""
    return WORDS[kind_of(entry)]


FIRST_WORDS = tuple(words_of(Service)[name] for name in FIRST_NAMES)


def always_waits(entry: Entry | type[Entry], name: str) -> bool:
    """Say whether no setting can let this field go without a steward (INV-D4)."""
    return f"{kind_of(entry)}.{name}" in ALWAYS_WAITS


def may_go_at_once() -> list[tuple[str, str]]:
    """Return the fields of which a steward may say that they need none, with their labels."""
    found = []
    for model, told in ((Service, "Service"), (Organization, "Organization")):
        for word in words_of(model).values():
            if not always_waits(model, word.name):
                found.append((f"{kind_of(model)}.{word.name}", f"{told}: {word.label}"))
    return found


# --- held values ------------------------------------------------------------------------------------------------------
CONTACT_COLUMNS = ("name", "email", "telephone")
RULE_COLUMNS = ("kind", "group", "hard", "message", "value")


def held(entry: Entry, name: str) -> Any:
    """Return the value of one field as it is held."""
    return values_of(entry, [name])[name]


def values_of(entry: Entry, names: Iterable[str] = ()) -> Values:
    """Return the values of these fields, or of all: in at most three statements, however many fields have terms."""
    known = words_of(entry)
    wanted = [known[name] for name in names or known]
    terms = terms_of(entry, [word.name for word in wanted if word.kind == TERMS])
    return {word.name: terms[word.name] if word.kind == TERMS else value_of(entry, word) for word in wanted}


def value_of(entry: Entry, word: Word) -> Any:
    """Return the value of a field that has no list of terms."""
    match word.kind:
        case "term":
            return getattr(entry, f"{word.name}_id")
        case "contacts":
            return [{column: getattr(row, column) for column in CONTACT_COLUMNS} for row in entry.contacts.all()]
        case "rules":
            rules = sorted(entry.eligibility_rules.all(), key=lambda rule: (rule.group, rule.pk or 2**60))
            return [{column: getattr(row, column) for column in RULE_COLUMNS} for row in rules]
    return getattr(entry, word.name)


def terms_of(entry: Entry, names: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of the terms of these fields: those of a draft from itself, those of a row in one statement."""
    drafted: Mapping[str, Any] = getattr(entry, "_cluster_related_objects", {})  # what modelcluster has not stored
    found: dict[str, list[int]] = {name: [] for name in names}
    asked = []
    for name in found:
        if name in drafted:
            found[name] = sorted(term.pk for term in drafted[name])
        else:
            through = entry._meta.get_field(name).remote_field.through
            rows = through.objects.filter(**{kind_of(entry): entry.pk}).order_by()
            asked.append(rows.values_list(Value(name), "taxonomyterm"))
    for name, term in asked[0].union(*asked[1:], all=True) if asked else ():
        found[name].append(term)
    return {name: sorted(ids) for name, ids in found.items()}


def put(entry: Entry, values: Mapping[str, Any]) -> None:
    """Write held values onto an entry that is not saved by this; terms that have gone are left out."""
    known = words_of(entry)
    for name, value in values.items():
        match known[name].kind:
            case "term":
                setattr(entry, f"{name}_id", value)
            case "terms":
                setattr(entry, name, list(TaxonomyTerm.objects.filter(pk__in=value)))
            case "contacts":
                entry.contacts = rows_for(entry.contacts.all(), ServiceContact, value)
            case "rules":
                rules = sorted(entry.eligibility_rules.all(), key=lambda rule: (rule.group, rule.pk or 2**60))
                entry.eligibility_rules = rows_for(rules, EligibilityRule, value)
            case _:
                setattr(entry, name, value)


def rows_for(old: Iterable[Any], model: type, values: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return rows with these values, the old ones first, so that a comparison knows which is which."""
    kept = list(old)
    made = []
    for number, value in enumerate(values):
        row = kept[number] if number < len(kept) else model()
        for column, told in value.items():
            setattr(row, column, told)
        made.append(row)
    return made


def digest(value: Any) -> str:
    """Return what tells one value from another, for a form to remember what it showed."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


# --- shown ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Difference:
    """One field, what it says and what it would say: lines of text, none where it says nothing."""

    name: str
    label: str
    was: tuple[str, ...]
    becomes: tuple[str, ...]
    waits: bool


def differences(entry: Entry, was: Mapping[str, Any], becomes: Mapping[str, Any]) -> list[Difference]:
    """Return the fields in which two sets of values differ, in the order of the sections."""
    changed = [word for name, word in words_of(entry).items() if name in becomes and was.get(name) != becomes[name]]
    labels = labels_for(changed, was, becomes)
    return [
        Difference(
            word.name,
            word.label,
            told(word, was.get(word.name), labels),
            told(word, becomes[word.name], labels),
            always_waits(entry, word.name),
        )
        for word in changed
    ]


def labels_for(words: Iterable[Word], *values: Mapping[str, Any]) -> dict[int, str]:
    """Return the labels of all terms in these values, with one query at most."""
    ids: set[int] = set()
    for word in words:
        for one in values:
            value = one.get(word.name)
            if word.kind == TERM and value:
                ids.add(value)
            if word.kind == TERMS and value:
                ids.update(value)
    return {term.pk: term.shown for term in TaxonomyTerm.objects.filter(pk__in=ids)} if ids else {}


def told(word: Word, value: Any, labels: Mapping[int, str]) -> tuple[str, ...]:
    """Return the value in words, a line for each thing that it says."""
    if value is None or value == "" or value == []:
        return ()
    match word.kind:
        case "term":
            return (labels.get(value, ""),)
        case "terms":
            return tuple(labels[pk] for pk in value if pk in labels)
        case "flag":
            return ("Yes" if value else "No",)
        case "choice":
            return (dict(word.choices).get(value, ""),)
        case "contacts":
            return tuple(", ".join(part for part in row.values() if part) for row in value)
        case "rules":
            return tuple(rule_words(row) for row in value)
        case "text":
            return tuple(line for line in str(value).splitlines() if line.strip())
    return (str(value),)


def rule_words(row: Mapping[str, Any]) -> str:
    """Return one condition in words: its sentence, what it looks at, and with what it may be exchanged."""
    value = row["value"] or {}
    parts = [code for one in value.values() for code in (one if isinstance(one, list) else [one])]
    looks_at = f"{Kind(row['kind']).label}: {', '.join(map(str, parts))}" if parts else Kind(row["kind"]).label
    return f"{row['message']} ({looks_at}; group {row['group']}{'' if row['hard'] else '; a wish, not a condition'})"
