"""The catalogue as a table: for anybody what they may see, for stewards everything that an import reads again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from directory.cards import places_of
from directory.exchange.columns import COLUMNS, World
from directory.exchange.states import BATCH, Texts, states
from directory.models import Service
from directory.tables import Cell
from directory.whereabouts import NOT_SHOWN, Place, told_of

# A visitor learns where it happens from `where`, which knows what an address may say of itself (INV-P7); times at a place
# would name it again. The rest is the stewards' own.
STEWARDS_ONLY = frozenset({"source_ref", "places", "schedules", "standing", "seen_by"})
FOR_ANYBODY = tuple(column.name for column in COLUMNS if column.name not in STEWARDS_ONLY)
FOR_STEWARDS = tuple(column.name for column in COLUMNS)


def published(ids: Sequence[UUID]) -> Iterator[list[Cell]]:
    """Yield a row of each service as anybody may see it: never a word of a draft."""
    yield from rows(ids, FOR_ANYBODY, drafts=False)


def everything(ids: Sequence[UUID]) -> Iterator[list[Cell]]:
    """Yield a row of each service, of its words the newest draft."""
    yield from rows(ids, FOR_STEWARDS, drafts=True)


def rows(ids: Sequence[UUID], columns: Sequence[str], *, drafts: bool) -> Iterator[list[Cell]]:
    """Yield the rows, in the order asked for; as many questions for 500 services as for one."""
    world = World.read()
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        where = where_of(batch)
        for service, texts in states(batch, world, drafts=drafts):
            told: Texts = texts | standing_texts(service) | {"where": where[service.pk]}
            yield [told[name] for name in columns]


def where_of(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return where each happens as anybody may know it."""
    told: dict[UUID, list[str]] = defaultdict(list)
    for service_id, *columns in places_of(ids):
        known = told_of(Place(*columns))
        told[service_id].append(known.address or known.label or NOT_SHOWN)
    return defaultdict(str, {pk: "\n".join(sorted(set(lines))) for pk, lines in told.items()})


def standing_texts(service: Service) -> Texts:
    """Return what is told of the standing, and never read again."""
    standing = getattr(service, "standing", None)
    if standing is None:
        return {"standing": "", "seen_by": "", "checked_on": ""}
    checked = standing.assured_on.isoformat() if standing.assured_on else ""
    return {"standing": standing.standing, "seen_by": standing.visibility, "checked_on": checked}


def public_ids() -> list[UUID]:
    """Return the ids of what anybody may see, by name."""
    return list(Service.objects.visible_to(None).order_by("name", "pk").values_list("pk", flat=True))


def all_ids() -> list[UUID]:
    """Return the ids of every service, by name."""
    return list(Service.objects.order_by("name", "pk").values_list("pk", flat=True))
