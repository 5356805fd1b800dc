"""
The design system's words: tags and filters that every template has without loading them.

A state is always drawn as a shape and a word, and a number of places never without when it was said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from safekeeping import assumptions

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
MILES_IN_A_KILOMETRE = 0.621371
PIPS_AT_MOST = 30


@register.simple_tag
def assumed(key: str) -> str:
    """Return a judgement in force as it stands in a sentence: "two working days" (`safekeeping.assumptions`)."""
    return assumptions.in_words(key)


# --- shapes ---------------------------------------------------------------------------------------------------------

SHAPES = {
    "disc": '<circle cx="8" cy="8" r="7.5" fill="currentColor"/>',
    "half": '<circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M8 1.25a6.75 6.75 0 0 0 0 13.5z" fill="currentColor"/>',
    "barred": '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M3.5 8h9" stroke="currentColor" stroke-width="2.2"/>',
    "broken": '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-dasharray="2.6 2.5"/>',
    "bars": '<path d="M4.5 2v12M11.5 2v12" stroke="currentColor" stroke-width="3"/>',
    "triangle": '<path d="M8 1l7.5 14H.5z" fill="currentColor"/>',
    "clock": '<circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M8 4v4.4l2.8 1.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "info": '<circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M8 7v5M8 3.6v1.9" stroke="currentColor" stroke-width="1.9"/>',
    "tick": '<path d="M2 8.6l4 4L14 3.8" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "dash": '<path d="M2.5 8h11" fill="none" stroke="currentColor" stroke-width="2.6"/>',
    "cross": '<path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "arrow": '<path d="M2 8h11M8.5 3.5L13 8l-4.5 4.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    "plus": '<path d="M8 2v12M2 8h12" stroke="currentColor" stroke-width="2.4"/>',
    "minus": '<path d="M2 8h12" stroke="currentColor" stroke-width="2.4"/>',
    "north": '<path d="M3 10.5L8 5l5 5.5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "east": '<path d="M5.5 3L11 8l-5.5 5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "south": '<path d="M3 5.5L8 11l5-5.5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "west": '<path d="M10.5 3L5 8l5.5 5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
}
ICONS = {
    name: SafeString(f'<svg viewBox="0 0 16 16" aria-hidden="true">{shape}</svg>') for name, shape in SHAPES.items()
}

# availability_state (domain V15) → colour, shape
STATES = {
    "available": ("open", "disc"),
    "limited": ("few", "half"),
    "full_waitlist_open": ("quiet", "barred"),
    "full_waitlist_closed": ("quiet", "barred"),
    "paused": ("quiet", "bars"),
    "not_yet_open": ("quiet", "clock"),
    "ended": ("quiet", "cross"),
    "unconfirmed": ("quiet", "broken"),
    "open_access": ("open", "disc"),
    "information_only": ("quiet", "info"),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """
    Draw a shape, hidden from screen readers: the word beside it says what it means.

    :raises KeyError: if there is no such shape
    """
    return ICONS[name]


@register.simple_tag
def mark(tone: str = "") -> SafeString:
    """Draw the mark: one adult beside one child; `light` is for dark ground."""
    return format_html(
        '<svg class="al-logo" viewBox="0 0 22 30" aria-hidden="true">'
        '<rect x="0" y="0" width="9.5" height="30" rx="4.75" fill="{}"/>'
        '<rect x="12.5" y="10" width="9.5" height="20" rx="4.75" fill="#f2b135"/></svg>',
        "#ffffff" if tone == "light" else "#0f3d4a",
    )


# --- states, places, clocks ------------------------------------------------------------------------------------------


@register.simple_tag
def state(kind: str, words: object, shape: str = "", tag: bool = False) -> SafeString:
    """Return a state: `kind` is open, few, late or quiet; `shape` is an icon's name, or nothing; `tag` tints it."""
    return format_html(
        '<span class="al-state al-state--{}{}">{}<span>{}</span></span>',
        kind,
        " al-tag" if tag else "",
        ICONS[shape] if shape else "",
        words,
    )


