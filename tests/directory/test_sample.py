"""The demonstration shows every state once, invents nothing about real organizations, and can be loaded again and again."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q, UUIDField

from directory import capacity, sample, vocabularies
from directory.availability import State, of_pool
from directory.geo import Point, distance_km
from directory.models import (
    COUNTED,
    AddressVisibility,
    CapacityHold,
    CapacityModel,
    CapacityPool,
    EligibilityRule,
    Location,
    Membership,
    Organization,
    Role,
    Service,
    ServiceArea,
    TaxonomyTerm,
)
from safekeeping.models import User
from tests.factories import directory as make

AT = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Europe/London"))
SOURCES = {f"A{number:02}" for number in range(1, 24)} | {f"B{number:02}" for number in range(1, 61)}
# The only real address in the sample: it stands in the partnership's own document.
STATED_ADDRESSES = {settings.CITY.team_email}
INVENTED_NUMBER = re.compile(r"0117 496 0\d{3}")
# Moments at which rows were written, and numbers that the database gives; everything else must repeat.
NOT_REPEATED = {
    "id", "updated_at", "joined_at", "first_published_at", "last_published_at", "latest_revision", "live_revision",
    "password", "last_login", "at_location", "version",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(kept_for_the_file):
    """The directory's own sample, loaded once for this file and taken back afterwards; gives the rows of an earlier load."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "_contributions", [])  # what apps above add is proved where they are
        make.places()
        vocabularies.load()
        with transaction.atomic():
            sample.load(at=AT)
            first = rows_of_the_sample()
            transaction.set_rollback(True)
        sample.load(at=AT)
        yield first
    vocabularies.remembered.drop()


pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("loaded")]


def rows_of_the_sample() -> dict[str, list[str]]:
    """Return what every table of the directory says, without what cannot repeat."""
    told = {}
    for model in [*apps.get_app_config("directory").get_models(), User]:
        columns = [
            column.attname
            for column in model._meta.concrete_fields
            if column.related_model is not User
            and (column.name not in NOT_REPEATED or column.get_internal_type() == "UUIDField")
        ]
        told[model.__name__] = sorted(str(row) for row in model._base_manager.values_list(*columns))
        for many in model._meta.many_to_many:
            pairs = model._base_manager.filter(**{f"{many.name}__isnull": False}).values_list(f"{many.name}__pk", "pk")
            repeated = isinstance(model._meta.pk, UUIDField)
            told[f"{model.__name__}.{many.name}"] = sorted(str(pair if repeated else pair[0]) for pair in pairs)
    return told


# --- what there is ----------------------------------------------------------------------------------------------------
def test_there_are_enough_services_of_every_level_of_intervention():
    levels = Counter(Service.objects.published().values_list("intervention_level__code", flat=True))
    assert set(levels) == set(dict(vocabularies.choices("intervention_level")))
    assert sum(levels.values()) >= 25


def test_every_locality_has_services_of_its_own_and_can_be_served_by_citywide_ones():
    own = Counter(
        ServiceArea.objects.filter(extent="locality", service__in=Service.objects.published()).values_list(
            "locality_id", flat=True
        )
    )
    assert set(own) == set(settings.CITY.localities)
    assert min(own.values()) >= 5
    assert ServiceArea.objects.filter(extent="citywide").count() >= 10
    assert not Service.objects.filter(areas__isnull=True).exists()


def test_all_twenty_members_of_the_mentoring_framework_are_there():
    mentoring = Service.objects.filter(source_ref="B47").values("organization").distinct()
    assert mentoring.count() == 20


def test_every_state_of_availability_can_be_seen():
    states = Counter(of_pool(pool, at=AT).state for pool in CapacityPool.objects.all())
    assert not [state for state in State if states[state] < 2]


def test_every_way_of_counting_can_be_seen_with_figures_of_invented_providers():
    seats = {CapacityModel.TRAINING_SEATS}
    assert set(CapacityPool.objects.values_list("model", flat=True)) == set(CapacityModel.values) - seats
    said = CapacityPool.objects.filter(model__in=COUNTED, is_demo=True, total__isnull=False).values_list(
        "model", flat=True
    )
    assert set(said) == set(COUNTED) - seats


