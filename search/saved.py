"""
Saved searches: what somebody under a hat wants to hear of, "a group for girls in the south with a place".

What is saved is facets, an area no smaller than a neighbourhood or ward, and of the words only those that the directory
itself uses: a name that somebody typed, or a postcode, is never kept. Whatever is found is found for the hat that saved
it, and looked up again when the e-mail is written: who may not see an entry any more, or has left, hears nothing of it.
One e-mail a day at most, while people are at work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from directory import letters
from directory.availability import LONDON, State
from directory.cards import ServiceCard, cards_for
from directory.geocoding import Kind, Located, locate
from directory.hats import hat_of
from directory.models import Membership, Role
from directory.postcodes import district_of
from directory.querysets import visibilities_for
from safekeeping import outbox, personal_data
from safekeeping.policy import Hat
from safekeeping.working_time import is_working_time
from search import assumptions, finder, notifications
from search.backends import backend
from search.facets import words_of
from search.filters import OPENING_WORDS, ServiceFilter
from search.finder import USUAL_MILES, Terms
from search.models import SavedSearch, SearchTerm
from search.queries import TIERS, Aspect, Order, Tier
from search.texts import LONGEST, SMALL, folded

# Who looks for support for others, or gives it.
SAVERS = (
    Role.PROFESSIONAL, Role.SCHOOL_DSL, Role.COORDINATOR, Role.PARTNERSHIP_TEAM, Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER,
)  # fmt: skip
DIGEST = "search.digest"
STOP_SALT = "search.saved.stop"
STOP_TOKEN = re.compile(r"[1-9][0-9]{0,17}x[0-9a-f]{64}")
# Somebody who wants to hear of more than so many services has asked for everything.
MOST_FOUND = 200
FREE = frozenset({Tier.FREE})
# What has one of these tells of somebody: words of the directory can do that too, when they are put together.
ABOUT_SOMEBODY = frozenset(
    "he her hers herself him himself his i ive me mine my myself our she shes their them they we".split()
)
GONE = "something that we have no word for any more"
PLACE_IS_A_ROOM = frozenset(state for state, tier in TIERS.items() if tier == Tier.FREE) - {State.INFORMATION_ONLY}


class NothingToSave(Exception):
    """Nothing is left to look for: everything matches, or all that was asked for are words that are not kept."""


class TooManySaved(Exception):
    """There are as many saved searches under one hat as there may be."""


class SavedAlready(Exception):
    """The very same search was saved before under the same hat."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be kept of a search, and how it reads; ``left_out`` says that words were typed that are not kept."""

    facets: str
    place: str
    words: str
    left_out: bool = False

    @property
    def parameters(self) -> str:
        """The same as parameters of the finder's address."""
        return "&".join(part for part in (self.facets, urlencode({"place": self.place}) if self.place else "") if part)


def may_save(hat: Hat | None) -> bool:
    """Tell whether somebody under this hat has saved searches."""
    return hat is not None and hat.role in SAVERS


# --- what may be kept -------------------------------------------------------------------------------------------------
def asked(terms: Terms, *, at: datetime) -> Asked:
    """
    Return what can be kept of a search.

    :raises NothingToSave: if that is nothing, or the search is about what cannot be kept: an older programme (those have no
        places), a part of the map, or what is open at this moment; without it more would be found than was meant
    """
    if terms.legacy or terms.box is not None or terms.open == finder.NOW:
        raise NothingToSave
    terms = finder.placed(terms)
    text = words_to_keep(terms.text, at=at)
    place = area_of(terms.place)
    pairs = [
        ("text", text),
        *(("harm", code) for code in sorted(terms.harms)),
        ("age", "" if terms.age is None else str(terms.age)),
        ("subject", terms.subject),
        ("level", terms.level),
        ("type", terms.service_type),
        *((aspect.value, code) for aspect in Aspect for code in sorted(terms.aspects.get(aspect, ()))),
        ("open", terms.open),
    ]
    given = [pair for pair in pairs if pair[1]]
    if not given and not place:
        raise NothingToSave
    if place and terms.within != USUAL_MILES:
        given.append(("within", finder.CITYWIDE if terms.within is None else str(terms.within)))
    facets = urlencode(given)
    if len(facets) > facets_fit():
        raise NothingToSave
    return Asked(facets, place, in_words(facets, place), left_out=bool(terms.text.strip()) and not text)


def facets_fit() -> int:
    """Return how many characters the row has for facets."""
    return int(SavedSearch._meta.get_field("facets").max_length or 0)