@register.simple_tag
def availability(a: Any, big: bool = False, css: str = "", words: str = "", when: str = "") -> SafeString:
    """
    Return a service's or a pool's state with when it was said.

    `a` has `state`, `words` and `when`; `css` is a further class of the paragraph; `words` and `when` say it otherwise.
    """
    kind, shape = STATES[str(a.state)]
    said = when or a.when
    return format_html(
        '<p class="al-dated{}{}">{}{}</p>',
        " al-dated--big" if big else "",
        f" {css}" if css else "",
        state(kind, words or a.words, shape),
        format_html(' <span class="al-dated__when">{}</span>', said) if said else "",
    )


@register.simple_tag
def pips(
    a: Any = None, *, total: int = 0, held: int = 0, free: int = 0, planned: int = 0, unknown: bool = False
) -> str:
    """
    Draw one upright per place: taken, held, planned, free. Nothing above 30, where only words are read.

    Either from an availability (`total`, `free` and, where it has it, `held`), or from the numbers themselves.
    """
    if a is not None:
        total, free = a.total or 0, a.free or 0
        held = getattr(a, "held", 0) or 0
        unknown = str(a.state) in ("unconfirmed", "paused")
    if not 0 < total <= PIPS_AT_MOST:
        return ""
    if unknown:
        kinds = ["unknown"] * total
    else:
        free = min(free, total)
        held = min(held, total - free)
        planned = min(planned, total - free - held)
        kinds = [""] * (total - free - held - planned) + ["held"] * held + ["plan"] * planned + ["free"] * free
    drawn = format_html_join("", "<i{}></i>", ((format_html(' class="{}"', kind) if kind else "",) for kind in kinds))
    return format_html('<span class="al-pips" aria-hidden="true">{}</span>', drawn)


@register.simple_tag
def deadline(until: datetime, at: datetime, tag: bool = False, said: str = "by") -> SafeString:
    """Return a clock tag: "1 day late", "by 16:30" for today, else the day. Past is late, today is few, later quiet."""
    if until < at:
        return state("late", _late(at - until), "triangle", tag)
    there, here = _local(until), _local(at)
    if there.date() == here.date():
        return state("few", f"{said} {there:%H:%M}", "clock", tag)
    return state("quiet", f"{said + ' ' if tag else ''}{_short_day(there)}{f', {there:%H:%M}' if tag else ''}", "", tag)


