"""
What the body of a page is made of: words, pictures, and references to what lives elsewhere.

A block never copies a fact. A service is shown as it is at the moment of reading, and only to whom it may be shown; the
front door's number comes from the city's settings. There is no block for raw HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from directory.models import Service

WORDS = ["h2", "h3", "bold", "ul", "ol", "link", "document-link"]
MOST_SERVICES = 6


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


class Body(blocks.StreamBlock):
    """The body of a page."""

    words = blocks.RichTextBlock(features=WORDS, template="cms/blocks/words.html")
    services = ServicesBlock()
    picture = PictureBlock()
    document = DocumentBlock()
    front_door = FrontDoorBlock()
