"""How the stewards' menu is grouped."""

from __future__ import annotations

from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.viewsets.directory import OrganizationViewSet, ServiceViewSet
from cms.viewsets.evidence import EvidenceRatingViewSet
from cms.viewsets.facts import (
    LocationViewSet,
    OrganizationStandingViewSet,
    ScheduleViewSet,
    ServiceAreaViewSet,
    ServiceAtLocationViewSet,
    ServiceStandingViewSet,
    TaxonomyTermViewSet,
)
from cms.viewsets.finder import SearchSynonymViewSet
from cms.viewsets.proposals import ClosureViewSet
from cms.viewsets.training import CourseViewSet


class DirectoryGroup(SnippetViewSetGroup):
    """Words that wait for publication, and whether they may be shown at all."""

    menu_label = "Directory"
    menu_icon = "list-ul"
    menu_order = 100
    items = (ServiceViewSet, OrganizationViewSet, ServiceStandingViewSet, OrganizationStandingViewSet)


class TrainingGroup(SnippetViewSetGroup):
    """Words about courses; their sessions and seats are the Partnership Team's own pages."""

    menu_label = "Training"
    menu_icon = "calendar"
    menu_order = 105
    items = (CourseViewSet,)


class FactsGroup(ModelViewSetGroup):
    """Facts that are live at once."""

    menu_label = "Where, when"
    menu_icon = "site"
    menu_order = 110
    items = (LocationViewSet, ServiceAtLocationViewSet, ServiceAreaViewSet, ScheduleViewSet, ClosureViewSet)


class WordsGroup(ModelViewSetGroup):
    """The words that services are described and found with."""

    menu_label = "Words"
    menu_icon = "tag"
    menu_order = 120
    items = (TaxonomyTermViewSet, SearchSynonymViewSet, EvidenceRatingViewSet)
