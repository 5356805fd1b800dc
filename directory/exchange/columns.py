"""
The columns of a table of services: what each holds, how a cell is read, and how an entry is told in one.

Every value has one shape in which it is compared, kept and exported. So a file that comes back as it went out changes
nothing. A column that is not named here is refused: nobody brings scores or intelligence in by a side door (INV-P15).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from directory import geocoding
from directory.geo import Point
from directory.models import (
    AddressVisibility,
    Locality,
    Location,
    Organization,
    Service,
    ServiceArea,
    ServiceContact,
    TaxonomyTerm,
    Ward,
)
from directory.postcodes import PostcodesNotLoaded, normalize
from directory.schedules import CODES
from directory.tables import as_date, as_time, shortened, written

Read = Callable[[str, "World"], str]
YES = ("yes", "y", "true", "1")
NO = ("no", "n", "false", "0", "")


@dataclass
class World:
    """What cells are looked up in, read once for many rows."""

    terms: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    codes: dict[int, str] = field(default_factory=dict)
    words: dict[tuple[str, str], TaxonomyTerm] = field(default_factory=dict)
    term_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    extents: dict[str, str] = field(default_factory=dict)
    place_names: dict[UUID, str] = field(default_factory=dict)
    places: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    organizations: dict[str, Organization] = field(default_factory=dict)
    slugs: dict[str, UUID] = field(default_factory=dict)
    refs: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls) -> World:
        """Read it: seven questions, however many rows."""
        world = cls()
        for term in TaxonomyTerm.objects.order_by("position", "code"):
            for word in (term.plain_label, term.label):
                if word:
                    world.terms[term.taxonomy_id].setdefault(word.casefold(), term.code)
            world.terms[term.taxonomy_id][term.code] = term.code
            world.codes[term.pk] = term.code
            world.words[term.taxonomy_id, term.code] = term
            world.term_ids[term.taxonomy_id, term.code] = term.pk
        for ward in Ward.objects.all():
            world.extents[f"ward:{ward.code}".casefold()] = f"ward:{ward.code}"
            world.extents[f"ward:{ward.name}".casefold()] = f"ward:{ward.code}"
        for locality in Locality.objects.all():
            world.extents[locality.name.casefold()] = world.extents[locality.code] = locality.code
        world.extents |= {"citywide": "citywide", "anywhere": "anywhere"}
        for pk, name in Location.objects.values_list("pk", "name"):
            world.place_names[pk] = name
            world.places[name.casefold()].append(pk)
        world.organizations = {
            one.slug: one for one in Organization.objects.select_related("organization_type", "standing")
        }
        for pk, slug, ref in Service.objects.values_list("pk", "slug", "source_ref"):
            world.slugs[slug] = pk
            if ref:
                world.refs[ref].append(pk)
        return world

    def place(self, pk: UUID) -> str:
        """Return what a place is called in a cell: its name, or its id where a name would not say which."""
        name = self.place_names[pk]
        return name if len(self.places[name.casefold()]) == 1 and not set(name) & set("|\n") else str(pk)


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column. ``about`` and ``example`` are what the page about the file says of it.

    ``vocabulary`` is the one whose words it takes, ``field`` the service's own field that holds it.
    """

    name: str
    about: str
    example: str = ""
    read: Read = lambda text, world: text
    needed: bool = False
    vocabulary: str = ""
    field: str = ""
    kind: str = "plain"
    read_only: bool = False


# --- how cells are read -------------------------------------------------------------------------------------------------


def plain(name: str, model: type[models.Model] = Service, *, own: str = "") -> Read:
    """Return the reader of a field of text: what the field itself would refuse is refused."""

    def read(text: str, world: World) -> str:
        return checked(model, own or name, text)

    return read


