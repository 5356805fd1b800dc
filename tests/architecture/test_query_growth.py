"""
Twenty rows cost as many queries as two, on every list there is.

Whoever adds a page without parameters enters it below: with the rows that make it longer, or with the reason why none do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brokering import contexts, offers, requests, shortlists
from brokering.models import MatchResult
from cms import seed
from cms.models import (
    EventDate,
    EventPage,
    EventsPage,
    GetInvolvedPage,
    GovernancePage,
    LibraryPage,
    OpportunityPage,
    ResourcePage,
    SectionPage,
)
from directory import assumptions, capacity, facts, proposals, reports, tokens
from directory import words as own_words
from directory.hats import hats_of
from directory.models import (
    Asking,
    CapacityModel,
    Closure,
    ConfirmationLink,
    EmailDomain,
    EvidenceRating,
    Membership,
    Organization,
    ReportKind,
    Role,
    Schedule,
)
from directory.reports import Told
from safekeeping import outbox, policy
from search.backends import backend
from search.documents import all_documents
from search.models import SavedSearch, SearchSynonym
from tests.architecture.growth import growth
from tests.directory.conftest import city as city
from tests.factories import brokering as brokered
from tests.factories import contexts as spots
from tests.factories import directory as make
from tests.factories import joining as coming
from tests.factories import training as taught
from tests.factories.people import browser_of, member
from training.models import CourseSession

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@dataclass
class World:
    """Who there is while a list grows."""

    team: Organization
    provider: Organization
    here: brokered.World
    learner: Membership

    def browser(self, role: str, route: str = "") -> Client:
        if not role:
            return Client()
        if route.startswith("brokering:"):
            hat = spots.team(self.here) if role == "partnership_team" else getattr(self.here, AT_WORK[role])
            return browser_of(Membership.objects.get(pk=hat.membership_id))
        if route == "training:bookings":
            return browser_of(self.learner)
        at = self.provider if role.startswith("provider") else self.team
        return browser_of(member(Role(role), at, citywide=role == Role.COORDINATOR))


AT_WORK = {"school_dsl": "dsl", "coordinator": "coordinator", "provider_admin": "manager", "provider_worker": "worker"}


@pytest.fixture
def world(stewards_side_of_the_file, city, monkeypatch) -> World:
    monkeypatch.setattr(timezone, "now", lambda: brokered.AT + 2 * brokered.HOUR)
    here = brokered.world()
    here.pool.total = 100
    here.pool.save()
    learner = member(Role.PROFESSIONAL, make.organization("The learners"))
    return World(
        team=make.organization("The team"), provider=make.organization("The provider"), here=here, learner=learner
    )


# --- rows -------------------------------------------------------------------------------------------------------------


def services_found(world: World, count: int) -> None:
    """Services that the finder finds, each with places, a place on the map, worries and an organization of its own."""
    for _ in range(count):
        one = make.service(harms=["knife_weapon", "missing"], at=[make.location(point=make.Point(51.46, -2.56))])
        make.pool(one, at=timezone.now() - timedelta(days=1))
    backend().replace_all(all_documents())


def pools(world: World, count: int) -> None:
    for _ in range(count):
        somebody = member(Role.PROVIDER_ADMIN, world.provider).user
        made = make.service(by=world.provider)
        for model in CapacityModel:
            told = {"model": model, "name": f"Places {made.pk}", "at": timezone.now(), "last_confirmed_by": somebody}
            make.pool(made, make.service(by=world.provider), **told)


def services_of_a_provider(world: World, count: int) -> None:
    """Services whose words wait, or are written and not sent, and that are closed at times."""
    person = member(Role.PROVIDER_ADMIN, world.provider)
    [hat] = hats_of(person.user, timezone.localdate())
    for number in range(count):
        made = make.service(by=world.provider)
        day = timezone.localdate()
        Closure.objects.create(service=made, from_on=day, until_on=day, note="Training day")
        seen = {"pattern": own_words.digest("")}
        proposals.write(made, {"pattern": "Weekly"}, seen=seen, by=hat, at=timezone.now())
        if number % 2:
            proposals.propose_changes(made, by=hat, at=timezone.now())


def venues_of_a_provider(world: World, count: int) -> None:
    """Places of a provider, with a question about the address of each."""
    [hat] = hats_of(member(Role.PROVIDER_ADMIN, world.provider).user, timezone.localdate())
    for _ in range(count):
        made = make.location(organization=world.provider, address="1 Some Road")
        facts.propose_visibility(made, "none", by=hat, at=timezone.now())


TOKEN = "ab" * 32


def pools_of_a_link(world: World, count: int) -> None:
    """Pools about which a provider was asked with one e-mail."""
    at = timezone.now()
    hat = member(Role.PROVIDER_ADMIN, world.provider)
    asked, _ = Asking.objects.get_or_create(
        organization=world.provider, number=1, defaults={"step": 0, "begun_at": at, "asked_at": at}
    )
    ConfirmationLink.objects.get_or_create(
        token_hash=tokens.hash_of(TOKEN),
        defaults={"asking": asked, "membership": hat, "sent_at": at, "expires_at": at + assumptions.LINK_LIVES.span},
    )
    for number in range(count):
        made = make.service(by=world.provider)
        one = make.pool(made, make.service(by=world.provider), at=at - timedelta(days=6), last_confirmed_by=hat.user)
        one.askings.add(asked)
        if number % 2:
            capacity.confirm(one, by=None, at=at)


def services(world: World, count: int) -> None:
    for _ in range(count):
        make.service(harms=["missing"])


def organizations(world: World, count: int) -> None:
    for _ in range(count):
        make.organization(parent=make.organization())


def locations(world: World, count: int) -> None:
    for _ in range(count):
        make.location(point=make.Point(51.46, -2.56), address="1 Some Road", postcode="BS5 0AA")


def services_at_locations(world: World, count: int) -> None:
    for _ in range(count):
        make.service(at=[make.location()])


def schedules(world: World, count: int) -> None:
    for _ in range(count):
        Schedule.objects.create(service=make.service(), byday="MO")


def words(world: World, count: int) -> None:
    for number in range(count):
        make.term("harm_type", f"worry_{number}_{count}")


def synonyms(world: World, count: int) -> None:
    SearchSynonym.objects.exclude(word__startswith="word ").delete()  # what comes with the tables fills the first page
    for number in range(count):
        SearchSynonym.objects.create(word=f"word {number} of {count}", expands_to="missing")


def memberships(world: World, count: int) -> None:
    for _ in range(count):
        Membership.objects.filter(pk=member(Role.PROFESSIONAL, make.organization()).pk).update(
            granted_by=member(Role.SYSADMIN, world.team).user
        )


def mails(world: World, count: int) -> None:
    for number in range(count):
        outbox.mail(key=f"{number}:{count}", to="jo@work.example", subject="News", text="Look.", at=timezone.now())


def requests_of_a_school(world: World, count: int) -> None:
    """Drafts, questions, offers and places that wait for contact details: every kind of line."""
    for number in range(count):
        (brokered.draft, brokered.sent, brokered.offered, brokered.answered_yes)[number % 4](world.here)


def queue(world: World, count: int) -> None:
    """Requests that wait, that are offered, and that have a place; by two people."""
    for number in range(count):
        by = world.here.dsl if number % 2 else world.here.colleague
        (brokered.sent, brokered.accepted, brokered.offered, brokered.answered_yes)[number % 4](world.here, by=by)


def places_asked_for(world: World, count: int) -> None:
    """Places in every state that shows in a list, asked for by two people, at a school and in a neighbourhood."""
    for number in range(count):
        by = world.here.dsl if number % 2 else world.here.colleague
        make_one = (spots.owned, spots.sent, spots.draft, spots.closed)[number % 4]
        make_one(world.here, by=by)


def offers_and_places(world: World, count: int) -> None:
    """Offers that wait, that were answered, and the places of those that got a yes."""
    for number in range(count):
        if number % 3 == 0:
            brokered.offered(world.here)
        elif number % 3 == 1:
            brokered.offer_in("declined_by_provider", world.here)
        brokered.answered_yes(world.here)


def sessions(world: World, count: int) -> None:
    """Sessions to come, each of a course and at a place of its own."""
    for number in range(count):
        place = make.location(address="1 Some Road", postcode="BS5 0AA")
        taught.session(taught.course(audiences=["police"]), starts=taught.SOON + number * taught.DAY, location=place)


def seats(world: World, count: int) -> None:
    """Seats of one person."""
    for _ in range(count):
        taught.booked(by=taught.hat_for(world.learner))


def courses(world: World, count: int) -> None:
    for _ in range(count):
        taught.course(audiences=["police"])


def resources(world: World, count: int) -> None:
    """Things to read, each about something and for somebody."""
    for number in range(count):
        one = ResourcePage(title=f"Leaflet {number} of {count}", review_due_on=timezone.localdate())
        one.topics = [make.term("harm_type", "missing")]
        one.audiences = [make.term("training_audience", "police")]
        seed.made(one, below=LibraryPage.objects.get())


def events(world: World, count: int) -> None:
    """Events with a date, and events without."""
    for number in range(count):
        dated = EventPage(title=f"Meeting {number} of {count}", host=make.organization())
        begins = timezone.now() + timedelta(days=number + 1)
        dated.dates = [EventDate(starts_at=begins, ends_at=begins + timedelta(hours=1))]
        for one in (dated, EventPage(title=f"Plan {number} of {count}", host=make.organization())):
            seed.made(one, below=EventsPage.objects.get())


def opportunities(world: World, count: int) -> None:
    for number in range(count):
        one = OpportunityPage(title=f"Role {number} of {count}", provider=make.organization())
        seed.made(one, below=GetInvolvedPage.objects.get())


def plans(world: World, count: int) -> None:
    for number in range(count):
        one = GovernancePage(title=f"Plan {number} of {count}", kind="strategy", show_in_menus=True)
        seed.made(one, below=SectionPage.objects.get(slug="plans-and-reviews"))


def colleagues(world: World, count: int) -> None:
    """Colleagues, invitations that wait, and people who ask for an account."""
    by = world.here.manager
    for _ in range(count):
        member(Role.PROVIDER_WORKER, world.provider)
        member(Role.PROVIDER_ADMIN, world.provider)
        coming.invitation(world.provider, by)
        coming.account(world.here.school)


def leads(world: World, count: int) -> None:
    """The same at a school, where the lead decides about accounts."""
    for _ in range(count):
        member(Role.PROFESSIONAL, world.team)
        coming.invitation(world.team, world.here.dsl, role=Role.PROFESSIONAL)
        coming.account(world.team)


def joining(world: World, count: int) -> None:
    """Whoever waits for a steward, each with an organization of its own."""
    for _ in range(count):
        where = make.organization()
        coming.invitation(where, world.here.manager)
        coming.account(where)
        coming.account(None)
        coming.application()
        coming.item(where)


def domains(world: World, count: int) -> None:
    for _ in range(count):
        where = make.organization()
        EmailDomain.objects.create(organization=where, domain=f"{where.slug}.example")
        coming.item(where)


def reported(world: World, count: int) -> None:
    """Reports about services of one provider."""
    for number in range(count):
        mine = make.service(by=world.provider)
        told = Told(ReportKind.WRONG, "The number has changed", what="contact", service_id=mine.pk)
        reports.send(told, network_address=f"192.0.2.{number}", at=timezone.now() - timedelta(hours=2 * count))


def searches(world: World, count: int) -> None:
    """Searches that one person has saved."""
    hat = Membership.objects.filter(role=Role.PROFESSIONAL).latest("pk")
    for _ in range(count):
        facets = f"age={SavedSearch.objects.count()}"
        SavedSearch.objects.create(membership=hat, name="One", facets=facets, saved_at=timezone.now())


def ratings(world: World, count: int) -> None:
    for _ in range(count):
        EvidenceRating.objects.create(code=f"a-{EvidenceRating.objects.count()}", approach="An approach")


# --- lists ------------------------------------------------------------------------------------------------------------
Rows = Callable[[World, int], None]
# The route, who looks, what makes it longer, and what is asked of it.
LISTS: list[tuple[str, str, Rows, str]] = [
    ("search:find", "", services_found, ""),
    ("search:find", "coordinator", services_found, "?harm=missing&availability=all&sort=distance&place=BS5+0AA"),
    ("search:saved", "professional", searches, ""),
    ("search:suggestions", "", services_found, "?text=se"),
    ("directory:my_services", "provider_admin", pools, ""),
    ("directory:our_services", "provider_admin", services_of_a_provider, ""),
    ("directory:our_services", "provider_worker", services_of_a_provider, ""),
    ("directory:our_venues", "provider_admin", venues_of_a_provider, ""),
    ("changeproposal:index", "content_editor", venues_of_a_provider, ""),
    ("closure:index", "content_editor", services_of_a_provider, ""),
    ("directory:our_reports", "provider_admin", reported, ""),
    ("directory:on_paper", "", services, ""),
    ("evidencerating:index", "content_editor", ratings, ""),
    ("directory:confirm", "", pools_of_a_link, f"?t={TOKEN}"),
    ("directory:people", "provider_admin", colleagues, ""),
    ("directory:people", "provider_worker", colleagues, ""),
    ("directory:people", "school_dsl", leads, ""),
    ("directory:joining", "content_editor", joining, ""),
    ("complianceitem:index", "content_editor", joining, ""),
    ("emaildomain:index", "content_editor", domains, ""),
    ("brokering:requests", "school_dsl", requests_of_a_school, ""),
    ("brokering:requests", "school_dsl", places_asked_for, ""),
    ("brokering:desk", "coordinator", queue, ""),
    ("brokering:desk", "coordinator", places_asked_for, ""),
    ("brokering:desk", "partnership_team", places_asked_for, ""),
    ("brokering:offers", "provider_admin", offers_and_places, ""),
    ("brokering:offers", "provider_worker", offers_and_places, ""),
    ("training:home", "", sessions, ""),
    ("training:home", "professional", sessions, "?text=helps&how=room&audience=police&seats=left&level=core"),
    ("training:bookings", "professional", seats, ""),
    ("training:run", "partnership_team", sessions, ""),
    ("wagtailsnippets_training_course:list", "partnership_team", courses, ""),
    ("emails", "", mails, ""),
    ("wagtailsnippets_directory_service:list", "content_editor", services, ""),
    ("wagtailsnippets_directory_organization:list", "content_editor", organizations, ""),
    ("servicestanding:index", "content_editor", services, ""),
    ("organizationstanding:index", "content_editor", organizations, ""),
    ("location:index", "content_editor", locations, ""),
    ("serviceatlocation:index", "content_editor", services_at_locations, ""),
    ("servicearea:index", "content_editor", services, ""),
    ("schedule:index", "content_editor", schedules, ""),
    ("taxonomyterm:index", "content_editor", words, ""),
    ("searchsynonym:index", "content_editor", synonyms, ""),
    ("membership:index", "sysadmin", memberships, ""),
]
# Lists of pages, which have no routes of their own: the page, what makes it longer, and what is asked of it.
LISTS_OF_PAGES: list[tuple[str, Rows, str]] = [
    ("library", resources, ""),
    ("library", resources, "?topic=missing&audience=police&text=leaflet"),
    ("events", events, ""),
    ("get-involved", opportunities, ""),
    ("plans-and-reviews", plans, ""),
    ("search", plans, "?text=plan"),
]
ONE_PERSON = "one person’s own account: nothing on it grows with anybody’s rows"
NO_LIST = {
    "directory:report_page": "a form",
    "directory:suggest": "a form",
    "sitewords:index": "one row",
    "find_pages": "see LISTS_OF_PAGES",
    "sitemap": "what it costs with many services is tried below",
    "robots": "a few lines",
    "liveatonce:index": "as many lines as there are fields that need no steward",
    "directory:new_service": "a form",
    "directory:our_organization": "one entry: fields, not rows",
    "directory:our_organization_preview": "one entry",
    "directory:our_organization_words": "a form",
    "directory:our_organization_send": "takes a form only",
    "directory:our_organization_withdraw": "takes a form only",
    "directory:our_organization_discard": "takes a form only",
    "directory:our_organization_right": "takes a form only",
    "directory:new_pool": "a form, with one box for each service",
    "directory:our_venue_new": "a form",
    "safetynotice:index": "a few notices, a page of Wagtail’s own list",
    "search:home": "two boxes and a button",
    "search:outlines": "one file, the same for everybody",
    "search:shortlist": "what a browser holds (tests/search/test_shortlist.py)",
    "search:shortlist_add": "takes a form only",
    "search:shortlist_remove": "takes a form only",
    "search:shortlist_empty": "takes a form only",
    "search:compare": "four at most (tests/search/test_shortlist.py)",
    "search:shared": "what a link names (tests/search/test_shortlist.py)",
    "search:save": "a form",
    "search:stop": "a button",
    "brokering:start": "a form",
    "directory:for_providers": "the same words for everybody",
    "directory:new_link": "takes a form only",
    "directory:link_sent": "the same words for everybody",
    "directory:stop_links": "takes a form only",
    "directory:invitation": "one person’s invitation",
    "directory:compliance": "a line for each of a few kinds (tests/directory/test_compliance.py)",
    "directory:join": "the same words for everybody",
    "directory:join_account": "a form; its organizations are one question",
    "directory:apply": "a form; its kinds are one question",
    "directory:join_sent": "the same words for everybody",
    "directory:join_confirm": "one person’s ask",
    "directory:join_confirmed": "the same words for everybody",
    "directory:people_invite": "a form",
    "directory:people_leave": "a question",
    "directory:joining_invite": "a form; its organizations are one question",
    "training:plan": "a form; its courses and places are two questions",
    "brokering:context_start": "a form",
    "components": "the same examples every time",
    "account_login": "a form; the sample people beside it are as many as the sample has",
    "mfa_authenticate": ONE_PERSON,
    "account_logout": ONE_PERSON,
    "account_inactive": ONE_PERSON,
    "account_reset_password": ONE_PERSON,
    "account_reset_password_done": ONE_PERSON,
    "account_reset_password_from_key_done": ONE_PERSON,
    "account_reauthenticate": ONE_PERSON,
    "account_change_password": ONE_PERSON,
    "account": ONE_PERSON,
    "address_works": "takes a form only",
    "directory:emails": "a form of one or two boxes",
    "signed_in_places": "one query however many sessions (tests/safekeeping/test_own_sessions.py)",
    "end_session": "takes a form only",
    "end_other_sessions": "takes a form only",
    "mfa_index": ONE_PERSON,
    "mfa_activate_totp": ONE_PERSON,
    "mfa_deactivate_totp": ONE_PERSON,
    "mfa_reauthenticate": ONE_PERSON,
    "mfa_view_recovery_codes": ONE_PERSON,
    "mfa_generate_recovery_codes": ONE_PERSON,
    "start": "leads on",
    "choose_hat": "as many lines as one person has hats: two queries however many (tests/safekeeping/test_hats.py)",
    "kept_form": "one form",
    "forget_form": "takes a form only",
    "sample_sign_in": "takes a form only",
    "health_live": "one word",
    "health_ready": "a few figures",
    "about": "a page that a steward writes",
    "privacy": "a page that a steward writes",
    "accessibility": "a page that a steward writes",
    "feedback": "a page that a steward writes",
}


def our_own(route: str, name: str) -> bool:
    """Tell whether the page is ours: of Wagtail's admin, only the lists of our models."""
    if not route.startswith("admin/"):
        return True
    return name.endswith((":index", ":list")) and ("directory/" in route or "training/" in route)


