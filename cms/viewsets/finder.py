"""What people type, and what we call it. Synonyms are used when a search is read: a change works at once, without a new index."""

from __future__ import annotations

from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from search.models import SearchSynonym


class SearchSynonymViewSet(ModelViewSet):
    model = SearchSynonym
    name = "searchsynonym"
    url_prefix = "directory/synonyms"
    icon = "search"
    menu_label = "What people type"
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 100
    search_fields = ["word", "expands_to"]
    list_export = ["word", "expands_to", "note"]
    list_display = ["word", "expands_to", "note"]
    panels = [FieldPanel("word"), FieldPanel("expands_to"), FieldPanel("note")]
