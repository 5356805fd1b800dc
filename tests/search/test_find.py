"""The finder as a person meets it: by address, over the real views."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from directory.availability import LONDON
from directory.geo import Point
from directory.geocoding import locate
from directory.models import OrganizationStanding, Schedule, ServiceStanding
from safekeeping.models import AssumptionChange
from search import finder
from search.finder import Terms
from search.models import SearchEntry
from tests.factories import directory as make

pytestmark = pytest.mark.django_db
EASTON = Point(51.46187, -2.56323)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def mentors(city, indexed, now):
    """A mentor near Easton with places, one far away, one citywide that travels, and one in the south."""
    near = make.service(
        "Workshop mentoring", harms=["knife_weapon"], serves=["east_central"],
        at=[make.location("St Werburghs Community Centre", point=Point(51.4686, -2.5748))],
    )  # fmt: skip
    make.pool(near, free=2, at=now)
    far = make.service("Withywood mentoring", at=[make.location("Withywood Centre", point=Point(51.4090, -2.6230))])
    make.pool(far, free=4, at=now)
    travels = make.service("Mentoring anywhere", travels_to_child=True, minimum_age=14, maximum_age=21)
    make.pool(travels, free=3, at=now - timedelta(days=16))
    south = make.service("Southern mentoring", serves=["south"], at=[make.location("Easton Centre", point=EASTON)])
    make.pool(south, free=2, at=now)
    indexed()
    return {"near": near, "far": far, "travels": travels, "south": south}


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_home_promises_what_is_counted(client, city):
    assert "within one working day" in client.get("/").content.decode()
    AssumptionChange.objects.create(
        key="deadline.triage", number=1, value="3", reason="A test", by_person=1, at=timezone.now()
    )
    assert "within three working days" in client.get("/").content.decode()


def test_home_has_two_boxes_a_button_and_the_front_door(client, city, settings):
    page = text_of(client.get("/"))
    assert 'name="text"' in page
    assert 'name="place"' in page
    assert settings.CITY.front_door.telephone in page


def test_near_comes_before_anywhere_and_citywide_has_no_distance(client, mentors):
    page = text_of(client.get("/find/", {"text": "mentor", "place": "Easton"}))
    assert "2 services fit “mentor” near Easton" in page
    assert page.index("Near Easton</h2>") < page.index("Workshop mentoring") < page.index("Anywhere in Bristol</h2>")
    assert page.index("Anywhere in Bristol</h2>") < page.index("Mentoring anywhere")
    assert "St Werburghs Community Centre, 0.7 miles" in page
    assert "Comes to you" in page
    assert "0.0 miles" not in page


def test_a_place_and_an_age_among_the_words_are_taken_for_what_they_are(client, mentors):
    page = text_of(client.get("/find/", {"text": "mentor in Easton for a 15 year old"}))
    assert page.index("Near Easton</h2>") < page.index("Workshop mentoring")
    assert "We took age 15 and Easton from your words." in page
    young = text_of(client.get("/find/", {"text": "mentor in Easton, 9yo"}))
    assert "You asked for 9." in young
    [asked] = {html.unescape(one) for one in re.findall(r'href="[^"]*[?&;](text=[^"&]+)', young) if "9yo" not in one}
    assert asked == "text=mentor+in+easton"
    for told in ({"text": 'mentor "Easton" "15"'}, {"text": "mentor Easton 15", "exact": "1"}):
        assert "from your words" not in text_of(client.get("/find/", told))
    beside = text_of(client.get("/find/", {"text": "mentor Easton 9yo", "place": "Withywood", "age": "15"}))
    assert "Near Withywood</h2>" in beside
    assert "from your words" not in beside


@pytest.mark.parametrize(("where", "words"), [("Withywood", ["mentor", "easton"]), ("Easton", ["mentor"])])
def test_another_place_than_the_one_beside_is_a_word_like_others(mentors, where, words):
    place = locate(where)
    understood, _, near = finder.as_told(Terms(text="mentor Easton", place=where), place)
    assert [one.any_of[0] for one in understood.words] == words
    assert near == place


def test_availability_is_shown_with_its_age(client, mentors):
    page = text_of(client.get("/find/", {"place": "Easton"}))
    assert "2 places free" in page
    assert "Checked today" in page
    assert "Not confirmed" in page
    assert "Checked 16 days ago" in page


def test_what_does_not_serve_the_place_is_left_out_and_named_among_the_close_ones(client, mentors):
    page = text_of(client.get("/find/", {"place": "Easton"}))
    close = page.index("These are close, but…")
    assert page.index("Southern mentoring") > close
    assert "…is for South only" in page


def test_what_is_too_far_is_named_with_its_distance(client, mentors):
    page = text_of(client.get("/find/", {"place": "Easton"}))
    assert page.index("Withywood mentoring") > page.index("These are close, but…")
    assert "miles away.</b>" in page


def test_an_age_that_does_not_fit_says_which_would(client, mentors):
    page = text_of(client.get("/find/", {"place": "Easton", "age": "12"}))
    assert "…takes people from 14." in page
    assert "You asked for 12." in page


def test_a_place_that_goes_leaves_the_list_at_once(client, mentors):
    pool = mentors["near"].pools.get()
    asked = {"place": "Easton", "availability": "free"}
    assert "Workshop mentoring</a></h3>" in text_of(client.get("/find/", asked))
    type(pool).objects.filter(pk=pool.pk).update(held=2)
    page = text_of(client.get("/find/", asked))
    assert "Nothing fits all of this yet" in page


def test_nothing_nearby_says_what_one_change_would_bring(client, mentors, settings):
    page = text_of(client.get("/find/", {"text": "mentor", "place": "Hartcliffe", "within": "1", "age": "8"}))
    assert "Nothing fits all of this yet" in page
    page = text_of(client.get("/find/", {"text": "mentor", "place": "Easton", "age": "11", "harm": "knife_weapon"}))
    assert "1 service fits" in page
    page = text_of(client.get("/find/", {"place": "Easton", "age": "9", "availability": "free", "within": "1"}))
    assert "What one change would bring" in page
    assert "Any age" in page
    assert "1 service</span>" in page
    assert settings.CITY.front_door.telephone in page


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ("BS5 0A", 400, "not a whole postcode"),
        ("BS5 9ZZ", 200, "We cannot find BS5 9ZZ"),
        ("BS5 0AB", 200, "no longer in use"),
        ("BS99 1AA", 200, "for post only"),
        ("Eastn", 200, "Did you mean"),
        ("Narnia", 200, "We do not know a place of that name"),
    ],
)
def test_a_place_that_cannot_be_used_gets_a_page_of_its_own(client, city, settings, typed, status, says):
    response = client.get("/find/", {"text": "mentor", "place": typed})
    page = text_of(response)
    assert response.status_code == status
    assert says in page
    assert f'value="{typed}"' in page
    assert 'value="mentor"' in page
    assert 'id="id_place-error"' in page
    assert settings.CITY.front_door.telephone in page
    assert "<title>Error: " in page


def test_another_councils_postcode_names_the_council_and_what_serves_anywhere(client, city, indexed, now):
    """E45."""
    anywhere = make.service("Hospital rapid response", serves=["anywhere"])
    make.pool(anywhere, free=1, at=now)
    make.service("Only here")
    indexed()
    page = text_of(client.get("/find/", {"place": "BS16 1AB"}))
    assert "is not in Bristol" in page
    assert "South Gloucestershire" in page
    assert "1 service here takes people from there" in page
    assert "Hospital rapid response" in page
    assert "Only here" not in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"place": "BS5 0AA"}, "services near Lawrence Hill"),
        ({"place": "BS5", "text": "mentoring"}, "services in Bristol"),
        ({"place": "Easton", "text": "Jaydon"}, "Nothing fits"),
        ({"place": "Easton", "text": "mentorring"}, "services near Easton"),
        ({"place": "BS5 0A"}, "not a whole postcode"),
        ({"place": "BS5 9ZZ"}, "cannot find that postcode"),
        ({"place": "BS5 0AB"}, "no longer in use"),
        ({"place": "BS99 1AA"}, "for post only"),
        ({"place": "BS16 1AB"}, "That place is not in Bristol"),
        ({"place": "Jaydon Smith"}, "do not know that place"),
        ({"place": "Easton", "age": "Jaydon"}, "Check what you asked for"),
    ],
)
def test_no_title_repeats_what_was_typed(client, mentors, asked, told):
    """Titles stay in the history of a browser and on the screens of an office."""
    title = text_of(client.get("/find/", asked)).split("<title>")[1].split("</title>")[0]
    assert told in title
    for typed in asked.values():
        assert typed == "Easton" or typed.lower() not in title.lower()
    assert "BS5" not in title


@pytest.mark.parametrize("typed", ["BS5 9ZZ", "BS5 0AB", "BS5 0A"])
def test_a_postcode_that_cannot_be_used_leads_to_what_is_around_it(client, mentors, typed):
    page = text_of(client.get("/find/", {"place": typed, "age": "14"}))
    assert '<a href="/find/?age=14&amp;place=BS5">Search around BS5 instead</a>' in page
    assert "Search around" not in text_of(client.get("/find/", {"place": "BS99 1AA"}))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("mentering", "mentoring"), ("Wrokshop mentor", "workshop mentor"), ("knif mentoring", "knife mentoring")],
)
def test_a_mistyped_word_finds_what_was_meant_and_offers_the_exact_words(client, mentors, typed, shown):
    page = text_of(client.get("/find/", {"text": typed, "place": "Easton"}))
    assert f"Showing results for <b>“{shown}”</b>" in page
    assert "Workshop mentoring" in page
    exact = text_of(client.get("/find/", {"text": typed, "place": "Easton", "exact": "1"}))
    assert "Showing results for" not in exact
    assert f'value="{typed}"' in page
    assert f'value="{typed}"' in exact


def test_words_that_find_something_are_taken_as_they_are(client, mentors):
    page = text_of(client.get("/find/", {"text": "mentor", "place": "Easton"}))
    assert "Showing results for" not in page


def test_what_was_meant_is_what_the_near_misses_are_about(client, mentors):
    page = text_of(client.get("/find/", {"text": "mentering", "place": "Easton", "age": "3"}))
    assert "Nothing fits all of this yet" in page
    assert "Showing results for <b>“mentoring”</b>" in page
    assert "Any age" in page


@pytest.mark.parametrize(
    "bad",
    [
        {"age": "abc"}, {"age": "-1"}, {"age": "999999999999999999999"}, {"age": "NaN"}, {"harm": "nonsense"},
        {"within": "1e308"}, {"within": "-1"}, {"subject": "🙂"}, {"text": "a\x00b"}, {"place": "\x00"}, {"sort": "x"},
    ],
)  # fmt: skip
def test_bad_parameters_get_a_page_that_says_so(client, city, bad):
    response = client.get("/find/", bad)
    assert response.status_code == 400
    assert "Error: " in text_of(response)


@pytest.mark.parametrize("asked", ["-1", "0", "abc", "1000000000", "9" * 400, "١٢", ""])
def test_a_strange_page_number_is_the_first_or_the_last(client, mentors, asked):
    assert client.get("/find/", {"page": asked}).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "*" * 1000,
        "a AND (b OR",
        "'; DROP TABLE x",
        "\u202eabc",
        "Z̷̧a̵͠l̴g̶o",
        "ميثاق",
        "   ",
        "<script>alert(1)</script>",
    ],
)
def test_any_text_gets_an_answer_and_comes_back_escaped(client, mentors, text):
    response = client.get("/find/", {"text": text})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_a_text_that_is_too_long_says_that_it_was_cut(client, mentors):
    assert "first 200 characters" in text_of(client.get("/find/", {"text": "mentor " + "x" * 300}))


def test_what_is_suspended_disappears_at_once_though_the_index_is_late(client, mentors):
    ServiceStanding.objects.filter(service=mentors["near"]).update(standing="suspended")
    OrganizationStanding.objects.filter(organization=mentors["travels"].organization).update(standing="suspended")
    page = text_of(client.get("/find/", {"place": "Easton"}))
    assert SearchEntry.objects.filter(service_id=mentors["near"].pk).exists()
    assert "Workshop mentoring" not in page
    assert "Mentoring anywhere" not in page


def test_what_is_kept_as_a_record_is_never_found(client, city, indexed):
    """INV-D6."""
    kept = make.service("Engagement with adults", visibility="hidden")
    draft = make.service("Not yet published", live=False)
    indexed()
    assert not SearchEntry.objects.filter(service_id__in=[kept.pk, draft.pk]).exists()
    assert "Engagement with adults" not in text_of(client.get("/find/", {"text": "engagement"}))
    assert client.get(f"/services/{kept.slug}/").status_code == 404


def test_what_is_for_professionals_is_not_for_everybody(client, city, indexed):
    service = make.service("Case formulation", visibility="professionals")
    indexed()
    assert "Case formulation" not in text_of(client.get("/find/"))
    assert client.get(f"/services/{service.slug}/").status_code == 404


def test_a_synonym_finds_what_nobody_typed(client, city, indexed):
    make.service("Steady", harms=["knife_weapon"])
    make.service("Out again", harms=["missing_education"])
    indexed()
    page = text_of(client.get("/find/", {"text": "stabbing"}))
    assert "Steady" in page.split("These are close")[0]
    assert "Out again" not in page.split("These are close")[0]


def test_a_word_that_harms_gets_a_note(client, city, indexed):
    make.service("Peace", harms=["group_conflict"])
    indexed()
    page = text_of(client.get("/find/", {"text": "gang"}))
    assert "Peace" in page
    assert "groups of young people" in page


@pytest.mark.parametrize("parameters", [{}, {"place": "Easton", "age": "14", "text": "mentor"}])
def test_two_hundred_services_cost_as_many_questions_as_two(
    client, city, indexed, now, django_assert_max_num_queries, parameters
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(services: int) -> int:
        for _ in range(services):
            service = make.service(
                "Mentoring",
                harms=["cce"],
                compositions=["mixed"],
                at=[make.location(point=EASTON)],
                serves=["east_central"],
            )
            make.pool(service, at=now)
        indexed()
        client.get("/find/", parameters)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/find/", parameters).status_code == 200
        return len(queries)

    few = cost(2)
    assert cost(198) <= few


def test_a_filter_can_be_taken_away(client, mentors):
    page = text_of(client.get("/find/", {"place": "Easton", "age": "14", "harm": "knife_weapon"}))
    assert "Remove filter: </span>Age 14" in page
    assert "/find/?place=Easton&amp;harm=knife_weapon" in page


# --- how it works: where, when, in which language, with whom, how usable ------------------------------------------------
@pytest.fixture
def different(city, indexed, now):
    """A girls' group on Saturdays in Somali, step-free; and a mentor after school, by video."""
    vocabularies = {
        "delivery_setting": ("school", "online_video"), "time_availability": ("saturday", "weekday_after_school"),
        "language": ("en", "so"), "group_composition": ("girls_only", "mixed"), "access_need": ("step_free", "quiet_space"),
    }  # fmt: skip
    for taxonomy, codes in vocabularies.items():
        for code in codes:
            make.term(taxonomy, code)
    group = make.service("Saturday group", service_type="girls_group", compositions=["girls_only"])
    group.languages = [make.term("language", "so"), make.term("language", "en")]
    group.access_needs = [make.term("access_need", "step_free"), make.term("access_need", "quiet_space")]
    group.delivery_settings = [make.term("delivery_setting", "school")]
    mentor = make.service("After-school mentor", service_type="community_mentoring", compositions=["mixed"])
    mentor.languages = [make.term("language", "en")]
    mentor.delivery_settings = [make.term("delivery_setting", "online_video")]
    mentor.time_availabilities = [make.term("time_availability", "weekday_after_school")]
    for one in (group, mentor):
        one.save()
        make.pool(one, free=2, at=now)
    Schedule.objects.create(service=group, byday="SA", opens_at=time(11), closes_at=time(14))
    indexed()