def words_to_keep(text: str, *, at: datetime) -> str:
    """
    Return the words that were typed if all of them stand in the directory, or in the stewards' words for it, else "".

    What looks like personal data is refused whatever it is made of. So no name, and no sentence about a child, is kept.
    """
    words = folded(text[:LONGEST]).split()
    if not words or len(text) > LONGEST:
        return ""
    if personal_data.find(text, on=at.astimezone(LONDON).date()) or personal_data.find(
        text.title(), on=at.astimezone(LONDON).date()
    ):
        return ""
    if not ABOUT_SOMEBODY.isdisjoint(words):
        return ""
    asked_for = {word for word in words if word not in SMALL}
    known = set(SearchTerm.objects.filter(term__in=asked_for).values_list("term", flat=True))
    return " ".join(words) if asked_for and asked_for - known <= finder.synonyms().parts else ""


def area_of(place: str) -> str:
    """
    Return the area that stands for a place: the ward of a postcode, else the place's own name; "" for the whole city.

    :raises NothingToSave: if the place is none of ours
    """
    if not place.strip():
        return ""
    found = locate(place)
    if not isinstance(found, Located):
        raise NothingToSave
    if found.kind == Kind.CITY:
        return ""
    if found.kind == Kind.POSTCODE:
        return found.ward_name or district_of(found.label)
    return found.label


def address_of(row: SavedSearch) -> str:
    """Return the finder's address that asks the same, whatever has a place or not."""
    return f"{reverse('search:find')}?{Asked(row.facets, row.place, '').parameters}"


def trouble_with_name(name: str, *, at: datetime) -> str:
    """Say what in a name says who a person is, "" if nothing does."""
    found = personal_data.find(name, on=at.astimezone(LONDON).date())
    return f"{personal_data.explain(found[0]).said}. Call it by what you look for" if found else ""


def terms_of(facets: str, place: str) -> Terms | None:
    """Return what a saved search asks for; None if a word of it is not in use any more: it must not find more than it meant."""
    filters = ServiceFilter(QueryDict(facets))
    terms = filters.terms()
    return None if filters.form.errors else replace(terms, place=place, tiers=FREE, order=Order.BEST, page=1)


def in_words(facets: str, place: str, *, with_age: bool = True) -> str:
    """Return what is looked for, in the stewards' words: "Knives or weapons; Girls only; near Hartcliffe"."""
    data = QueryDict(facets)
    said = [f"“{text}”" for text in data.getlist("text")]
    said += dict.fromkeys(words_of(data, gone=lambda code: GONE))
    said += [OPENING_WORDS.get(code, GONE) for code in data.getlist("open")]
    said += [f"age {age}" for age in data.getlist("age") if with_age]
    if place:
        said.append(f"near {place}")
    return "; ".join(said) or "Anything"


# --- what people do ---------------------------------------------------------------------------------------------------
@transaction.atomic
def save(wanted: Asked, name: str, *, by: Hat, at: datetime) -> SavedSearch:
    """
    Keep a search for this hat; what has a place now is no news, because it was seen.

    :raises TooManySaved: if there are as many as there may be
    :raises SavedAlready: if it is there
    """
    if mine(by).count() >= assumptions.SAVED.number:
        raise TooManySaved
    row = SavedSearch(membership_id=by.membership_id, name=name, facets=wanted.facets, place=wanted.place, saved_at=at)
    row.known = ids_as_text(found(row, hat=by, at=at))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise SavedAlready from None
    return row


def mine(hat: Hat) -> QuerySet[SavedSearch]:
    """Return the searches of this hat, the first that was saved first."""
    return SavedSearch.objects.filter(membership_id=hat.membership_id)


def rename(row: SavedSearch, name: str, *, by: Hat) -> None:
    """Call it something else."""
    mine(by).filter(pk=row.pk).update(name=name)


def pause(row: SavedSearch, *, by: Hat, at: datetime) -> None:
    """Send nothing about it until somebody goes on."""
    mine(by).filter(pk=row.pk, paused_at=None).update(paused_at=at)


def go_on(row: SavedSearch, *, by: Hat, at: datetime) -> None:
    """Tell of what comes from now on."""
    mine(by).filter(pk=row.pk).update(paused_at=None, known=ids_as_text(found(row, hat=by, at=at)))


def remove(row: SavedSearch, *, by: Hat) -> None:
    """Forget it."""
    mine(by).filter(pk=row.pk).delete()


# --- the link in the e-mail -------------------------------------------------------------------------------------------
def stop_token(user_id: int) -> str:
    """
    Return what an e-mail's link holds: it stops this person's e-mails about searches, and can do nothing else.

    Digits and letters only, because some mail programs leave off a dash at the end.
    """
    return f"{user_id}x{salted_hmac(STOP_SALT, str(user_id), algorithm='sha256').hexdigest()}"


