"""What was asked of each thing that the documents name, for those that can be shown today: one mark for each row."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from brokering import candidates, matching, offers, places, requests
from brokering.answers import Wishes
from brokering.models import ContextRequest, PlacementRequest, PlaceState
from cms import rows
from cms.models import EventPage, GovernancePage, OpportunityPage, ResourcePage
from directory import capacity, plan, proposals, vocabularies
from directory import words as words_of_directory
from directory.availability import State, of_pool
from directory.geo import Point
from directory.models import (
    AddressVisibility,
    CapacityPool,
    Location,
    Organization,
    OrganizationStanding,
    Role,
    Service,
    ServiceArea,
    Ward,
)
from directory.querysets import visibilities_for
from directory.sample import rows as rows_of
from directory.whereabouts import shown
from safekeeping.models import OutboxRow, User
from search.documents import all_documents
from search.models import SearchEntry
from tests.factories import brokering as make
from tests.factories import contexts
from tests.factories import directory as make_directory
from tests.factories import training as make_training
from tests.factories.people import browser_of, member
from training import bookings
from training.models import CourseSession

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("catalogue")]

ALL_IDS = [f"A{number:02}" for number in range(1, 24)] + [f"B{number:02}" for number in range(1, 61)]
EVERY_ROLE = [None, *Role]


def words(response) -> str:
    """Return what a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


def page_of(slug: str, client: Client | None = None) -> str:
    response = (client or Client()).get(reverse("directory:service", args=[slug]))
    assert response.status_code == 200
    return words(response)


def service(slug: str) -> Service:
    return Service.objects.get(slug=slug)


def links(client: Client, address: str) -> list[str]:
    """Return where a page leads to."""
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', client.get(address).content.decode())]


def found_by(client: Client, **asked) -> set[str]:
    """Return the slugs of everything that a search finds, page by page; near misses are not among it."""
    slugs: set[str] = set()
    for number in range(1, 20):
        html = client.get("/find/", {**asked, "page": number}).content.decode()
        main = html.split('id="close"')[0].split("These are close, but")[0]
        more = set(re.findall(r'<h3[^>]*><a href="/services/([\w-]+)/"', main)) - slugs
        if not more:
            return slugs
        slugs |= more
    raise AssertionError("the list does not end")


def verdict_on(slug: str, hat, at, **need) -> matching.Verdict:
    """Return what is said of that service for a child of fourteen who lives in the city."""
    usual = {"age": 14, "starts_on": at.date(), "route": "social_worker", "risk": "high"}
    [one] = candidates.gather(hat=hat, at=at, only=service(slug).pk)
    return matching.judge(matching.Need(**{**usual, **need}), one)


def obstacles(slug: str, hat, at, **need) -> set[str]:
    return {reason.code for reason in verdict_on(slug, hat, at, **need).obstacles}


@pytest.fixture
def coordinator():
    return make.hat(Organization.objects.get(slug="safer-connections"), Role.COORDINATOR, citywide=True)


@pytest.fixture
def lead():
    """Return the browser of a school's safeguarding lead."""
    return browser_of(member(Role.SCHOOL_DSL, Organization.objects.get(slug="demo-secondary-b")))


@pytest.fixture
def here():
    return make.world()


# --- the file itself --------------------------------------------------------------------------------------------------
def the_rows() -> list[rows.Row]:
    return rows.read(settings.CITY.folder)


def marked() -> set[str]:
    """Return the ids that a test of this file is marked with."""
    marks = [mark for one in globals().values() for mark in getattr(one, "pytestmark", []) if callable(one)]
    return {reference for mark in marks if mark.name == "row" for reference in mark.args}


def test_all_83_rows_are_there_once():
    assert [row.id for row in the_rows()] == ALL_IDS


def test_a_row_is_called_done_exactly_if_it_has_a_test():
    assert {row.id for row in the_rows() if row.done} == marked()


def test_every_row_has_its_record():
    lacking = {one.row.id: one.lacking for one in rows.look(the_rows()) if one.lacking}
    assert not lacking


def test_what_is_offered_has_a_record_that_carries_its_id():
    """INV-D3: a catalogue entry, an opportunity, an event, a resource or a kind of request."""
    carried = {reference for _, reference in rows.carried()}
    offered = {row.id for row in the_rows() if row.kind in rows.OFFERED}
    assert len(offered) >= 35
    assert offered <= carried