def test_every_way_of_counting_has_a_manager_who_can_be_signed_in_as_to_change_it():
    managed = CapacityPool.objects.filter(organization__memberships__role=Role.PROVIDER_ADMIN)
    assert set(managed.values_list("model", flat=True)) >= set(COUNTED) - {CapacityModel.TRAINING_SEATS}


def test_places_in_schools_are_in_schools_that_do_not_exist():
    hosts = Organization.objects.filter(hosted_pools__isnull=False).distinct()
    assert hosts.count() >= 3
    assert not hosts.filter(is_real=True).exists()


def test_services_that_are_shown_happen_in_six_venues_or_more():
    venues = Location.objects.filter(
        address_visibility=AddressVisibility.FULL, at_services__service__in=Service.objects.published()
    )
    assert venues.distinct().count() >= 6


def test_one_pool_has_one_place_left_one_is_over_committed_and_one_has_been_silent_for_sixteen_days():
    pools = {pool: of_pool(pool, at=AT) for pool in CapacityPool.objects.all()}
    assert [str(pool.organization) for pool, said in pools.items() if said.free == 1] == ["Nuur Bridge"]
    assert [str(pool.organization) for pool, said in pools.items() if said.over_committed] == [
        "Ridgeline Youth Mentoring"
    ]
    assert "Checked 16 days ago" in [said.when for said in pools.values() if said.state == State.UNCONFIRMED]


def test_a_suspended_provider_is_not_shown_and_its_reason_is_kept_for_stewards():
    suspended = Organization.objects.get(slug="longreach-futures")
    assert suspended.standing.suspension_reason
    assert not Service.objects.published().filter(organization=suspended).exists()


def test_mentoring_is_for_medium_or_high_risk_or_for_a_brother_or_sister():
    rules = Service.objects.get(slug="anchorpoint-mentoring").eligibility_rules.all()
    assert {rule.kind for rule in rules} == {EligibilityRule.Kind.RISK_RANGE, EligibilityRule.Kind.SIBLING}
    assert {rule.group for rule in rules} == {1}
    assert rules.get(kind="risk_range").value == {"minimum": "medium", "maximum": "high"}


def test_two_services_of_one_organization_share_their_places():
    shared = CapacityPool.objects.get(name="BASE and ROUTES")
    assert set(shared.services.values_list("slug", flat=True)) == {"barnardos-base", "barnardos-routes"}


def test_there_is_one_girls_group_in_each_locality():
    groups = ServiceArea.objects.filter(service__service_type__code="girls_group")
    assert sorted(groups.values_list("locality_id", flat=True)) == sorted(settings.CITY.localities)


# --- nothing invented about those who exist -----------------------------------------------------------------------------
def test_a_real_organization_has_no_figure_and_nobody_said_one_for_it():
    pools = CapacityPool.objects.filter(organization__is_real=True)
    assert pools.count() >= 20
    for pool in pools:
        assert (pool.total, pool.external_occupied, pool.wait_weeks, pool.last_confirmed_at) == (None, 0, None, None)
        assert of_pool(pool, at=AT).state in (State.UNCONFIRMED, State.INFORMATION_ONLY, State.ENDED)
        assert not pool.snapshots.exists()


def test_a_figure_for_a_real_organization_is_refused():
    one = {"slug": "x", "organization": "bdp", "pool": [{"name": "x", "model": "caseload_places", "said": [[1, 9, 1]]}]}
    read = sample.Sample.read(settings.CITY.folder / "sample", at=AT, say=lambda line: None)
    with pytest.raises(sample.SampleMistake, match="no figure"):
        read.write_pools(one)


def test_what_is_said_of_a_real_service_is_dated_and_has_a_source():
    for service in Service.objects.filter(organization__is_real=True):
        assert service.facts_as_at in (date(2021, 10, 1), date(2025, 1, 1)), service
        assert service.source_ref, service
        assert not service.is_demo
        assert not service.schedules.exists(), service


def test_every_source_is_one_of_the_documents_rows():
    found = {
        ref.strip()
        for model in (Service, Organization, Location)
        for refs in model.objects.exclude(source_ref="").values_list("source_ref", flat=True)
        for ref in refs.split(",")
    }
    assert found <= SOURCES
    assert {"A01", "A08", "B25", "B26", "B42", "B47", "B49", "B50"} <= found


def test_everybody_else_is_marked_as_made_up():
    assert not Organization.objects.filter(is_real=False, is_demo=False).exists()
    assert not Organization.objects.filter(is_real=True, is_demo=True).exists()
    assert not Service.objects.filter(organization__is_demo=True, is_demo=False).exists()
    assert not CapacityPool.objects.filter(organization__is_demo=True, is_demo=False).exists()