def whose(token: str) -> int | None:
    """Return whose e-mails a link stops; None if we have not signed it."""
    if not STOP_TOKEN.fullmatch(token):
        return None
    user_id = int(token.partition("x")[0])
    return user_id if constant_time_compare(token, stop_token(user_id)) else None


def stop_all(user_id: int, *, at: datetime) -> int:
    """Pause all searches of that person; return how many were not paused before."""
    return SavedSearch.objects.filter(membership__user_id=user_id, paused_at=None).update(paused_at=at)


# --- finding ----------------------------------------------------------------------------------------------------------
def found(row: SavedSearch, *, hat: Hat, at: datetime) -> list[UUID]:
    """Return the ids of what fits a saved search and has a place now, for whoever saved it."""
    terms = terms_of(row.facets, row.place)
    place = locate(row.place) if row.place else None
    if terms is None or not (place is None or isinstance(place, Located)):
        return []
    understood, terms, place = finder.as_told(terms, place)
    query = finder.query_for(terms, place=place, understood=understood, audiences=visibilities_for(hat), at=at)
    return [hit.service_id for hit in backend().find(replace(query, page_size=MOST_FOUND)).hits]


def with_a_place(ids: Iterable[UUID], *, hat: Hat, at: datetime) -> list[ServiceCard]:
    """Return the cards of those that this hat may see now and that have a place now, asked of the rows themselves."""
    cards = cards_for(ids, hat=hat, at=at).values()
    return [card for card in cards if card.availability.state in PLACE_IS_A_ROOM and not card.restricted]


def ids_as_text(ids: Iterable[UUID]) -> list[str]:
    """Return ids as a row keeps them."""
    return [str(one) for one in ids]


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one saved search, and all that has a place."""

    row: SavedSearch
    cards: tuple[ServiceCard, ...]
    ids: tuple[UUID, ...]


def listening(at: datetime) -> QuerySet[SavedSearch]:
    """Return the searches that somebody wants to hear of and may: hats in force, of people whom letters reach."""
    hats = Membership.objects.current(at.astimezone(LONDON).date()).filter(role__in=SAVERS)
    return (
        SavedSearch.objects.filter(paused_at=None, membership__in=letters.reachable(hats))
        .select_related("membership__user", "membership__organization")
        .prefetch_related("membership__localities")
    )


def news_of(rows: Iterable[SavedSearch], *, at: datetime) -> list[News]:
    """Return, for each search, what has a place now and had none when somebody last looked or was told."""
    told = []
    for row in rows:
        hat = hat_of(row.membership)
        ids = found(row, hat=hat, at=at)
        known = set(row.known)
        new = with_a_place([one for one in ids if str(one) not in known], hat=hat, at=at)
        told.append(News(row, tuple(new), tuple(ids)))
    return told


def still_known(news: News) -> list[str]:
    """Return what was known and still has a place."""
    here = set(ids_as_text(news.ids))
    return [one for one in news.row.known if one in here]


# --- telling ----------------------------------------------------------------------------------------------------------
def look_for_news(at: datetime) -> None:
    """
    Look through everybody's searches while people are at work, and leave an e-mail to write for each who has news.

    What has no place any more is forgotten at once, so that it is news when it has one again.
    """
    if not is_working_time(at):
        return
    today = at.astimezone(LONDON).date()
    by_person: dict[int, list[SavedSearch]] = defaultdict(list)
    for row in listening(at):
        by_person[row.membership.user_id].append(row)
    for user_id, rows in by_person.items():
        with_news = False
        for one in news_of(rows, at=at):
            kept = still_known(one)
            if len(kept) < len(one.row.known):
                SavedSearch.objects.filter(pk=one.row.pk).update(known=kept)
            with_news = with_news or bool(one.cards)
        if with_news and not any(row.told_at and row.told_at.astimezone(LONDON).date() == today for row in rows):
            outbox.put(DIGEST, key=f"{DIGEST}:{user_id}:{at:%Y%m%dT%H}", payload={"user_id": user_id}, at=at)


@transaction.atomic
def tell(user_id: int, *, at: datetime) -> bool:
    """Write one person's e-mail from what is true now; False if there is nothing (any more), or one was written today."""
    news = [one for one in news_of(listening(at).filter(membership__user_id=user_id), at=at) if one.cards]
    if not news or not notifications.tell_of_places(news, token=stop_token(user_id), at=at):
        return False
    for one in news:
        known = sorted({*still_known(one), *(str(card.id) for card in one.cards)})
        SavedSearch.objects.filter(pk=one.row.pk).update(known=known, told_at=at)
    return True


def forget(at: datetime) -> None:
    """Forget the searches of those whose membership has ended."""
    today = at.astimezone(LONDON).date()
    over = Q(membership__ended_at__isnull=False) | Q(membership__until_on__lt=today)
    SavedSearch.objects.filter(over).delete()
