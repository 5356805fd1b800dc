"""
What would be markup or a script is text wherever it is shown, whichever field of the admin a steward has typed it into.

Each text field of each model that stewards edit, and each text of each page's body, is filled with an attack that the field
itself would take; then the site is read as the public, a school, a provider, a coordinator and a steward read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from html import escape, unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, RevisionMixin

from cms.models import SafetyNotice, SiteWords
from directory import evidence
from directory.models import Closure, ComplianceItem, ComplianceKind, Organization, Role, Service
from safekeeping import assumptions
from safekeeping.models import AssumptionChange
from search.models import SearchSynonym
from tests.architecture.test_drafts import EDITED
from tests.catalogue.conftest import open_nowhere
from tests.factories.people import browser_of, member

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("catalogue")]

ATTACKS = (
    "<svg/onload=alert(3)>",  # first: it fits into the shortest
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(4)//<a href=javascript:alert(5)>x</a>",
)
# What cannot be planted without changing what the code does; a form of its own guards it.
LEFT = {"directory.TaxonomyTerm.code"}
# Nothing but choices, dates and the ends of addresses; or written by a provider.
WITHOUT_TEXT = {"directory.ServiceArea", "directory.EmailDomain", "directory.ChangeProposal"}
READ_AT_MOST = 90
# An address that is nothing but a download, an end of the session, or the next page of the same.
PASSED_OVER = re.compile(
    r"/static/|/media/|\.(ics|csv|xlsx|json|xml)|/logout|/account/|[?&](page|p)=|/history/|/usage/|/delete/|/unpublish/"
)


def texts_of(model: type[models.Model]) -> Iterator[models.Field]:
    """Yield the text fields of a model."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and not field.primary_key and field.editable:
            yield field


class Planting:
    """Writes attacks into rows; ``marks`` says which field each mark stands for, ``planted`` which fields took theirs."""

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}
        self.planted: set[str] = set()

    def attack(self, where: str, longest: int | None = None) -> str:
        """Return the attack for a field, after a mark by which it is found again; "" if none fits into it."""
        mark = self.marks.setdefault(where, f"z{len(self.marks):03}z")
        fitting = [one for one in ATTACKS if longest is None or len(mark) + len(one) <= longest]
        return f"{mark}{fitting[len(self.marks) % len(fitting)]}" if fitting else ""

    def text_for(self, field: models.Field, row: models.Model) -> str | None:
        """Return what this field of this row would take of an attack, None if it takes nothing of the kind."""
        where = f"{row._meta.label}.{field.name}"
        text = self.attack(where, field.max_length) if where not in LEFT else ""
        if (text and any(field.name in one.fields for one in row._meta.total_unique_constraints)) or field.unique:
            text = f"{text}{row.pk}"[: field.max_length]
        try:
            taken = field.clean(text, row) if text else None
        except ValidationError:
            return None
        if taken is not None:
            self.planted.add(where)
        return taken

    def plant(self, row: models.Model, *but: str) -> None:
        """Put an attack into each text field of a row."""
        for field in texts_of(type(row)):
            if field.name not in but and (text := self.text_for(field, row)) is not None:
                setattr(row, field.name, text)

    def body(self, value: Any, block: Any) -> Any:
        """Return a block's raw value with an attack in each of its texts."""
        if isinstance(block, RichTextBlock):
            return as_an_editor_keeps_it(self.attack("the words of a page"))
        if isinstance(block, CharBlock | TextBlock):
            return self.attack(f"a page's {block.name}", block.field.max_length)
        if isinstance(block, StructBlock):
            return {name: self.body(one, block.child_blocks[name]) for name, one in value.items()}
        if isinstance(block, StreamBlock):
            return [one | {"value": self.body(one["value"], block.child_blocks[one["type"]])} for one in value]
        if isinstance(block, ListBlock):
            return [one | {"value": self.body(one["value"], block.child_block)} for one in value]
        return value