def without_parameters() -> set[str]:
    """Return every page of ours whose address is always the same."""
    return {name for route, name in policy.routes() if our_own(route, name) and not set("<(*") & set(route)}


def test_every_page_without_parameters_is_known_to_grow_or_not():
    entered = {name for name, *_ in LISTS} | set(NO_LIST)
    assert sorted(without_parameters() - entered) == [], "enter it in LISTS, or in NO_LIST with a reason"
    assert sorted(entered - without_parameters()) == [], "no such page any more"


@pytest.mark.parametrize(
    ("name", "role", "rows", "asked"), LISTS, ids=[f"{one[0]}-{one[1] or 'stranger'}" for one in LISTS]
)
def test_twenty_rows_cost_as_many_queries_as_two(world, name, role, rows, asked):
    client = world.browser(role, name)
    assert growth(client, reverse(name) + asked, lambda count: rows(world, count)) == []


def test_twenty_services_that_fit_a_child_cost_as_many_queries_as_two(world):
    here = world.here
    request = brokered.accepted(here)

    def add(count: int) -> None:
        for _ in range(count):
            made = make.service(
                by=brokered.provider(), harms=["knife_weapon"], at=[make.location(point=make.Point(51.46, -2.56))]
            )
            make.pool(made)
        shortlists.run(brokered.now(request), by=here.coordinator, at=brokered.AT)

    address = reverse("brokering:desk_shortlist", args=[request.pk])
    assert growth(world.browser("coordinator", "brokering:desk"), address, add, longer=False) == []
    assert MatchResult.objects.unscoped(reason="a test").filter(rank__isnull=False).count() > 20


