"""
Find services: the public face of search, for the pages and for whoever asks from above.

What was typed becomes a `ServiceQuery`; the engine answers with ids; cards are built from the rows as they are now and for
this reader, so that a stale index can be late and can never show what is not published. Nothing of a search is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Length

from directory import vocabularies
from directory.availability import LONDON, State
from directory.cards import ServiceCard, cards_for
from directory.eligibility import in_a_row
from directory.geo import Bounds, Point, kilometres
from directory.geocoding import Kind, Located, OutsideCity, locate, named_places
from directory.models import PostcodeWard, Service, Ward
from directory.querysets import visibilities_for
from directory.schedules import CODES
from safekeeping.memory import Memory
from search import aspects, assumptions, common_words, legacy
from search.backends import backend
from search.gender import FOR_OTHERS, Gender
from search.models import SearchSynonym
from search.outcomes import Asking, Change, Found, Miss, NothingNearby, Outcome, OutsideArea
from search.postcodes import taken_from
from search.queries import (
    ALL_NEEDED,
    LAST_PAGE,
    PAGE_SIZE,
    TIERS,
    USUAL_TIERS,
    Aspect,
    Aspects,
    Criterion,
    Field,
    Match,
    Order,
    ResultPage,
    ServiceQuery,
    Span,
    Suggested,
    Suggestion,
    Tier,
    Words,
)
from search.spelling import can_be_mistyped, forms_of, mistakes, nearest
from search.texts import LONGEST, Read, Synonym, Synonyms, folded, genderless, read

if TYPE_CHECKING:
    from safekeeping.policy import Hat

MILES = (1, 2, 3, 5, 10)
USUAL_MILES = 3
# The vocabularies whose codes documents hold: what a synonym may stand for.
FINDABLE = ("harm_type", "service_type", *aspects.TAXONOMIES.values())
# Those of them that say for whom or when, and not what.
ASIDE = tuple(aspects.TAXONOMIES[one] for one in (Aspect.COMPOSITION, Aspect.TIME))
CITYWIDE = "citywide"
NOW = "now"
EVENINGS = tuple(code.lower() for code in CODES)
# An evening, in minutes of its day.
EVENING = (17 * 60, 22 * 60)

# For each thing that was asked, what misses that alone.
Missed = Sequence[tuple[Criterion, ResultPage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """
    What somebody asks for, checked by `search.filters`; ``within`` is miles, None for the whole city.

    ``open`` is `NOW`, or one of `EVENINGS`: the next of that day of the week.
    ``exact`` says that the words are meant as they were typed. ``box`` is a part of
    the map, and then no distance counts.
    """

    text: str = ""
    place: str = ""
    within: int | None = USUAL_MILES
    age: int | None = None
    subject: str = ""
    harms: frozenset[str] = frozenset()
    tiers: frozenset[Tier] = USUAL_TIERS
    level: str = ""
    service_type: str = ""
    aspects: Aspects = field(default_factory=dict)
    open: str = ""
    order: Order = Order.BEST
    page: int = 1
    exact: bool = False
    legacy: str = ""
    box: Bounds | None = None


def find(terms: Terms, *, hat: Hat | None, at: datetime) -> Outcome:
    """Answer ``terms`` for a reader under ``hat`` (None: nobody has signed in)."""
    place: Located | None = None
    typed, terms = terms, placed(terms)
    if terms.place.strip():
        match locate(terms.place):
            case Located() as found:
                place = found
            case OutsideCity() as found:
                return outside(found, hat=hat, at=at)
            case no_place:
                return no_place
    asked = ask(terms, audiences=visibilities_for(hat), at=at, place=place)
    sought = terms.text
    query, page, understood, instead, terms = asked.query, asked.page, asked.understood, asked.instead, asked.terms
    place = asked.place
    missed: Missed = ()
    if page.is_last:
        missed = what_misses(
            query, most=assumptions.MISSES_AFTER.number if page.hits else assumptions.MISSES_INSTEAD.number
        )
    notes = (*notes_on(place, understood), *notes_about(asked, typed), *note_on_others(asked, missed))
    if terms.legacy:  # what is of another programme is no near miss
        missed = [one for one in missed if one[0] != Criterion.TEXT]
    near_enough = missed
    if words_alone(query):
        # whatever lacks the only thing that was asked is near nothing; that it is there to look at is said beside it
        near_enough = [one for one in missed if one[0] != Criterion.TEXT]
        if not page.hits:
            notes = (*notes, *notes_without(terms, missed))
    chosen = in_turn(
        near_enough, most=assumptions.MISSES_AFTER.number if page.hits else assumptions.MISSES_INSTEAD.number
    )
    placeless = without_place(query, page)
    chosen = [one for one in chosen if one[1] not in placeless]
    wanted = [*(hit.service_id for hit in page.hits), *(service_id for _, service_id in chosen), *placeless]
    cards = cards_for(wanted, hat=hat, at=at, near=query.near)
    misses = tuple(
        Miss(
            cards[one],
            criterion,
            *reason_for(criterion, cards[one], terms, place),
            fits_if(criterion, cards[one], terms),
        )
        for criterion, one in chosen
        if one in cards
    )
    if not page.hits and not placeless:
        changes = tuple(changes_for(missed, terms))
        return NothingNearby(place=place, misses=misses, changes=changes, words=sought, notes=notes, instead=instead)
    near, anywhere = apart(page, cards)
    return Found(
        place=place,
        page=page,
        words=sought,
        near=near,
        anywhere=anywhere,
        misses=misses,
        notes=notes,
        counts=page.counts,
        instead=instead,
        reasons={hit.service_id: in_words(hit.why) for hit in page.hits if hit.why},
        beside=tuple(cards[one] for one in placeless if one in cards),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the engine in the end, and what it said; ``instead`` is the text where it is not what was typed."""

    query: ServiceQuery
    page: ResultPage
    understood: Read
    instead: str
    terms: Terms
    with_all: int
    place: Located | None