def as_an_editor_keeps_it(text: str) -> str:
    """Return what the editor makes of a text with a link that somebody has forged, and of markup that was typed."""
    told = {
        "blocks": [
            {"key": "a", "text": f"{text} and a link", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
             "entityRanges": [{"offset": len(text) + 1, "length": 5, "key": 0}]},
        ],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(7)"}}},
    }  # fmt: skip
    kept: str = ContentstateConverter(features=["link", "bold"]).to_database_format(json.dumps(told))
    return kept


@pytest.fixture(scope="module")
def planted(catalogue) -> Planting:
    """Plant it everywhere, and say where."""
    planting = Planting()
    text = next(one for one in assumptions.REGISTRY.values() if one.kind is assumptions.Kind.TEXT)
    AssumptionChange.objects.create(
        key=text.key, number=1, value=planting.attack("an assumption", text.most),
        reason=planting.attack("the reason of an assumption"), at=catalogue,
    )  # fmt: skip
    SafetyNotice.objects.create(text="x", from_at=catalogue, until_at=catalogue + timedelta(days=1))
    SiteWords.objects.update_or_create(defaults={"late_name": "x", "late_telephone": "0117 496 0100"})
    SearchSynonym.objects.create(word="x", expands_to="y")
    evidence.load()
    first = Service.objects.visible_to(None)[0]
    Closure.objects.create(service=first, from_on=catalogue.date(), until_on=catalogue.date())
    ComplianceItem.objects.create(
        organization=first.organization,
        kind=ComplianceKind.values[0],
        entered_at=catalogue,
        expires_on=catalogue.date(),
    )
    for label in sorted(EDITED):
        for row in apps.get_model(label)._base_manager.all():
            planting.plant(row)
            told = {field.name: getattr(row, field.name) for field in texts_of(type(row))}
            type(row)._base_manager.filter(pk=row.pk).update(**told)
    for page in Page.objects.specific().filter(depth__gt=2):
        planting.plant(page, "slug", "path")  # where it stands in the tree is no text
        if hasattr(page, "body"):
            page.body = json.dumps(planting.body(page.body.get_prep_value(), page.body.stream_block))
        page.save(clean=False)
    call_command("reindex", stdout=open_nowhere())
    return planting