def test_the_table_is_printed_and_the_check_finds_what_is_missing():
    said = StringIO()
    call_command("seed_rows", "--check", stdout=said)
    lines = said.getvalue().splitlines()
    assert [line.split(" | ")[0] for line in lines[:83]] == ALL_IDS
    assert f"83 rows: {len(marked())} done, {83 - len(marked())} not yet." in lines
    assert "  meetings: A09, A10, A11, B10" in lines
    Service.objects.filter(slug="bdp-new-leaf").update(source_ref="")
    call_command("seed_rows", stdout=said)
    with pytest.raises(CommandError, match="no record"):
        call_command("seed_rows", "--check", stdout=said)
    assert "Without a record: B50." in said.getvalue()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ('id = "A01"\nkind = "XYZ"\nname = "x"\nbecomes = ["page"]\ntest = "x"\ndone = true', "A01: twice"),
        ('id = "A01"\nkind = "GOV"\nname = "x"\nbecomes = ["page"]\ntest = "x"\ndone = false', "A01: say why"),
        (
            'id = "A01"\nkind = "GOV"\nname = "x"\nbecomes = ["page"]\ntest = "x"\ndone = false\nwhy = "x"',
            "A01: say what is needed",
        ),
        ('id = "A01"\nkind = "GOV"\nname = "x"\nbecomes = ["not_here"]\ntest = "x"\ndone = true', "A01: say why"),
    ],
)
def test_a_file_with_a_gap_is_refused(tmp_path, told, says):
    (tmp_path / rows.FILE).write_text(f"[[row]]\n{told}\n")
    with pytest.raises(rows.RowsMistake, match=says):
        rows.read(tmp_path)


# --- the newer document -------------------------------------------------------------------------------------------------
@pytest.mark.row("A01")
def test_the_team_is_one_entry_with_three_things_to_ask_for_and_an_address_that_stewards_change_in_one_place():
    to_ask_for = ("practice-consultation", "mapping-support", "training-for-professionals")
    assert set(to_ask_for) <= found_by(Client(), text="Safer Connections", availability="all")
    team = Organization.objects.get(slug=settings.CITY.team_organization)
    assert team.name == settings.CITY.team
    its_page = "/about/the-team/"
    assert its_page in links(Client(), "/about/search/?text=safer+connections")
    assert settings.CITY.front_door.telephone in words(Client().get(its_page))
    assert {reverse("directory:service", args=[slug]) for slug in to_ask_for} <= set(links(Client(), its_page))
    saying = [its_page, "/training/", "/about/something-wrong/", "/about/how-we-use-information/"]
    saying += [reverse("directory:service", args=[slug]) for slug in to_ask_for]
    for address in ("team@first.example", "team@second.example"):
        team.email = address
        team.save_revision().publish()
        for page in saying:
            said = Client().get(page).content.decode()
            assert f"mailto:{address}" in said, page
            assert settings.CITY.team_email not in said, page


@pytest.mark.row("A02")
def test_the_teams_page_lists_the_keyworkers_and_whether_there_is_room():
    page = words(Client().get("/about/the-team/"))
    offered = page.split("What the Children’s Practice Team offers")[1]
    assert (
        offered.index("Specialist keyworkers") < offered.index("Not confirmed") < offered.index("Not given to us yet")
    )


@pytest.mark.row("A03")
def test_a_request_about_a_place_is_on_the_partnership_teams_desk_and_nobody_elses(here):
    sent = contexts.context_in("triage", here)
    seen = ContextRequest.objects.visible_to(contexts.team(here))
    assert sent in list(seen)
    for hat in (here.manager, here.worker, here.elsewhere):
        assert not ContextRequest.objects.visible_to(hat).filter(pk=sent.pk).exists()
    assert not PlacementRequest.objects.visible_to(here.coordinator).exists()


@pytest.mark.row("A04")
def test_the_trail_shows_the_host_to_which_no_work_can_be_given():
    host = Organization.objects.get(source_ref="A04")
    assert f"{host.parent.name} › {host.name} › Safer Connections" in page_of("specialist-keyworkers")
    assert not host.services.exists()
    assert not host.pools.exists()
    assert "›" not in page_of("umoja-path-mentoring")


