"""Pages that are words; what the words are about lives in the directory."""

from cms.models.events import EventDate, EventPage, EventsPage
from cms.models.governance import GovernancePage
from cms.models.involvement import GetInvolvedPage, OpportunityPage
from cms.models.library import LibraryPage, ResourcePage
from cms.models.notices import SafetyNotice
from cms.models.pages import ArticlePage, ContentPage, HomePage, SectionPage
from cms.models.site import SiteWords

__all__ = [
    "ArticlePage",
    "ContentPage",
    "EventDate",
    "EventPage",
    "EventsPage",
    "GetInvolvedPage",
    "GovernancePage",
    "HomePage",
    "LibraryPage",
    "OpportunityPage",
    "ResourcePage",
    "SafetyNotice",
    "SectionPage",
    "SiteWords",
]
