"""What is known of an approach stands on the pages of services that work that way, and warns where it can do harm."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from directory import evidence
from directory.models import EvidenceRating
from tests.factories import directory as make

pytestmark = pytest.mark.django_db


def page(service) -> str:
    return Client().get(reverse("directory:service", args=[service.slug])).content.decode()


def test_the_packaged_ratings_are_loaded_once_and_then_are_the_stewards():
    call_command("load_vocabularies", verbosity=0)
    count = EvidenceRating.objects.count()
    assert count > 20
    EvidenceRating.objects.filter(code="mentoring").update(note="Edited here.")
    assert evidence.load() == 0
    assert EvidenceRating.objects.get(code="mentoring").note == "Edited here."
    assert [term.code for term in EvidenceRating.objects.get(code="mentoring").service_types.all()]


def test_the_panel_is_about_the_approach_with_its_source():
    call_command("load_vocabularies", verbosity=0)
    shown = page(make.service(service_type="community_mentoring"))
    assert "about 21%" in shown
    assert "This is about the approach, not about" in shown
    assert "https://youthendowmentfund.org.uk/toolkit/" in shown


def test_no_rating_does_not_mean_that_it_does_not_work():
    call_command("load_vocabularies", verbosity=0)
    shown = page(make.service(service_type="detached_youth_work"))
    assert "That does not mean that it does not work." in shown


def test_what_was_not_compared_with_its_source_says_so():
    call_command("load_vocabularies", verbosity=0)
    assert "not yet compared this with its source" in page(make.service(service_type="pre_court_diversion"))


def test_the_date_of_the_sample_is_not_taken_for_the_day_on_which_the_source_was_read():
    call_command("load_vocabularies", verbosity=0)
    service = make.service(service_type="community_mentoring")
    assert "As at November 2026, which is the date of the sample." in page(service)
    EvidenceRating.objects.filter(code="mentoring").update(as_at=date(2026, 12, 3))
    assert "As at December 2026. " in page(service)


def test_INV_S15_a_shock_approach_is_never_shown_without_its_warning():
    call_command("load_vocabularies", verbosity=0)
    service = make.service()
    rating = EvidenceRating.objects.get(code="prison_awareness")
    assert rating.warning not in page(service)
    rating.services.add(service)
    shown = page(service)
    assert rating.warning in shown
    assert shown.index(rating.warning) < shown.index("about 21%")


def test_INV_S15_harm_cannot_be_rated_without_a_warning():
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceRating.objects.create(code="x", approach="Shock", impact="harmful")


def test_of_two_approaches_the_page_asks_no_more_questions(django_assert_max_num_queries):
    service = make.service()
    for number in range(5):
        made = EvidenceRating.objects.create(code=f"a{number}", approach=f"A {number}")
        made.services.add(service)
    with django_assert_max_num_queries(1):
        assert len(evidence.of_service(service)) == 5