@pytest.mark.row("A07")
def test_to_ask_for_a_keyworker_leads_to_the_safety_questions_first(lead):
    [ask] = {
        link
        for link in links(lead, reverse("directory:service", args=["specialist-keyworkers"]))
        if "?service=" in link
    }
    assert urlsplit(ask).path == reverse("brokering:start")
    begun = lead.post(urlsplit(ask).path, {name: one[0] for name, one in parse_qs(urlsplit(ask).query).items()})
    assert begun.status_code == 302
    assert begun.url.endswith("/safety/")
    row = PlacementRequest.objects.unscoped(reason="a test").get()
    for section in ("child", "help", "agreement"):
        answer = lead.get(reverse(f"brokering:{section}", args=[row.pk]))
        assert answer.status_code == 302
        assert answer.url.endswith("/safety/"), section


@pytest.mark.row("A08")
def test_a_keyworker_is_for_medium_and_high_risk_and_a_critical_one_waits_for_the_statutory_outcome(
    catalogue, coordinator
):
    assert "risk" in obstacles("specialist-keyworkers", coordinator, catalogue, risk="emerging")
    assert "risk" not in obstacles("specialist-keyworkers", coordinator, catalogue, risk="medium")
    critical = PlacementRequest(risk_level="critical", participation="both_agreed", statutory_status="none")
    with pytest.raises(offers.StatutoryOutcomeNeeded):
        offers.refuse_allocation(critical)
    critical.statutory_outcome = "An assessment has begun"
    offers.refuse_allocation(critical)


@pytest.mark.row("A13")
def test_the_front_doors_number_is_on_every_page_that_matters_and_nothing_goes_past_the_questions(lead, here):
    number = settings.CITY.front_door.telephone
    begun = lead.post(reverse("brokering:start")).url
    for address in (begun, "/services/practice-consultation/", "/find/?text=quixotrope", "/nothing/"):
        page = lead.get(address)
        before_the_end = page.content.decode().split("<footer")[0]
        assert number in before_the_end, address
    draft = requests.begin(by=here.dsl, at=make.AT)
    with pytest.raises((requests.Incomplete, requests.SafetyFirst)):
        requests.submit(draft, by=here.dsl, at=make.AT)


@pytest.mark.row("A14")
def test_while_a_strategy_discussion_is_open_an_offer_needs_the_social_workers_agreement():
    row = PlacementRequest(risk_level="high", participation="both_agreed", statutory_status="strategy_discussion")
    with pytest.raises(offers.StatutoryAgreementNeeded):
        offers.refuse_allocation(row)
    offers.refuse_allocation(row, statutory_agreement="SD 14, agreed on Tuesday")


@pytest.mark.row("A17")
def test_nothing_is_looked_for_while_the_wishes_are_empty(here):
    row = requests.begin(by=here.dsl, at=make.AT)
    requests.answer_screen(row, make.SAFE, postcode=make.POSTCODE, by=here.dsl, at=make.AT)
    requests.tell_child(row, make.CHILD, by=here.dsl, at=make.AT)
    requests.tell_help(row, make.HELP, by=here.dsl, at=make.AT)
    requests.tell_agreement(row, make.AGREEMENT, by=here.dsl, at=make.AT)
    with pytest.raises(requests.Incomplete) as refused:
        requests.submit(row, by=here.dsl, at=make.AT)
    assert {one.section for one in refused.value.missing} == {"wishes"}
    requests.tell_wishes(row, Wishes(wishes="Somebody who likes bikes."), by=here.dsl, at=make.AT)
    requests.submit(row, by=here.dsl, at=make.AT)


@pytest.mark.row("A19")
def test_a_professional_books_a_seat_and_gets_a_letter_and_an_entry_for_the_calendar(catalogue):
    open_ones = CourseSession.objects.filter(state="open", starts_at__gt=catalogue + timedelta(days=50), is_demo=True)
    session = open_ones.select_related("course").order_by("starts_at").first()
    who = member(Role.PROFESSIONAL, Organization.objects.get(slug="children-and-families-services"))
    booking = bookings.book(session.pk, manager_agreed=True, by=make_training.hat_for(who), at=catalogue)
    told = OutboxRow.objects.filter(key__contains=str(booking.ref))
    assert told.exists()
    calendar = browser_of(who).get(reverse("training:calendar", args=[booking.ref]))
    assert calendar["Content-Type"].startswith("text/calendar")
    assert session.course.title.split(" (")[0] in calendar.content.decode().replace("\r\n ", "")