def _late(by: timedelta) -> str:
    minutes = int(by.total_seconds() // 60)
    if minutes < 60:
        return f"{_count(max(minutes, 1), 'minute')} late"
    if minutes < 24 * 60:
        return f"{_count(minutes // 60, 'hour')} late"
    return f"{_count(minutes // (24 * 60), 'day')} late"


def _count(n: int, noun: str) -> str:
    return f"{n}{NBSP}{noun}" + ("" if n == 1 else "s")


# --- dates, distances ------------------------------------------------------------------------------------------------


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day_of(moment: date | datetime) -> date:
    return _local(moment).date() if isinstance(moment, datetime) else moment


def _short_day(day: date | datetime) -> str:
    return f"{day:%a} {day.day} {day:%b}"


@register.filter
def when(moment: date | datetime | None, at: date | datetime | None = None) -> str:
    """Return how long ago, in days: "just now", "today", "yesterday", "2 days ago", "tomorrow", "in 3 days"."""
    if moment is None:
        return ""
    at = at or timezone.now()  # noqa: TID251 a template is at the edge, where the clock may be read
    if isinstance(moment, datetime) and isinstance(at, datetime) and timedelta(0) <= at - moment < timedelta(minutes=2):
        return "just now"
    days = (_day_of(at) - _day_of(moment)).days
    if days in (-1, 0, 1):
        return {-1: "tomorrow", 0: "today", 1: "yesterday"}[days]
    return f"{days} days ago" if days > 0 else f"in {-days} days"


@register.filter
def clock(moment: datetime | None) -> str:
    """Return day and time for those who work here: "Wed 18 Nov, 16:30"."""
    if moment is None:
        return ""
    there = _local(moment)
    return f"{_short_day(there)}, {there:%H:%M}"


@register.filter
def day(moment: date | datetime | None, year: str = "") -> str:
    """Return the day in full: "Wednesday 18 November", with its year if asked."""
    if moment is None:
        return ""
    there = _day_of(moment)
    return f"{there:%A} {there.day} {there:%B}" + (f" {there:%Y}" if year else "")


@register.filter
def on_day(moment: date | datetime) -> str:
    """Return a day to come as one says it: "today", "tomorrow", then "on Wednesday 18 November"."""
    there = _day_of(moment)
    return {0: "today", 1: "tomorrow"}.get((there - timezone.localdate()).days, f"on {day(there)}")


@register.filter
def breakable(address: str) -> SafeString:
    """Return an e-mail address that breaks behind its @ where a line is too short for it."""
    name, at, host = address.partition("@")
    return format_html("{}@<wbr>{}", name, host) if at else format_html("{}", name)


@register.filter
def hour(moment: datetime | None) -> str:
    """Return the time as the public reads it: "4.30pm", "9am", "midday"."""
    if moment is None:
        return ""
    there = _local(moment)
    if there.minute == 0 and there.hour in (0, 12):
        return "midday" if there.hour else "midnight"
    minutes = f".{there:%M}" if there.minute else ""
    return f"{(there.hour - 1) % 12 + 1}{minutes}{'am' if there.hour < 12 else 'pm'}"


def in_miles(km: float | None) -> str:
    """Return kilometres as miles: one decimal below ten, none above."""
    if km is None:
        return ""
    distance = float(km) * MILES_IN_A_KILOMETRE
    if distance < 0.05:
        return f"less than 0.1{NBSP}miles"
    tenths = math.floor(distance * 10 + 0.5) / 10
    if tenths < 10:
        return f"{tenths:.1f}{NBSP}miles"
    return f"{math.floor(distance + 0.5)}{NBSP}miles"


register.simple_tag(in_miles, name="miles")
register.filter("miles", in_miles)


@register.filter
def role_words(hat: Any) -> str:
    """Return what a hat is, as the dark bar says it: a coordinator's area, anybody else's organization."""
    if str(hat.role) != "coordinator":
        return str(hat.organization)
    if hat.citywide:
        return "Coordinator, whole city"
    areas = [name for key, name in settings.CITY.localities.items() if key in hat.localities]
    return ", ".join(["Coordinator", *areas])


# --- reasons, words, tables -------------------------------------------------------------------------------------------

REASONS = {
    "fits": ("yes", "tick", "Fits"),
    "partly": ("part", "dash", "Partly"),
    "not": ("no", "cross", "Does not fit"),
}


def _of(item: Any, name: str, place: int) -> Any:
    """Return one part of an item that may be an object, a mapping or a tuple."""
    if isinstance(item, Mapping):
        return item.get(name, "")
    if isinstance(item, str) or not isinstance(item, Sequence) or hasattr(item, name):
        return getattr(item, name, "")
    return item[place] if place < len(item) else ""


@register.simple_tag
def reasons(found: Iterable[Any], css: str = "") -> SafeString:
    """Return a reason list; each item has `kind` (fits, partly, not) and `text`, or is that pair."""
    lines = []
    for item in found:
        name, shape, said = REASONS[str(_of(item, "kind", 0))]
        lines.append((name, ICONS[shape], said, _of(item, "text", 1)))
    return format_html(
        '<ul class="al-reasons{}">{}</ul>',
        f" {css}" if css else "",
        format_html_join(
            "", '<li class="{}">{}<span><span class="govuk-visually-hidden">{}: </span>{}</span></li>', lines
        ),
    )


@register.simple_tag
def quote(words: object, said: object = "") -> SafeString:
    """Return the child's words, and who heard them when."""
    footer = format_html("<footer>{}</footer>", said) if said else ""
    return format_html('<blockquote class="al-quote">{}{}</blockquote>', words, footer)


@register.inclusion_tag("components/who_sees.html")
def who_sees(
    columns: Sequence[str], rows: Iterable[Sequence[object]], labelledby: str, now: int | None = None
) -> dict[str, Any]:
    """Return the table "Who sees what": `columns` and each row start with what is seen; `now` is today's column."""
    return {
        "columns": [(label, number == now) for number, label in enumerate(columns)],
        "rows": [
            [(cell, label, number == now) for number, (cell, label) in enumerate(zip(row, columns, strict=True))]
            for row in rows
        ],
        "labelledby": labelledby,
    }


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Any], level: int = 3) -> dict[str, Any]:
    """Return what happened, newest as given; an event has `title`, `at` (a moment or words), `by` and `text`."""
    told = [
        {
            "title": _of(event, "title", 0),
            "at": _of(event, "at", 1),
            "by": _of(event, "by", 2),
            "text": _of(event, "text", 3),
        }
        for event in events
    ]
    for event in told:
        event["moment"] = event["at"] if isinstance(event["at"], datetime) else None
    return {"events": told, "level": level}