ASKED = [
    ("composition", "girls_only", "Saturday group"),
    ("composition", "in_a_group", "Saturday group"),
    ("composition", "one_to_one", "After-school mentor"),
    ("time", "saturday", "Saturday group"),
    ("time", "weekday_after_school", "After-school mentor"),
    ("setting", "online_video", "After-school mentor"),
    ("language", "so", "Saturday group"),
    ("access", "step_free", "Saturday group"),
]


@pytest.mark.parametrize(("aspect", "code", "found"), ASKED)
def test_each_facet_narrows_stays_ticked_and_has_a_tag_that_takes_it_away(client, different, aspect, code, found):
    answer = client.get("/find/", {aspect: code})
    page = text_of(answer)
    assert "1 service fits" in page or "1 service in" in page
    close = page.index("These are close, but…")
    assert page.index(found) < close
    assert f'name="{aspect}" type="checkbox" value="{code}" checked' in page
    tags = re.findall(r'class="moj-filter__tag" href="([^"]+)"', page)
    assert [html.unescape(one) for one in tags] == ["/find/"]
    assert f'<input type="hidden" name="{aspect}" value="{code}">' in page  # the search bar carries it along
    [other] = {"Saturday group", "After-school mentor"} - {found}
    assert page.index(other) > close


def test_what_a_choice_would_bring_is_counted_beside_it(client, different):
    page = text_of(client.get("/find/"))
    for label, many in (("Girls only", 1), ("Saturday", 1), ("So", 1)):
        assert re.search(rf'{label}&nbsp;<span class="al-filters__n">{many}<', page), label
    assert "(2)</option>" in page  # both are of one level
    chosen = text_of(client.get("/find/", {"composition": "girls_only"}))
    assert 'name="time" type="checkbox" value="weekday_after_school"' not in chosen  # nothing there would fit