@pytest.mark.row("A22")
def test_a_school_asks_for_work_with_a_whole_year_and_names_no_child(here):
    sent = contexts.context_in("triage", here)
    assert sent.context_type == "school_or_college"
    names = {column.name for column in ContextRequest._meta.get_fields()}
    assert not names & {"initials", "date_of_birth", "name_used", "family_name", "sex", "school_name"}


# --- the whole system of 2021 -------------------------------------------------------------------------------------------
@pytest.mark.row("B01")
def test_the_old_name_finds_every_programme_of_2021_with_the_date_of_its_facts():
    professional = browser_of(member(Role.PROFESSIONAL, Organization.objects.get(slug="bdp")))
    found = found_by(professional, text="Safer Options", availability="all")
    of_2021 = Service.objects.filter(legacy_tags="Safer Options")
    assert of_2021.count() >= 18
    assert set(of_2021.values_list("slug", flat=True)) <= found
    assert not Service.objects.filter(facts_as_at__year=2021).exclude(legacy_tags="Safer Options").exists()
    for slug in of_2021.values_list("slug", flat=True):
        assert "Facts as at 1 October 2021" in page_of(slug, professional)


@pytest.mark.row("B04")
def test_no_page_takes_an_assessment_and_a_case_has_a_reference_only():
    files = [field for model in apps.get_app_config("brokering").get_models() for field in model._meta.fields
             if isinstance(field, models.FileField | models.BinaryField)]  # fmt: skip
    assert {field.model.__name__ for field in files} <= {"RequestSecret", "ContactCard", "PlacementRequest"}
    assert not [field for field in files if isinstance(field, models.FileField)]
    assert not [field for model in apps.get_app_config("brokering").get_models() for field in model._meta.fields
                if "assessment" in field.name]  # fmt: skip
    assert "case_reference" in make.CHILD.__dataclass_fields__


@pytest.mark.row("B05")
def test_the_three_principles_are_published():
    assert "Lives have no departments" in words(Client().get("/about/safer-options/key-principles/"))


@pytest.mark.row("B09")
def test_the_university_is_credited_and_offers_nothing():
    assert "University of Bedfordshire" in words(Client().get("/about/safer-options/one-assessment/"))
    assert not Service.objects.filter(organization__slug="university-of-bedfordshire").exists()


@pytest.mark.row("B11", "B12", "B13")
def test_nowhere_is_there_a_number_for_a_childs_risk():
    numbers = models.IntegerField | models.FloatField | models.DecimalField
    scores = [
        f"{model.__name__}.{field.name}"
        for app in ("directory", "search", "training", "brokering", "cms", "safekeeping")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.fields
        if isinstance(field, numbers) and re.search(r"risk|score|predict|likelihood|rating", field.name)
    ]
    assert not scores
    assert "score" not in {field.name for field in matching.Verdict.__dataclass_fields__.values()}
    assert "no child has a score" in words(Client().get("/about/safer-options/figures-elsewhere/"))


@pytest.mark.row("B14")
def test_a_safeguarding_lead_finds_inclusion_support_in_three_clicks_from_a_school(lead):
    assert 'name="subject"' in lead.get("/find/").content.decode()  # one click on "a school, a group or a place"
    first = found_by(lead, subject="context", type="school_inclusion_support")
    assert first == {"school-inclusion-support"}  # a second on the kind, a third on the service itself
    assert "Education Inclusion Managers" in page_of("school-inclusion-support", lead)


@pytest.mark.row("B15")
def test_the_entry_says_with_its_date_that_the_home_office_recognised_the_model():
    page = page_of("school-inclusion-support")
    assert "Facts as at 1 October 2021. By autumn 2021 the Home Office had recognised" in page


@pytest.mark.row("B16")
def test_the_department_stands_above_its_teams():
    above = Organization.objects.get(slug="safer-connections").parent
    assert (above.slug, above.parent.slug) == ("first-assessment-service", "children-and-families-services")
    assert Organization.objects.get(slug="education-inclusion").parent == above.parent


@pytest.mark.row("B17")
@pytest.mark.parametrize("audience", ["social_worker", "families_in_focus"])
def test_training_can_be_narrowed_to_social_workers_and_to_families_in_focus(audience):
    page = words(Client().get("/training/", {"audience": audience}))
    assert "Contextual prompts in the single assessment" in page
    assert "Weapons and drugs in school" not in page