def ask(terms: Terms, *, audiences: tuple[str, ...], at: datetime, place: Located | None = None) -> Asked:
    """Ask the engine for what was typed, and for what was probably meant where that finds more."""
    understood, terms, place = as_told(terms, place)
    query = query_for(terms, place=place, understood=understood, audiences=audiences, at=at)
    # an older programme's name narrows: what lacks it is not wanted, whatever words it has
    widen = not terms.exact and not terms.legacy
    query, page, with_all = found_by(query, widen=widen)
    if not terms.exact and (better := meant(terms.text, understood, audiences)):
        read_better = understand(better)
        likelier = replace(query, words=asked_words(read_better, terms))
        likelier, other, all_of_it = found_by(likelier, widen=widen)
        # where neither finds anything, the near misses had better be about words that exist
        if other.hits or not page.hits:
            return Asked(likelier, other, read_better, better, replace(terms, text=better), all_of_it, place)
    return Asked(query, page, understood, "", terms, with_all, place)


def placed(terms: Terms) -> Terms:
    """Return the same with a postcode that stands among the words as its place, if there is no other and it can be found."""
    if terms.exact or terms.place.strip():
        return terms
    postcode, text = taken_from(terms.text, settings.CITY.postcode_areas)
    if postcode and isinstance(locate(postcode), Located | OutsideCity):
        return replace(terms, place=postcode, text=text)
    return terms


def as_told(terms: Terms, place: Located | None) -> tuple[Read, Terms, Located | None]:
    """
    Return the text as it is understood, what is asked for, and where.

    An age and a place that the text names count if nobody gave others beside it; another place than that is a word like others.
    """
    understood = understand(terms.text, exact=terms.exact)
    if terms.exact:
        return understood, terms, place
    named = named_places().get(understood.place)
    if place is not None and named not in (None, place):
        understood = understand(terms.text, places=False)
    if terms.age is None:
        terms = replace(terms, age=understood.age)
    return understood, terms, place or named


def found_by(query: ServiceQuery, *, widen: bool = True) -> tuple[ServiceQuery, ResultPage, int]:
    """
    Return what has all the words; where that is little, what has any: the query as it was asked in the end, its page, and
    how many have all of them.

    What has more of what counts comes first. Nobody who wrote a sentence should find nothing because of one word.
    """
    page = backend().find(replace(query, counted=True))
    with_all = page.total
    if widen and with_all < assumptions.FEW_HITS.number and len(query.words) > 1:
        query = replace(query, any_word=True)
        page = backend().find(replace(query, counted=True))
    return query, page, with_all


# How the parts of a service's entry are called.
PARTS = {
    Field.NAME: "in its name",
    Field.TAXONOMY: "in what it is about",
    Field.ORGANIZATION: "in who runs it",
    Field.SUMMARY: "in its summary",
    Field.BODY: "in what happens there",
}