def read(client: Client, *starts: str) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of pages, from ``starts`` on by their links."""
    left, known = list(starts), set(starts)
    for _ in range(READ_AT_MOST):
        if not left:
            return
        address = left.pop(0)
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        if "text/html" not in answer.get("Content-Type", "") or answer.streaming:
            continue
        html = answer.content.decode()
        yield address, html
        for link in re.findall(r'href="(/[^"#]*)', html):
            link = unescape(link)
            shape = re.sub(r"[0-9a-f-]{36}|\d+", "0", link)
            if (
                not PASSED_OVER.search(link)
                and link not in known
                and sum(one == shape for one in map(shape_of, known)) < 3
            ):
                known.add(link)
                left.append(link)


def shape_of(address: str) -> str:
    """Return an address without what tells one row from another."""
    return re.sub(r"[0-9a-f-]{36}|\d+", "0", address)


def troubles(html: str) -> list[str]:
    """Return what in a page would run, or lead somewhere, though somebody has only typed it."""
    found = []
    for one in BeautifulSoup(html, "html.parser").find_all(True):
        if one.name == "script" and "alert(" in one.text and "json" not in one.get("type", ""):
            found.append(f"a script: {one.text[:80]}")
        for name, value in one.attrs.items():
            if name.startswith("on"):
                found.append(f"{one.name} {name}={value}")
            if name in ("href", "src", "action", "formaction", "data") and str(value).strip().lower().startswith(
                "javascript:"
            ):
                found.append(f"{one.name} {name}={value}")
        if one.name == "img" and one.get("src") == "x":
            found.append("a picture that was typed")
    return found


STARTS = {
    None: ("/", "/find/?availability=all", "/find/?text=z", "/training/", "/about/", "/about/search/?text=link", "/directory/print/"),
    Role.SCHOOL_DSL: ("/", "/find/?availability=all", "/requests/new/", "/shortlist/"),
    Role.PROVIDER_ADMIN: ("/my-services/", "/my-services/services/"),
    Role.COORDINATOR: ("/",),
    Role.CONTENT_EDITOR: ("/admin/", "/admin/what-is-stale/", "/admin/assumptions/", "/admin/from-readers/", "/joining/"),
}  # fmt: skip


# What each of them has to have met, or the test has looked past it.
MET = {
    None: {
        "directory.Service.name", "directory.Service.what_happens", "directory.Organization.name", "directory.Location.name",
        "directory.TaxonomyTerm.plain_label", "directory.EvidenceRating.note", "cms.SafetyNotice.text", "cms.SiteWords.footer",
        "cms.SiteWords.finder_note", "cms.ContentPage.title", "cms.ContentPage.standfirst", "cms.ResourcePage.title",
        "training.Course.title", "the words of a page",
    },
    Role.CONTENT_EDITOR: {
        "directory.Service.name", "directory.ServiceStanding.note", "directory.ServiceStanding.suspension_reason",
        "directory.TaxonomyTerm.label", "search.SearchSynonym.word",
        "the reason of an assumption",
    },
}  # fmt: skip


@pytest.mark.parametrize("role", list(STARTS), ids=lambda role: role or "public")
def test_nothing_that_a_steward_typed_runs_for_anybody(planted, role):
    home = {Role.SCHOOL_DSL: "demo-secondary-b", Role.PROVIDER_ADMIN: "umoja-path"}.get(role, "safer-connections")
    client = browser_of(member(role, Organization.objects.get(slug=home), citywide=True)) if role else Client()
    starts = list(STARTS[role])
    if role is None:
        starts += [page.url for page in Page.objects.live().filter(depth__gt=2).order_by("path")[:40]]
        starts += [reverse("directory:service", args=[one.slug]) for one in Service.objects.visible_to(None)[:6]]
    if role == Role.CONTENT_EDITOR:
        starts += [address for label in sorted(EDITED) for address in edited(label)]
        starts += [
            reverse("assumption", args=[one.key])
            for one in assumptions.REGISTRY.values()
            if one.kind is assumptions.Kind.TEXT
        ][:1]
    seen: set[str] = set()
    for address, html in read(client, *starts):
        assert troubles(html) == [], address
        seen |= set(re.findall(r"z\d{3}z", html))
    met = {where for where, mark in planted.marks.items() if mark in seen}
    assert MET.get(role, {"directory.Service.name"}) <= met


@pytest.mark.parametrize("attack", [one for one in ATTACKS if "<" in one])
def test_the_judge_sees_what_would_run(attack):
    assert troubles(f"<p>{attack}</p>")
    assert not troubles(f"<p>{escape(attack)}</p>")


def test_what_stewards_type_has_been_planted(planted):
    """The list is long, and does not shrink unseen; what is not in it takes no markup: choices, numbers, addresses, codes."""
    assert len(planted.planted) > 60
    assert {
        label for label in EDITED if not any(where.startswith(f"{label}.") for where in planted.planted)
    } == WITHOUT_TEXT


def edited(label: str) -> Iterator[str]:
    """Yield where the first row of a model is edited."""
    model = apps.get_model(label)
    row = model._base_manager.first()
    named = (f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}", model._meta.model_name)
    if row is not None:
        with suppress(NoReverseMatch):
            yield reverse(f"{named[issubclass(model, RevisionMixin) ^ True]}:edit", args=[row.pk])


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>"])
def test_a_redirect_leads_to_no_script(planted, link):
    steward = browser_of(member(Role.SYSADMIN, Organization.objects.get(slug="safer-connections")))
    address = reverse("wagtailredirects:add")
    steward.post(address, {"old_path": "/gone/", "redirect_link": link, "is_permanent": "on"})
    assert not Redirect.objects.filter(redirect_link=link).exists()
    Redirect.objects.create(old_path="/gone", redirect_link=link)
    assert Client().get("/gone/").get("Location", "") != link
