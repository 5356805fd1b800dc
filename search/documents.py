"""
What is findable, written once for every engine.

A document is made of published rows only, never of a draft; it names an audience; it holds of a place only what
`directory.whereabouts` lets out. What is kept as a record (visibility "hidden") gets no document at all (INV-D6).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, time, timedelta
from uuid import UUID

from directory.models import (
    AddressVisibility,
    Closure,
    Location,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    TaxonomyTerm,
)
from directory.schedules import days_of, times_of
from directory.whereabouts import shown
from search.aspects import IN_A_GROUP, ONE_TO_ONE, choices
from search.legacy import code_of, tags_of
from search.queries import Aspect, DocumentPlace, Hours, SearchDocument

# Widest first: a document is for the narrower of the service's and the organization's audience.
AUDIENCES = ("public", "professionals", "coordinators")
BATCH = 500
DAY = 24 * 60
# Kinds of service of which everybody knows whether one is alone with a worker; a group's size says it of any other.
ALONE = frozenset(
    {
        "community_mentoring", "targeted_youth_1to1", "specialist_keyworking", "specialist_exploitation_1to1",
        "therapeutic_support", "substance_misuse_youth", "parent_1to1", "advocacy_guardian", "hospital_rapid_response",
    }
)  # fmt: skip
# What a service's page tells of it that is a word of no vocabulary.
COMES, LIVED = "Comes to you", "Lived experience"
TOGETHER = frozenset(
    {
        "girls_group", "boys_group", "mixed_group", "parent_group", "sport_based", "school_workshop", "open_access_youth_club",
        "popup_youth_club", "school_targeted_programme",
    }
)  # fmt: skip
MULTIPLE = ("harm_types", "group_compositions", "delivery_settings", "time_availabilities", "languages", "access_needs")
FIELDS = (
    "id", "name", "summary", "what_happens", "pattern", "minimum_age", "maximum_age", "subject", "travels_to_child",
    "legacy_tags", "organization__name", "organization__led_by", "organization__description",
    "organization__organization_type_id", "organization__legacy_tags", "standing__visibility",
    "organization__standing__visibility", "service_type_id", "intervention_level_id", "max_group_size",
    "lived_experience_staff", "request_mode",
)  # fmt: skip
# Who is as old as that, as people say it without a number: "primary school", "young adult".
UNDER_11, OVER_18 = "under_11", "over_18"


def all_documents() -> Iterator[SearchDocument]:
    """Yield a document of every service that somebody may find."""
    yield from documents_for(Service.objects.published().order_by("pk").values_list("pk", flat=True))


def documents_for(service_ids: Iterable[UUID]) -> Iterator[SearchDocument]:
    """Yield the documents of those services that somebody may find; as many queries for a batch as for one."""
    for batch in batches(service_ids):
        yield from documents_of_batch(batch)


def batches(service_ids: Iterable[UUID]) -> Iterator[tuple[UUID, ...]]:
    """Yield the ids in batches that one statement can name."""
    waiting: list[UUID] = []
    for one in service_ids:
        waiting.append(one)
        if len(waiting) == BATCH:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)


def documents_of_batch(ids: tuple[UUID, ...]) -> Iterator[SearchDocument]:
    """Yield one batch's documents."""
    rows = list(Service.objects.published().filter(pk__in=ids).values(*FIELDS))
    terms: dict[UUID, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for name in MULTIPLE:
        links = getattr(Service, name).through.objects.filter(service_id__in=ids)
        for service_id, term_id in links.values_list("service_id", "taxonomyterm_id"):
            terms[service_id][name].append(term_id)
    words = {term.pk: term for term in TaxonomyTerm.objects.all()}
    areas: dict[UUID, list[ServiceArea]] = defaultdict(list)
    for area in ServiceArea.objects.filter(service_id__in=ids).select_related("ward", "locality").order_by("pk"):
        areas[area.service_id].append(area)
    closures: dict[UUID, list[Closure]] = defaultdict(list)
    for closure in Closure.objects.filter(service_id__in=ids):
        closures[closure.service_id].append(closure)
    hours: dict[UUID, list[Schedule]] = defaultdict(list)
    for one_schedule in Schedule.objects.filter(service_id__in=ids):
        hours[one_schedule.service_id].append(one_schedule)
    usable: dict[UUID, set[str]] = defaultdict(set)
    places: dict[UUID, list[DocumentPlace]] = defaultdict(list)
    names: dict[UUID, list[str]] = defaultdict(list)
    happens = ServiceAtLocation.objects.filter(service_id__in=ids).select_related("location__address", "location__ward")
    for one in happens.prefetch_related("location__access_needs").order_by("location_id"):
        told = shown(one.location)
        if told.point is not None:
            places[one.service_id].append(
                DocumentPlace(told.location_id, told.point, told.exact, happens_in(one.location))
            )
        if told.exact:
            names[one.service_id] += [told.label, *([one.location.ward.name] if one.location.ward else [])]
            usable[one.service_id].update(need.code for need in one.location.access_needs.all())
    for row in rows:
        audience = narrower(row["standing__visibility"], row["organization__standing__visibility"])
        if audience is not None:
            one = row["id"]
            works = aspects_of(row, words, terms[one], times_of(hours[one]), usable[one])
            made = document_of(row, audience, words, terms[one], areas[one], tuple(places[one]), names[one], works)
            yield replace(made, hours=hours_of(hours[one], closures[one]))


def document_of(
    row: dict,
    audience: str,
    words: dict[int, TaxonomyTerm],
    terms: dict[str, list[int]],
    areas: list[ServiceArea],
    places: tuple[DocumentPlace, ...],
    place_names: list[str],
    aspects: Mapping[Aspect, tuple[str, ...]],
) -> SearchDocument:
    """Put one document together."""
    chosen = [words[row["service_type_id"]], words[row["intervention_level_id"]]]
    chosen += [words[term] for name in MULTIPLE for term in sorted(terms[name])]
    extents = {area.extent for area in areas}
    anywhere = ServiceArea.Extent.ANYWHERE in extents
    legacy = tags_of(row["legacy_tags"], row["organization__legacy_tags"])
    return SearchDocument(
        service_id=row["id"],
        audience=audience,
        name=row["name"],
        organization=row["organization__name"],
        keywords=tuple(
            dict.fromkeys(word for term in chosen for word in (term.label, term.plain_label, term.abbreviation) if word)
        )
        + tuple(dict.fromkeys(place.name for area in areas if (place := area.ward or area.locality)))
        + tuple(word for word, told in ((COMES, "travels_to_child"), (LIVED, "lived_experience_staff")) if row[told])
        + legacy,
        codes=tuple(
            dict.fromkeys(
                [
                    *(term.code for term in chosen),
                    *(code for codes in aspects.values() for code in codes),
                    *told_otherwise(row),
                    *filter(None, map(code_of, legacy)),
                ]
            )
        ),
        summary=row["summary"] or "",
        about_organization=" . ".join(filter(None, about(row, words[row["organization__organization_type_id"]]))),
        body="\n".join(
            part
            for part in (
                row["pattern"],
                row["what_happens"],
                apart(row["organization__name"]),
                *place_names,
            )
            if part
        ),
        minimum_age=row["minimum_age"],
        maximum_age=row["maximum_age"],
        subject=row["subject"],
        harms=tuple(sorted(words[term].code for term in terms["harm_types"])),
        level=words[row["intervention_level_id"]].code,
        service_type=words[row["service_type_id"]].code,
        travels=row["travels_to_child"],
        # nobody has said whom it serves: then it is for the city that the directory is of
        serves_city=anywhere or not areas or ServiceArea.Extent.CITYWIDE in extents,
        serves_anywhere=anywhere,
        areas=tuple(sorted({code for area in areas if (code := area.ward_id or area.locality_id)})),
        places=places,
        aspects=aspects,
    )


def told_otherwise(row: dict) -> Iterator[str]:
    """Yield codes of what a service's page tells in words of no vocabulary: for whom it is, how somebody gets it, of what age."""
    yield for_code(row["subject"])
    yield row["request_mode"]
    if row["minimum_age"] is not None and row["minimum_age"] < 11:
        yield UNDER_11
    if row["maximum_age"] is not None and row["maximum_age"] > 18:
        yield OVER_18


def for_code(subject: str) -> str:
    """Return the code that stands for whom a service is for."""
    return f"for_{subject}"


def aspects_of(
    row: dict, words: dict[int, TaxonomyTerm], terms: dict[str, list[int]], open_in: frozenset[str], usable: set[str]
) -> dict[Aspect, tuple[str, ...]]:
    """
    Return how a service works.

    :param open_in: the parts of the week in which its schedules say that it is open
    :param usable: what its places have, where they are shown
    """
    told = {name: {words[term].code for term in terms[name]} for name in MULTIPLE}
    times = told["time_availabilities"] | open_in
    if "24_7" in times:
        times = times | {code for code, _ in choices(Aspect.TIME)}
    size, kind = row["max_group_size"], words[row["service_type_id"]].code
    company = set()
    if size == 1 or (size is None and kind in ALONE):
        company.add(ONE_TO_ONE)
    if (size or 0) > 1 or (size is None and kind in TOGETHER):
        company.add(IN_A_GROUP)
    found = {
        Aspect.COMPOSITION: told["group_compositions"] | company,
        Aspect.TIME: times,
        Aspect.SETTING: told["delivery_settings"],
        Aspect.LANGUAGE: told["languages"],
        Aspect.ACCESS: told["access_needs"] | usable,
    }
    return {aspect: tuple(sorted(codes)) for aspect, codes in found.items()}


def about(row: dict, kind: TaxonomyTerm) -> tuple[str, ...]:
    """Return what a service's page tells of who runs it: what kind of organization that is, who leads it, what it does."""
    return (kind.label, kind.plain_label, row["organization__led_by"], row["organization__description"])


def apart(name: str) -> str:
    """Return the words of a name like "OneWord" one by one, as people type it; "" for any other."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return words if words != name else ""


def happens_in(place: Location) -> tuple[str, ...]:
    """Return the codes of the ward and the locality that a place may be said to be in (INV-P7)."""
    if place.ward is None or place.address_visibility not in (AddressVisibility.FULL, AddressVisibility.AREA):
        return ()
    return (place.ward.code, place.ward.locality_id)


def hours_of(schedules: Iterable[Schedule], closures: Iterable[Closure]) -> tuple[Hours, ...]:
    """Return the regular hours, each for the days on which no closure takes it away."""
    closed = sorted(closures, key=lambda one: (one.from_on, one.until_on))
    found = []
    for one in schedules:
        if one.opens_at is None or one.closes_at is None:
            continue
        opens, closes = minutes(one.opens_at), minutes(one.closes_at)
        spans: list[tuple[date | None, date | None]] = [(one.valid_from_on, one.valid_to_on)]
        for closure in closed:
            if closure.at_location_id in (None, one.at_location_id):
                spans = [left for span in spans for left in without(span, closure)]
        found += [
            Hours(day, opens, closes if closes > opens else closes + DAY, first, last)
            for day in days_of(one.byday)
            for first, last in spans
        ]
    return tuple(sorted(found, key=lambda one: (one.day, one.opens, one.closes, one.first or date.min)))


def minutes(of: time) -> int:
    """Return a time of the day in minutes."""
    return of.hour * 60 + of.minute


def without(span: tuple[date | None, date | None], closure: Closure) -> list[tuple[date | None, date | None]]:
    """Return what is left of the days from the first to the last, None without end, without those of a closure."""
    first, last = span
    if (last is not None and last < closure.from_on) or (first is not None and first > closure.until_on):
        return [span]
    left: list[tuple[date | None, date | None]] = []
    if first is None or first < closure.from_on:
        left.append((first, closure.from_on - timedelta(days=1)))
    if last is None or last > closure.until_on:
        left.append((closure.until_on + timedelta(days=1), last))
    return left


def narrower(one: str, other: str) -> str | None:
    """Return the narrower of two audiences; None if either is nobody."""
    if one not in AUDIENCES or other not in AUDIENCES:
        return None
    return max(one, other, key=AUDIENCES.index)


def digest_of(document: SearchDocument) -> str:
    """Return a short text that changes whenever the document does."""
    return hashlib.sha256(json.dumps(asdict(document), default=str, sort_keys=True).encode()).hexdigest()


def mark_of(digest: str) -> int:
    """Return a number that stands for a digest: two indexes with equal sums of marks hold the same documents."""
    return int(digest[:8], 16)