def in_words(why: Sequence[Match]) -> str:
    """Return "“boxing” in its name, “knife” in what it is about"."""
    by_part = {part: [one.word for one in why if one.field == field] for field, part in PARTS.items()}
    return ", ".join(f"{in_a_row([f'“{word}”' for word in words])} {part}" for part, words in by_part.items() if words)


def outside(place: OutsideCity, *, hat: Hat | None, at: datetime) -> OutsideArea:
    """Answer for a place of another council: the services here that take people from anywhere, nearest first."""
    query = ServiceQuery(
        audiences=visibilities_for(hat),
        at=at,
        near=place.point,
        outside=True,
        page_size=assumptions.MOST_OUTSIDE.number,
    )
    page = backend().find(query)
    near, anywhere = apart(page, cards_for([hit.service_id for hit in page.hits], hat=hat, at=at, near=query.near))
    council = next((one for one in settings.CITY.neighbours if one.code == place.council_code), None)
    return OutsideArea(place=place, council=council, cards=near + anywhere)


def suggested(beginning: str, *, hat: Hat | None) -> Sequence[Suggestion]:
    """
    Return what a reader under ``hat`` may be about to type; nothing of what was typed is kept.

    Names are offered only while a row that this reader may see still has them, whatever the index says.
    """
    told = backend().suggest(beginning, visibilities_for(hat), most=assumptions.MOST_SUGGESTED.number)
    names = [one.words for one in told if one.kind != Suggested.WORD]
    if not names:
        return told
    seen = Service.objects.visible_to(hat)
    pairs = seen.filter(Q(name__in=names) | Q(organization__name__in=names)).values_list("name", "organization__name")
    kept = {name for pair in pairs.distinct() for name in pair}
    return [one for one in told if one.kind == Suggested.WORD or one.words in kept]


def without_place(query: ServiceQuery, page: ResultPage) -> list[UUID]:
    """
    Return what fits but has no place that could lie on a part of the map; nothing where no part was asked for.

    Within no distance at all of a point nothing happens, and what comes to people, or tells no place, is let through.
    """
    if query.box is None:
        return []
    middle = Point((query.box.south + query.box.north) / 2, (query.box.west + query.box.east) / 2)
    found = backend().find(
        replace(query, box=None, near=middle, within_km=0.0, page=1, page_size=assumptions.BESIDE_MAP.number)
    )
    shown = {hit.service_id for hit in page.hits}
    return [hit.service_id for hit in found.hits if hit.service_id not in shown]


def understand(text: str, *, exact: bool = False, places: bool = True) -> Read:
    """
    Read a text with the stewards' synonyms.

    :param exact: it is meant as it was typed: the name of a place is a word like others, and nothing is guessed
    :param places: whether the name of a place is one, and not a word like others
    """
    if not text.strip():
        return Read(words=(), notes=(), cut=False)
    codes = {taxonomy: {code for code, _ in vocabularies.choices(taxonomy)} for taxonomy in FINDABLE}
    # a locality is called by a point of the compass, which is in the names of services
    names = {name for name, one in named_places().items() if one.kind != Kind.LOCALITY} if places and not exact else ()
    return read(
        text,
        synonyms(),
        set().union(*codes.values()),
        aside=set().union(*(codes[taxonomy] for taxonomy in ASIDE)),
        small=frozenset(folded(settings.CITY.name).split()),
        places=names,
        guesses=not exact,
    )


def meant(text: str, understood: Read, audiences: tuple[str, ...]) -> str:
    """
    Return the text as it was probably meant; "" if nothing in it looks mistyped.

    A word that stands for others is left alone; the rest are compared with the words of the index and with those that the
    stewards have explained.
    """
    plain = [one.any_of[0] for one in understood.words if not one.codes and len(one.any_of) == 1]
    if not plain:
        return ""
    unknown = backend().spelt([word for word in plain if explained().isdisjoint(forms_of(word))], audiences)
    better: dict[str, str] = {}
    for word, term in unknown.items():
        if candidates := [*nearest(word, explained())[:1], *([term] if term else [])]:
            better[word] = min(candidates, key=lambda one: mistakes(word, one))
    return " ".join(better.get(word, word) for word in folded(text[:LONGEST]).split()) if better else ""


def read_synonyms() -> Synonyms:
    """Return the stewards' synonyms; putting thousands in order takes longer than reading them, and is done when one has changed."""
    return synonyms_of(tuple(SearchSynonym.objects.order_by("word").values_list("word", "expands_to", "note")))