@pytest.mark.row("B19")
def test_somebody_from_the_police_asks_and_sees_their_own_requests_only(here):
    police = Organization.objects.get(slug="avon-and-somerset-police")
    officer, other = make.hat(police, Role.PROFESSIONAL), make.hat(police, Role.PROFESSIONAL)
    theirs, schools = make.sent(here, by=officer), make.sent(here)
    assert list(PlacementRequest.objects.visible_to(officer)) == [theirs]
    assert not PlacementRequest.objects.visible_to(other).exists()
    assert schools in list(PlacementRequest.objects.visible_to(here.dsl))


@pytest.mark.row("B20")
def test_therapy_is_there_and_can_be_filtered_for(lead):
    found = found_by(lead, type="therapeutic_support", availability="all")
    assert found == {"mend-and-grow-therapy", "mend-and-grow-family-therapy", "mend-and-grow-quiet-start"}
    for slug in found:
        [rule] = service(slug).eligibility_rules.all()
        assert rule.value["minimum"] == "high"


@pytest.mark.row("B21", "B22")
@pytest.mark.parametrize("address", ["plans-and-reviews/", "safer-options/prevention-and-diversion/"])
def test_a_heading_without_a_text_says_that_it_was_not_given(address):
    assert "Not given to us yet" in words(Client().get(f"/about/{address}"))


@pytest.mark.row("B23")
def test_every_service_has_one_level_and_levels_can_be_filtered_for(lead):
    levels = dict(vocabularies.choices("intervention_level"))
    assert not Service.objects.filter(intervention_level__isnull=True).exists()
    shown = Service.objects.seen_as(("public", "professionals"))
    for level in levels:
        of_level = set(shown.filter(intervention_level__code=level).values_list("slug", flat=True))
        assert of_level
        assert found_by(lead, level=level, availability="all") == of_level, level


@pytest.mark.row("A23")
def test_a_provider_cannot_publish_without_saying_how_it_works_with_trauma_and_with_rights():
    provider = Organization.objects.get(slug="umoja-path")
    hat = make.hat(provider, Role.PROVIDER_ADMIN)
    public = service("umoja-path-mentoring")
    told = words_of_directory.values_of(public)
    first = {name: told[name] for name in words_of_directory.FIRST_NAMES} | {"name": "Something new"}
    made = proposals.begin_service(first, by=hat, at=make.AT)
    with pytest.raises(proposals.NotComplete) as refused:
        proposals.propose_changes(made, by=hat, at=make.AT)
    assert len(refused.value.errors) == 2
    shown = page_of(public.slug)
    for promise in (public.trauma_informed_statement, public.rights_statement):
        assert promise in shown


# --- Barnardo's and the team around the child ---------------------------------------------------------------------------
@pytest.mark.row("B24")
def test_of_the_base_only_an_areas_middle_is_known_and_distances_start_there():
    base = Location.objects.select_related("address", "ward").get(name="Old Market")
    assert base.address_visibility == AddressVisibility.AREA
    assert (base.address.address_1, base.address.postal_code) == ("", "")
    told = shown(base)
    assert not told.exact
    assert told.address == ""
    [area] = [row for row in rows_of(settings.CITY.folder / "areas.csv") if row["name"] == "Old Market"]
    middles = {Point(float(area["latitude"]), float(area["longitude"])), Point(base.ward.latitude, base.ward.longitude)}
    assert told.point is None or told.point in middles
    assert "about" in told.miles_from(Point(51.41, -2.62)) or told.point is None
    assert not re.search(r"\bBS\d+ ?\d[A-Z]{2}\b", page_of("barnardos-base"))


@pytest.mark.row("B25", "B26")
def test_base_and_routes_share_their_places_and_an_unknown_total_is_never_a_number(catalogue):
    pool = CapacityPool.objects.get(name="BASE and ROUTES")
    both = ["barnardos-base", "barnardos-routes"]
    for slug in both:
        page = page_of(slug)
        assert "Not confirmed" in page
        assert not re.search(r"\d+ places? (free|left|in all)", page)
        assert "130 young people. That is not a number of places." in page
    hat = make.hat(Organization.objects.get(slug="barnardos-old-market"), Role.PROVIDER_ADMIN)
    capacity.declare(
        pool, capacity.Declaration(total=9, external_occupied=4, waitlist_open=False), by=hat, at=catalogue
    )
    assert all("5 places free" in page_of(slug) for slug in both)