def checked(model: type[models.Model], name: str, value: Any) -> str:
    """
    Return the value as text, once the field has taken it.

    :raises ValueError: with the field's own words
    """
    column = model._meta.get_field(name)
    if value == "" and getattr(column, "null", False):
        return ""
    limit = getattr(column, "max_length", None)
    if limit and len(str(value)) > limit:
        raise ValueError(f"This has {len(str(value))} characters; {limit} fit.")
    if value == "":
        return ""
    try:
        return written(column.clean(value, None))  # type: ignore[union-attr]
    except ValidationError as trouble:
        raise ValueError(" ".join(trouble.messages)) from None


def number(name: str) -> Read:
    """Return the reader of a whole number."""

    def read(text: str, world: World) -> str:
        if not text:
            return ""
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise ValueError(f"“{shortened(text)}” is not a whole number.")
        return checked(Service, name, int(text))

    return read


def day(text: str, world: World) -> str:
    """Read a date."""
    return as_date(text).isoformat() if text else ""


def yes_or_no(text: str, world: World) -> str:
    """
    Read a tick.

    :raises ValueError: if it is neither yes nor no
    """
    told = text.casefold()
    if told not in YES and told not in NO:
        raise ValueError(f"“{shortened(text)}”: write yes or no.")
    return "yes" if told in YES else "no"


def choice(name: str) -> Read:
    """Return the reader of one of the field's choices, by its code or its words."""
    known = {code: code for code, _ in Service._meta.get_field(name).choices}  # type: ignore[union-attr]
    known |= {str(words).casefold(): code for code, words in Service._meta.get_field(name).choices}  # type: ignore[union-attr]

    def read(text: str, world: World) -> str:
        if not text:
            return ""
        if text.casefold() not in known:
            raise ValueError(f"“{shortened(text)}”: write one of {', '.join(sorted(set(known.values())))}.")
        return known[text.casefold()]

    return read


def word(taxonomy: str) -> Read:
    """Return the reader of one word of a vocabulary, by its code or its label."""

    def read(text: str, world: World) -> str:
        return code_of(taxonomy, text, world) if text else ""

    return read


def words(taxonomy: str) -> Read:
    """Return the reader of any number of words, with semicolons between them."""

    def read(text: str, world: World) -> str:
        return "; ".join(sorted({code_of(taxonomy, part, world) for part in parts(text, ";")}))

    return read


def code_of(taxonomy: str, text: str, world: World) -> str:
    """
    Return the code of a word.

    :raises ValueError: if the vocabulary has no such word
    """
    found = world.terms[taxonomy].get(text) or world.terms[taxonomy].get(text.casefold())
    if found is None:
        raise ValueError(f"“{shortened(text)}” is not one of the words for this column.")
    return found


def parts(text: str, between: str) -> list[str]:
    """Return what stands between separators, without what is empty."""
    return [part for one in text.split(between) if (part := one.strip())]


def areas(text: str, world: World) -> str:
    """
    Read where those live who may come.

    :raises ValueError: if a part of the map is not known
    """
    told = set()
    for part in parts(text, ";"):
        found = world.extents.get(part.casefold())
        if found is None:
            raise ValueError(f"“{shortened(part)}” is not a part of the map: see the page about this file.")
        told.add(found)
    return "; ".join(sorted(told))


def places(text: str, world: World) -> str:
    """Read where it happens: a place on each line, known by its name, or new with its street and postcode."""
    return "\n".join(sorted({place(line, world) for line in parts(text, "\n")}))


def place(line: str, world: World) -> str:
    """
    Read one place.

    :raises ValueError: if it is neither known nor told in full, or if the file says otherwise of one that is known
    """
    told = [part.strip() for part in line.split("|")]
    known = place_ids(told[0], world)
    if len(known) > 1:
        raise ValueError(f"There are {len(known)} places called “{shortened(told[0])}”. Write the id of one of them.")
    if known:
        if len(told) > 1:
            raise ValueError(f"“{shortened(told[0])}” is known. Write its name alone, or change it under Locations.")
        return world.place(known[0])
    if len(told) not in (3, 4):
        raise ValueError(f"“{shortened(told[0])}” is not known. For a new place, write: name | street | postcode.")
    checked(Location, "name", told[0])
    seen = told[3] if len(told) == 4 else AddressVisibility.FULL
    if seen not in AddressVisibility.values:
        raise ValueError(f"“{shortened(seen)}”: write one of {', '.join(AddressVisibility.values)}.")
    postcode = normalize(told[2])
    if postcode is None:
        raise ValueError(f"“{shortened(told[2])}” is not a full postcode.")
    if where_is(postcode) is None:
        raise ValueError(f"No postcode {postcode} is known here.")
    return " | ".join([told[0], told[1], postcode, seen])


