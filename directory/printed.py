"""The directory on paper: every service that anybody may see, by locality and kind, in as many questions for 500 as for one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from directory.cards import ServiceCard, cards_for
from directory.models import Locality, Service, ServiceArea, ServiceContact, Ward

EVERYWHERE = "citywide"


@dataclass(frozen=True, slots=True)
class Entry:
    """One service on paper."""

    card: ServiceCard
    telephone: str
    contact: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of service, and what there is of it."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A locality, or the whole city."""

    code: str
    name: str
    kinds: tuple[Kind, ...]

    @property
    def total(self) -> int:
        return sum(len(kind.entries) for kind in self.kinds)


def parts(*, at: datetime, only: str = "", city: str = "") -> list[Part]:
    """
    Return the parts of the city with their services, the one for the whole city last.

    A service for several localities stands in each. With ``only``, the code of a locality, that one and the whole city.
    """
    ids = list(Service.objects.visible_to(None).order_by("name", "pk").values_list("pk", flat=True))
    cards = cards_for(ids, hat=None, at=at)
    contacts = contacts_of(ids)
    found = localities_of(ids)
    localities = list(Locality.objects.all())
    shown = [one for one in localities if not only or one.code == only]
    made = [
        part_of(one.code, one.name, [pk for pk in cards if one.code in found[pk]], cards, contacts) for one in shown
    ]
    everywhere = [pk for pk in cards if not found[pk]]
    made.append(part_of(EVERYWHERE, f"All of {city}" if city else "The whole city", everywhere, cards, contacts))
    return [part for part in made if part.kinds]


def localities_of(ids: list[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the localities that each is for; none for what is for the whole city, or of which nobody has said."""
    of_ward = dict(Ward.objects.values_list("code", "locality_id"))
    told: dict[UUID, set[str]] = defaultdict(set)
    everywhere: set[UUID] = set()
    for service_id, extent, locality, ward in ServiceArea.objects.filter(service_id__in=ids).values_list(
        "service_id", "extent", "locality_id", "ward_id"
    ):
        if extent in (ServiceArea.Extent.CITYWIDE, ServiceArea.Extent.ANYWHERE):
            everywhere.add(service_id)
        elif code := locality or of_ward.get(ward):
            told[service_id].add(code)
    return {pk: frozenset() if pk in everywhere else frozenset(told[pk]) for pk in ids}


def contacts_of(ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return the telephone and the name of the first contact of each that has a telephone, else of its organization."""
    found: dict[UUID, tuple[str, str]] = {}
    rows = ServiceContact.objects.filter(service_id__in=ids).exclude(telephone="").order_by("-pk")
    for service_id, telephone, name in rows.values_list("service_id", "telephone", "name"):
        found[service_id] = (telephone, name)
    rest = Service.objects.filter(pk__in=ids).exclude(pk__in=found).exclude(organization__telephone="")
    for service_id, telephone in rest.values_list("pk", "organization__telephone"):
        found[service_id] = (telephone, "")
    return found


def part_of(
    code: str, name: str, ids: list[UUID], cards: dict[UUID, ServiceCard], contacts: dict[UUID, tuple[str, str]]
) -> Part:
    """Put one part together, kind by kind."""
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for pk in ids:
        telephone, contact = contacts.get(pk, ("", ""))
        kinds[cards[pk].service_type].append(Entry(cards[pk], telephone, contact))
    return Part(code, name, tuple(Kind(kind, tuple(kinds[kind])) for kind in sorted(kinds)))
