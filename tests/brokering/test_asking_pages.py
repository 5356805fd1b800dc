"""A tired teacher asks for support, page by page, as a browser without JavaScript does."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from brokering import requests
from brokering.models import PlacementRequest, RequestState
from directory import vocabularies
from directory.models import Membership
from safekeeping import policy
from safekeeping.models import AuditEvent, User
from tests.factories import brokering as brokered
from tests.factories import directory as make
from tests.factories.postcode_table import small_table

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOTHING_WRONG = {
    "danger_now": "no", "adult": "no", "harm": "no", "social_worker": "unknown", "postcode": "BS5 0AA",
    "adult_works_with_children": "no", "trafficking": "no",
}  # fmt: skip
CHILD = {
    "initials": "KM", "date_of_birth_day": "3", "date_of_birth_month": "may", "sex": "male", "harm_types": ["missing"],
    "primary_context": "neighbourhood_public_space", "risk_level": "not_assessed", "critical_moment": "missing_return",
    "level_of_need": "L3_targeted_family_help", "statutory_status": "none", "route": "school_college",
    "lead_professional_role": "Head of year", "lead_professional_contact": "0117 496 0123",
}  # fmt: skip
AGREEMENT = {
    "lawful_basis": "public_task", "notice": "family_told", "participation": "both_agreed",
    "participation_method": "in person",
}  # fmt: skip


@pytest.fixture(scope="module")
def words_and_places(kept_for_the_file):
    """The city's areas and all vocabularies, made once."""
    make.places()
    vocabularies.load()


@pytest.fixture
def city(words_and_places, db, settings, tmp_path):
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")


@pytest.fixture
def signed_in(city):
    """Return a function that gives somebody a membership and their browser."""

    def browser(role: str = "school_dsl", *, organization=None) -> Client:
        person = User.objects.create_user(f"{role}.{User.objects.count()}@school.example", name="Ruth Adeyemi")
        membership = Membership.objects.create(
            user=person,
            organization=organization or make.organization(),
            role=role,
            job_title="Safeguarding lead",
            from_on=timezone.localdate() - timedelta(days=30),
        )
        client = Client()
        client.force_login(person, backend=BACKEND)
        session = client.session
        session[policy.SESSION_HAT] = membership.pk
        session[policy.SESSION_SECOND_FACTOR] = str(person.pk)
        session.save()
        return client

    return browser


@pytest.fixture
def teacher(signed_in):
    return signed_in()


def only_request() -> PlacementRequest:
    return PlacementRequest.objects.unscoped(reason="what the pages left behind").get()


def at_page(client: Client, page: str = "", **posted):
    """Get a page of the only request, or post to it."""
    address = f"/requests/{only_request().pk}/{page}"
    return client.post(address, posted) if posted else client.get(address)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


def begun(client: Client) -> PlacementRequest:
    assert client.post("/requests/new/").status_code == 302
    return only_request()


def born(years: int) -> dict[str, str]:
    return {"date_of_birth_year": str(timezone.localdate().year - years)}


def filled_in(client: Client, *, age: int = 14, agreed: str = "both_agreed", **safety) -> None:
    """Answer everything, well."""
    begun(client)
    assert at_page(client, "safety/", **{**NOTHING_WRONG, **safety}).status_code == 302
    assert at_page(client, "child/", **CHILD, **born(age)).status_code == 302
    assert at_page(client, "wishes/", wishes="Someone from round here, who gets it.").status_code == 302
    assert at_page(client, "help/", wanted=["community_mentoring"], goal_1="A trusted adult").status_code == 302
    sent = at_page(client, "agreement/", **{**AGREEMENT, "participation": agreed})
    assert sent.status_code == 302 and sent.url.endswith("/check/")