def test_several_answers_of_one_facet_widen_and_of_two_facets_narrow(client, different):
    assert "2 services in" in text_of(client.get("/find/", {"composition": ["girls_only", "one_to_one"]}))
    nothing = text_of(client.get("/find/", {"composition": "girls_only", "setting": "online_video"}))
    assert "Nothing fits all of this yet" in nothing
    assert "Wherever it happens" in nothing
    assert "You asked for Online video" in nothing
    assert 'value="online_video" checked' in nothing  # also in the form that changes what was asked


def test_all_of_the_access_that_is_asked_for_must_be_there(client, different):
    assert "1 service in" in text_of(client.get("/find/", {"access": ["step_free", "quiet_space"]}))


@pytest.mark.parametrize("aspect", ["composition", "time", "setting", "language", "access"])
@pytest.mark.parametrize("nasty", ["nonsense", "'; DROP TABLE x; --", "term_only", "9" * 400])
def test_a_choice_that_is_none_gets_a_message_beside_its_facet(client, different, aspect, nasty):
    answer = client.get("/find/", {aspect: nasty})
    assert answer.status_code == 400
    assert "govuk-error-summary" in answer.content.decode()
    assert f'id="id_{aspect}"' in answer.content.decode()


# --- while somebody types, and why something is there --------------------------------------------------------------------
def offered(client, text: str) -> list[str]:
    answer = client.get("/find/suggestions/", {"text": text})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return re.findall(r'value="([^"]*)"', html.unescape(answer.content.decode()))