@pytest.mark.row("B27")
def test_what_the_partnership_cost_stands_with_its_date():
    page = words(Client().get("/about/safer-options/barnardos-partnership/"))
    assert "£229,000" in page
    assert "None of these figures is about today" in page
    assert "Facts as at 2021, not confirmed since" in page


@pytest.mark.row("B29")
def test_there_is_no_button_to_ask_for_a_guardian(lead):
    assert not [link for link in links(lead, "/services/child-trafficking-guardians/") if "?service=" in link]
    assert "not from here" in page_of("child-trafficking-guardians", lead)


@pytest.mark.row("B30")
def test_asked_for_somali_those_who_speak_it_come_first_and_nobody_is_put_out(catalogue, coordinator):
    need = matching.Need(
        age=14, starts_on=catalogue.date(), route="social_worker", risk="high", locality="east_central"
    )
    somali = replace(need, languages={"so": "Somali"})
    all_of_them = candidates.gather(hat=coordinator, at=catalogue)
    plain = matching.rank(matching.judge(need, one) for one in all_of_them)
    first = (matching.Factor.LANGUAGE, *(one for one in matching.DEFAULT_ORDER if one != matching.Factor.LANGUAGE))
    ranked = matching.rank((matching.judge(somali, one) for one in all_of_them), order=first)
    assert {one.candidate.service_id for one in ranked} == {one.candidate.service_id for one in plain}
    speak = [("so" in one.candidate.languages) for one in ranked]
    assert any(speak)
    assert speak == sorted(speak, reverse=True)
    assert not all(speak)


# --- preventative -------------------------------------------------------------------------------------------------------
@pytest.mark.row("B32")
def test_one_to_one_youth_work_ends_after_six_months_and_no_later(here):
    offered = service("targeted-youth-support")
    assert (offered.duration_min_months, offered.duration_max_months) == (3, 6)
    Service.objects.filter(pk=here.mentoring.pk).update(
        duration_min_months=offered.duration_min_months, duration_max_months=offered.duration_max_months
    )
    place = make.place_in(PlaceState.INTRODUCED, here)
    on, at = (make.AT + 8 * make.DAY).date(), make.AT + 8 * make.DAY
    half_a_year = places.months_later(on, 6)
    with pytest.raises(places.TooLong):
        places.start(place, on=on, planned_end_on=half_a_year + timedelta(days=1), by=here.worker, at=at)
    places.start(place, on=on, by=here.worker, at=at)
    assert make.now(place).planned_end_on == half_a_year


@pytest.mark.row("B33")
def test_what_is_open_to_all_shows_its_times_and_no_button(lead):
    page = lead.get("/services/northern-arc-youth-club/")
    assert "Friday" in words(page)
    assert "Drop in" in words(page)
    assert "?service=" not in page.content.decode()


@pytest.mark.row("B34")
def test_there_is_one_girls_group_in_each_locality_and_whoever_adds_a_fourth_is_told(catalogue):
    groups = Service.objects.filter(service_type__code="girls_group")
    assert groups.count() == len(settings.CITY.localities)
    steward = browser_of(member(Role.CONTENT_EDITOR, Organization.objects.get(slug="safer-connections")))
    told = "The city’s plan is 1 of this kind"
    for one in groups:
        assert told not in words(steward.get(f"/admin/snippets/directory/service/edit/{one.pk}/"))
    fourth = make_directory.service("Fourth group", service_type="girls_group", serves=())
    answer = steward.post(
        "/admin/directory/areas-served/new/",
        {"service": fourth.pk, "extent": "locality", "locality": "south", "ward": ""},
        follow=True,
    )
    assert fourth.areas.get().locality_id == "south"
    for page in (answer, steward.get(f"/admin/snippets/directory/service/edit/{fourth.pk}/")):
        assert f"South has “Girls’ group” of South Girls’ Circle already. {told}" in words(page)
    ward = fourth.areas.get()
    ward.extent, ward.locality, ward.ward = "ward", None, Ward.objects.filter(locality="north").first()
    ward.save()
    assert [one.locality for one in plan.beyond(fourth)] == [settings.CITY.localities["north"]]
    ward.extent, ward.ward = "citywide", None
    ward.save()
    assert plan.beyond(fourth) == []