@lru_cache(maxsize=1)
def synonyms_of(rows: tuple[tuple[str, str, str], ...]) -> Synonyms:
    """Return words, what each expands to with commas between, and notes, as they are asked for."""
    return Synonyms(
        {
            folded(word): Synonym(word, tuple(part.strip() for part in expands.split(",") if part.strip()), note)
            for word, expands, note in rows
        }
    )


def read_explained() -> frozenset[str]:
    """Return every word of what the stewards have explained that may have been meant by a mistyped one."""
    return frozenset(filter(can_be_mistyped, synonyms().parts))


synonyms = Memory(read_synonyms, SearchSynonym)
explained = Memory(read_explained, SearchSynonym)


def asked_words(understood: Read, terms: Terms) -> tuple[Words, ...]:
    """Return the words of the question, each with how much it counts."""
    return common_words.weighed((*understood.words, *legacy.words_for(terms.legacy)))


def query_for(
    terms: Terms, *, place: Located | None, understood: Read, audiences: tuple[str, ...], at: datetime
) -> ServiceQuery:
    """Return the question to the engine."""
    point = place.point if place else None
    return ServiceQuery(
        audiences=audiences,
        at=at,
        words=asked_words(understood, terms),
        near=point,
        within_km=kilometres(terms.within) if point and terms.within is not None and terms.box is None else None,
        box=terms.box,
        serving=served_by(place),
        age=terms.age,
        subject=terms.subject,
        harms=terms.harms,
        tiers=terms.tiers or USUAL_TIERS,
        level=terms.level,
        service_type=terms.service_type,
        aspects=terms.aspects,
        not_for=for_others(terms, understood),
        open=opening(terms, at),
        order=terms.order,
        page=terms.page,
        page_size=PAGE_SIZE,
    )


def opening(terms: Terms, at: datetime) -> Span | None:
    """Return when it must be open; None where nobody asks."""
    if not terms.open:
        return None
    if terms.open == NOW:
        return Span.of(at)
    today = at.astimezone(LONDON).date()
    return Span(today + timedelta(days=(EVENINGS.index(terms.open) - today.weekday()) % len(EVENINGS)), *EVENING)


def for_others(terms: Terms, understood: Read) -> frozenset[str]:
    """Return the codes of what is for girls or for boys alone and not for whom the words are about."""
    return frozenset() if terms.exact or understood.gender is None else frozenset({FOR_OTHERS[understood.gender]})


def served_by(place: Located | None) -> frozenset[str] | None:
    """Return the codes that a service's area must name to be for that place; None if it need name none."""
    if place is None or place.kind == Kind.CITY:
        return None
    if place.kind == Kind.LOCALITY:
        wards = Ward.objects.filter(locality_id=place.locality).values_list("code", flat=True)
        return frozenset({place.locality, *wards})
    if place.kind == Kind.DISTRICT:
        inside = PostcodeWard.objects.annotate(size=Length("postcode")).filter(
            postcode__startswith=place.label, size=len(place.label) + 3
        )
        pairs = inside.values_list("ward_id", "ward__locality_id").distinct()
        return frozenset(code for pair in pairs for code in pair)
    return frozenset(code for code in (place.ward, place.locality) if code)


def apart(
    page: ResultPage, cards: Mapping[UUID, ServiceCard]
) -> tuple[tuple[ServiceCard, ...], tuple[ServiceCard, ...]]:
    """Return the page's cards in its order: those near, and those from anywhere; what is no longer shown has none."""
    near = tuple(cards[hit.service_id] for hit in page.hits if hit.near and hit.service_id in cards)
    anywhere = tuple(cards[hit.service_id] for hit in page.hits if not hit.near and hit.service_id in cards)
    return near, anywhere


def notes_on(place: Located | None, understood: Read) -> tuple[str, ...]:
    """Return what must be said about how the search was understood."""
    notes = list(understood.notes)
    if understood.cut:
        notes.append("That was long, so we searched for its first 200 characters.")
    if place and place.only_postcode:
        notes.append("We used only the postcode. Please don’t type an address.")
    if place and place.also_in:
        notes.append(
            f"Part of {place.label} is in {' and '.join(place.also_in)}. If you have the full postcode, use that."
        )
    return tuple(notes)


