"""
What every search engine must do. Subclass it with a `backend` fixture; nothing here knows rows of any engine.

Availability is asked of the live pools, so services and pools are rows here too; what is findable goes in as documents.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from directory.availability import LONDON
from directory.geo import KM_PER_MILE, Bounds, Point, distance_km
from search.queries import (
    ALL_NEEDED,
    Aspect,
    Criterion,
    DocumentPlace,
    Field,
    Hours,
    Match,
    Order,
    SearchDocument,
    ServiceQuery,
    Span,
    Suggested,
    Tier,
    Words,
)
from tests.factories.directory import AT

HOME = Point(51.4619, -2.5632)
PUBLIC = ("public",)


def document(number: int, **fields) -> SearchDocument:
    """Return a document with a name of its own; numbered ids are in order."""
    return SearchDocument(
        **{
            "service_id": UUID(int=number),
            "audience": "public",
            "name": f"Service {number:03}",
            "organization": "Some organization",
            "keywords": ("Mentoring",),
            "codes": ("community_mentoring",),
            "body": "One adult who stays alongside.",
            "minimum_age": 10,
            "maximum_age": 17,
            "subject": "child",
            "harms": ("knife_weapon",),
            "level": "targeted_diversion",
            "service_type": "community_mentoring",
            "travels": False,
            "serves_city": True,
            "serves_anywhere": False,
            "areas": (),
            "places": (),
            "aspects": {},
        }
        | fields
    )


def at_distance(km: float, *, exact: bool = True, number: int = 1) -> DocumentPlace:
    """Return a place so far north of home."""
    step = km / distance_km(Point(51, 0), Point(52, 0))
    return DocumentPlace(UUID(int=1000 + number), Point(HOME.latitude + step, HOME.longitude), exact)


def query(**fields) -> ServiceQuery:
    """Return a question from everybody."""
    return ServiceQuery(**{"audiences": PUBLIC, "at": AT} | fields)


def numbers(page) -> list[int]:
    return [hit.service_id.int for hit in page.hits]


class SearchContract:
    @pytest.fixture
    def backend(self):
        raise NotImplementedError

    def test_what_was_indexed_is_found_and_what_was_removed_is_not(self, backend):
        backend.replace_all([document(1), document(2)])
        assert numbers(backend.find(query())) == [1, 2]
        backend.remove([UUID(int=1), UUID(int=9)])
        assert numbers(backend.find(query())) == [2]

    def test_indexing_again_replaces(self, backend):
        backend.replace_all([document(1, name="Old name")])
        backend.index([document(1, name="Boxing")])
        assert numbers(backend.find(query(words=(Words(("boxing",)),)))) == [1]
        assert numbers(backend.find(query(words=(Words(("old",)),)))) == []
        assert len(backend.digests()) == 1

    def test_replacing_all_forgets_the_rest(self, backend):
        backend.replace_all([document(1)])
        backend.replace_all([document(2)])
        assert numbers(backend.find(query())) == [2]

    def test_a_service_on_the_edge_of_the_radius_is_found(self, backend):
        backend.replace_all([document(1, places=(at_distance(1.6),)), document(2, places=(at_distance(1.7),))])
        edge = distance_km(HOME, at_distance(1.6).point)
        assert numbers(backend.find(query(near=HOME, within_km=edge))) == [1]

    def test_distance_is_the_great_circle(self, backend):
        backend.replace_all([document(1, places=(at_distance(2.5),))])
        [hit] = backend.find(query(near=HOME, within_km=5)).hits
        assert hit.distance_km == pytest.approx(distance_km(HOME, at_distance(2.5).point), rel=1e-6)
        assert hit.location_id == UUID(int=1001)

    def test_the_nearest_of_several_places_counts(self, backend):
        backend.replace_all([document(1, places=(at_distance(4, number=1), at_distance(2, number=2)))])
        [hit] = backend.find(query(near=HOME, within_km=5)).hits
        assert hit.location_id == UUID(int=1002)

    def test_equal_distances_are_ordered_by_name_then_id(self, backend):
        place = (at_distance(1),)
        backend.replace_all(
            [
                document(3, name="B", places=place),
                document(2, name="A", places=place),
                document(1, name="B", places=place),
            ]
        )
        assert numbers(backend.find(query(near=HOME, within_km=5))) == [2, 1, 3]

    def test_a_place_whose_address_is_not_shown_has_a_coarse_distance(self, backend):
        backend.replace_all([document(1, places=(at_distance(1.3, exact=False),))])
        [hit] = backend.find(query(near=HOME, within_km=5)).hits
        assert hit.distance_km == 1.5

    def test_what_travels_comes_after_what_is_near_and_has_no_distance(self, backend):
        """INV-D5: citywide is never distance zero."""
        backend.replace_all([document(1, travels=True), document(2, places=(at_distance(1),)), document(3)])
        page = backend.find(query(near=HOME, within_km=2))
        assert numbers(page) == [2, 1, 3]
        assert [(hit.near, hit.distance_km) for hit in page.hits[1:]] == [(False, None), (False, None)]
        assert (page.total, page.total_near) == (3, 1)

    def test_what_meets_too_far_away_is_left_out_unless_it_travels(self, backend):
        far = (at_distance(9),)
        backend.replace_all([document(1, places=far), document(2, places=far, travels=True)])
        assert numbers(backend.find(query(near=HOME, within_km=2))) == [2]

    def test_serving_and_happening_are_two_questions(self, backend):
        here = (at_distance(0.5),)
        backend.replace_all(
            [
                document(1, places=here, serves_city=False, areas=("south",)),
                document(2, places=here, serves_city=False, areas=("east_central",)),
                document(3, places=here, serves_city=False, areas=("E05010896",)),
                document(4, places=here),
            ]
        )
        served = frozenset({"east_central", "E05010896"})
        assert numbers(backend.find(query(near=HOME, within_km=2, serving=served))) == [2, 3, 4]
        assert numbers(backend.find(query(near=HOME, within_km=2))) == [1, 2, 3, 4]

    def test_beyond_the_city_only_what_serves_anywhere_is_found(self, backend):
        backend.replace_all([document(1), document(2, serves_anywhere=True)])
        assert numbers(backend.find(query(outside=True))) == [2]

    @pytest.mark.parametrize(("age", "found"), [(9, [2]), (10, [1, 2]), (17, [1, 2]), (18, [2, 3]), (25, [2, 3])])
    def test_both_ends_of_an_age_range_belong_to_it(self, backend, age, found):
        backend.replace_all(
            [
                document(1),
                document(2, minimum_age=None, maximum_age=None),
                document(3, minimum_age=18, maximum_age=None),
            ]
        )
        assert numbers(backend.find(query(age=age))) == found

    def test_one_of_the_worries_is_enough(self, backend):
        backend.replace_all([document(1, harms=("cce",)), document(2, harms=("cse", "missing")), document(3, harms=())])
        assert numbers(backend.find(query(harms=frozenset({"cce", "missing"})))) == [1, 2]

    def test_subject_level_and_kind_narrow(self, backend):
        backend.replace_all(
            [
                document(1, subject="parent"),
                document(2, subject="any", level="preventative"),
                document(3, service_type="girls_group"),
            ]
        )
        assert numbers(backend.find(query(subject="parent"))) == [1, 2]
        assert numbers(backend.find(query(level="preventative"))) == [2]
        assert numbers(backend.find(query(service_type="girls_group"))) == [3]

    @pytest.mark.parametrize("aspect", [one for one in Aspect if one not in ALL_NEEDED])
    def test_of_how_it_works_any_one_answer_is_enough(self, backend, aspect):
        other = next(one for one in Aspect if one != aspect)
        backend.replace_all(
            [
                document(1, aspects={aspect: ("a",)}),
                document(2, aspects={aspect: ("b", "c")}),
                document(3, aspects={other: ("a", "b")}),
                document(4),
            ]
        )
        assert numbers(backend.find(query(aspects={aspect: frozenset({"a", "b"})}))) == [1, 2]
        assert numbers(backend.find(query(aspects={aspect: frozenset({"d"})}))) == []
        assert numbers(backend.find(query(aspects={aspect: frozenset()}))) == [1, 2, 3, 4]

    def test_what_is_for_others_alone_is_left_out_unless_somebody_chose_with_whom(self, backend):
        with_whom = Aspect.COMPOSITION
        backend.replace_all(
            [document(1, aspects={with_whom: ("a", "b")}), document(2, aspects={with_whom: ("b",)}), document(3)]
        )
        assert numbers(backend.find(query(not_for=frozenset({"a"})))) == [2, 3]
        assert numbers(backend.find(query(not_for=frozenset({"a"}), failing=Criterion.COMPOSITION))) == [1]
        assert numbers(backend.find(query(not_for=frozenset({"a"}), aspects={with_whom: frozenset({"a"})}))) == [1]
        # a choice would take its place, so what it would bring is counted as if nothing were left out
        found = backend.find(query(not_for=frozenset({"a"}), counted=True))
        assert found.counts[Criterion.COMPOSITION] == {"a": 1, "b": 2}
        assert found.counts[Criterion.LEVEL] == {"targeted_diversion": 2}

    @pytest.mark.parametrize("aspect", sorted(ALL_NEEDED))
    def test_of_access_everything_that_was_asked_for_is_needed(self, backend, aspect):
        backend.replace_all([document(1, aspects={aspect: ("a",)}), document(2, aspects={aspect: ("a", "b", "c")})])
        assert numbers(backend.find(query(aspects={aspect: frozenset({"a", "b"})}))) == [2]
        assert numbers(backend.find(query(aspects={aspect: frozenset({"a"})}))) == [1, 2]

    def test_every_choice_is_counted_with_the_other_facets_as_they_were_asked(self, backend):
        evening, day = {Aspect.TIME: ("evening",)}, {Aspect.TIME: ("day",)}
        backend.replace_all(
            [
                document(1, aspects=evening, harms=("cce", "cse"), level="preventative"),
                document(2, aspects=evening, harms=("cce",)),
                document(3, aspects=day, harms=("cce",)),
                document(4, aspects=day, harms=("missing",)),
                document(5, aspects=evening, audience="professionals"),
            ]
        )
        asked = query(harms=frozenset({"cce"}), aspects={Aspect.TIME: frozenset({"evening"})})
        counted = backend.find(replace(asked, counted=True)).counts
        assert counted[Criterion.TIME] == {"evening": 2, "day": 1}  # of those about criminal exploitation
        assert counted[Criterion.HARM] == {"cce": 2, "cse": 1}  # of those in the evening
        assert counted[Criterion.LEVEL] == {"preventative": 1, "targeted_diversion": 1}
        assert counted[Criterion.TYPE] == {"community_mentoring": 2}
        assert backend.find(asked).total == 2

    def test_where_all_are_needed_another_choice_is_counted_beside_those_made(self, backend):
        [aspect] = ALL_NEEDED
        backend.replace_all(
            [document(1, aspects={aspect: ("a", "b")}), document(2, aspects={aspect: ("b",)}), document(3)]
        )
        assert backend.find(query(counted=True)).counts[Criterion(aspect.value)] == {"a": 1, "b": 2}
        assert backend.find(query(aspects={aspect: frozenset({"a"})}, counted=True)).counts[
            Criterion(aspect.value)
        ] == {"a": 1, "b": 1}

    def test_a_count_is_what_the_choice_then_brings(self, backend):
        backend.replace_all(
            [
                document(
                    number,
                    places=(at_distance(number / 2),),
                    harms=("cce",) if number % 2 else ("cse",),
                    level="preventative" if number % 3 else "specialist",
                    minimum_age=10 + number % 4,
                    aspects={Aspect.SETTING: ("school",) if number % 5 else ("park", "school")},
                )
                for number in range(1, 13)
            ]
        )
        asked = query(
            near=HOME,
            within_km=4,
            age=12,
            words=(Words(("alongside",)),),
            harms=frozenset({"cce"}),
            level="preventative",
        )
        counted = backend.find(replace(asked, counted=True)).counts
        assert counted[Criterion.HARM]
        for code, many in counted[Criterion.HARM].items():
            assert backend.find(replace(asked, harms=frozenset({code}))).total == many
        for code, many in counted[Criterion.LEVEL].items():
            assert backend.find(replace(asked, level=code)).total == many
        for code, many in counted[Criterion.SETTING].items():
            assert backend.find(replace(asked, aspects={Aspect.SETTING: frozenset({code})})).total == many

    def test_an_audience_sees_its_own_only(self, backend):
        backend.replace_all([document(1), document(2, audience="professionals"), document(3, audience="coordinators")])
        assert numbers(backend.find(query())) == [1]
        assert numbers(backend.find(query(audiences=("public", "professionals")))) == [1, 2]

    def test_every_word_must_be_there_in_some_form(self, backend):
        backend.replace_all(
            [
                document(1, body="Weekly mentoring after boxing"),
                document(2, body="Boxing", keywords=()),
                document(3, keywords=()),
            ]
        )
        assert numbers(backend.find(query(words=(Words(("mentor",)), Words(("boxing",)))))) == [1]
        assert set(numbers(backend.find(query(words=(Words(("box",)), Words(("boxing",))))))) <= {1, 2}

    def test_any_alternative_of_a_word_is_enough(self, backend):
        backend.replace_all(
            [
                document(1, codes=("cce",), keywords=(), body=""),
                document(2, codes=(), keywords=("County lines",), body=""),
                document(3, codes=("cse",), keywords=("Lines of the county",), body=""),
            ]
        )
        asked = (Words(any_of=("county lines",), codes=("county_lines", "cce")),)
        assert sorted(numbers(backend.find(query(words=asked)))) == [1, 2]

    def test_codes_are_found_without_any_word_beside_them(self, backend):
        backend.replace_all([document(1), document(2, codes=("girls_group",))])
        assert numbers(backend.find(query(words=(Words(codes=("girls_group",)),)))) == [2]
        two = (Words(codes=("girls_group",)), Words(codes=("boxing_gym",)))
        assert numbers(backend.find(query(words=two, any_word=True))) == [2]

    def test_a_code_is_found_whole_or_not_at_all(self, backend):
        backend.replace_all([document(1, codes=("missing_education",), keywords=(), body="")])
        assert numbers(backend.find(query(words=(Words(codes=("missing",)),)))) == []

    def test_the_name_counts_more_than_the_body(self, backend):
        backend.replace_all(
            [
                document(1, body="We also do boxing now and then, among many other things"),
                document(2, name="Boxing club", body=""),
            ]
        )
        assert numbers(backend.find(query(words=(Words(("boxing",)),)))) == [2, 1]

    def test_name_then_taxonomy_then_summary_then_body(self, backend):
        backend.replace_all(
            [
                document(1, body="Boxing and other things"),
                document(2, summary="Boxing and other things"),
                document(3, keywords=("Boxing", "other things")),
                document(4, name="Boxing and other things"),
            ]
        )
        assert numbers(backend.find(query(words=(Words(("boxing",)),)))) == [4, 3, 2, 1]

    @pytest.mark.parametrize("typed", ["exploited", "exploitation", "exploits", "exploiting"])
    def test_the_forms_of_a_word_find_each_other(self, backend, typed):
        backend.replace_all([document(1, body="For those who were exploited."), document(2, body="Explorers")])
        assert numbers(backend.find(query(words=(Words((typed,)),)))) == [1]

    def test_accents_and_capitals_are_no_matter(self, backend):
        backend.replace_all([document(1, name="CAFÉ for parents"), document(2, name="Tea")])
        assert numbers(backend.find(query(words=(Words(("cafe",)),)))) == [1]

    def test_a_phrase_is_found_in_its_order_only(self, backend):
        backend.replace_all([document(1, body="A youth club."), document(2, body="A club for youth.")])
        assert numbers(backend.find(query(words=(Words(("youth club",), quoted=True),)))) == [1]

    @pytest.mark.parametrize("any_word", [False, True])
    def test_words_in_a_row_count_for_more_and_find_no_more(self, backend, any_word):
        words = (Words(("youth",)), Words(("club",)))
        backend.replace_all(
            [
                document(1, body="A club for youth.", keywords=()),
                document(2, body="The youth club.", keywords=()),
                document(3, body="Some other text.", keywords=()),
            ]
        )
        assert numbers(backend.find(query(words=words, any_word=any_word))) == [2, 1]
        beside = (*words, Words(codes=("girls_group",)))
        assert numbers(backend.find(query(words=beside))) == []

    def test_what_is_quoted_is_no_beginning(self, backend):
        backend.replace_all([document(1, name="Partnership"), document(2, name="Part of it")])
        assert set(numbers(backend.find(query(words=(Words(("part",)),))))) == {1, 2}
        assert numbers(backend.find(query(words=(Words(("part",), quoted=True),)))) == [2]

    def test_any_word_is_enough_where_that_is_said_and_what_has_more_of_them_comes_first(self, backend):
        backend.replace_all(
            [
                document(1, body="Football", keywords=()),
                document(2, body="Football and boxing", keywords=()),
                document(3, body="Football, boxing and cooking", keywords=()),
                document(4, body="Nothing of it", keywords=()),
            ]
        )
        words = tuple(Words((word,)) for word in ("football", "boxing", "cooking"))
        assert numbers(backend.find(query(words=words))) == [3]
        assert numbers(backend.find(query(words=words, any_word=True))) == [3, 2, 1]
        assert numbers(backend.find(query(words=words, any_word=True, failing=Criterion.TEXT))) == [4]
        assert backend.find(query(words=words, any_word=True, counted=True)).counts[Criterion.TYPE] == {
            "community_mentoring": 3
        }

    def test_a_hit_says_where_its_words_are_found(self, backend):
        backend.replace_all(
            [
                document(
                    1, name="Boxing", organization="Corner", body="Mentors who box.", summary="A stool and gloves"
                ),
                document(2, name="Football", codes=("cce",), body="", summary="Boxing too, with a corner and mentors"),
            ]
        )
        words = (Words(("boxing",)), Words(("mentors",)), Words(("corner",)))
        told = {hit.service_id.int: hit.why for hit in backend.find(query(words=words)).hits}
        assert told[1] == (
            Match("boxing", Field.NAME),
            Match("mentors", Field.TAXONOMY),
            Match("corner", Field.ORGANIZATION),
        )
        assert told[2][0] == Match("boxing", Field.SUMMARY)
        [hit] = backend.find(query(words=(Words(("made to deal",), codes=("cce",)),))).hits
        assert hit.why == (Match("made to deal", Field.TAXONOMY),)
        assert all(hit.why == () for hit in backend.find(query()).hits)

    def test_within_a_box_its_edges_belong_to_it_and_what_only_travels_does_not(self, backend):
        there, edge, beyond = (at_distance(km, number=place) for place, km in enumerate((0, 1, 2), 1))
        box = Bounds(HOME.latitude - 0.001, HOME.longitude - 0.001, edge.point.latitude, HOME.longitude + 0.001)
        backend.replace_all(
            [
                document(1, places=(there,)),
                document(2, places=(edge, beyond)),
                document(3, places=(beyond,)),
                document(4, travels=True),
            ]
        )
        assert numbers(backend.find(query(box=box))) == [1, 2]
        assert numbers(backend.find(query(box=box, failing=Criterion.BOX))) == [3, 4]

    def test_happening_in_a_ward_is_another_question_than_serving_it(self, backend):
        here = at_distance(1)
        backend.replace_all(
            [
                document(1, places=(replace(here, areas=("E05010896", "east_central")),)),
                document(2, places=(replace(here, areas=("E05010999", "south")),), areas=("E05010896",)),
                document(3, areas=("E05010896",), travels=True),
            ]
        )
        assert numbers(backend.find(query(happens=frozenset({"E05010896"})))) == [1]
        assert numbers(backend.find(query(happens=frozenset({"south", "north"})))) == [2]
        assert numbers(backend.find(query(happens=frozenset({"south"}), failing=Criterion.HAPPENS))) == [1, 3]

    @pytest.mark.parametrize(
        ("on", "since", "until", "found"),
        [
            (date(2026, 11, 18), 15 * 60, 15 * 60, [1]),  # the minute it opens
            (date(2026, 11, 18), 18 * 60, 18 * 60, []),  # the minute it closes
            (date(2026, 11, 18), 17 * 60, 22 * 60, [1]),  # some of the evening
            (date(2026, 11, 19), 15 * 60, 15 * 60, []),  # another day
            (date(2026, 11, 21), 60, 60, [2]),  # after midnight, begun on Friday
            (date(2026, 11, 21), 150, 150, []),
            (date(2026, 11, 22), 12 * 60, 12 * 60, [3]),  # its first day
            (date(2026, 11, 15), 12 * 60, 12 * 60, []),  # the Sunday before
            (date(2026, 12, 6), 12 * 60, 12 * 60, []),  # after its last
        ],
    )
    def test_open_then_is_what_its_hours_say(self, backend, on, since, until, found):
        hours = [
            Hours(2, 15 * 60, 18 * 60),
            Hours(4, 22 * 60, 26 * 60),
            Hours(6, 11 * 60, 14 * 60, date(2026, 11, 22), date(2026, 11, 29)),
        ]
        backend.replace_all([document(number, hours=(one,)) for number, one in enumerate(hours, 1)])
        span = Span(on, since, until)
        assert numbers(backend.find(query(open=span))) == found
        assert [number for number, one in enumerate(hours, 1) if one.covers(span)] == found

    def test_a_moment_is_of_the_clock_on_the_wall(self):
        assert Span.of(datetime(2026, 7, 1, 23, 30, tzinfo=LONDON)) == Span(date(2026, 7, 1), 1410, 1410)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("ment", ["Boxing and mentoring", "Mentoring, south", "Umoja Mentors", "Mentoring"]),
            ("box", ["Boxing and mentoring"]),
            ("MENTORING, S", ["Mentoring, south"]),
            ("cafe", ["Café Nour"]),
            ("m", []),
            ("zz", []),
            ("%", []),
            ("'; --", []),
        ],
    )
    def test_what_is_begun_is_offered_names_first(self, backend, typed, told):
        backend.replace_all(
            [
                document(1, name="Mentoring, south", organization="Umoja Mentors"),
                document(2, name="Boxing and mentoring", organization="Umoja Mentors"),
                document(3, name="Tea", organization="Café Nour"),
            ]
        )
        assert [one.words for one in backend.suggest(typed, PUBLIC)] == told

    def test_one_name_of_two_services_is_offered_once_and_leads_to_neither(self, backend):
        backend.replace_all(
            [document(1, name="Girls’ group"), document(2, name="Girls’ group"), document(3, name="Girl")]
        )
        told = backend.suggest("girl", PUBLIC)
        assert [(one.words, one.kind, one.service_id) for one in told] == [
            ("Girl", Suggested.SERVICE, UUID(int=3)),
            ("Girls’ group", Suggested.SERVICE, None),
        ]

    def test_a_few_words_keep_their_room_beside_any_number_of_names(self, backend):
        names = [document(number, name=f"Girls {number}", keywords=("Girls only",)) for number in range(1, 8)]
        backend.replace_all(names)
        assert [one.words for one in backend.suggest("girl", PUBLIC, most=4)] == [
            "Girls 1", "Girls 2", "Girls 3", "Girls only",
        ]  # fmt: skip
        backend.replace_all([document(1, keywords=tuple(f"Girls {letter}" for letter in "abcde"))])
        assert [one.words for one in backend.suggest("girl", PUBLIC, most=4)] == [
            f"Girls {letter}" for letter in "abcd"
        ]

    def test_nothing_is_offered_that_somebody_may_not_find(self, backend):
        backend.replace_all(
            [
                document(1),
                document(2, name="Formulation", audience="coordinators", organization="Fortress", keywords=("Forum",)),
            ]
        )
        assert backend.suggest("for", PUBLIC) == ()
        assert len(backend.suggest("for", ("public", "coordinators"))) == 3
        assert len(backend.suggest("for", ("public", "coordinators"), most=2)) == 2
        backend.remove([UUID(int=2)])
        assert backend.suggest("for", ("public", "coordinators")) == ()

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("mentorring", "mentoring"), ("metnoring", "mentoring"), ("eastvile", "eastville"), ("nife", "knife")],
    )
    def test_a_mistyped_word_is_known_for_what_was_meant(self, backend, typed, meant):
        backend.replace_all([document(1, name="Eastville mentoring", body="For those who carry a knife.")])
        assert backend.spelt([typed], PUBLIC) == {typed: meant}

    @pytest.mark.parametrize("typed", ["mentoring", "mentor", "mentors", "boxed", "the", "abc", "a1b2", "é" * 40])
    def test_a_word_that_finds_something_or_is_none_is_left_alone(self, backend, typed):
        backend.replace_all([document(1, name="Boxing", body="Boxes of mentors.")])
        assert backend.spelt([typed], PUBLIC) == {}

    def test_nothing_is_meant_by_what_is_like_nothing(self, backend):
        backend.replace_all([document(1)])
        assert backend.spelt(["zzyzxqw", "mentorring"], PUBLIC) == {"zzyzxqw": "", "mentorring": "mentoring"}

    def test_nobody_is_led_to_words_that_they_may_not_read(self, backend):
        backend.replace_all([document(1), document(2, audience="coordinators", body="Formulation")])
        assert backend.spelt(["formulaton"], PUBLIC) == {"formulaton": ""}
        assert backend.spelt(["formulaton"], ("public", "coordinators")) == {"formulaton": "formulation"}

    def test_nobody_is_led_to_words_that_have_gone(self, backend):
        backend.replace_all([document(1), document(2, body="Formulation")])
        backend.remove([UUID(int=2)])
        assert backend.spelt(["formulaton"], PUBLIC) == {"formulaton": ""}

    def test_pages_do_not_overlap_and_the_last_is_kept_to(self, backend):
        backend.replace_all([document(number) for number in range(1, 46)])
        pages = [backend.find(query(page=number)) for number in (1, 2, 3, 4, 10**6)]
        assert [numbers(page) for page in pages[:3]] == [list(range(1, 21)), list(range(21, 41)), list(range(41, 46))]
        assert [page.page for page in pages] == [1, 2, 3, 3, 3]
        assert {page.total for page in pages} == {45}

    def test_by_distance_means_by_distance(self, backend):
        backend.replace_all([document(1, places=(at_distance(2),)), document(2, places=(at_distance(1),))])
        assert numbers(backend.find(query(near=HOME, within_km=5, order=Order.NEAREST))) == [2, 1]

    @pytest.mark.parametrize(
        ("criterion", "asked"),
        [
            (Criterion.AGE, {"age": 14}),
            (Criterion.HARM, {"harms": frozenset({"knife_weapon"})}),
            (Criterion.COMPOSITION, {"not_for": frozenset({"those", "others"})}),
            (Criterion.SUBJECT, {"subject": "child"}),
            (Criterion.LEVEL, {"level": "targeted_diversion"}),
            (Criterion.TYPE, {"service_type": "community_mentoring"}),
            *((Criterion(one.value), {"aspects": {one: frozenset({"this", "that"})}}) for one in Aspect),
            (Criterion.TEXT, {"words": (Words(("alongside",)),)}),
            (Criterion.SERVES, {"serving": frozenset({"south"})}),
            (Criterion.WITHIN, {"near": HOME, "within_km": 2.0}),
        ],
    )
    def test_what_fails_one_thing_is_exactly_what_was_left_out(self, backend, criterion, asked):
        fits = document(1, places=(at_distance(1),), aspects=dict.fromkeys(Aspect, ("that", "this")))
        fails = document(
            2, minimum_age=16, harms=(), subject="parent", level="specialist", service_type="girls_group", body="",
            serves_city=False, areas=("north",), places=(at_distance(6),),
            aspects={Aspect.ACCESS: ("this",), Aspect.COMPOSITION: ("others",)},
        )  # fmt: skip
        backend.replace_all([fits, fails])
        limited = query(**asked)
        assert criterion in limited.asked()
        assert numbers(backend.find(limited)) == [1]
        assert numbers(backend.find(replace(limited, failing=criterion))) == [2]

    @pytest.mark.parametrize(
        "text", ['"', "*", "NEAR(", "a OR b", "title:x", "kw", "-", "'; DROP TABLE x; --", "%s", "ميثاق", "日本"]
    )
    def test_no_text_is_a_command(self, backend, text):
        from search.texts import Synonyms, read

        backend.replace_all([document(1)])
        backend.find(query(words=read(text, Synonyms({})).words))
        backend.find(query(words=read(text, Synonyms({})).words, failing=Criterion.TEXT))

    def test_thousands_of_words_are_read_as_a_few(self, backend):
        from search.texts import Synonyms, read

        backend.replace_all([document(1)])
        assert backend.find(query(words=read("mentor " * 5000, Synonyms({})).words)).total == 1

    def test_a_place_that_has_gone_is_gone_at_once(self, backend, db):
        from directory import capacity
        from tests.factories import directory as make

        service = make.service()
        pool = make.pool(service, free=1)
        backend.replace_all([document(service.pk.int)])
        free = query(tiers=frozenset({Tier.FREE}))
        assert backend.find(free).total == 1
        capacity.hold(pool.pk, service_id=service.pk, reference=uuid4(), by=None, at=AT, until=AT + timedelta(days=1))
        assert backend.find(free).total == 0
        assert backend.find(replace(free, failing=Criterion.PLACES)).total == 1

    def test_soonest_first_is_by_when_a_place_can_be_had(self, backend, db):
        from tests.factories import directory as make

        made = [make.service() for _ in range(5)]
        make.pool(made[0], free=0, waitlist_open=True, wait_weeks=2)
        make.pool(made[1], free=3, model="cohort_places", starts_on=(AT + timedelta(days=5)).date())
        make.pool(made[2], free=1)
        make.pool(made[3], at=AT - timedelta(days=30))
        make.pool(made[4], free=0)
        backend.replace_all([document(one.pk.int) for one in made])
        found = backend.find(query(order=Order.SOONEST, tiers=frozenset(Tier)))
        assert numbers(found) == [made[place].pk.int for place in (2, 1, 0, 3, 4)]

    def test_what_fits_the_words_well_comes_before_what_has_a_place(self, backend, db):
        from tests.factories import directory as make

        full, free = make.service(), make.service()
        make.pool(full, free=0, waitlist_open=True)
        make.pool(free, free=3)
        other = "One adult who stays alongside, in many ways and in many places, also for boxing once in a while."
        backend.replace_all([document(full.pk.int, name="Boxing"), document(free.pk.int, body=other)])
        assert numbers(backend.find(query(words=(Words(("boxing",)),)))) == [full.pk.int, free.pk.int]

    def test_places_free_come_first_and_unconfirmed_ones_rank_down(self, backend, db):
        from tests.factories import directory as make

        made = [make.service() for _ in range(4)]
        make.pool(made[0], at=AT - timedelta(days=30))
        make.pool(made[1], free=0, waitlist_open=True)
        make.pool(made[2], free=1)
        make.pool(made[3], free=0)
        near = {place: (at_distance(place + 0.1),) for place in range(4)}
        backend.replace_all([document(one.pk.int, places=near[place]) for place, one in enumerate(made)])
        found = backend.find(query(near=HOME, within_km=3 * KM_PER_MILE, tiers=frozenset(Tier)))
        assert numbers(found) == [made[place].pk.int for place in (2, 1, 0, 3)]