@pytest.mark.row("B37")
def test_the_club_of_summer_2021_has_ended(catalogue):
    [pool] = service("pop-up-youth-club-2021").pools.all()
    assert of_pool(pool, at=catalogue).state == State.ENDED
    assert "Ended" in page_of("pop-up-youth-club-2021")
    assert "pop-up-youth-club-2021" not in found_by(Client(), text="pop-up")


@pytest.mark.row("B39")
def test_a_line_without_names_is_pointed_to_where_nothing_is_found_and_beside_workshops():
    to_it = reverse("directory:service", args=["fearless-reporting"])
    nothing = "/find/?text=quixotrope&exact=1"
    assert "Nothing fits all of this yet" in words(Client().get(nothing))
    for address in (nothing, "/services/blunt-truth/", "/services/eastside-stand-beside/"):
        assert to_it in links(Client(), address), address
    assert to_it not in links(Client(), "/services/umoja-path-mentoring/")


@pytest.mark.row("B40")
def test_whoever_asks_for_the_school_programme_is_told_that_schools_choose(catalogue, coordinator, lead):
    assert "Pupils are chosen by their school" in page_of("bright-outlook", lead)
    assert not [link for link in links(lead, "/services/bright-outlook/") if "?service=" in link]
    assert "panel" in obstacles("bright-outlook", coordinator, catalogue, route="school_selection_panel")


# --- proactive ----------------------------------------------------------------------------------------------------------
@pytest.mark.row("B44")
@pytest.mark.parametrize("role", EVERY_ROLE)
def test_no_search_finds_the_note_for_anybody_and_only_a_steward_reads_it(role):
    """INV-D6."""
    kept = service("late-night-outreach").standing.note
    assert "B44" in kept
    client = browser_of(member(role, Organization.objects.get(slug="safer-connections"))) if role else Client()
    for text in ("sex workers", "sell sex on the street", "adults who sell sex", "B44"):
        assert "late-night-outreach" not in found_by(client, text=text, exact="1", availability="all"), text
        assert "sell sex" not in words(client.get("/about/search/", {"text": text})).replace(f"“{text}”", "").replace(
            text, ""
        )
    allowed = {"public", "professionals", "coordinators"}
    assert (
        set(
            visibilities_for(
                make_training.hat_for(member(role, Organization.objects.get(slug="bdp"))) if role else None
            )
        )
        <= allowed
    )
    shown_page = client.get("/services/late-night-outreach/")
    assert "sell sex" not in shown_page.content.decode()
    documents = " ".join(str(one) for one in all_documents())
    assert "sell sex" not in documents
    assert SearchEntry.objects.count() == Service.objects.published().count()


# --- targeted and diversion ---------------------------------------------------------------------------------------------
@pytest.mark.row("B47")
def test_mentoring_is_for_brothers_and_sisters_too_and_ends_within_a_year(catalogue, coordinator, here):
    for slug in ("umoja-path-mentoring", "anchorpoint-mentoring", "ridgeline-mornings"):
        assert "risk" in obstacles(slug, coordinator, catalogue, risk="not_assessed")
        assert "risk" not in obstacles(slug, coordinator, catalogue, risk="not_assessed", sibling=True)
        assert "risk" not in obstacles(slug, coordinator, catalogue, risk="medium")
        assert (service(slug).duration_max_months or 99) <= 12
    offered = service("umoja-path-mentoring")
    Service.objects.filter(pk=here.mentoring.pk).update(duration_max_months=offered.duration_max_months)
    place = make.place_in(PlaceState.INTRODUCED, here)
    on, at = (make.AT + 8 * make.DAY).date(), make.AT + 8 * make.DAY
    late = places.months_later(on, 12) + timedelta(days=1)
    with pytest.raises(places.TooLong):
        places.start(place, on=on, planned_end_on=late, by=here.worker, at=at)