def test_a_request_goes_all_the_way_from_the_first_page_to_a_reference(teacher):
    assert "does not replace telling" in words(teacher.get("/requests/new/"))
    filled_in(teacher)
    check = words(at_page(teacher, "check/"))
    assert (
        "Someone from round here" in check
        and "Who sees what" in check
        and "missing" not in check.split("Check and send")[0][-40:]
    )
    assert only_request().date_of_birth not in check
    sent = at_page(teacher, "check/", send="yes")
    row = only_request()
    assert row.state == RequestState.TRIAGE and sent.url == f"/requests/{row.pk}/"
    status = words(teacher.get(sent.url))
    assert row.public_ref in status and "A coordinator reads your request" in status
    assert row.public_ref in words(teacher.get("/requests/"))


def test_sending_twice_sends_once(teacher):
    filled_in(teacher)
    at_page(teacher, "check/", send="yes")
    reference = only_request().public_ref
    again = at_page(teacher, "check/", send="yes")
    assert again.status_code == 302 and only_request().public_ref == reference


def test_danger_locks_the_form_until_somebody_has_called(teacher):
    begun(teacher)
    stopped = at_page(teacher, "safety/", danger_now="yes")
    assert stopped.url.endswith("/danger/")
    assert only_request().state == RequestState.SCREEN_BLOCKED
    page = teacher.get(stopped.url)
    assert (
        "Leave this site" not in words(page)
        and "999" in words(page)
        and 'aria-label="Main"' not in page.content.decode()
    )
    assert at_page(teacher, "child/").url.endswith("/safety/")
    half = at_page(teacher, "danger/", reported_reference="FR 123")
    assert half.status_code == 200 and "FR 123" in half.content.decode() and "Enter when you told" in words(half)
    assert only_request().state == RequestState.SCREEN_BLOCKED
    yesterday = timezone.localdate() - timedelta(days=1)
    opened = at_page(
        teacher, "danger/", reported_on_day=yesterday.day, reported_on_month=yesterday.month, reported_on_year=yesterday.year,
        reported_time="3.40pm", reported_reference="FR 123", safe_confirmed="yes",
    )  # fmt: skip
    assert opened.url.endswith("/safety/")
    assert only_request().state == RequestState.DRAFT
    assert at_page(teacher, "safety/", **NOTHING_WRONG).status_code == 302


def test_a_yes_by_mistake_is_taken_back_and_asked_again(teacher):
    begun(teacher)
    at_page(teacher, "safety/", danger_now="yes")
    assert at_page(teacher, "danger/mistake/", sure="yes").url.endswith("/safety/")
    assert only_request().state == RequestState.DRAFT
    assert not requests.latest_screen(only_request()).may_submit


def test_harm_that_nobody_reported_opens_the_step_and_keeps_what_was_typed(teacher):
    begun(teacher)
    page = at_page(teacher, "safety/", **{**NOTHING_WRONG, "harm": "yes", "reported_reference": "Duty social worker"})
    said = words(page)
    assert page.status_code == 200 and "Enter when you told" in said and "Duty social worker" in page.content.decode()
    assert "<title>Error: Safety questions" in page.content.decode()
    assert only_request().state == RequestState.SCREEN_BLOCKED


def test_what_is_not_a_time_is_said_beside_the_time(teacher):
    begun(teacher)
    page = at_page(teacher, "safety/", **{**NOTHING_WRONG, "harm": "yes", "reported_time": "after lunch"})
    assert "Enter a time, like 3.40pm" in words(page) and "after lunch" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Easton", "Enter a full postcode"),
        ("BS5 0AB", "no longer in use"),
        ("BS99 1AB", "for post only"),
        ("BS5 9ZZ", "We cannot find"),
    ],
)
def test_a_postcode_that_will_not_do_says_why(teacher, typed, said):
    begun(teacher)
    page = at_page(teacher, "safety/", **{**NOTHING_WRONG, "postcode": typed})
    assert page.status_code == 200 and said in words(page) and typed in page.content.decode()


def test_a_child_who_lives_in_the_next_council_goes_on_and_its_front_door_is_named(teacher):
    begun(teacher)
    sent = at_page(teacher, "safety/", **{**NOTHING_WRONG, "postcode": "BS16 1AB"})
    assert sent.url.endswith("/safety/advice/")
    assert "The child lives in South Gloucestershire" in words(teacher.get(sent.url))
    assert at_page(teacher, "child/").status_code == 200