def notes_about(asked: Asked, typed: Terms) -> tuple[str, ...]:
    """Return what must be said about what was taken from the words as they were typed, and about how much was found."""
    notes, read_as = [], asked.understood
    taken = [f"age {read_as.age}"] if read_as.age is not None and read_as.age == asked.terms.age else []
    if asked.place and not typed.place.strip() and (asked.terms.place.strip() or read_as.place):
        taken.append(asked.place.sector or asked.place.label)
    if taken and not asked.terms.exact:
        notes.append(
            f"We took {' and '.join(taken)} from your words. To look for the words themselves, put them in quotation marks."
        )
    if asked.page.hits and not asked.query.needs_all:
        few = {0: "No service has all of these words", 1: "One service has all of these words"}
        told = few.get(asked.with_all, f"{asked.with_all} services have all of these words")
        notes.append(f"{told}. {'The others have' if asked.with_all else 'These have'} some of them.")
    if asked.page.is_cut and asked.page.is_last:
        shown = LAST_PAGE * asked.page.page_size
        notes.append(f"We show the first {shown:,} services. Say more about what you look for to see others.")
    return tuple(notes)


def note_on_others(asked: Asked, missed: Missed) -> tuple[str, ...]:
    """Return how many services are left out because they are for girls or for boys alone, which the words are not about."""
    query, gender = asked.query, asked.understood.gender
    if not query.leaves_out_others or gender is None:
        return ()
    pages = [page for criterion, page in missed if criterion == Criterion.COMPOSITION]
    if not pages:  # it is not the last page, and nobody has asked yet
        pages = [backend().find(replace(query, failing=Criterion.COMPOSITION, page=1, page_size=1))]
    if not (left_out := pages[0].total):
        return ()
    count = f"{left_out} service" if left_out == 1 else f"{left_out} services"
    return (f"We left out {count} for {others_than(gender)}, because your words are about a {gender}.",)


def others_than(gender: Gender) -> str:
    """Return for whom something is that is for the others alone: "girls only"."""
    return aspects.label_of(Aspect.COMPOSITION, FOR_OTHERS[gender]).lower()


def words_alone(query: ServiceQuery) -> bool:
    """Say whether nothing limits beside words, what they say themselves of whom they are about, and places as usual."""
    asked = set(replace(query, not_for=frozenset()).asked())
    return bool(query.words) and asked <= {Criterion.TEXT, Criterion.PLACES}


def notes_without(terms: Terms, missed: Missed) -> tuple[str, ...]:
    """Return what helps somebody whose words nothing has; nothing where a service has them and no place."""
    if any(page.total for criterion, page in missed if criterion == Criterion.PLACES):
        return ()
    return (
        f"No service here mentions “{terms.text[:60]}”. Try another word: what you are worried about, such as “knife”, or"
        " what would help, such as “mentor”.",
    )


def what_misses(query: ServiceQuery, *, most: int) -> Missed:
    """
    Return what misses one thing, for each thing that was asked.

    One search for each: as many for two services as for two hundred.
    """
    return [
        (criterion, backend().find(replace(query, failing=criterion, page=1, page_size=most, order=order)))
        for criterion in query.asked()
        for order in [Order.NEAREST if criterion == Criterion.WITHIN else Order.BEST]
    ]


def in_turn(missed: Missed, *, most: int) -> list[tuple[Criterion, UUID]]:
    """Return the nearest misses, taken in turn from each thing that was asked."""
    turns = [
        (criterion, page.hits[turn].service_id)
        for turn in range(most)
        for criterion, page in missed
        if turn < len(page.hits)
    ]
    return turns[:most]


def changes_for(missed: Missed, terms: Terms) -> Iterable[Change]:
    """Yield what each change would bring, where it would bring anything; where a child lives cannot be changed."""
    for criterion, page in missed:
        if page.total and (asking := giving_way(criterion, terms)):
            yield Change(asking.label, page.total, asking.parameters)


def giving_way(criterion: Criterion, terms: Terms) -> Asking | None:
    """Return how to ask for the same without one thing; None where that cannot be changed."""
    city = settings.CITY.name
    if criterion == Criterion.PLACES:
        return Asking(waiting_change(terms), (("availability", "all"),))
    if criterion == Criterion.COMPOSITION and not terms.aspects.get(Aspect.COMPOSITION):
        return Asking("For girls or boys", (("text", genderless(terms.text)), ("place", terms.place or None)))
    if criterion == Criterion.AGE and (told := understand(terms.text)).age is not None:
        return Asking("Any age", (("age", None), ("text", told.ageless), ("place", terms.place or None)))
    labels: dict[Criterion, tuple[str, tuple[tuple[str, str | None], ...]]] = {
        Criterion.WITHIN: (f"Any distance in {city}", (("within", CITYWIDE),)),
        Criterion.BOX: ("Anywhere on the map", (("box", None),)),
        Criterion.AGE: ("Any age", (("age", None),)),
        Criterion.HARM: ("Any worry", (("harm", None),)),
        Criterion.SUBJECT: ("For anybody", (("subject", None),)),
        Criterion.TYPE: ("Any kind of service", (("type", None),)),
        Criterion.LEVEL: ("Any kind of help", (("level", None),)),
        **{Criterion(one.value): (aspects.GIVING_WAY[one], ((one.value, None),)) for one in Aspect},
        Criterion.OPEN: ("Open at any time", (("open", None),)),
        Criterion.TEXT: (f"Anything, not only “{terms.text[:60]}”", (("text", None),)),
    }
    return Asking(*labels[criterion]) if criterion in labels else None


