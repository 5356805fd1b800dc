"""Writes one entry as a row of a table has it: words into a revision, facts into their own rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import ModelLogEntry, Revision

from directory.exchange.columns import (
    ABOUT_CONTACT,
    ABOUT_THE_ORGANIZATION,
    BY_NAME,
    FACTS,
    TERM,
    WORDS,
    World,
    parts,
    place_ids,
    where_is,
)
from directory.exchange.states import Texts
from directory.models import (
    Address,
    EligibilityRule,
    Location,
    Organization,
    OrganizationStanding,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceContact,
    ServiceStanding,
)
from directory.schedules import CODES
from directory.tables import as_time
from safekeeping.models import User

# What an entry's words consist of beyond its own row: words of vocabularies, and rows that travel in the draft.
MANY = tuple(column for column in WORDS if column.kind == "words")
ROWS: dict[str, Any] = {"contacts": ServiceContact, "eligibility_rules": EligibilityRule}
CHILDREN = (*ROWS, *(column.field for column in MANY))
CONTACT_NAMES = frozenset(column.name for column in ABOUT_CONTACT)
WORDS_NAMES = frozenset(column.name for column in WORDS) | CONTACT_NAMES
# Columns that Wagtail's index of who points at whom knows of.
POINTING = frozenset(column.name for column in WORDS if column.kind == "word")


@dataclass(slots=True)
class Reworded:
    """An entry without a draft whose words are others now: which columns, and what it was called before."""

    service: Service
    columns: set[str]
    called: str
    publish: bool


@dataclass(slots=True)
class Writer:
    """
    Writes entries in the name of ``by``, as drafts in moderation or published at once.

    ``touched`` are the entries that were changed, ``told`` those that are new. ``pointing`` are entries and organizations
    whose public words may point at other rows than before. What is ``reworded`` waits for `keep_reworded`.
    """

    world: World
    by: User | None
    publish: bool
    at: datetime
    touched: list[UUID] = field(default_factory=list)
    told: list[UUID] = field(default_factory=list)
    pointing: list[Service | Organization] = field(default_factory=list)
    reworded: list[Reworded] = field(default_factory=list)

    # --- words --------------------------------------------------------------------------------------------------------
    def new(self, rows: list[Texts]) -> list[Service]:
        """Make services, and their organizations where those are new: in as many statements for 200 as for one."""
        made = [self.drafted(cells) for cells in rows]
        verbs = ("wagtail.create", "wagtail.publish") if self.publish else ("wagtail.create",)
        for one, revision in zip(made, self.keep_revisions(made, verbs), strict=True):
            one.latest_revision = revision
            one.live_revision = revision if self.publish else None
        Service.objects.bulk_create(made)
        ServiceStanding.objects.bulk_create(ServiceStanding(service=one) for one in made)
        for one in made:
            one.contacts = one.contacts.all()  # which have been made before their service had a row
        if self.publish:
            self.write_contacts(made)
            for column in MANY:
                self.write_many(column.field, made)
        self.write_new_facts(made, rows)
        if not self.publish:
            self.moderate(made)
        self.pointing += made
        self.told += [one.pk for one in made]
        return made

    def drafted(self, cells: Texts) -> Service:
        """Return a service that is not in the database yet."""
        service = Service(slug=cells["key"], organization=self.organization(cells))
        for name in CHILDREN:  # nothing to be asked of the database
            setattr(service, name, [])
        self.set_words(service, cells)
        service.live, service.has_unpublished_changes = self.publish, not self.publish
        if self.publish:
            service.first_published_at = service.last_published_at = self.at
        return service

    def keep_revisions(self, entries: list[Service], verbs: tuple[str, ...]) -> list[Revision]:
        """Keep the words of each as a revision with its lines in the history, as saving them one by one would."""
        kind = ContentType.objects.get_for_model(Service, for_concrete_model=False)
        revisions: list[Revision] = Revision.objects.bulk_create(
            Revision(
                content_type=kind,
                base_content_type=kind,
                object_id=str(one.pk),
                created_at=self.at,
                user=self.by,
                object_str=str(one),
                content=one.serializable_data(),
            )
            for one in entries
        )
        ModelLogEntry.objects.bulk_create(
            self.log_entry(one, verb, revision)
            for one, revision in zip(entries, revisions, strict=True)
            for verb in verbs
        )
        return revisions

    def log_entry(
        self,
        one: Service,
        verb: str,
        revision: Revision,
        data: dict[str, Any] | None = None,
        *,
        content_changed: bool = True,
    ) -> ModelLogEntry:
        """Return a line of the history that admins read."""
        return ModelLogEntry(
            content_type=revision.content_type, object_id=str(one.pk), label=str(one), action=verb, timestamp=self.at,
            user=self.by, uuid=uuid4(), revision=revision, content_changed=content_changed, data=data or {},
        )  # fmt: skip

    def write_many(self, name: str, services: list[Service]) -> None:
        """Write the words of one vocabulary that these services have, in place of those they had."""
        through = getattr(Service, name).through
        through.objects.filter(service_id__in=[one.pk for one in services]).delete()
        through.objects.bulk_create(
            through(service_id=one.pk, taxonomyterm_id=term.pk) for one in services for term in getattr(one, name).all()
        )

    def write_contacts(self, services: list[Service]) -> None:
        """Write the contacts that these services have; those that they have no more go."""
        kept = [contact for one in services for contact in one.contacts.all()]
        held = [contact for contact in kept if contact.pk]
        gone = ServiceContact.objects.filter(service_id__in=[one.pk for one in services])
        gone.exclude(pk__in=[contact.pk for contact in held]).delete()
        ServiceContact.objects.bulk_update(held, [column.field for column in ABOUT_CONTACT])
        ServiceContact.objects.bulk_create(contact for contact in kept if not contact.pk)

    def write_new_facts(self, made: list[Service], rows: list[Texts]) -> None:
        """Write where, when and for which part of the map, of services that have nothing of it yet."""
        happens, times, parts_of_the_map = [], [], []
        for service, cells in zip(made, rows, strict=True):
            parts_of_the_map += [self.area(service, code) for code in parts(cells.get("areas", ""), ";")]
            at = {}
            for line in parts(cells.get("places", ""), "\n"):
                one = ServiceAtLocation(service=service, location_id=self.place(line))
                happens.append(one)
                at[line.split(" | ")[0].casefold()] = one.pk
            times += [schedule_of(service, line, at) for line in parts(cells.get("schedules", ""), "\n")]
        ServiceArea.objects.bulk_create(parts_of_the_map)
        ServiceAtLocation.objects.bulk_create(happens)
        Schedule.objects.bulk_create(times)

    def change(self, service: Service, cells: Texts, *, before: Texts, publish: bool | None = None) -> None:
        """
        Bring a service from ``before`` to ``cells``; both hold only what differs, or more.

        Words are only put onto ``service`` if it has no draft: `with_words` comes before, `keep_reworded` after.
        """
        changed = {name for name, text in cells.items() if text != before.get(name, "")}
        self.organization(cells | {"organization": service.organization.slug})
        if words := {name: cells[name] for name in changed & WORDS_NAMES}:
            publish = self.publish if publish is None else publish
            if service.live and not service.has_unpublished_changes:
                self.reworded.append(Reworded(service, set(words), str(service), publish))
                self.set_words(service, words)
            else:
                draft: Service = service.get_latest_revision_as_object()
                self.set_words(draft, words)
                self.keep_words(draft, publish=publish)
                if publish and changed & POINTING:
                    self.pointing.append(draft)
        self.write_facts(service, {name: cells[name] for name in changed if name in FACTS}, had=before)
        self.touched.append(service.pk)

    def with_words(self, services: list[Service]) -> None:
        """Put onto each service what its words consist of beyond its own row: nine questions for 200 as for one."""
        terms = {term.pk: term for term in self.world.words.values()}
        held: dict[tuple[str, UUID], list[Any]] = defaultdict(list)
        ids = [one.pk for one in services]
        for column in MANY:
            through = getattr(Service, column.field).through.objects.filter(service_id__in=ids)
            for service_id, term_id in through.values_list("service_id", "taxonomyterm_id"):
                held[column.field, service_id].append(terms[term_id])
        for name, model in ROWS.items():
            for row in model.objects.filter(service_id__in=ids).order_by("pk"):
                held[name, row.service_id].append(row)
        for one in services:
            for name in CHILDREN:
                setattr(one, name, held[name, one.pk])

    def keep_reworded(self) -> None:
        """
        Keep the words that `change` has put onto entries: as many statements for 200 as for one, but for their own rows.

        What publishing one by one does beyond this, entries without a draft do not need: none of their revisions waits,
        neither for a day nor for a steward.
        """
        published = [one for one in self.reworded if one.publish]
        drafted = [one for one in self.reworded if not one.publish]
        if published:
            self.publish_reworded(published)
        if drafted:
            self.moderate_reworded([one.service for one in drafted])
        self.reworded = []

    def publish_reworded(self, told: list[Reworded]) -> None:
        """Keep the words as revisions, and have the public see them."""
        services = [one.service for one in told]
        revisions = self.keep_revisions(services, ("wagtail.edit",))
        for one, revision in zip(told, revisions, strict=True):
            fields = [Service._meta.get_field(BY_NAME[name].field) for name in one.columns - CONTACT_NAMES]
            own = {field.attname: getattr(one.service, field.attname) for field in fields if not field.many_to_many}
            Service.objects.filter(pk=one.service.pk).update(
                **own, latest_revision=revision, live_revision=revision, last_published_at=self.at, updated_at=self.at,
                first_published_at=one.service.first_published_at or self.at,
            )  # fmt: skip
        for column in MANY:
            if changed := [one.service for one in told if column.name in one.columns]:
                self.write_many(column.field, changed)
        if changed := [one.service for one in told if CONTACT_NAMES & one.columns]:
            self.write_contacts(changed)
        self.pointing += [one.service for one in told if POINTING & one.columns]
        lines = []
        for one, revision in zip(told, revisions, strict=True):
            data: dict[str, Any] = {}
            if str(one.service) != one.called:
                data["title"] = {"old": one.called, "new": str(one.service)}
                lines.append(self.log_entry(one.service, "wagtail.rename", revision, data, content_changed=False))
            lines.append(self.log_entry(one.service, "wagtail.publish", revision, data))
        ModelLogEntry.objects.bulk_create(lines)

    def moderate_reworded(self, services: list[Service]) -> None:
        """Keep the words as revisions that wait for a steward."""
        for one, revision in zip(services, self.keep_revisions(services, ("wagtail.edit",)), strict=True):
            one.latest_revision, one.has_unpublished_changes = revision, True
            Service.objects.filter(pk=one.pk).update(latest_revision=revision, has_unpublished_changes=True)
        self.moderate(services)

    def moderate(self, services: list[Service]) -> None:
        """Have the drafts of services wait for a steward, who is the same for all of them."""
        workflow = services[0].get_workflow() if services else None
        if workflow is not None:
            for one in services:
                workflow.start(one, self.by)

    def set_words(self, service: Service, cells: Texts) -> None:
        """Put the words onto the object; they wait there for a revision."""
        for column in WORDS:
            if column.name in cells:
                setattr(service, *self.value(column.name, cells[column.name]))
        said = {column.field: cells[column.name] for column in ABOUT_CONTACT if column.name in cells}
        if said:
            held = list(service.contacts.all()) if service.pk and not service._state.adding else []
            first, *others = held or [ServiceContact()]
            for name, text in said.items():
                setattr(first, name, text)
            told = any((first.name, first.email, first.telephone))
            service.contacts = ([first] if told else []) + others

    def value(self, name: str, text: str) -> tuple[str, Any]:
        """Return the attribute of a column, and what its text stands for."""
        column = BY_NAME[name]
        match column.kind:
            case "number":
                return column.field, int(text) if text else None
            case "tick":
                return column.field, text == "yes"
            case "day":
                return column.field, date.fromisoformat(text) if text else None
            case "word":
                return f"{column.field}_id", self.world.term_ids[column.vocabulary, text]
            case "words":
                return column.field, [self.world.words[column.vocabulary, code] for code in parts(text, ";")]
        if not text and name == "co_attendance_check":
            return column.field, "not_needed"
        return column.field, text

    def keep_words(self, entry: Service | Organization, *, publish: bool | None = None) -> Revision:
        """Keep the words as a revision: published, or with the stewards."""
        revision: Revision = entry.save_revision(user=self.by, log_action=True, clean=False)
        if self.publish if publish is None else publish:
            entry.publish(revision, user=self.by, skip_permission_checks=True)
        elif workflow := entry.get_workflow():
            state = entry.current_workflow_state
            if state is None:
                workflow.start(entry, self.by)
        return revision

    # --- organization -------------------------------------------------------------------------------------------------
    def organization(self, cells: Texts) -> Organization:
        """Return the organization of a row, made or changed where the row says so."""
        slug = cells["organization"]
        said = {column: cells[column.name] for column in ABOUT_THE_ORGANIZATION if column.name in cells}
        known = self.world.organizations.get(slug)
        organization = known or Organization(slug=slug, live=False)
        changed = False
        for column, text in said.items():
            name, value = (
                ("organization_type_id", self.world.term_ids["organization_type", text])
                if column.field == "organization_type"
                else (column.field, text)
            )
            if getattr(organization, name) != value:
                setattr(organization, name, value)
                changed = True
        if known is None:
            organization.has_unpublished_changes = True
            organization.save()
            OrganizationStanding.objects.create(organization=organization)
        if changed:
            self.keep_words(organization)
            self.pointing.append(organization)
        self.world.organizations[slug] = organization
        return organization

    # --- facts --------------------------------------------------------------------------------------------------------
    def write_facts(self, service: Service, cells: Texts, *, had: Texts) -> None:
        """Write where, when and for which part of the map; what a row does not say stays."""
        if "areas" in cells:
            service_areas = [self.area(service, code) for code in parts(cells["areas"], ";")]
            ServiceArea.objects.filter(service=service).delete()
            ServiceArea.objects.bulk_create(service_areas)
        if "places" in cells:
            wanted = [self.place(line) for line in parts(cells["places"], "\n")]
            held = ServiceAtLocation.objects.filter(service=service)
            held.exclude(location_id__in=wanted).delete()
            there = set(held.values_list("location_id", flat=True))
            ServiceAtLocation.objects.bulk_create(
                ServiceAtLocation(service=service, location_id=pk) for pk in wanted if pk not in there
            )
        if "schedules" in cells:
            Schedule.objects.filter(service=service).delete()
            at = {
                self.world.place(one.location_id).casefold(): one.pk
                for one in ServiceAtLocation.objects.filter(service=service)
            }
            Schedule.objects.bulk_create(schedule_of(service, line, at) for line in parts(cells["schedules"], "\n"))

    def area(self, service: Service, code: str) -> ServiceArea:
        """Return a part of the map."""
        if code in (ServiceArea.Extent.CITYWIDE, ServiceArea.Extent.ANYWHERE):
            return ServiceArea(service=service, extent=code)
        if code.startswith("ward:"):
            return ServiceArea(service=service, extent=ServiceArea.Extent.WARD, ward_id=code.removeprefix("ward:"))
        return ServiceArea(service=service, extent=ServiceArea.Extent.LOCALITY, locality_id=code)

    def place(self, line: str) -> UUID:
        """Return the place of a line, made if it is new."""
        name, *more = line.split(" | ")
        known = place_ids(name, self.world)
        if known:
            return known[0]
        street, postcode, seen = more
        where = where_is(postcode)
        point = where.point if where else None
        location = Location.objects.create(
            name=name,
            address_visibility=seen,
            latitude=point.latitude if point else None,
            longitude=point.longitude if point else None,
            council_code=where.council_code if where else "",
            ward_id=(where.ward or None) if where else None,
        )
        Address.objects.create(location=location, address_1=street, city=settings.CITY.name, postal_code=postcode)
        self.world.place_names[location.pk] = name
        self.world.places[name.casefold()].append(location.pk)
        return location.pk


def schedule_of(service: Service, line: str, at: dict[str, UUID]) -> Schedule:
    """Return the row of a line of times that has been read before."""
    first, *more = line.split(" | ")
    days, _, hours = first.partition(" ")
    moments = [as_time(one) for one in hours.split("-") if one]
    made = Schedule(service=service, byday=",".join(code for code in CODES if code in days.split(",")))
    made.opens_at = moments[0] if moments else None
    made.closes_at = moments[1] if len(moments) > 1 else None
    for place, part in enumerate(more):
        name, _, rest = part.partition(" ")
        if part == TERM:
            made.term_time_only = True
        elif name == "at":
            made.at_location_id = at[rest.casefold()]
        elif name == "from":
            made.valid_from_on = date.fromisoformat(rest)
        elif name == "until":
            made.valid_to_on = date.fromisoformat(rest)
        else:
            made.note = " | ".join([rest, *more[place + 1 :]])
            break
    return made


def take_away(service: Service, *, by: User | None) -> None:
    """Take a service that came with an import out of sight: unpublished, its moderation ended, its standing archived."""
    state = service.current_workflow_state
    if state is not None:
        state.cancel(user=by)
    if service.live:
        UnpublishAction(service, user=by).execute(skip_permission_checks=True)
    ServiceStanding.objects.filter(service=service).update(standing="archived", before_overdue="")