@pytest.mark.parametrize(
    ("route", "role"), [("brokering:desk_request", "coordinator"), ("brokering:request", "school_dsl")]
)
def test_twenty_messages_and_offers_cost_as_many_queries_as_two(world, route, role):
    here = world.here
    request = brokered.accepted(here)

    def add(count: int) -> None:
        for number in range(count):
            requests.write(brokered.now(request), f"Message {number}", by=here.dsl, at=brokered.AT)
            offer = offers.make(
                brokered.now(request), here.mentoring.pk, because="They asked", by=here.coordinator, at=brokered.AT
            )
            offers.take_back(offer, "better_fit", by=here.coordinator, at=brokered.AT)

    assert growth(world.browser(role, route), reverse(route, args=[request.pk]), add) == []


@pytest.mark.parametrize(("route", "role"), [("training:course", ""), ("training:session", "")])
def test_twenty_dates_of_a_course_cost_as_many_queries_as_two(world, route, role):
    course = taught.course()
    first = taught.session(course)

    def add(count: int) -> None:
        for _ in range(count):
            taught.session(course, starts=taught.SOON + taught.DAY * (1 + CourseSession.objects.count()))

    address = reverse(route, args=[course.slug if route == "training:course" else first.pk])
    assert growth(world.browser(role), address, add) == []


