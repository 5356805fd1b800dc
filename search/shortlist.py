"""
The services that somebody puts aside while they look: in their browser until it is closed, and nowhere on our side.

A signed cookie holds ids, never names: whoever finds it learns nothing of an entry that is not for the public. It is signed
for whoever is signed in, so that on a shared computer the next person does not see it; what was put aside before
signing in comes along. Who may see an entry is asked of the rows at every look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from directory.cards import ServiceCard, cards_for
from directory.models import Service
from search import assumptions

if TYPE_CHECKING:
    from safekeeping.policy import Hat

COOKIE = "shortlist"
SALT = "search.shortlist"
ANYBODY = "anybody"
KEPT_SECONDS = 12 * 60 * 60  # as long as somebody may stay signed in
MOST_COMPARED = 4
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,160}")


class Full(Exception):
    """The list holds as many services as it may."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Ids in the order in which they were put aside."""

    ids: tuple[UUID, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, service_id: object) -> bool:
        return service_id in self.ids

    def with_these(self, service_ids: Iterable[UUID]) -> Shortlist:
        """
        Return the list with these at its end; what is on it stays where it is.

        :raises Full: if it may not hold so many
        """
        ids = tuple(dict.fromkeys((*self.ids, *service_ids)))
        if len(ids) > max(len(self.ids), assumptions.SHORTLIST.number):
            raise Full
        return Shortlist(ids)

    def without(self, service_ids: Iterable[UUID]) -> Shortlist:
        """Return the list without these."""
        gone = set(service_ids)
        return Shortlist(tuple(one for one in self.ids if one not in gone))


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader sees of a list: cards, how many are not for them (any more), and the slugs that anybody may see."""

    cards: tuple[ServiceCard, ...]
    hidden: int
    public: tuple[str, ...]

    @property
    def private(self) -> int:
        """How many of the cards are not for the public, and so cannot be passed on."""
        return len(self.cards) - len(self.public)

    @property
    def share_url(self) -> str:
        """A link that shows anybody the public ones; slugs and nothing else."""
        if not self.public:
            return ""
        asked = urlencode([("service", slug) for slug in self.public])
        return f"{settings.BASE_URL}{reverse('search:shared')}?{asked}"


# --- the cookie -------------------------------------------------------------------------------------------------------
def cookie_name() -> str:
    """Return the cookie's name; over HTTPS one that no other host can set."""
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def owners(request: HttpRequest) -> tuple[str, ...]:
    """Return for whom a list may be signed that this reader sees: for themselves first."""
    user = getattr(request, "user", None)
    return (str(user.pk), ANYBODY) if user is not None and user.is_authenticated else (ANYBODY,)


def of(request: HttpRequest) -> Shortlist:
    """Return this reader's list; what was not signed by us, or for somebody else, is none."""
    value = request.COOKIES.get(cookie_name(), "")
    if not value:
        return Shortlist()
    for owner in owners(request):
        try:
            held = signing.TimestampSigner(salt=f"{SALT}.{owner}").unsign(value, max_age=KEPT_SECONDS)
            return Shortlist(tuple(UUID(hex=one) for one in held.split(".")))
        except (signing.BadSignature, ValueError):
            continue
    return Shortlist()


def keep(request: HttpRequest, response: HttpResponseBase, shortlist: Shortlist) -> None:
    """Have the browser keep the list until it is closed."""
    if not len(shortlist):
        response.delete_cookie(cookie_name(), samesite="Lax")
        return
    signer = signing.TimestampSigner(salt=f"{SALT}.{owners(request)[0]}")
    response.set_cookie(
        cookie_name(),
        signer.sign(".".join(one.hex for one in shortlist.ids)),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# --- questions --------------------------------------------------------------------------------------------------------
def slugs_in(typed: Sequence[str]) -> list[str]:
    """Return what can be slugs, each once, as many as a list may hold."""
    return list(dict.fromkeys(one for one in typed if SLUG.fullmatch(one)))[: assumptions.SHORTLIST.most]


def visible(slugs: Sequence[str], *, hat: Hat | None) -> list[UUID]:
    """Return the ids of those services that this reader may see, in the order asked for."""
    found = dict(Service.objects.visible_to(hat).filter(slug__in=slugs).values_list("slug", "pk"))
    return [found[slug] for slug in slugs if slug in found]


def told(service_ids: Sequence[UUID], *, hat: Hat | None, at: datetime) -> Told:
    """Return what this reader sees of those services; seven queries, however many."""
    cards = tuple(cards_for(service_ids, hat=hat, at=at).values())
    shown = [card.id for card in cards]
    public = set(Service.objects.visible_to(None).filter(pk__in=shown).values_list("pk", flat=True)) if shown else set()
    return Told(
        cards=cards,
        hidden=len(service_ids) - len(cards),
        public=tuple(card.slug for card in cards if card.id in public),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in a comparison: what it is called, and what it is of each service."""

    label: str
    cells: tuple[tuple[str, str], ...]


def compared(cards: Sequence[ServiceCard]) -> list[Line]:
    """Return what services are compared by, beside their places; a line that would be empty for all is left out."""
    words = {
        pk: more
        for pk, *more in Service.objects.filter(pk__in=[card.id for card in cards]).values_list(
            "pk", "what_happens", "what_we_do_not_do", "pattern", "evidence_note"
        )
    }
    facts = [
        ("Who runs it", [card.organization for card in cards]),
        ("In a sentence", [card.summary for card in cards]),
        ("For", [card.for_whom for card in cards]),
        ("Lives in", [card.serves for card in cards]),
        ("Where", [card.where for card in cards]),
        ("When", [words[card.id][2] for card in cards]),
        ("What happens", [words[card.id][0] for card in cards]),
        ("What it is not", [words[card.id][1] for card in cards]),
        ("What is known", [words[card.id][3] for card in cards]),
        ("Kind", [f"{card.service_type}. {card.level}" for card in cards]),
        ("To ask", [card.to_ask for card in cards]),
        (
            "Words checked",
            [f"{card.assured_on.day} {card.assured_on:%B %Y}" if card.assured_on else "" for card in cards],
        ),
    ]
    names = [card.name for card in cards]
    return [
        Line(label, tuple(zip(names, [cell or "Not said" for cell in cells], strict=True)))
        for label, cells in facts
        if any(cells)
    ]
