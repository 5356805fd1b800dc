"""Drafts are rows that come and go: nothing outside points into one, no fact lives in one, and no child is anywhere near."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import DraftStateMixin, ReferenceIndex, RevisionMixin
from wagtail.search.index import get_indexed_models
from wagtail.snippets.models import get_snippet_models
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.access import NOBODY
from directory.models import CapacityPool, Service
from safekeeping import policy
from training.models import Booking, Course, CourseSession

OURS = {"cms", "brokering", "training", "search", "directory", "safekeeping"}
# What the Wagtail admin edits of ours, and nothing else. A new name here is a decision: who may write it, and is it live at once?
EDITED = {
    "directory.EvidenceRating",  # live at once; never deleted, so that a warning stays
    "cms.SafetyNotice",
    "cms.SiteWords",
    "directory.Service",
    "directory.Organization",
    "directory.ServiceStanding",
    "directory.OrganizationStanding",
    "directory.Location",
    "directory.ServiceAtLocation",
    "directory.ServiceArea",
    "directory.Schedule",
    "directory.TaxonomyTerm",
    "directory.Membership",
    "directory.ChangeProposal",
    "directory.Closure",
    "directory.LiveAtOnce",
    "directory.ComplianceItem",
    "directory.EmailDomain",
    "search.SearchSynonym",
    "training.Course",
}


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]


def edited_models():
    """Return what has pages in the admin that anybody may open: those about people are declared to be for nobody."""
    get_snippet_models()  # has Wagtail read all hooks
    assert get_resolver().url_patterns  # has it ask them for their pages
    return {
        viewset.model._meta.label
        for viewset in viewsets.viewsets
        if isinstance(viewset, (ModelViewSet, SnippetViewSet))
        and viewset.model._meta.app_label in OURS
        and policy.audience_of(f"admin/{viewset.url_prefix}/", "") != NOBODY
    }


def test_nothing_outside_points_into_a_draft():
    inside = {model for model in our_models() if any(isinstance(f, ParentalKey) for f in model._meta.get_fields())}
    pointers = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model in inside
    ]
    assert inside
    assert pointers == []


def test_the_admin_edits_what_it_was_given_and_nothing_else():
    assert edited_models() == EDITED


def test_places_are_no_part_of_any_draft():
    assert not issubclass(CapacityPool, RevisionMixin)
    drafted = {field.name for field in (*Service._meta.concrete_fields, *Service._meta.many_to_many)}
    children = {relation.get_accessor_name() for relation in get_all_child_relations(Service)}
    assert not {"pools", "standing", "at_locations", "areas", "schedules"} & (drafted | children)


def test_seats_and_bookings_are_no_part_of_any_draft():
    assert not [relation.name for relation in get_all_child_relations(Course)]
    for model in (CourseSession, Booking):
        assert not issubclass(model, RevisionMixin)
        assert model not in get_snippet_models()
    assert not {"pool", "starts_at", "joining", "state"} & {field.name for field in Course._meta.concrete_fields}


@pytest.mark.parametrize("app", ["brokering", "safekeeping"])
def test_wagtail_knows_nothing_of_children_nor_of_what_protects_them(app):
    about = {model for model in our_models() if model._meta.app_label == app}
    assert about
    assert not about & set(get_snippet_models())
    assert not about & set(get_indexed_models())
    assert not about & set(ReferenceIndex.tracked_models)
    assert not {model for model in about if issubclass(model, (RevisionMixin, DraftStateMixin))}
    assert not {label for label in edited_models() if label.split(".")[0] == app}


def test_what_is_drafted_starts_unpublished():
    for model in our_models():
        if issubclass(model, DraftStateMixin) and model._meta.app_label in ("directory", "training"):
            assert model._meta.get_field("live").default is False, model


def test_there_is_no_second_admin_and_no_forms_that_keep_what_people_type():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert "wagtail.contrib.forms" not in settings.INSTALLED_APPS