def place_ids(text: str, world: World) -> list[UUID]:
    """Return the places that a cell may mean, by id or by name."""
    try:
        pk = UUID(text)
    except ValueError:
        return world.places.get(text.casefold(), [])
    return [pk] if pk in world.place_names else []


@dataclass(frozen=True, slots=True)
class Found:
    """Where a postcode is."""

    point: Point | None
    ward: str
    council_code: str


def where_is(postcode: str) -> Found | None:
    """Return where a postcode is; None if there is none. Where no table is loaded, nobody knows: it has no point."""
    try:
        found = geocoding.locate(postcode)
    except PostcodesNotLoaded:
        return Found(None, "", "")
    if isinstance(found, geocoding.NotAPostcode | geocoding.PostcodeUnknown | geocoding.PlaceUnknown):
        return None
    return Found(
        getattr(found, "point", None), getattr(found, "ward", "") or "", getattr(found, "council_code", "") or ""
    )


def schedules(text: str, world: World) -> str:
    """Read when it happens: on each line the days and hours, then what else there is to say."""
    return "\n".join(sorted({schedule(line, world) for line in parts(text, "\n")}))


TERM = "term time only"


def schedule(line: str, world: World) -> str:
    """
    Read one line such as "MO,WE 16:00-18:00 | term time only | at The Hub | note: ring the bell".

    :raises ValueError: if the days or hours cannot be read
    """
    first, *more = [part.strip() for part in line.split("|")]
    days, hours = days_and_hours(first)
    told = {"from": "", "until": "", "at": "", "note": "", TERM: ""}
    for place_of, part in enumerate(more):
        name, _, rest = part.partition(" ")
        if part.casefold() == TERM:
            told[TERM] = TERM
        elif name in ("from", "until"):
            told[name] = as_date(rest).isoformat()
        elif name == "at":
            told["at"] = rest.strip()
        elif name == "note:":
            told["note"] = " | ".join([rest, *more[place_of + 1 :]]).strip()
            break
        else:
            raise ValueError(f"“{shortened(part)}”: write {TERM}, at …, from …, until … or note: …")
    if len(told["note"]) > 160:
        raise ValueError("A note has 160 characters at most.")
    return schedule_text(days, hours, told)


def schedule_text(days: str, hours: str, told: Mapping[str, str]) -> str:
    """Return the one shape of a line of times."""
    shown = [f"{days} {hours}".strip(), told[TERM]]
    shown += [f"{name} {told[name]}" for name in ("at", "from", "until") if told[name]]
    shown += [f"note: {told['note']}"] if told["note"] else []
    return " | ".join(part for part in shown if part)


def days_and_hours(text: str) -> tuple[str, str]:
    """
    Return "MO,WE" and "16:00-18:00".

    :raises ValueError: if a day is not one, or it closes before it opens
    """
    days: set[str] = set()
    hours = ""
    for part in text.replace(",", " ").replace("–", "-").split():
        if part[:1].isdigit() or part == "-":
            hours += part
        elif part[:2].upper() in CODES and part.isalpha():
            days.add(part[:2].upper())
        else:
            raise ValueError(f"“{shortened(part)}” is not a day. Write for example: MO,WE 16:00-18:00.")
    if not days:
        raise ValueError("Write the days first. For example: MO,WE 16:00-18:00.")
    told = [as_time(one) for one in hours.split("-") if one]
    if len(told) > 2 or (len(told) == 2 and told[0] >= told[1]):
        raise ValueError("It must close after it opens.")
    return ",".join(code for code in CODES if code in days), "-".join(f"{one:%H:%M}" for one in told)