def fits_if(criterion: Criterion, card: ServiceCard, terms: Terms) -> Asking | None:
    """Return how to ask so that a service fits: no further away than it is, else without what it misses."""
    if criterion == Criterion.WITHIN and card.distance_km is not None:
        enough = next((one for one in MILES if kilometres(one) >= card.distance_km and one > (terms.within or 0)), None)
        if enough is not None:
            return Asking(f"Look within {enough} miles", (("within", str(enough)),))
    return giving_way(criterion, terms)


def waiting_change(terms: Terms) -> str:
    """Return how to give way about places."""
    if terms.tiers == frozenset({Tier.FREE}):
        return "A waiting list is all right"
    return "Also those that are full or paused"


OTHERWISE = {
    Criterion.TYPE: "is something else: {kind}",
    Criterion.LEVEL: "is for another time: {level}",
    Criterion.HAPPENS: "happens somewhere else",
    Criterion.BOX: "happens somewhere else",
    Criterion.OPEN: "is not known to be open then",
}


def reason_for(criterion: Criterion, card: ServiceCard, terms: Terms, place: Located | None) -> tuple[str, str]:
    """Return why a service was left out, to follow its name, and what was asked."""
    match criterion:
        case Criterion.WITHIN:
            return f"is {card.distance} away" if card.distance else "is further away", ""
        case Criterion.AGE:
            return card.ages.misfit(terms.age or 0) or "is for another age", f"You asked for {terms.age}."
        case Criterion.SERVES:
            return f"is for {card.serves} only", f"{place.label} is not." if place else ""
        case Criterion.PLACES:
            return places_reason(card), ""
        case Criterion.HARM:
            asked = [vocabularies.label_of("harm_type", code) for code in sorted(terms.harms)]
            return "is about other worries", f"You asked about {' or '.join(asked).lower()}."
        case Criterion.SUBJECT:
            return f"is for {card.for_whom[0].lower()}{card.for_whom[1:]}", ""
        case Criterion.TYPE | Criterion.LEVEL | Criterion.HAPPENS | Criterion.BOX | Criterion.OPEN:
            return OTHERWISE[criterion].format(kind=card.service_type.lower(), level=card.level.lower()), ""
        case Criterion.COMPOSITION | Criterion.TIME | Criterion.SETTING | Criterion.LANGUAGE | Criterion.ACCESS:
            return aspect_reason(Aspect(criterion.value), terms)
        case Criterion.TEXT:
            return "fits everything else", f"It does not mention “{terms.text[:60]}”."


def aspect_reason(aspect: Aspect, terms: Terms) -> tuple[str, str]:
    """Return why a service that works otherwise was left out, and what was asked."""
    asked = [aspects.label_of(aspect, code) for code in sorted(terms.aspects.get(aspect, ()))]
    if not asked and (gender := understand(terms.text).gender):
        return f"is for {others_than(gender)}", f"Your words are about a {gender}."
    joined = " and " if aspect in ALL_NEEDED else " or "
    return aspects.MISSES[aspect], f"You asked for {joined.join(asked)}."


def places_reason(card: ServiceCard) -> str:
    """Return what stands in the way of a place."""
    match card.availability.state:
        case State.FULL_WAITLIST_CLOSED:
            return "is full, and its waiting list is closed"
        case State.FULL_WAITLIST_OPEN:
            return "is full, and has a waiting list"
        case State.PAUSED:
            return "is not taking anyone new at the moment"
        case State.UNCONFIRMED:
            return "has not confirmed its places lately"
        case State.ENDED:
            return "has ended"
        case state if TIERS[state] == Tier.FREE:
            return "has places free now"
        case _:
            return "has not started yet"