def test_addresses_and_numbers_belong_to_nobody():
    mails = {
        *Organization.objects.values_list("email", flat=True),
        *Service.objects.values_list("contacts__email", flat=True),
        *User.objects.filter(is_demo=True).values_list("email", flat=True),
    } - {"", None}
    assert {mail for mail in mails if not mail.endswith(".example")} == STATED_ADDRESSES
    numbers = {
        *Organization.objects.values_list("telephone", flat=True),
        *Service.objects.values_list("contacts__telephone", flat=True),
    } - {"", None}
    assert numbers
    assert not [number for number in numbers if not INVENTED_NUMBER.fullmatch(number)]
    sites = set(Organization.objects.exclude(website="").values_list("website", flat=True))
    assert not [site for site in sites if not re.fullmatch(r"https://[a-z]+\.example", site)]


def test_adult_sex_worker_engagement_is_a_note_for_stewards_and_nothing_else():
    [only] = Service.objects.filter(source_ref__contains="B44")
    assert only.slug == "late-night-outreach"
    assert "B44" in only.standing.note
    assert not Service.objects.exclude(pk=only.pk).exclude(standing__note="").exists()


# --- words ------------------------------------------------------------------------------------------------------------
def test_summaries_are_short_differ_from_each_other_and_use_kind_words():
    unkind = re.compile(
        r"\b(referrals?|refer|efh|hoth|slots?|gangs?|absconds?|offenders?|placements?|vulnerable)\b", re.IGNORECASE
    )
    services = list(Service.objects.all())
    assert len({service.summary for service in services}) == len(services)
    for service in services:
        assert 8 <= len(service.summary.split()) <= 60, service
        spoken = (
            f"{service.name} {service.summary} {service.what_happens} {service.what_we_do_not_do} {service.pattern}"
        )
        assert not unkind.search(spoken.replace("national referral mechanism", "")), service


def test_an_invented_provider_says_how_it_works_with_trauma_and_with_rights():
    silent = Service.objects.filter(is_demo=True).filter(Q(trauma_informed_statement="") | Q(rights_statement=""))
    assert not silent.exists()


# --- where ------------------------------------------------------------------------------------------------------------
def test_each_postcode_is_in_the_ward_that_the_citys_table_says():
    table = {row["postcode"]: row["ward_code"] for row in sample.rows(settings.CITY.folder / "postcode_wards.csv")}
    venues = Location.objects.exclude(address__postal_code="").select_related("address")
    assert venues.count() >= 15
    assert not [venue for venue in venues if table[venue.address.postal_code] != venue.ward_id]


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        ("BS13 8QA", "BS13 9JN", 920),
        ("BS13 8QA", "BS4 1NL", 2845),
        ("BS1 5TR", "BS1 2AG", 838),
        ("BS10 5PY", "BS1 5TR", 5296),
    ],
)
def test_venues_stand_where_they_are(here, there, metres):
    first, second = (
        Point(venue.latitude, venue.longitude)
        for venue in (Location.objects.get(address__postal_code=postcode) for postcode in (here, there))
    )
    assert distance_km(first, second) * 1000 == pytest.approx(metres, abs=20)


def test_a_private_address_is_not_even_in_the_database():
    private = Location.objects.exclude(address_visibility=AddressVisibility.FULL).select_related("address")
    assert {"Old Market", "A private address"} <= {venue.name for venue in private}
    assert not [venue for venue in private if venue.address.postal_code or venue.address.address_1]


# --- people -----------------------------------------------------------------------------------------------------------
def test_there_is_somebody_in_every_role_whom_only_a_sample_button_can_sign_in():
    people = User.objects.filter(is_demo=True)
    assert set(Membership.objects.current(AT.date()).values_list("role", flat=True)) == set(Role.values)
    assert not [person for person in people if person.has_usable_password()]


def test_somebody_wears_two_hats_and_city_wide_duty_ends():
    assert User.objects.get(name="Ruth Adeyemi").memberships.count() == 2
    duty = Membership.objects.get(citywide=True)
    assert duty.role == Role.COORDINATOR
    assert duty.until_on is not None


