"""The home page and the finder: translate the address into terms, call the finder, choose the page. Nothing of a person is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from directory import geocoding, vocabularies
from directory.area_maps import Layer
from directory.cards import ServiceCard
from directory.geo import Bounds, kilometres
from directory.models import Subject
from directory.postcodes import district_in, district_of
from directory.signposts import signposts
from safekeeping import policy
from safekeeping.headers import client_address
from search import aspects, finder, maps, misses, outcomes, saved
from search import home as home_page
from search.filters import (
    EXACTLY,
    ON_A_MAP,
    OPENING_WORDS,
    SUBJECT_WORDS,
    TIER_WORDS,
    ServiceFilter,
    facets,
    within_choices,
)
from search.finder import Terms
from search.queries import USUAL_TIERS, Aspect, Order
from search.texts import LONGEST

# What a search box gives back when it was too long to repeat.
KEPT = 2000
# What the search bar carries along from the filters beside the list.
KEPT_BY_THE_BAR = (
    "age", "subject", "harm", "availability", "level", "type", *(aspect.value for aspect in Aspect), "open", "sort", "legacy",
    "view",
)  # fmt: skip
MOST_KEPT = 60
# How the list is sorted, and how else it can be.
ORDERED = {
    Order.BEST: "Best fit and places free first, then nearest as the crow flies.",
    Order.NEAREST: "Nearest first, as the crow flies.",
    Order.SOONEST: "Soonest place first.",
    Order.NAME: "By name.",
}
ORDERS = {
    Order.BEST: "best fit",
    Order.NEAREST: "distance",
    Order.SOONEST: "soonest place",
    Order.NAME: "name",
}
# Seconds that a browser keeps the outlines: their address changes with them.
KEEP_OUTLINES = 365 * 24 * 3600
GEOJSON = "application/geo+json"


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter in use, and the address without it."""

    label: str
    url: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show two boxes and a button, and what this is."""
    hat = getattr(request, "hat", None)
    return render(request, "search/home.html", {"doors": home_page.doors(hat), "words": home_page.words()})


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Answer a search: what fits, the nearest misses, or why the place could not be used."""
    filters = ServiceFilter(request.GET)
    terms = filters.terms()
    errors = dict(filters.form.errors)
    context: dict[str, Any] = {
        "form": filters.form,
        "terms": terms,
        "typed": {name: request.GET.get(name, "")[:KEPT] for name in ("text", "place", "age")},
        "within": [(value, label, value == chosen_within(terms)) for value, label in within_choices()],
        "kept": [(name, value) for name in KEPT_BY_THE_BAR for value in request.GET.getlist(name) if value][:MOST_KEPT],
        "longest": LONGEST,
        "ask_url": address("brokering:start")
        if policy.is_for("brokering:start", getattr(request, "hat", None))
        else "",
        "at": timezone.now(),
    }
    if errors:
        context["facets"] = facets(terms, errors)
        return render(request, "search/not_understood.html", context, status=400)
    outcome = finder.find(terms, hat=getattr(request, "hat", None), at=context["at"])
    context["outcome"] = outcome
    context["saves"] = saved.may_save(getattr(request, "hat", None))
    context["save_url"] = save_url(terms, at=context["at"]) if context["saves"] else ""
    if request.method == "GET" and terms.page == 1:
        context["noted"] = misses.note(terms, outcome, network_address=client_address(request), at=context["at"])
    context["tags"] = tags(request.GET, terms, outcome)
    context["on_map"] = on_map = request.GET.get("view") == ON_A_MAP
    if close := getattr(outcome, "misses", ()):
        context["misses"] = [
            (miss, with_parameters(request.GET, dict(miss.fits_if.parameters) | {"page": None}) if miss.fits_if else "")
            for miss in close
        ]
    if instead := getattr(outcome, "instead", ""):
        context |= {"instead": instead, "exactly": with_parameters(request.GET, {"exact": EXACTLY, "page": None})}
    match outcome:
        case outcomes.Found():
            context |= found_context(request.GET, terms, outcome)
            context |= map_context(request.GET, terms, outcome, context["numbered"], large=on_map)
            context["facets"] = facets(terms, {}, outcome.counts)
            return render(request, "search/map.html" if on_map else "search/results.html", context)
        case outcomes.NothingNearby():
            context["facets"] = facets(terms, {})
            context["changes"] = [
                (change, with_parameters(request.GET, dict(change.parameters))) for change in outcome.changes
            ]
            context["signposts"] = signposts(getattr(request, "hat", None))
            return render(request, "search/nothing_nearby.html", context)
        case outcomes.OutsideArea():
            return render(request, "search/outside_area.html", context)
        case _:
            return no_place(request, context, outcome)