@pytest.mark.row("B49")
def test_call_in_is_for_reading_unless_the_police_put_somebody_forward_and_an_adult_agrees_for_themselves(
    catalogue, coordinator, lead, here
):
    page = page_of("call-in", lead)
    assert "The police put young people forward" in page
    assert not [link for link in links(lead, "/services/call-in/") if "?service=" in link]
    assert "panel" in obstacles("call-in", coordinator, catalogue, age=17, locality="east_central")
    born = make.CHILD.date_of_birth.replace(year=make.CHILD.date_of_birth.year - 5)
    adult = replace(make.CHILD, date_of_birth=born, statutory_status="adult_18plus_none")
    row = make.draft(here, child=adult, answers=replace(make.SAFE, adult=True))
    with pytest.raises(requests.Incomplete) as refused:
        requests.submit(row, by=here.dsl, at=make.AT)
    assert "participation" in {one.field for one in refused.value.missing}
    agreed = replace(make.AGREEMENT, participation="adult_18plus_agreed")
    requests.tell_agreement(row, agreed, by=here.dsl, at=make.AT)
    requests.submit(row, by=here.dsl, at=make.AT)
    assert "escalate_adult_safeguarding" in dict(vocabularies.choices("triage_outcome"))


@pytest.mark.row("B51", "B60")
def test_disposal_and_custody_are_ways_in():
    assert {"out_of_court_disposal", "police_custody"} <= set(dict(vocabularies.choices("request_source")))
    assert service("bdp-new-leaf").routes.filter(code="out_of_court_disposal").exists()
    assert service("call-in").routes.filter(code="police_custody").exists()


# --- participation ------------------------------------------------------------------------------------------------------
@pytest.mark.row("B52")
def test_peer_influencers_is_paid_work_under_get_involved_and_never_suggested_as_support():
    page = OpportunityPage.objects.get(source_ref="B52")
    assert (page.places, page.minimum_age, page.maximum_age, page.paid) == (6, 16, 21, True)
    assert "Peer Influencers" in words(Client().get("/about/get-involved/"))
    assert not found_by(Client(), text='"peer influencers"', exact="1", availability="all")
    # a service may have both words, such as one that gives influence, of a team for harm among peers; none may be these roles
    for one in Service.objects.filter(slug__in=found_by(Client(), text="peer influencers", availability="all")):
        assert "influencer" not in f"{one.name} {one.summary} {one.what_happens}".lower()
        assert "B52" not in one.source_ref
    assert not Service.objects.filter(source_ref__contains="B52").exists()
    kept = {model.__name__ for model in apps.get_app_config("cms").get_models()}
    assert not [name for name in kept if re.search(r"appli|candidate|sign_?up", name, re.IGNORECASE)]


@pytest.mark.row("B54")
def test_a_review_is_not_published_without_a_word_on_families():
    review = GovernancePage.objects.get(source_ref="A05")
    review.involvement_statement = " "
    with pytest.raises(ValidationError) as refused:
        review.full_clean()
    assert "involvement_statement" in refused.value.message_dict
    assert GovernancePage.objects.get(source_ref="B54").involvement_statement


@pytest.mark.row("B55")
def test_the_research_of_2020_is_found_in_the_library():
    assert ResourcePage.objects.get(source_ref="B55").published_year == 2020
    page = Client().get("/about/library/")
    assert "/about/library/safer-options-approach-2020/" in page.content.decode()


@pytest.mark.row("B56")
def test_an_event_can_name_its_host():
    host = Organization.objects.get(source_ref="B56")
    event = EventPage.objects.live().filter(source_ref="B53").order_by("path")[0]
    event.host = host
    event.save_revision().publish()
    assert host.name in words(Client().get(event.url))


@pytest.mark.row("B57")
def test_the_nhs_is_there_with_what_it_runs():
    nhs = Organization.objects.get(source_ref="B57")
    assert nhs.organization_type.code == "nhs_trust"
    assert set(Service.objects.run_by(nhs.pk).values_list("source_ref", flat=True)) == {"B38", "B40"}


@pytest.mark.row("B59")
def test_there_are_six_schools_that_can_be_renamed():
    schools = Organization.objects.filter(source_ref="B59")
    assert schools.count() == 6
    assert not schools.filter(is_real=True).exists()
    assert ServiceArea.objects.filter(service__slug="education-inclusion-workers").exists()
    one = schools.get(slug="demo-secondary-a")
    one.name = "Southmead Demonstration School"
    one.save_revision().publish()
    assert OrganizationStanding.objects.filter(organization=one).exists()
    assert Location.objects.filter(source_ref="B59").count() == 6
    assert Organization.objects.get(pk=one.pk).name == "Southmead Demonstration School"
    assert User.objects.filter(memberships__organization__in=schools).exists()