def key(text: str, world: World) -> str:
    """
    Read the end of a page's address.

    :raises ValueError: if it could not be one
    """
    if text and (text != slugify(text) or len(text) > 120):
        raise ValueError("Use small letters, numbers and hyphens. For example: stay-alongside.")
    return text


# --- the columns, in the order of the template ---------------------------------------------------------------------------


def text_column(name: str, about: str, example: str = "", *, needed: bool = False) -> Column:
    """Return a column of plain text."""
    return Column(name, about, example, plain(name), needed=needed, field=name)


def number_column(name: str, about: str, example: str = "") -> Column:
    """Return a column of whole numbers."""
    return Column(name, about, example, number(name), field=name, kind="number")


def word_column(name: str, about: str, example: str, vocabulary: str) -> Column:
    """Return a column of one word."""
    return Column(name, about, example, word(vocabulary), needed=True, vocabulary=vocabulary, field=name, kind="word")


def words_column(name: str, about: str, example: str, vocabulary: str) -> Column:
    """Return a column of several words."""
    return Column(name, about, example, words(vocabulary), vocabulary=vocabulary, field=name, kind="words")


def organization_column(name: str, own: str, about: str, example: str = "", read: Read | None = None) -> Column:
    """Return a column about the organization that runs it."""
    return Column(name, about, example, read or plain(name, Organization, own=own), field=own, kind="organization")