@register.inclusion_tag("components/filter_tags.html")
def filter_tags(tags: Iterable[Any], clear: str = "", label: str = "Filters in use") -> dict[str, Any]:
    """Return the filters in use, each a link that takes it away; a tag has `label` and `url`; `clear` takes all."""
    return {
        "tags": [{"label": _of(tag, "label", 0), "url": _of(tag, "url", 1)} for tag in tags],
        "clear": clear,
        "label": label,
    }


@register.simple_tag
def button(
    words: object,
    kind: str = "",
    href: str = "",
    name: str = "",
    value: str = "",
    about: str = "",
    small: bool = False,
    css: str = "",
    shape: str = "",
    form: str = "",
    formaction: str = "",
) -> SafeString:
    """
    Return a button, or a link that looks like one when it has `href`.

    `kind` is secondary, inverse or warning; `about` is added for those who hear the page ("Change" … "the number of
    places"); `shape` is an icon's name; `form` is the id of a form that stands elsewhere.
    """
    classes = ["govuk-button", *([f"govuk-button--{kind}"] if kind else []), *(["al-small-button"] if small else [])]
    if css:
        classes.append(css)
    inside = format_html(
        "{}{}{}",
        format_html("{} ", ICONS[shape]) if shape else "",
        words,
        format_html('<span class="govuk-visually-hidden"> {}</span>', about) if about else "",
    )
    if href:
        return format_html(
            '<a href="{}" role="button" draggable="false" class="{}" data-module="govuk-button">{}</a>',
            href,
            " ".join(classes),
            inside,
        )
    given = [
        (key, said)
        for key, said in (("name", name), ("value", value), ("form", form), ("formaction", formaction))
        if said
    ]
    return format_html(
        '<button type="submit"{} data-prevent-double-click="true" class="{}" data-module="govuk-button">{}</button>',
        format_html_join("", ' {}="{}"', given),
        " ".join(classes),
        inside,
    )


@cache
def _puts(name: str) -> str:
    """Return where such a button goes: asked once, because a list has twenty of them."""
    return reverse(name)


@register.simple_tag
def put_aside(slug: str, name: str, listed: bool) -> SafeString:
    """
    Return the button that puts a service on the shortlist, or takes it off.

    It belongs to the page's one form for them (components/shortlist_form.html); a script changes it in place.
    """
    where = _puts("search:shortlist_remove" if listed else "search:shortlist_add")
    return format_html(
        '<button class="govuk-button govuk-button--secondary al-small-button al-put" id="list-{}" type="submit" '
        'form="put-aside" name="service" value="{}" formaction="{}" hx-post="{}" hx-swap="outerHTML">{}'
        '<span class="govuk-visually-hidden">: {}</span></button>',
        slug,
        slug,
        where,
        where,
        "Take off the shortlist" if listed else "Add to shortlist",
        name,
    )