def test_twenty_people_in_a_register_cost_as_many_queries_as_two(world):
    session = taught.session(seats=60)

    def add(count: int) -> None:
        for _ in range(count):
            taught.booked(session, needs="A hearing loop")

    address = reverse("training:register", args=[session.pk])
    assert growth(world.browser("partnership_team"), address, add) == []


@pytest.mark.parametrize(
    ("route", "role"), [("brokering:desk_context", "partnership_team"), ("brokering:context", "school_dsl")]
)
def test_twenty_messages_about_a_place_cost_as_many_queries_as_two(world, route, role):
    here = world.here
    context = spots.owned(here)

    def add(count: int) -> None:
        for number in range(count):
            by = here.dsl if number % 2 else spots.team(here)
            contexts.write(context, f"Message {number}", by=by, at=brokered.AT)

    assert growth(world.browser(role, route), reverse(route, args=[context.pk]), add) == []


def test_the_form_for_a_place_costs_as_much_with_many_schools_as_with_few(world):
    here = world.here
    context = spots.draft(here)
    school = make.term("organization_type", "school_college")

    def add(count: int) -> None:
        for _ in range(count):
            make.organization(organization_type=school)

    address = reverse("brokering:context_place", args=[context.pk])
    assert growth(world.browser("school_dsl", "brokering:context_place"), address, add) == []


@pytest.fixture(scope="module")
def every_page(stewards_side_of_the_file):
    """The whole site of the city."""
    call_command("setup", verbosity=0)


@pytest.mark.parametrize(("slug", "rows", "asked"), LISTS_OF_PAGES)
def test_twenty_pages_in_a_list_cost_as_many_queries_as_two(every_page, world, slug, rows, asked):
    assert growth(Client(), f"/about/{slug}/{asked}", lambda count: rows(world, count)) == []


def test_a_map_of_the_site_costs_as_much_with_many_services_as_with_few(world):
    assert growth(Client(), reverse("sitemap"), lambda count: services(world, count)) == []


def test_a_page_that_asks_for_each_row_is_found(world, monkeypatch):
    """The tests above can fail."""
    from directory import places

    line_of = places.line_of

    def careless(pool, **told):
        list(pool.services.order_by("?"))
        return line_of(pool, **told)

    monkeypatch.setattr(places, "line_of", careless)
    found = growth(world.browser("provider_admin"), reverse("directory:my_services"), lambda count: pools(world, count))
    assert found
    assert "directory_service" in found[1]