KEY = Column("key", "The end of the page’s address. It says which service a row is about.", "stay-alongside", key)
SOURCE_REF = Column(
    "source_ref", "Your own reference. Where key is empty, it says which service a row is about.", "B14",
    plain("source_ref"), field="source_ref",
)  # fmt: skip
COLUMNS: tuple[Column, ...] = (
    KEY,
    SOURCE_REF,
    text_column("name", "What the service is called.", "Stay alongside", needed=True),
    Column("organization", "The key of the organization that runs it.", "umoja-path", key, needed=True),
    organization_column("organization_name", "name", "Its name. Needed for a new organization.", "Umoja Path"),
    Column(
        "organization_type",
        "Its kind. Needed for a new organization.",
        "vcs_charity",
        word("organization_type"),
        vocabulary="organization_type",
        field="organization_type",
        kind="organization",
    ),
    organization_column("organization_website", "website", "Its website.", "https://umoja.example/"),
    organization_column("organization_email", "email", "Its e-mail address.", "hello@umoja.example"),
    organization_column("organization_telephone", "telephone", "Its telephone number.", "0117 496 0101"),
    organization_column("organization_led_by", "led_by", "Whose it is.", "Led by and for Somali families"),
    text_column("summary", "One or two plain sentences.", "One adult who stays alongside.", needed=True),
    text_column("what_happens", "What happens there."),
    text_column("what_we_do_not_do", "What it is not."),
    text_column("pattern", "How often, and how long.", "an afternoon a week"),
    text_column("response_time", "How soon somebody answers."),
    word_column("service_type", "The kind of service.", "community_mentoring", "service_type"),
    word_column("intervention_level", "The kind of help.", "targeted_diversion", "intervention_level"),
    Column("subject", "For whom it works.", "child", choice("subject"), needed=True, field="subject"),
    Column(
        "request_mode",
        "How somebody gets it.",
        "broker_only",
        choice("request_mode"),
        needed=True,
        field="request_mode",
    ),
    number_column("minimum_age", "The youngest age.", "10"),
    number_column("maximum_age", "The oldest age.", "17"),
    number_column("duration_min_months", "At least so many months.", "3"),
    number_column("duration_max_months", "At most so many months.", "12"),
    number_column("max_group_size", "How many come together at most."),
    Column(
        "co_attendance_check",
        "Whether it is checked who else comes.",
        "required",
        choice("co_attendance_check"),
        field="co_attendance_check",
    ),
    Column(
        "travels_to_child",
        "Whether they come to the child: yes or no.",
        "yes",
        yes_or_no,
        field="travels_to_child",
        kind="tick",
    ),
    Column(
        "lived_experience_staff",
        "Whether some staff have been through it: yes or no.",
        "no",
        yes_or_no,
        field="lived_experience_staff",
        kind="tick",
    ),
    words_column("harm_types", "The worries it is for.", "cce; knife_weapon", "harm_type"),
    words_column("delivery_settings", "Where they work.", "community", "delivery_setting"),
    words_column("group_compositions", "Who comes together.", "mixed", "group_composition"),
    words_column("time_availabilities", "When, roughly.", "", "time_availability"),
    words_column("languages", "Languages.", "en; so", "language"),
    words_column("routes", "Who may ask.", "", "request_source"),
    words_column("access_needs", "Access needs that are met.", "", "access_need"),
    text_column("trauma_informed_statement", "How they work with what children have been through."),
    text_column("rights_statement", "What children have a right to there."),
    text_column("voice_statement", "How children shape it."),
    text_column("safeguarding_statement", "How children are kept safe there."),
    text_column("evidence_note", "What is known of the approach, not of the provider."),
    text_column("evidence_source", "Where that can be read.", "https://evidence.example/"),
    text_column("legacy_tags", "Older programme names, with commas between them."),
    Column("facts_as_at", "The day on which the facts were true.", "01/10/2021", day, field="facts_as_at", kind="day"),
    text_column("dated_note", "A figure or fact of that day."),
    Column(
        "contact_name",
        "Whom to contact: a role rather than a person.",
        "Duty worker",
        plain("contact_name", ServiceContact, own="name"),
        field="name",
        kind="contact",
    ),
    Column(
        "contact_email",
        "Their e-mail address.",
        "duty@umoja.example",
        plain("contact_email", ServiceContact, own="email"),
        field="email",
        kind="contact",
    ),
    Column(
        "contact_telephone",
        "Their telephone number.",
        "0117 496 0102",
        plain("contact_telephone", ServiceContact, own="telephone"),
        field="telephone",
        kind="contact",
    ),
    Column(
        "areas",
        "Where those live who may come: citywide, anywhere, the code of a locality, or ward: and its code.",
        "citywide",
        areas,
        kind="areas",
    ),
    Column(
        "places",
        "Where it happens, a place on each line: its name, or for a new one name | street | postcode.",
        "",
        places,
        kind="places",
    ),
    Column(
        "schedules",
        "When it happens, a line for each: days and hours, then “term time only”, “at” and a place, “note:” and words.",
        "MO,WE 16:00-18:00 | term time only",
        schedules,
        kind="schedules",
    ),
    Column("where", "Where it happens, as anybody may know it. Only told, never read.", read_only=True),
    Column("checked_on", "When the entry was last checked. Only told, never read.", read_only=True),
    Column("standing", "Whether it is shown. Only told, never read.", read_only=True),
    Column("seen_by", "Who may see it. Only told, never read.", read_only=True),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
TAKEN = tuple(column for column in COLUMNS if not column.read_only)
WORDS = tuple(column for column in TAKEN if column.field and column.kind not in ("organization", "contact"))
ABOUT_THE_ORGANIZATION = tuple(column for column in TAKEN if column.kind == "organization")
ABOUT_CONTACT = tuple(column for column in TAKEN if column.kind == "contact")
# Live at once, whatever becomes of the words.
FACTS = ("areas", "places", "schedules")
NO_ORGANIZATION_NEEDS = ("organization_name", "organization_type")


def area_text(area: ServiceArea) -> str:
    """Return a part of the map as a cell has it."""
    if area.extent == ServiceArea.Extent.WARD:
        return f"ward:{area.ward_id}"
    return str(area.locality_id) if area.extent == ServiceArea.Extent.LOCALITY else area.extent