# --- forms ------------------------------------------------------------------------------------------------------------

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | None, title: str = "") -> dict[str, Any]:
    """Return what is wrong, first on the page and linked to each answer; nothing if nothing is."""
    found: list[tuple[str, object]] = []
    missing = True
    general = False
    for form in _single(forms):
        for error in form.non_field_errors():
            found.append(("", error))
            general = True
        for bound in form:
            for error in bound.errors.as_data():
                missing = missing and error.code == "required"
            href = "" if bound.is_hidden else f"#{getattr(bound, 'first_id', bound.id_for_label)}"
            found.extend((href, said) for said in getattr(bound, "said", bound.errors))
    return {"found": found, "title": title or _what_is_wrong(len(found), missing=missing, general=general)}


def _single(forms: Iterable[BaseForm | BaseFormSet | None]) -> Iterable[Any]:
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield from form.forms
        elif form:
            yield form


def _what_is_wrong(n: int, *, missing: bool, general: bool) -> str:
    if general:
        return "There is a problem"
    number = NUMBERS[n] if n < len(NUMBERS) else str(n)
    one = n == 1
    if missing:
        return f"{number} answer is missing" if one else f"{number} answers are missing"
    return f"{number} answer needs another look" if one else f"{number} answers need another look"


@register.simple_tag
def field(bound: Any, **look: Any) -> SafeString:
    """
    Return one field of a form, dressed as the page wants it.

    `size` of its label ("", s, m, l), `heading` (the label is the page's h1), `small`, `inline`, `width` (2, 3, 4, 5,
    10, 20), `hint` and `label` instead of the form's own, `css` of the group, `prefix`, `suffix`, `hide_label`.
    """
    return bound.group(**look)


class ChoicesNode(Node):
    """A group of radios or checkboxes with something more to answer under some of them."""

    def __init__(self, bound: FilterExpression, look: Mapping[str, FilterExpression], inside: NodeList) -> None:
        self.bound = bound
        self.look = look
        self.nodelist = inside

    def render(self, context: Context) -> SafeString:
        with context.push(revealed={}):
            self.nodelist.render(context)
            revealed = context["revealed"]
        look = {name: value.resolve(context) for name, value in self.look.items()}
        return self.bound.resolve(context).group(revealed=revealed, **look)


class RevealNode(Node):
    """What belongs to one answer; style alone shows it once that is chosen, so it needs no script (`look.css`)."""

    def __init__(self, value: FilterExpression, inside: NodeList) -> None:
        self.value = value
        self.nodelist = inside

    def render(self, context: Context) -> str:
        context["revealed"][str(self.value.resolve(context))] = self.nodelist.render(context)
        return ""


@register.tag("choices")
def do_choices(parser: Parser, token: Token) -> ChoicesNode:
    """`{% choices form.harm size="m" %}{% reveal "yes" %}…{% endreveal %}{% endchoices %}`"""
    _, bound, *rest = token.split_contents()
    look = token_kwargs(rest, parser)
    inside = parser.parse(("endchoices",))
    parser.delete_first_token()
    return ChoicesNode(parser.compile_filter(bound), look, inside)


@register.tag("reveal")
def do_reveal(parser: Parser, token: Token) -> RevealNode:
    """`{% reveal "yes" %}` … `{% endreveal %}`, inside `{% choices %}`."""
    _, value = token.split_contents()
    inside = parser.parse(("endreveal",))
    parser.delete_first_token()
    return RevealNode(parser.compile_filter(value), inside)


@register.filter
def nobreak(words: object) -> str:
    """Keep a short piece of text on one line."""
    return str(words).replace(" ", NBSP)
