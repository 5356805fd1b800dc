"""
What the body of a page is made of: words, pictures, and references to what lives elsewhere.

A block never copies a fact. A service is shown as it is at the moment of reading, and only to whom it may be shown; the
front door's number comes from the city's settings. There is no block for raw HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from directory import vocabularies
from directory.models import Service
from search import finder
from search.outcomes import Found
from training import pages as training_pages
from training.models import CourseSession

WORDS = ["h2", "h3", "bold", "ul", "ol", "link", "document-link"]
MOST_SERVICES = 6
MOST_ROWS = 5  # of sessions, events and the like: a page that wants more links to the list
MOST_STEPS = 4
# A page asks the finder at most so many times.
MOST_LISTS = 2


class ServiceChooserBlock(SnippetChooserBlock):
    """
    A reference to a service, kept as the text of its id.

    Wagtail would look rows up by their ids and then ask for them by what JSON kept: a text is not a UUID, so every
    service would be missing.
    """

    def bulk_to_python(self, values: Iterable[str | UUID | None]) -> list[Service | None]:
        found: list[Service | None] = super().bulk_to_python([value and UUID(str(value)) for value in values])
        return found

    def get_prep_value(self, value: Service | None) -> str | None:
        return str(value.pk) if value else None


class ServicesBlock(blocks.StructBlock):
    """A few services, each as the directory shows it now; one that may not be shown is left out."""

    heading = blocks.CharBlock(max_length=120)
    services = blocks.ListBlock(ServiceChooserBlock("directory.Service"), min_num=1, max_num=MOST_SERVICES)

    class Meta:
        icon = "list-ul"
        label = "Services"
        template = "cms/blocks/services.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        hat = getattr((parent_context or {}).get("request"), "hat", None)
        wanted = [service.pk for service in value["services"] if service]
        shown = Service.objects.visible_to(hat).select_related("organization").in_bulk(wanted)
        context["services"] = [shown[pk] for pk in wanted if pk in shown]
        context["at"] = timezone.now()
        return context


class PictureBlock(blocks.StructBlock):
    """A picture, and what somebody who does not see it needs to know; empty for decoration."""

    image = ImageChooserBlock()
    alternative = blocks.CharBlock(
        required=False, max_length=200, help_text="What the picture says. Leave empty if it only decorates."
    )
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        template = "cms/blocks/picture.html"


class DocumentBlock(blocks.StructBlock):
    """A file to take away."""

    document = DocumentChooserBlock()
    told = blocks.CharBlock(label="What it is", max_length=160)

    class Meta:
        icon = "doc-full"
        template = "cms/blocks/document.html"


class FrontDoorBlock(blocks.StaticBlock):
    """How to tell the front door about a child in danger: always the number that the whole site shows."""

    class Meta:
        icon = "warning"
        label = "Worried about a child now?"
        admin_text = "The front door's number, from the city's settings."
        template = "cms/blocks/front_door.html"


# Choices are asked for when somebody chooses, so that a new word is there at once.
def harms() -> list[tuple[str, str]]:
    """Return the worries."""
    return vocabularies.choices("harm_type")


def service_types() -> list[tuple[str, str]]:
    """Return the kinds of service."""
    return vocabularies.choices("service_type")


def levels() -> list[tuple[str, str]]:
    """Return how early a service comes in."""
    return vocabularies.choices("intervention_level")


def measures() -> list[tuple[str, str]]:
    """Return what may change."""
    return vocabularies.choices("outcome_domain")


def places() -> list[tuple[str, str]]:
    """Return the parts of the city."""
    return list(settings.CITY.localities.items())


class ServiceListBlock(blocks.StructBlock):
    """What the finder finds at this moment for a worry, a kind of service, a level or a part of the city."""

    heading = blocks.CharBlock(max_length=120)
    harm = blocks.ChoiceBlock(choices=harms, required=False, label="What worries people")
    service_type = blocks.ChoiceBlock(choices=service_types, required=False, label="Kind of service")
    level = blocks.ChoiceBlock(choices=levels, required=False, label="How early")
    area = blocks.ChoiceBlock(choices=places, required=False, label="Part of the city")

    class Meta:
        icon = "list-ul"
        label = "Services that fit"
        template = "cms/blocks/service_list.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        hat = getattr((parent_context or {}).get("request"), "hat", None)
        asked = {
            "harm": value["harm"] or "",
            "type": value["service_type"] or "",
            "level": value["level"] or "",
            "place": settings.CITY.localities.get(value["area"] or "", ""),
        }
        wanted = finder.Terms(
            harms=frozenset(filter(None, [asked["harm"]])),
            service_type=asked["type"],
            level=asked["level"],
            place=asked["place"],
        )
        found = finder.find(wanted, hat=hat, at=timezone.now())
        cards = [*found.near, *found.anywhere] if isinstance(found, Found) else []
        context["cards"] = cards[:MOST_SERVICES]
        context["total"] = found.page.total if isinstance(found, Found) else 0
        told = {name: said for name, said in asked.items() if said}
        context["all_url"] = reverse("search:find") + (f"?{urlencode(told)}" if told else "")
        return context


class SearchBoxBlock(blocks.StaticBlock):
    """The finder's two boxes."""

    class Meta:
        icon = "search"
        label = "Search box"
        admin_text = "The finder’s two boxes and its button."
        template = "cms/blocks/search_box.html"