def test_names_are_offered_while_somebody_types(client, city, indexed):
    make.service("Boxing and mentoring", by=make.organization("Corner Stool"))
    indexed()
    assert offered(client, "ment") == ["Boxing and mentoring"]
    assert offered(client, "corner st") == ["Corner Stool"]
    assert offered(client, "b") == offered(client, "") == offered(client, "<script>") == []


def test_a_late_index_offers_no_name_that_is_no_longer_shown(client, city, indexed):
    kept, gone = make.service("Mentoring one"), make.service("Mentoring two")
    make.service("Mentoring three", visibility="professionals")
    indexed()
    type(gone).objects.filter(pk=gone.pk).update(live=False)
    assert offered(client, "mentoring") == [kept.name]


def test_the_box_asks_for_suggestions_and_works_without(client, city):
    for page in ("/", "/find/"):
        told = text_of(client.get(page))
        assert 'list="suggested" data-suggestions="/find/suggestions/"' in told
        assert '<datalist id="suggested"></datalist>' in told


def test_a_hit_says_by_which_words_it_was_found(client, city, indexed):
    make.service("Boxing club", harms=["knife_weapon"])
    indexed()
    page = text_of(client.get("/find/", {"text": "boxing knife"}))
    assert "Found by “boxing” in its name, “knife” in what it is about." in page
    assert "Found by" not in text_of(client.get("/find/"))