def test_every_role_has_a_line_that_says_what_it_is_for():
    people = sample.people(on=AT.date())
    assert {person.role for person in people} == set(Role.values)
    assert not [person for person in people if not person.does]


def test_the_list_of_people_names_one_for_each_role():
    said = StringIO()
    call_command("sample_people", stdout=said)
    lines = said.getvalue().splitlines()
    assert len(lines) == len(Role.values)
    assert all(line.split()[-1].endswith(".example") for line in lines)


# --- standing and figures -----------------------------------------------------------------------------------------------
def test_every_entry_was_vouched_for_and_one_is_overdue():
    for one in (*Service.objects.all(), *Organization.objects.all()):
        assert one.standing.assured_on < AT.date()
        assert one.standing.assured_by is not None
    overdue = Organization.objects.filter(standing__next_assurance_due_on__lt=AT.date())
    assert [str(one) for one in overdue] == ["Harbourlight Mentoring"]


def test_every_entry_is_published_with_a_revision_that_stewards_can_edit():
    for one in (*Service.objects.all(), *Organization.objects.all()):
        assert one.live
        assert not one.has_unpublished_changes
        assert one.live_revision_id
    again = Service.objects.get(slug="umoja-path-mentoring").get_latest_revision_as_object()
    assert again.harm_types.count() == Service.objects.get(slug="umoja-path-mentoring").harm_types.count() > 5
    assert len(again.eligibility_rules.all()) == 2


def test_the_ledger_agrees_with_the_counters():
    assert list(capacity.differences()) == []
    assert not CapacityHold.objects.exists()


def test_a_providers_figures_are_said_by_its_manager_on_days_that_have_been():
    pool = CapacityPool.objects.get(id=sample.id_of("pool", "umoja-path-mentoring One-to-one mentoring"))
    assert str(pool.last_confirmed_by) == "Marcus Bell"
    assert pool.snapshots.count() == 5
    assert not CapacityPool.objects.filter(last_confirmed_at__gt=AT).exists()
    assert not CapacityPool.objects.exclude(model__in=CapacityModel.values).exists()


# --- again and again ----------------------------------------------------------------------------------------------------
def test_two_installations_that_load_on_the_same_day_hold_the_same_rows(loaded):
    assert rows_of_the_sample() == loaded


def test_loading_again_the_same_day_puts_everything_back_and_changes_nothing_else():
    before = rows_of_the_sample()
    Service.objects.filter(slug="umoja-path-mentoring").update(name="Something else")
    sample.load(at=AT)
    again = rows_of_the_sample()
    for table in set(before) - {"CapacitySnapshot"}:  # the providers have said it once more
        assert again[table] == before[table], table


def test_the_command_leaves_a_loaded_sample_alone():
    said = StringIO()
    call_command("load_sample", stdout=said)
    assert "already there" in said.getvalue()


def test_a_reset_says_the_figures_anew_as_of_the_day_it_is_told():
    said = StringIO()
    call_command("load_sample", "--reset", "--today=2026-12-16", stdout=said)
    assert f"Services: {Service.objects.count()}" in said.getvalue()
    pool = CapacityPool.objects.get(id=sample.id_of("pool", "umoja-path-mentoring One-to-one mentoring"))
    assert of_pool(pool, at=AT + timedelta(days=30)).words == "6 places free"


def test_production_refuses(settings):
    settings.ENVIRONMENT = "production"
    with pytest.raises(sample.NotInProduction):
        sample.load(at=AT)
    with pytest.raises(CommandError, match="production"):
        call_command("load_sample", "--reset")


def test_a_missing_word_is_named_and_nothing_is_half_loaded():
    TaxonomyTerm.objects.filter(taxonomy="harm_type", code="unknown_efh").update(code="renamed")
    Organization.objects.filter(slug="leap").update(name="Something else")
    with pytest.raises(CommandError, match="harm_type has no 'unknown_efh'"):
        call_command("load_sample", "--reset", stdout=StringIO())
    assert Organization.objects.get(slug="leap").name == "Something else"


def test_an_app_above_adds_its_own_sample_in_the_same_breath(monkeypatch):
    monkeypatch.setattr(sample, "_contributions", [])
    monkeypatch.setattr(sample.Sample, "write", lambda self: None)
    heard = []
    sample.also_load(lambda at, say: heard.append((at, Service.objects.count())))
    sample.load(at=AT)
    assert heard == [(AT, Service.objects.count())]