class SessionsBlock(blocks.StructBlock):
    """The next sessions of the training programme, with the seats that are left now."""

    heading = blocks.CharBlock(max_length=120)

    class Meta:
        icon = "calendar"
        label = "Training sessions to come"
        template = "cms/blocks/sessions.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        at = timezone.now()
        rows = CourseSession.objects.published().still_to_come(at).filter(state="open").with_all_that_is_shown()
        context["cards"] = list(training_pages.cards_of(rows.order_by("starts_at", "ref")[:MOST_ROWS], at=at))
        return context


class EventsBlock(blocks.StructBlock):
    """The next events."""

    heading = blocks.CharBlock(max_length=120)

    class Meta:
        icon = "date"
        label = "Events to come"
        template = "cms/blocks/events.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from cms import calendar

        context = super().get_context(value, parent_context=parent_context)
        context["dates"] = calendar.to_come(at=timezone.now())[:MOST_ROWS]
        return context


class PrinciplesBlock(blocks.StaticBlock):
    """The practice principles, in the words that the vocabulary has now."""

    class Meta:
        icon = "clipboard-list"
        label = "Practice principles"
        admin_text = "The practice principles, from the words of the directory."
        template = "cms/blocks/principles.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["principles"] = [label for _, label in vocabularies.choices("practice_principle")]
        return context


class TeamBlock(blocks.StaticBlock):
    """How to reach the team that runs the site: always the address that every page shows."""

    class Meta:
        icon = "mail"
        label = "How to reach the team"
        admin_text = "The team’s address, from the city’s settings."
        template = "cms/blocks/team.html"


class NotGivenBlock(blocks.StructBlock):
    """What ought to stand here and has not been given to us: said, so that nobody takes the gap for an answer."""

    what = blocks.CharBlock(max_length=160, help_text="What is missing, like “what this meeting decides”.")

    class Meta:
        icon = "help"
        label = "Not given to us yet"
        template = "cms/blocks/not_given.html"


class PointBlock(blocks.StructBlock):
    """A recommendation or a priority: its words, or that we have not been given them, and what it is about."""

    title = blocks.CharBlock(max_length=160)
    words = blocks.RichTextBlock(
        features=WORDS, required=False, help_text="Leave empty while the text has not been given to us."
    )
    harms = blocks.MultipleChoiceBlock(choices=harms, required=False, label="Worries it is about")
    measures = blocks.MultipleChoiceBlock(choices=measures, required=False, label="What it should change")
    serves = blocks.PageChooserBlock(
        page_type="cms.GovernancePage", required=False, label="The plan or review that it serves"
    )

    class Meta:
        icon = "tick-inverse"
        label = "Recommendation or priority"
        template = "cms/blocks/point.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["tags"] = [
            *spoken("harm_type", value["harms"] or ()),
            *spoken("outcome_domain", value["measures"] or ()),
        ]
        served = value["serves"]
        context["served"] = served if served and served.pk in (parent_context or {}).get("shown_pages", ()) else None
        return context


def spoken(taxonomy: str, codes: Iterable[str]) -> list[str]:
    """Return the words of these codes; a word that is gone is left out."""
    found = []
    for code in codes:
        try:
            found.append(vocabularies.label_of(taxonomy, code))
        except vocabularies.UnknownTerm:
            continue
    return found


class Points(blocks.StreamBlock):
    """Recommendations and priorities, in their order."""

    point = PointBlock()

    class Meta:
        max_num = 30


class StepBlock(blocks.StructBlock):
    """One step of what happens when somebody asks."""

    title = blocks.CharBlock(max_length=80)
    words = blocks.CharBlock(max_length=240)

    class Meta:
        icon = "order"


class Steps(blocks.StreamBlock):
    """The steps on the first page."""

    step = StepBlock()

    class Meta:
        max_num = MOST_STEPS


class Body(blocks.StreamBlock):
    """The body of a page."""

    words = blocks.RichTextBlock(features=WORDS, template="cms/blocks/words.html")
    services = ServicesBlock()
    service_list = ServiceListBlock()
    search_box = SearchBoxBlock()
    sessions = SessionsBlock()
    events = EventsBlock()
    principles = PrinciplesBlock()
    team = TeamBlock()
    picture = PictureBlock()
    document = DocumentBlock()
    front_door = FrontDoorBlock()
    not_given = NotGivenBlock()

    class Meta:
        block_counts = {
            "services": {"max_num": MOST_LISTS},
            "service_list": {"max_num": MOST_LISTS},
            "search_box": {"max_num": 1},
            "sessions": {"max_num": 1},
            "events": {"max_num": 1},
            "principles": {"max_num": 1},
        }