def test_what_a_services_page_tells_of_it_is_found_and_stands_there(client, city, indexed):
    runs = make.organization("Umoja")
    type(runs).objects.filter(pk=runs.pk).update(description="Potters with a kiln in a yard.", led_by="Led by women")
    comes = make.service("Clay", by=runs, travels_to_child=True, lived_experience_staff=True)
    make.service("Chess")
    indexed()
    for text, why in (
        ("kiln", "“kiln” in who runs it"),
        ("women", "“women” in who runs it"),
        ("comes to you", "“comes to you” in what it is about"),
        ("lived experience", "“lived” and “experience” in what it is about"),
    ):
        page = text_of(client.get("/find/", {"text": text, "exact": "1"}))
        assert f"Found by {why}." in page
        assert "Chess" not in page
    assert "Potters with a kiln in a yard." in text_of(client.get(f"/services/{comes.slug}/"))


def test_where_words_are_all_that_is_asked_nothing_is_near_to_a_word_that_nobody_has(client, city, indexed):
    make.service("Boxing club")
    indexed()
    alone = text_of(client.get("/find/", {"text": "xylophone", "exact": "1"}))
    assert "No service here mentions “xylophone”. Try another word" in alone
    assert "Anything, not only “xylophone”" in alone
    assert "Boxing club" not in alone
    beside = text_of(client.get("/find/", {"text": "xylophone", "exact": "1", "age": "12"}))
    assert "Boxing club" in beside
    assert "Try another word" not in beside


