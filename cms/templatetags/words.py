"""Rich text as it is shown: the few things that its editor knows, whatever has got into the database."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html
from wagtail.whitelist import Whitelister, allow_without_attributes, attribute_rule, check_url

register = template.Library()
PLAIN = ("[document]", "h2", "h3", "b", "strong", "p", "ul", "ol", "li", "br")
# What links may lead to; Wagtail's own list knows "ftp" as well.
ELSEWHERE = ("https://", "http://", "mailto:", "tel:")


def address(told: str) -> str | None:
    """Return an address that a link may have: of this site, of a page elsewhere, a mail or a telephone; else None."""
    checked = check_url(told)
    if not checked:
        return None
    bare = str(checked).strip().lower()
    here = bare.startswith(("/", "#", "?")) and not bare.startswith("//")
    return str(checked) if here or bare.startswith(ELSEWHERE) else None


class FewThings(Whitelister):
    """Keeps what the editor's buttons make; of anything else, its text."""

    element_rules = {
        **dict.fromkeys(PLAIN, allow_without_attributes),
        "a": attribute_rule({"href": address}),
    }


@register.filter
def few_things(value: Any) -> SafeString:
    """Return rich text for a page."""
    source = getattr(value, "source", None)
    if source is None:
        return conditional_escape(value or "")
    return mark_safe(FewThings().clean(expand_db_html(source)))  # noqa: S308 - it has just been taken apart and checked
