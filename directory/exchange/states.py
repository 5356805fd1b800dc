"""How an entry stands now, column by column: of its words the newest draft, of its facts what is true at this moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from directory.exchange.columns import ABOUT_CONTACT, TERM, WORDS, World, area_text, schedule_text
from directory.models import Organization, Schedule, Service, ServiceArea, ServiceAtLocation, ServiceContact
from directory.schedules import CODES, days_of
from directory.tables import normal, written

Texts = dict[str, str]
BATCH = 500


def states(ids: Iterable[UUID], world: World, *, drafts: bool = True) -> Iterator[tuple[Service, Texts]]:
    """Yield each service with the text of every column; as many queries for 500 as for one."""
    wanted = list(ids)
    for start in range(0, len(wanted), BATCH):
        yield from states_of_batch(wanted[start : start + BATCH], world, drafts=drafts)


def states_of_batch(ids: list[UUID], world: World, *, drafts: bool) -> Iterator[tuple[Service, Texts]]:
    """Yield one batch's."""
    terms: dict[str, dict[UUID, list[int]]] = {}
    for column in WORDS:
        if column.kind == "words":
            held = terms[column.name] = defaultdict(list)
            through = getattr(Service, column.field).through.objects.filter(service_id__in=ids)
            for service_id, term_id in through.values_list("service_id", "taxonomyterm_id"):
                held[service_id].append(term_id)
    contacts: dict[UUID, dict[str, str]] = {}
    for contact in ServiceContact.objects.filter(service_id__in=ids).order_by("pk"):
        contacts.setdefault(contact.service_id, vars(contact))
    facts = facts_of(ids, world)
    found = Service.objects.select_related(
        "organization__organization_type", "standing", *(["latest_revision"] if drafts else [])
    ).in_bulk(ids)
    for pk in ids:
        if pk not in found:
            continue
        service = found[pk]
        content: Mapping[str, Any] = {}
        first: Mapping[str, Any]
        if drafts and service.has_unpublished_changes and service.latest_revision:
            content = service.latest_revision.content
            first = next(iter(content.get("contacts", [])), {})
        else:
            first = contacts.get(pk, {})
        texts = {"key": service.slug, "organization": service.organization.slug} | facts[pk]
        for column in WORDS:
            many = terms[column.name][pk] if column.kind == "words" else []
            texts[column.name] = word_text(service, content, column.field, column.kind, many, world)
        for column in ABOUT_CONTACT:
            texts[column.name] = normal(written(first.get(column.field, "")))
        texts |= organization_texts(service.organization)
        yield service, texts


def word_text(service: Service, content: Mapping[str, Any], name: str, kind: str, many: list[int], world: World) -> str:
    """Return the text of one field: of the draft if there is one, else of the row."""
    if kind == "words":
        return "; ".join(sorted(world.codes[pk] for pk in content.get(name, many)))
    if kind == "word":
        pk = content.get(name, getattr(service, f"{name}_id"))
        return world.codes[pk] if pk else ""
    value = content.get(name, getattr(service, name))
    if isinstance(value, date):
        return value.isoformat()
    return normal(written(value))


def organization_texts(organization: Organization) -> Texts:
    """Return the text of every column about an organization."""
    return {
        "organization_name": normal(organization.name),
        "organization_type": organization.organization_type.code,
        "organization_website": organization.website,
        "organization_email": organization.email,
        "organization_telephone": normal(organization.telephone),
        "organization_led_by": normal(organization.led_by),
    }


def facts_of(ids: list[UUID], world: World) -> dict[UUID, Texts]:
    """Return the texts of what is live at once: three questions."""
    areas: dict[UUID, list[str]] = defaultdict(list)
    for area in ServiceArea.objects.filter(service_id__in=ids):
        areas[area.service_id].append(area_text(area))
    places: dict[UUID, list[str]] = defaultdict(list)
    at: dict[UUID, str] = {}
    for one in ServiceAtLocation.objects.filter(service_id__in=ids):
        at[one.pk] = world.place(one.location_id)
        places[one.service_id].append(at[one.pk])
    times: dict[UUID, list[str]] = defaultdict(list)
    for schedule in Schedule.objects.filter(service_id__in=ids):
        times[schedule.service_id].append(schedule_line(schedule, at.get(schedule.at_location_id, "")))  # type: ignore[arg-type]
    return {
        pk: {
            "areas": "; ".join(sorted(set(areas[pk]))),
            "places": "\n".join(sorted(set(places[pk]))),
            "schedules": "\n".join(sorted(set(times[pk]))),
        }
        for pk in ids
    }


def schedule_line(one: Schedule, at: str) -> str:
    """Return a line of times."""
    hours = "-".join(f"{moment:%H:%M}" for moment in (one.opens_at, one.closes_at) if moment)
    told = {
        "from": one.valid_from_on.isoformat() if one.valid_from_on else "",
        "until": one.valid_to_on.isoformat() if one.valid_to_on else "",
        "at": at,
        "note": normal(one.note),
        TERM: TERM if one.term_time_only else "",
    }
    days = ",".join(CODES[day] for day in days_of(one.byday))
    return schedule_text(days, hours, told)