NO_POSTCODE = {"postcode": "", "no_postcode": "yes", "no_postcode_because": "moving", "area": "locality:east_central"}


def test_a_child_without_a_postcode_goes_on_with_the_part_of_the_city(teacher):
    filled_in(teacher, **NO_POSTCODE)
    check = words(at_page(teacher, "check/"))
    assert "East Central. No postcode: they are moving, or have just moved" in check
    again = at_page(teacher, "safety/").content.decode()
    assert 'value="locality:east_central" selected' in again and 'value="moving" checked' in again
    at_page(teacher, "check/", send="yes")
    assert only_request().state == RequestState.TRIAGE


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"no_postcode_because": ""}, "Say why you cannot give a postcode"),
        ({"area": ""}, "Choose where they mostly are"),
        ({"area": "ward:W99"}, "Choose from the list"),
        ({"postcode": "BS5 0AA"}, "Enter a postcode, or say that you cannot give one: not both"),
    ],
)
def test_what_is_missing_instead_of_a_postcode_is_said_beside_it(teacher, changed, said):
    begun(teacher)
    page = at_page(teacher, "safety/", **{**NOTHING_WRONG, **NO_POSTCODE, **changed})
    assert (
        page.status_code == 200
        and said in words(page)
        and 'name="no_postcode" type="checkbox" value="yes" checked' in (page.content.decode())
    )


def test_somebody_of_eighteen_answers_as_an_adult(teacher):
    filled_in(teacher, age=19, agreed="adult_18plus_agreed")
    assert "Answer the safety questions for somebody 18 or over" in words(at_page(teacher, "check/", send="yes"))
    assert only_request().state == RequestState.DRAFT
    assert at_page(teacher, "safety/", **{**NOTHING_WRONG, "adult": "yes"}).status_code == 302
    assert "replace telling adult social care" in words(at_page(teacher, "check/"))
    at_page(teacher, "check/", send="yes")
    assert only_request().state == RequestState.TRIAGE


def test_agreement_offers_a_child_no_answer_of_an_adult_and_an_adult_none_of_a_child(teacher):
    filled_in(teacher)
    child = at_page(teacher, "agreement/").content.decode()
    assert 'value="parent_agreed"' in child and "adult_18plus_agreed" not in child
    at_page(teacher, "child/", **CHILD, **born(19))
    adult = at_page(teacher, "agreement/").content.decode()
    assert "adult_18plus_agreed" in adult and 'value="parent_agreed"' not in adult
    assert "Choose an answer for somebody 18 or over" in words(at_page(teacher, "check/"))


def test_what_is_missing_is_listed_and_linked_to_its_question(teacher):
    row = begun(teacher)
    at_page(teacher, "safety/", **NOTHING_WRONG)
    page = at_page(teacher, "check/", send="yes")
    assert page.status_code == 200
    assert f"/requests/{row.pk}/child/#id_initials" in page.content.decode()
    assert f"/requests/{row.pk}/child/#id_date_of_birth-day" in page.content.decode()
    assert "Choose what kind of support" in words(page)
    assert only_request().state == RequestState.DRAFT


def test_every_link_to_a_missing_answer_leads_to_something_on_its_page(teacher):
    begun(teacher)
    at_page(teacher, "safety/", **NOTHING_WRONG)
    links = re.findall(r'href="(/requests/[^"#]+)#([^"]+)"', at_page(teacher, "check/").content.decode())
    assert links
    for address, anchor in links:
        assert f'id="{anchor}"' in teacher.get(address).content.decode(), anchor


def test_what_was_typed_stays_when_something_is_wrong(teacher):
    begun(teacher)
    at_page(teacher, "safety/", **NOTHING_WRONG)
    page = at_page(teacher, "child/", **{**CHILD, **born(14), "initials": "K4M", "school_name": "Demo Secondary B"})
    assert page.status_code == 200 and "Enter initials only" in words(page)
    assert "Demo Secondary B" in page.content.decode() and "K4M" in page.content.decode()
    long = at_page(teacher, "wishes/", wishes="word " * 160)
    assert "Use 150 words or fewer" in words(long) and long.content.decode().count("word ") > 150