def save_url(terms: Terms, *, at: datetime) -> str:
    """Return where somebody can ask to be told of a place, "" if nothing can be kept; what may not be kept is not in it."""
    try:
        wanted = saved.asked(terms, at=at)
    except saved.NothingToSave:
        return ""
    return f"{reverse('search:save')}?{wanted.parameters}{'&left_out=1' if wanted.left_out else ''}"


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer what may be meant by the beginning in the box, as options of its list; the box works without."""
    told = finder.suggested(request.GET.get("text", "")[:LONGEST], hat=getattr(request, "hat", None))
    answer = render(request, "search/_suggestions.html", {"suggestions": told})
    # what somebody typed is nobody else's, and not this browser's to keep
    answer["Cache-Control"] = "no-store"
    return answer


def no_place(request: HttpRequest, context: dict[str, Any], outcome: outcomes.NoPlace) -> HttpResponse:
    """
    Say what is wrong with the place, beside its box; 400 only where it was not written as a postcode is.

    The heading, which is the title too, never repeats what was typed.
    """
    error = place_error(outcome)
    context["form"].add_error("place", error)
    context |= {
        "heading": no_place_heading(outcome),
        "everywhere": with_parameters(request.GET, {"place": None, "within": None}),
    }
    if district := around(outcome):
        context |= {"district": district, "nearby": with_parameters(request.GET, {"place": district})}
    if isinstance(outcome, geocoding.PlaceUnknown):
        context["suggestions"] = [(name, with_parameters(request.GET, {"place": name})) for name in outcome.suggestions]
    status = 400 if isinstance(outcome, geocoding.NotAPostcode) else 200
    return render(request, "search/no_place.html", context, status=status)


def no_place_heading(outcome: outcomes.NoPlace) -> str:
    """Return the heading of the page for each way in which a place cannot be used."""
    match outcome:
        case geocoding.NotAPostcode():
            return "That is not a whole postcode"
        case geocoding.PostcodeUnknown():
            return "We cannot find that postcode"
        case geocoding.PostcodeTerminated():
            return "That postcode is no longer in use"
        case geocoding.NonGeographic():
            return "That postcode is for post only"
        case _:
            return f"We do not know that place in {settings.CITY.name}"


def around(outcome: outcomes.NoPlace) -> str:
    """Return the postcode district that can be searched in place of a postcode that cannot; "" where there is none here."""
    match outcome:
        case geocoding.NotAPostcode(typed=typed):
            first = typed.split()[:1]
        case geocoding.PlaceUnknown():
            first = []
        case found:
            first = [district_of(found.postcode)]
    district = district_in(first[0]) if first else None
    return district if district and isinstance(geocoding.locate(district), geocoding.Located) else ""


def place_error(outcome: outcomes.NoPlace) -> str:
    """Return what stands beside the box: what is wrong, and how to put it right."""
    match outcome:
        case geocoding.NotAPostcode():
            return "That is not a whole postcode. Check it, or type the name of an area"
        case geocoding.PostcodeUnknown(postcode=postcode):
            return f"We cannot find {postcode}. Check it, or type the name of an area"
        case geocoding.PostcodeTerminated(postcode=postcode):
            return f"{postcode} is no longer in use. Type the postcode that replaced it, or the name of an area"
        case geocoding.NonGeographic(postcode=postcode):
            return f"{postcode} is for post only: nobody lives there. Type a home postcode, or the name of an area"
        case _:
            return (
                f"We do not know a place of that name in {settings.CITY.name}. Check the spelling, or type a postcode"
            )


@require_safe
def outlines(request: HttpRequest) -> HttpResponseBase:
    """Give the outlines that set-up has drawn, which a browser may keep: another version has another address."""
    path = Path(settings.OUTLINES_FILE)
    if not path.is_file():
        return JsonResponse({"type": "FeatureCollection", "features": []}, content_type=GEOJSON)
    response = FileResponse(path.open("rb"), content_type=GEOJSON)
    patch_cache_control(response, public=True, max_age=KEEP_OUTLINES, immutable=True)
    return response


def map_context(
    data: QueryDict, terms: Terms, outcome: outcomes.Found, numbered: list[tuple[int, ServiceCard]], *, large: bool
) -> dict[str, Any]:
    """Return what the map needs: drawn for those without a script, and told to the script."""
    place = outcome.place
    within_km = (
        kilometres(terms.within) if terms.within is not None and place and place.point and not terms.box else None
    )
    if large:  # there the list begins with what is on the map
        first = numbered[0][0] if numbered else 1
        by_pin = sorted((card for _, card in numbered), key=lambda card: not maps.has_pin(card))
        numbered = list(enumerate(by_pin, first))
    pins = maps.pins_for(numbered)
    view = maps.view_for(terms.box, place, within_km, pins)
    chosen = chosen_areas(place)
    seen = maps.Sheet(view, *maps.LARGE).seen()

    def shown(bounds: Bounds) -> str:
        return with_parameters(data, {"box": maps.written(bounds), "view": ON_A_MAP, "page": None})

    def marked(drawing: maps.Drawing) -> list[tuple[maps.Marker, str]]:
        return [
            (
                one,
                with_parameters(data, {"box": one.closer, "view": ON_A_MAP, "page": None})
                if one.closer
                else f"#{one.pins[0].anchor}",
            )
            for one in drawing.markers
        ]

    sizes = (("wide", maps.LARGE), ("tall", maps.TALL)) if large else (("", maps.SMALL),)
    drawings = [
        (name, maps.drawing(view, size, pins, chosen=chosen, place=place, within_km=within_km)) for name, size in sizes
    ]
    version = maps.outlines().version
    pinned = [(number, card) for number, card in numbered if maps.has_pin(card)]
    return {
        "drawings": [(name, one, marked(one)) for name, one in drawings],
        "pinned": pinned,
        "unpinned": [(number, card) for number, card in numbered if not maps.has_pin(card)],
        "map_box": maps.written(view),
        "larger": with_parameters(data, {"view": ON_A_MAP}),
        "as_list": with_parameters(data, {"view": None}),
        "whole": with_parameters(data, {"box": None, "page": None}) if terms.box else "",
        "here": [(name, value) for name, value in pairs(data) if name not in ("box", "page", "view")],
        "closer": shown(maps.scaled(seen, 0.5)),
        "wider": shown(wider) if is_part(wider := maps.scaled(seen, 2)) else "",
        "moves": [
            (way, words, shown(maps.moved(seen, east=east, north=north)))
            for way, words, east, north in (
                ("north", "Move north", 0, 0.5), ("west", "Move west", -0.5, 0),
                ("east", "Move east", 0.5, 0), ("south", "Move south", 0, -0.5),
            )
        ],
        "map_told": maps.told_to_script(
            view, pins, outlines_url=f"{reverse('search:outlines')}?v={version}" if version else "", chosen=chosen,
            place=place, within_km=within_km,
        ),
        "has_outlines": bool(version),
        "tiles": settings.MAP_TILES_ATTRIBUTION if settings.MAP_TILES_URL else "",
    }  # fmt: skip


def is_part(bounds: Bounds) -> bool:
    """Tell whether a box may be asked for."""
    return maps.box_from(maps.written(bounds)) is not None


def chosen_areas(place: geocoding.Located | None) -> frozenset[tuple[Layer, str]]:
    """Return the areas that are tinted because somebody asked for them: a place's ward or district, a locality's wards."""
    match place:
        case geocoding.Located(kind=geocoding.Kind.DISTRICT, label=label):
            return frozenset({(Layer.DISTRICT, label)})
        case geocoding.Located(kind=geocoding.Kind.LOCALITY):
            return frozenset((Layer.WARD, code) for code in finder.served_by(place) or ())
        case geocoding.Located(ward=ward) if ward:
            return frozenset({(Layer.WARD, ward)})
        case _:
            return frozenset()


def found_context(data: QueryDict, terms: Terms, outcome: outcomes.Found) -> dict[str, Any]:
    """Return what the list needs beside the outcome."""
    page = outcome.page
    first = (page.page - 1) * page.page_size + 1
    return {
        "heading": heading(terms, outcome),
        "title": title(terms, outcome),
        "place_label": spoken(outcome.place),
        "start_near": first,
        "start_anywhere": first + len(outcome.near),
        "numbered": list(enumerate((*outcome.near, *outcome.anywhere), first)),
        "before": with_parameters(data, {"page": str(page.page - 1)}) if page.page > 1 else "",
        "after": with_parameters(data, {"page": str(page.page + 1)}) if not page.is_last else "",
        "ordered": ORDERED[terms.order],
        "orders": [
            (words, with_parameters(data, {"sort": None if one == Order.BEST else one.value, "page": None}))
            for one, words in ORDERS.items()
            if one != terms.order and (one != Order.NEAREST or (outcome.place and outcome.place.point))
        ],
    }


def chosen_within(terms: Terms) -> str:
    """Return the value of the distance that is in force."""
    return finder.CITYWIDE if terms.within is None else str(terms.within)


def spoken(place: geocoding.Located | None) -> str:
    """Return how a place is called in headings: of a postcode, no more than its sector and ward."""
    if place is None or place.kind == geocoding.Kind.CITY:
        return ""
    if place.kind == geocoding.Kind.POSTCODE:
        return f"{place.sector} in {place.ward_name}" if place.ward_name else place.sector
    return place.label


def titled(place: geocoding.Located | None) -> str:
    """Return how a place is called in a title, which history and whoever looks at the screen keep: its ward at the most."""
    match place:
        case geocoding.Located(kind=geocoding.Kind.LOCALITY, label=label):
            return label
        case geocoding.Located(ward_name=ward):
            return ward
        case _:
            return ""


def heading(terms: Terms, outcome: outcomes.Found) -> str:
    """Return "6 services fit “mentor” near Easton"."""
    total = outcome.page.total
    what = f"{total} service{'' if total == 1 else 's'}"
    verb = " fit" if total != 1 else " fits"
    text = outcome.instead or " ".join(outcome.words.split())
    if text:
        what += f"{verb} “{text[:60]}{'…' if len(text) > 60 else ''}”"
    return f"{what} {where(terms, spoken(outcome.place))}"


def where(terms: Terms, place: str) -> str:
    """Return "near Easton", or where else a list is of."""
    if terms.box is not None:
        return "on this part of the map"
    return f"near {place}" if place else f"in {settings.CITY.name}"


def title(terms: Terms, outcome: outcomes.Found) -> str:
    """Return "6 services near Easton": the heading without what was typed."""
    total = outcome.page.total
    what = f"{total} service{'' if total == 1 else 's'}"
    return f"{what} {where(terms, titled(outcome.place))}"


def tags(data: QueryDict, terms: Terms, outcome: outcomes.Outcome) -> list[Tag]:
    """Return a tag for everything that narrows the list, each with the address without it."""

    def tag(label: str, name: str, value: str | None = None) -> Tag:
        return Tag(label, without(data, name, value))

    made: list[Tag] = []
    if terms.text.strip() and isinstance(outcome, outcomes.NothingNearby):
        made.append(tag((outcome.instead or terms.text)[:60], "text"))
    made += place_tags(data, terms, outcome)
    if terms.age is not None:
        made.append(tag(f"Age {terms.age}", "age"))
    made += [tag(vocabularies.label_of("harm_type", code), "harm", code) for code in sorted(terms.harms)]
    if terms.tiers != USUAL_TIERS:
        made.append(
            tag(" or ".join(words for tier, words in TIER_WORDS.items() if tier in terms.tiers), "availability")
        )
    chosen = {
        "open": terms.open and f"Open: {OPENING_WORDS[terms.open]}",
        "subject": terms.subject and SUBJECT_WORDS[Subject(terms.subject)],
    }
    made += [tag(label, name) for name, label in chosen.items() if label]
    made += [
        tag(aspects.label_of(aspect, code), aspect.value, code)
        for aspect, codes in terms.aspects.items()
        for code in sorted(codes)
    ]
    if terms.legacy:
        made.append(tag(f"From {terms.legacy}", "legacy"))
    if terms.level:
        made.append(tag(vocabularies.label_of("intervention_level", terms.level), "level"))
    if terms.service_type:
        made.append(tag(vocabularies.label_of("service_type", terms.service_type), "type"))
    return made


def place_tags(data: QueryDict, terms: Terms, outcome: outcomes.Outcome) -> Iterable[Tag]:
    """Yield a tag for the place, the distance and the part of the map, as far as each narrows the list."""
    place = getattr(outcome, "place", None)
    if isinstance(place, geocoding.Located) and place.point is not None:
        if isinstance(outcome, outcomes.NothingNearby):
            yield Tag(spoken(place), without(data, "place"))
        if terms.within is not None and terms.box is None:
            distance = f"{terms.within} mile{'' if terms.within == 1 else 's'}"
            anywhere = with_parameters(data, {"within": finder.CITYWIDE, "page": None})
            yield Tag(f"{distance}, or comes to you", anywhere)
    if terms.box is not None:
        yield Tag("A part of the map", without(data, "box"))


def without(data: QueryDict, name: str, value: str | None = None) -> str:
    """Return the address without a parameter, or without one value of it."""
    left = [(key, one) for key, one in pairs(data) if key != name or (value is not None and one != value)]
    return address_of(pair for pair in left if pair[0] != "page")


def with_parameters(data: QueryDict, changed: dict[str, str | None]) -> str:
    """Return the finder's address with those parameters replaced; None takes one away."""
    put = [(name, value) for name, value in changed.items() if value]
    return address_of([pair for pair in pairs(data) if pair[0] not in changed] + put)


def pairs(data: QueryDict) -> Iterable[tuple[str, str]]:
    """Yield what was asked, name by name; what was left empty was not asked."""
    return ((name, value) for name, values in data.lists() for value in values if value)


def address_of(asked: Iterable[tuple[str, str]]) -> str:
    """Return the finder's address with those parameters."""
    told = urlencode(list(asked))
    return path_of_finder(get_urlconf(), get_script_prefix()) + (f"?{told}" if told else "")


@lru_cache(maxsize=4)
def path_of_finder(urlconf: str | None, prefix: str) -> str:
    """Return the finder's path under some urlconf and prefix: a page has twenty links to it."""
    return reverse("search:find", urlconf)


def address(name: str, *args: Any) -> str:
    """Return a route's address, "" where no app has brought it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
