"""
Searches that came to nothing, counted for those who decide what is paid for next: facets, a part of the city, a week.

No text, no person, no moment and no postcode: a row says how often, in one week, the same facets were asked for in the same
locality. Whoever presses the button again within the hour is counted once. Stewards see what was asked for five times or
more, in steps of five and without totals, so that nothing smaller can be found by subtraction.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import F, Sum
from django.http import QueryDict

from directory import vocabularies
from directory.availability import LONDON
from directory.geocoding import Kind, Located
from safekeeping.floods import mark_of
from search import assumptions, finder
from search.facets import words_of
from search.finder import Terms
from search.models import MissKind, SearchMiss
from search.outcomes import Found, NothingNearby, Outcome
from search.queries import TIERS, Aspect, Criterion, Tier

log = logging.getLogger(__name__)

# INV-P12: fewer are never shown, and more only in steps of as many.
SMALLEST = 5
MOST_FACETS = 8
MOST_SHOWN = 40
COUNTED_ONCE_SECONDS = 60 * 60
KEPT = timedelta(weeks=53)
BANDS = ((9, "under 10"), (12, "10 to 12"), (15, "13 to 15"), (17, "16 to 17"), (25, "18 to 25"))
OWN_WORDS = "own words"


def kind_of(outcome: Outcome) -> MissKind | None:
    """Say how a search came to nothing: nothing fits, or nothing of what fits has a place; None if it did not."""
    match outcome:
        case NothingNearby(changes=changes):
            full = any(name == Criterion.PLACES.value for one in changes for name, _ in one.parameters)
            return MissKind.NO_PLACE if full else MissKind.NOTHING
        case Found(page=page, near=near, anywhere=anywhere) if page.is_last and page.page == 1:
            free = any(TIERS[card.availability.state] == Tier.FREE for card in (*near, *anywhere))
            return None if free or not (near or anywhere) else MissKind.NO_PLACE
        case _:
            return None


def facets_of(terms: Terms, place: Located | None) -> str:
    """Return what is counted of a search, in one fixed order; "" if it asked for nothing that can be counted."""
    harms, kinds = (dict(vocabularies.choices(one)) for one in ("harm_type", "service_type"))
    # A word may stand for a worry or for what is done about it: the worry is what was asked about.
    understood, terms, _ = finder.as_told(terms, place)
    words = understood.words
    meant = {code for word in words for code in (harms.keys() & set(word.codes) or kinds.keys() & set(word.codes))}
    pairs = [
        ("area", area_of(place)),
        ("age", band_of(terms.age)),
        *(("harm", code) for code in sorted({*terms.harms, *(meant & harms.keys())})),
        *(("type", code) for code in sorted({terms.service_type, *(meant & kinds.keys())} - {""})),
        ("subject", terms.subject),
        ("level", terms.level),
        *((aspect.value, code) for aspect in Aspect for code in sorted(terms.aspects.get(aspect, ()))),
    ]
    given = [pair for pair in pairs if pair[1]]
    if not given or len(given) > MOST_FACETS:
        return ""
    if any(not word.codes for word in words):
        given.append(("words", "1"))
    facets = urlencode(given)
    return facets if len(facets) <= int(SearchMiss._meta.get_field("facets").max_length or 0) else ""


def area_of(place: Located | None) -> str:
    """Return the part of the city that a place is in: its locality's code, or a postcode district."""
    if place is None or place.kind == Kind.CITY:
        return ""
    return place.locality or (place.sector if place.kind == Kind.DISTRICT else "")


def band_of(age: int | None) -> str:
    """Return the age band that is counted."""
    return "" if age is None else next((words for oldest, words in BANDS if age <= oldest), "")


def note(terms: Terms, outcome: Outcome, *, network_address: str, at: datetime) -> str:
    """
    Count a search that came to nothing; return what was counted in words, "" if nothing was.

    Whoever searches is answered even where the database takes nothing.
    """
    kind = kind_of(outcome)
    facets = facets_of(terms, getattr(outcome, "place", None)) if kind else ""
    if not kind or not facets:
        return ""
    once = hashlib.sha256(f"{mark_of(network_address, at=at)} {kind} {facets}".encode()).hexdigest()
    if cache.add(f"search-miss:{once}", 1, COUNTED_ONCE_SECONDS):
        try:
            add(kind, facets, week=monday(at))
        except DatabaseError:
            log.warning("search: a search that came to nothing could not be counted")
            return ""
    return in_words(facets)


@transaction.atomic
def add(kind: MissKind, facets: str, *, week: date) -> None:
    """Count one more."""
    row = SearchMiss.objects.filter(week=week, kind=kind, facets=facets)
    if not row.update(times=F("times") + 1):
        SearchMiss.objects.bulk_create(
            [SearchMiss(week=week, kind=kind, facets=facets, times=0)], ignore_conflicts=True
        )
        row.update(times=F("times") + 1)


def monday(at: datetime) -> date:
    """Return the Monday of the week."""
    day = at.astimezone(LONDON).date()
    return day - timedelta(days=day.weekday())


def in_words(facets: str) -> str:
    """Return what was asked for, in the stewards' words; codes that are gone as they are."""
    data = QueryDict(facets)
    said = words_of(data, gone=str)
    said += [f"age {band}" for band in data.getlist("age")]
    said += [settings.CITY.localities.get(code, code) for code in data.getlist("area")]
    said += [OWN_WORDS for _ in data.getlist("words")]
    return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Missed:
    """What was looked for in vain, how, and at least how often."""

    words: str
    kind: str
    at_least: int


def shown(at: datetime) -> list[Missed]:
    """Return what was looked for in vain in the last weeks, most often first: five times or more, in steps of five."""
    since = monday(at) - timedelta(weeks=assumptions.MISSED_WEEKS.number - 1)
    rows = (
        SearchMiss.objects.filter(week__gte=since)
        .values("kind", "facets")
        .annotate(all_times=Sum("times"))
        .filter(all_times__gte=SMALLEST)
        .order_by("-all_times", "facets", "kind")[:MOST_SHOWN]
    )
    return [
        Missed(in_words(row["facets"]), MissKind(row["kind"]).label, row["all_times"] // SMALLEST * SMALLEST)
        for row in rows
    ]


def forget(at: datetime) -> None:
    """Forget the weeks of more than a year ago."""
    SearchMiss.objects.filter(week__lt=monday(at) - KEPT).delete()