def test_answers_are_given_back_to_their_writer_and_that_is_recorded(teacher):
    begun(teacher)
    at_page(teacher, "safety/", **NOTHING_WRONG)
    at_page(teacher, "wishes/", wishes="I like cooking.")
    reads = AuditEvent.objects.filter(action="request.read-answers", fields="wishes")
    before = reads.count()
    assert "I like cooking." in at_page(teacher, "wishes/").content.decode()
    assert reads.count() == before + 1


def test_nothing_is_chosen_for_anybody(teacher):
    begun(teacher)
    assert " checked" not in at_page(teacher, "safety/").content.decode()
    at_page(teacher, "safety/", **NOTHING_WRONG)
    for page in ("child/", "wishes/", "help/", "agreement/"):
        assert " checked" not in at_page(teacher, page).content.decode(), page


def test_the_service_one_came_from_is_noted(teacher):
    service = make.service(name="Umoja Path", service_type="community_mentoring")
    assert "You came from Umoja Path" in words(teacher.get(f"/requests/new/?service={service.slug}"))
    teacher.post("/requests/new/", {"service": service.slug})
    assert only_request().wanted == ["community_mentoring"]
    at_page(teacher, "safety/", **NOTHING_WRONG)
    assert "You came from Umoja Path" in words(at_page(teacher, "help/"))


@pytest.mark.parametrize(
    "page",
    [
        "",
        "safety/",
        "danger/",
        "child/",
        "wishes/",
        "help/",
        "agreement/",
        "check/",
        "withdraw/",
        "delete/",
        "contact/",
    ],
)
def test_another_school_meets_the_page_of_what_is_not_there(teacher, signed_in, page):
    row = begun(teacher)
    stranger = signed_in()
    assert stranger.get(f"/requests/{row.pk}/{page}").status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "provider_admin", "content_editor"])
def test_other_roles_do_not_ask(signed_in, role):
    client = signed_in(role)
    assert client.get("/requests/new/").status_code == 404 and client.get("/requests/").status_code == 404


def test_a_stranger_goes_to_the_sign_in_page(teacher):
    row = begun(teacher)
    for address in ("/requests/", "/requests/new/", f"/requests/{row.pk}/"):
        found = Client().get(address)
        assert found.status_code == 302 and found.url.startswith("/sign-in/")


def test_a_change_asks_the_safety_questions_again_and_says_so(teacher):
    filled_in(teacher)
    at_page(teacher, "check/", send="yes")
    assert at_page(teacher, "changed/", what="in_danger").url.endswith("/safety/")
    assert only_request().rescreen_because == "in_danger"
    assert at_page(teacher, "safety/").status_code == 200
    assert at_page(teacher, "safety/", **NOTHING_WRONG).status_code == 302
    assert only_request().rescreen_because == ""


def test_a_question_is_answered_and_a_message_without_words_is_not_sent(teacher):
    filled_in(teacher)
    at_page(teacher, "check/", send="yes")
    assert "Write a few words" in words(at_page(teacher, "write/", text=" "))
    at_page(teacher, "write/", text="She can do Tuesdays.")
    assert "She can do Tuesdays." in words(at_page(teacher))


def test_a_request_is_withdrawn_with_a_reason(teacher):
    filled_in(teacher)
    at_page(teacher, "check/", send="yes")
    assert "Choose a reason" in words(at_page(teacher, "withdraw/", because=""))
    at_page(teacher, "withdraw/", because="no_longer_wanted")
    assert only_request().state == RequestState.WITHDRAWN
    assert "This request was withdrawn" in words(at_page(teacher))
    assert at_page(teacher, "withdraw/", because="no_longer_wanted").status_code == 409


def test_a_draft_is_deleted_and_a_sent_request_is_not(teacher):
    begun(teacher)
    assert at_page(teacher, "delete/").status_code == 200
    at_page(teacher, "delete/", sure="yes")
    assert not PlacementRequest.objects.unscoped(reason="what the pages left behind").exists()
    filled_in(teacher)
    at_page(teacher, "check/", send="yes")
    assert at_page(teacher, "delete/", sure="yes").status_code == 409