def test_where_few_have_all_the_words_those_with_most_of_them_follow_and_the_page_says_so(client, city, indexed):
    make.service("Boxing and cooking")
    make.service("Boxing")
    make.service("Poetry")
    indexed()
    page = text_of(client.get("/find/", {"text": "boxing cooking"}))
    assert page.index(">Boxing and cooking</a>") < page.index(">Boxing</a>")
    assert "One service has all of these words. The others have some of them." in page
    assert (
        ">Boxing</a>"
        not in text_of(client.get("/find/", {"text": "boxing cooking", "exact": "1"})).split("close, but")[0]
    )


def test_a_quoted_phrase_is_meant_in_its_order(client, city, indexed):
    make.service("Youth club on Fridays")
    make.service("A club for youth")
    indexed()
    page = text_of(client.get("/find/", {"text": "“youth club”"}))
    assert "1 service fits" in page


def test_open_now_and_on_an_evening(client, city, indexed, monkeypatch):
    sunday = datetime(2026, 11, 29, 18, 30, tzinfo=LONDON).astimezone(UTC)
    monkeypatch.setattr(timezone, "now", lambda: sunday)
    always = make.service("Day and night")
    Schedule.objects.create(service=always, byday="SU", opens_at=time(0), closes_at=time(23, 59))
    never = make.service("Never on that day")
    Schedule.objects.create(service=never, byday="MO", opens_at=time(17), closes_at=time(18))
    indexed()
    for asked in ("now", "su"):
        found = text_of(client.get("/find/", {"open": asked})).split("close, but")[0]
        assert ">Day and night</a>" in found
        assert ">Never on that day</a>" not in found
    assert client.get("/find/", {"open": "yesterday"}).status_code == 400


def test_the_list_can_be_sorted_in_every_way(client, mentors):
    page = text_of(client.get("/find/", {"place": "Easton"}))
    for order in ("distance", "soonest", "name"):
        assert f"sort={order}" in page
        assert client.get("/find/", {"place": "Easton", "sort": order}).status_code == 200
    assert "sort=distance" not in text_of(client.get("/find/", {}))  # from nowhere nothing is near