def test_no_address_or_title_tells_anything_about_the_child(teacher):
    filled_in(teacher)
    for page in ("", "safety/", "child/", "wishes/", "help/", "agreement/", "check/"):
        response = at_page(teacher, page)
        if response.status_code == 200:
            title = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[1]
            assert "KM" not in title and "missing" not in title.lower()


def wearing(hat: policy.Hat) -> Client:
    """Return the browser of somebody in that hat."""
    client = Client()
    client.force_login(User.objects.get(pk=hat.user_id), backend=BACKEND)
    session = client.session
    session[policy.SESSION_HAT] = hat.membership_id
    session[policy.SESSION_SECOND_FACTOR] = str(hat.user_id)
    session.save()
    return client


SENT = [one for one in RequestState if one not in (RequestState.DRAFT, RequestState.SCREEN_BLOCKED)]


@pytest.mark.parametrize("state", SENT)
def test_every_state_has_a_page_that_says_where_it_stands(here, state):
    row = brokered.request_in(state, here)
    client = wearing(here.dsl)
    page = client.get(f"/requests/{row.pk}/")
    assert page.status_code == 200 and row.public_ref in words(page) and "<h1>" in page.content.decode()
    assert row.public_ref in words(client.get("/requests/"))


def duty_is_told(page) -> bool:
    """Tell whether the page gives the front door's number and says that a request does not replace telling them."""
    door = settings.CITY.front_door
    return door.telephone in words(page) and "does not replace telling" in words(page)


def test_inv_s3_the_number_and_the_duty_are_on_every_page_of_a_request(here):
    draft, waiting, place = brokered.draft(here), brokered.sent(here), brokered.answered_yes(here)
    client = wearing(here.dsl)
    addresses = ["/requests/", "/requests/new/"]
    addresses += [
        f"/requests/{draft.pk}/{page}/" for page in ("safety", "child", "wishes", "help", "agreement", "check")
    ]
    addresses += [
        f"/requests/{waiting.pk}/",
        f"/requests/{waiting.pk}/withdraw/",
        f"/requests/{place.request_id}/contact/",
    ]
    for address in addresses:
        assert duty_is_told(client.get(address)), address
    assert duty_is_told(client.get("/requests/00000000-0000-4000-8000-000000000000/")), "also where nothing is"


def test_inv_s3_the_danger_page_is_nothing_but_the_numbers_and_what_to_do(here):
    row = brokered.request_in(RequestState.SCREEN_BLOCKED, here)
    page = words(wearing(here.dsl).get(f"/requests/{row.pk}/danger/"))
    assert settings.CITY.front_door.telephone in page and "999" in page


def test_inv_s3_desk_and_offers_have_them_too(here):
    offer = brokered.offered(here)
    for hat, address in (
        (here.coordinator, "/desk/"),
        (here.coordinator, f"/desk/requests/{offer.request_id}/"),
        (here.manager, "/offers/"),
        (here.manager, f"/offers/{offer.pk}/"),
    ):
        assert duty_is_told(wearing(hat).get(address)), address


def test_after_a_yes_a_name_and_a_safe_way_are_asked_for_and_typed_text_stays(here):
    place = brokered.answered_yes(here)
    client = wearing(here.dsl)
    address = f"/requests/{place.request_id}/contact/{place.pk}/"
    assert address in client.get(f"/requests/{place.request_id}/").content.decode()
    assert " checked" not in client.get(address).content.decode()
    half = client.post(address, {"name_used": "Kofi", "telephone": "0117 496 01"})
    assert half.status_code == 200 and "Kofi" in half.content.decode()
    assert "Enter all 11 digits" in words(half) and "Choose what is safe" in words(half)
    told = {"name_used": "Kofi", "speak_first_to": "young_person", "telephone": "0117 496 0123", "safe_ways": ["text"]}
    assert client.post(address, told).status_code == 302
    assert "will ring" in words(client.get(f"/requests/{place.request_id}/"))
    assert "Kofi" not in words(client.get(address))
    assert wearing(here.other_manager).get(address).status_code == 404
