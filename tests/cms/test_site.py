"""The site that stewards write: every kind of page, what is asked of them, and what no page can do."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Page, PageViewRestriction, Revision
from wagtail.test.utils.form_data import querydict_from_html

from cms import seed, tasks
from cms.models import (
    ArticlePage,
    ContentPage,
    EventDate,
    EventPage,
    EventsPage,
    GetInvolvedPage,
    GovernancePage,
    HomePage,
    LibraryPage,
    OpportunityPage,
    ResourcePage,
    SectionPage,
    SiteWords,
)
from directory import vocabularies
from directory.models import Service, ServiceStanding
from safekeeping.models import AuditEvent
from tests.cms.conftest import fill_in
from tests.factories import brokering as asked
from tests.factories import directory as make
from tests.factories.people import browser_of

pytestmark = pytest.mark.django_db

KINDS = [
    ArticlePage, ContentPage, EventPage, EventsPage, GetInvolvedPage, GovernancePage, HomePage, LibraryPage,
    OpportunityPage, ResourcePage, SectionPage,
]  # fmt: skip
# What this package turns into pages, out of the rows of the domain that are not services, teams or partners.
ROWS = (
    "A01 A02 A03 A05 A06 A09 A10 A11 A12 A13 A14 A16 A17 A18 A22 A23 B01 B02 B04 B05 B06 B10 B11 B12 B13 B18 B21 B22 B27 "
    "B52 B53 B54 B55"
)
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def planted(kept_for_the_file):
    """The whole site of the city with its vocabularies."""
    vocabularies.load()
    call_command("setup", verbosity=0)


@pytest.fixture
def site(planted, db):
    """The whole site of the city; every test has it fresh."""


def page(slug: str) -> Page:
    return Page.objects.get(slug=slug).specific


def read(browser: Client, one: Page | str) -> str:
    answer = browser.get(one if isinstance(one, str) else one.url)
    assert answer.status_code == 200, (one, answer.status_code)
    return answer.content.decode()


# --- what the city's folder becomes -------------------------------------------------------------------------------------
def test_every_page_of_the_folder_is_there_can_be_read_and_is_of_its_kind(site, public):
    folder = settings.CITY.folder / "pages"
    files = sorted(folder.rglob("*.toml"))
    assert len(files) > 35
    for file in files:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        below = "" if file.stem == "about" else "/".join(file.relative_to(folder).with_suffix("").parts) + "/"
        html = read(public, f"/about/{below}")
        assert html.count("<h1>") == 1, file
        assert type(page(file.stem)) is seed.KINDS[told.get("kind", "content")]


def test_what_the_documents_name_is_found_by_its_reference(site):
    refs = {
        ref
        for model in KINDS
        if model is not HomePage
        for one in model.objects.live()
        for ref in one.source_ref.split()
    }
    assert set(ROWS.split()) - refs == set()


def test_set_up_twice_makes_nothing_twice_and_changes_nothing(site):
    before = (
        Page.objects.count(),
        Revision.objects.count(),
        GroupPagePermission.objects.count(),
        SiteWords.objects.count(),
    )
    call_command("setup", verbosity=0)
    assert before == (
        Page.objects.count(), Revision.objects.count(), GroupPagePermission.objects.count(), SiteWords.objects.count(),
    )  # fmt: skip
    assert HomePage.objects.count() == SiteWords.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        'title = "x"\nnobody = "knows"',
        'title = "x"\nkind = "resource"\ntopics = ["no_such_worry"]',
        'title = "x"\n[[body]]\nblock = "no_such_block"',
        'title = "x"\n[[body]]\nblock = "not_given"\nwhy = "x"',
        'title = "x"\nkind = "governance"\nsort = "meeting"\npoints = [{ title = "x", by = "y" }]',
    ],
)
def test_a_file_that_says_something_unknown_is_refused(tmp_path, wrong):
    (tmp_path / "x.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match=r"has no|does not hold|a block says"):
        seed.page_told(tmp_path / "x.toml")


def test_facts_of_2021_are_said_to_be_of_2021(site, public):
    for slug in ("hub", "peer-influencers", "it-takes-a-village-north", "barnardos-partnership"):
        assert "Facts as at 2021, not confirmed since." in read(public, page(slug)), slug
    assert "Facts as at" not in read(public, page("the-team"))


def test_a_gap_is_said_and_not_filled(site, public):
    for slug in ("pre-mace", "operational-mace", "strategic-mace", "what-we-measure"):
        assert "Not given to us yet:" in read(public, page(slug)), slug
    assert read(public, page("review-serious-youth-violence")).count("Not given to us yet:</b> its text") == 4


# --- the library --------------------------------------------------------------------------------------------------------
def write(client: Client, address: str, *, action: str = "", **changes):
    """Fill in the form of a page and send it as a browser would; its bodies stay empty, which scripts would fill."""
    form = page_form(client.get(address).content.decode())
    form |= {name: [value] for name, value in changes.items()}
    if action:
        form[f"action-{action}"] = ["1"]
    return client.post(address, form)


def page_form(html: str) -> dict[str, list[str]]:
    bodies = {f"{name}-count": ["0"] for name in ("body", "points", "steps")}
    return dict(querydict_from_html(html, form_id="page-edit-form").lists()) | bodies


def resource(title: str = "A leaflet", *, topics: list[str] = [], audiences: list[str] = [], **more) -> ResourcePage:  # noqa: B006
    one = ResourcePage(title=title, **more)
    one.topics = seed.terms("harm_type", topics)
    one.audiences = seed.terms("training_audience", audiences)
    return seed.made(one, below=LibraryPage.objects.get())


def test_the_library_is_narrowed_by_words_topic_and_reader(site, public):
    resource("Knives in school", topics=["knife_weapon"], audiences=["school_dsl"])
    resource("Missing children", topics=["missing"], standfirst="What to do in the first hour")
    address = LibraryPage.objects.get().url
    for asked_for, found, not_found in (
        ("?text=first+hour", "Missing children", "Knives in school"),
        ("?topic=knife_weapon", "Knives in school", "Missing children"),
        ("?audience=police", "Missing children", "Knives in school"),
        ("?audience=school_dsl&topic=knife_weapon", "Knives in school", "Missing children"),
    ):
        html = read(public, address + asked_for)
        assert found in html, asked_for
        assert not_found not in html, asked_for
    assert "Nothing in the library fits" in read(public, f"{address}?text=quixotrope")
    assert public.get(f"{address}?topic=no_such").status_code == 200


def test_a_review_that_is_late_is_said_to_be_late(site, public):
    one = resource("Old leaflet", review_due_on=TODAY - timedelta(days=1), version="3", published_year=2019)
    assert "is late" in read(public, one)
    listed = read(public, LibraryPage.objects.get())
    assert "Its review is late." in listed
    assert "2019, version 3" in listed
    ResourcePage.objects.filter(pk=one.pk).update(review_due_on=TODAY)
    assert "is late" not in read(public, one)


# --- events -------------------------------------------------------------------------------------------------------------
def event(title: str, *dates, **more) -> EventPage:
    one = EventPage(title=title, **more)
    one.dates = [EventDate(starts_at=day, ends_at=day + timedelta(hours=2)) for day in dates]
    return seed.made(one, below=EventsPage.objects.get())


def test_events_are_listed_by_date_and_what_is_over_is_not(site, public):
    now = timezone.now().replace(microsecond=0)
    event("Soon", now + timedelta(days=3), locality="south")
    event("Sooner", now + timedelta(days=2), now - timedelta(days=30), locality="north")
    over = event("Was", now - timedelta(days=2))
    html = read(public, EventsPage.objects.get())
    assert html.index("Sooner") < html.index("Soon</a>")
    assert "Was</a>" not in html
    assert "It takes a village: North" in html, "what has no date yet is there too"
    assert "This is over" in read(public, over)
    south = read(public, EventsPage.objects.get().url + "?locality=south")
    assert "Soon</a>" in south
    assert "Sooner" not in south
    assert "village: North" not in south


def test_a_date_can_be_taken_into_ones_own_calendar(site, public):
    now = timezone.now().replace(microsecond=0)
    one = event("Open evening; all, welcome", now + timedelta(days=3), where="Some Hall")
    address = reverse("event_calendar", args=[one.dates.get().pk])
    assert f'href="{address}"' in read(public, one)
    answer = public.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Open evening\\; all\\, welcome" in answer.content.decode()
    one.unpublish()
    assert public.get(address).status_code == 404


def test_there_is_one_village_meeting_for_each_part_of_the_city(site):
    found = sorted(one.locality for one in EventPage.objects.filter(source_ref="B53"))
    assert found == sorted(settings.CITY.localities)


# --- taking part --------------------------------------------------------------------------------------------------------
def test_b52_an_opportunity_stands_under_get_involved_and_is_never_a_service(site, public):
    one = page("peer-influencers")
    assert (one.places, one.minimum_age, one.maximum_age, one.paid) == (6, 16, 21, True)
    assert "Peer Influencers" in read(public, GetInvolvedPage.objects.get())
    assert not Service.objects.filter(name__icontains="influencer").exists()
    assert "Peer Influencers" not in read(public, "/find/?text=influencer&availability=all")
    html = read(public, one)
    assert "<form" not in html.split("<main")[1], "nobody applies here"


def test_what_is_closed_is_last_and_cannot_be_applied_for(site, public):
    above = GetInvolvedPage.objects.get()
    shut = seed.made(
        OpportunityPage(title="Shut", closes_on=TODAY - timedelta(days=1), apply_at="https://apply.example/"),
        below=above,
    )
    seed.made(OpportunityPage(title="Until today", closes_on=TODAY), below=above)
    html = read(public, above)
    assert html.index("Until today") < html.index("Closed</h2>") < html.index("Shut")
    assert "apply.example" not in read(public, shut)


def test_an_organization_that_may_not_be_shown_is_not_named(site, public):
    host = make.organization("Hidden House")
    one = event("With a host", timezone.now() + timedelta(days=3), host=host, host_words="A local group")
    assert "Hidden House" in read(public, one)
    host.standing.standing = "suspended"
    host.standing.save()
    html = read(public, one)
    assert "Hidden House" not in html
    assert "A local group" in html


# --- reviews ------------------------------------------------------------------------------------------------------------
def test_b54_a_review_is_not_published_without_those_whom_it_is_about(site, steward):
    above = page("plans-and-reviews")
    address = reverse("wagtailadmin_pages:add", args=["cms", "governancepage", above.pk])
    said = {"title": "A new review", "slug": "a-new-review", "kind": "practice_review"}
    answer = write(steward, address, action="publish", **said)
    assert answer.status_code == 200
    assert "before this review is published" in answer.content.decode()
    assert "A new review" in answer.content.decode()
    assert not GovernancePage.objects.filter(title="A new review").exists()
    assert write(steward, address, **said).status_code == 302, "a draft may leave it open"
    draft = GovernancePage.objects.get(title="A new review")
    assert not draft.live
    with pytest.raises(ValidationError):
        draft.get_latest_revision().publish()
    for objects in (draft.pk, above.pk):
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={objects}"
        assert steward.post(bulk, {"include_descendants": "on"}).status_code == 302
        assert not GovernancePage.objects.get(pk=draft.pk).live
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    answer = write(steward, edit, action="publish", involvement_statement="Two families set its questions.")
    assert answer.status_code == 302
    assert "Two families set its questions." in read(Client(), draft.url)


def test_a05_a_recommendation_is_added_by_a_steward_and_says_what_it_is_about(site, public):
    review = page("review-serious-youth-violence")
    review.points = [
        ("point", seed.point({"title": "See the whole", "words": "<p>One plan.</p>", "harms": ["knife_weapon"]})),
    ]
    review.points[0].value["serves"] = page("strategy-2025-2030")
    review.save_revision().publish()
    html = read(public, review)
    assert "One plan." in html
    assert f"About: {vocabularies.label_of('harm_type', 'knife_weapon')}" in html
    assert page("strategy-2025-2030").url in html
    page("strategy-2025-2030").unpublish()
    assert "Serves:" not in read(public, review)


# --- the first page -----------------------------------------------------------------------------------------------------
def test_the_first_pages_words_are_a_stewards_and_its_work_is_not(site, public):
    home = HomePage.objects.get()
    assert home.url == "/"
    plain = read(public, "/")
    home.heading, home.lead = "Who could help?", "Look here."
    home.steps = [("step", {"title": "Ask", "words": "Somebody reads it."})]
    home.body = [("words", "<p>More to say.</p>")]
    home.save_revision().publish()
    html = read(public, "/")
    for said in ("Who could help?", "Look here.", "Somebody reads it.", "More to say.", "Every place is dated"):
        assert said in html
    for kept in (
        'action="/find/"', 'name="text"', 'name="place"', "don’t type a child’s name", settings.CITY.front_door.telephone,
        *re.findall(r'<h2><a href="[^"]*">', plain),
    ):  # fmt: skip
        assert kept in html
    home.unpublish()
    assert "What would help, and where?" in read(public, "/")


# --- whom to call: one place --------------------------------------------------------------------------------------------
NEW = "0117 496 0888"


def settle(browser: Client, **more):
    return fill_in(browser, reverse("sitewords:edit", args=[1]), **more)


def test_inv_s3_the_number_is_changed_in_one_place_and_is_another_everywhere(site, steward):
    old = settings.CITY.front_door.telephone
    assert settle(steward, front_door_telephone=NEW, footer="Run by the partnership.").status_code == 302
    assert AuditEvent.objects.filter(action="site_words_changed").count() == 1
    here = asked.world()
    for browser, address in (
        (Client(), "/"), (Client(), "/find/?text=quixotrope"), (Client(), "/about/first-response/"), (Client(), "/nothing/"),
        (browser_of(member_of(here.dsl)), reverse("brokering:start")),
    ):  # fmt: skip
        html = browser.get(address).content.decode()
        assert NEW in html, address
        assert f"tel:{NEW.replace(' ', '')}" in html, address
        assert old not in html, address
    assert "Run by the partnership." in Client().get("/").content.decode()
    from brokering import notifications

    assert NEW in notifications.text_of("News.", public_ref="SC", path="/")


def member_of(hat):
    from directory.models import Membership

    return Membership.objects.get(pk=hat.membership_id)


def test_inv_s3_no_edit_takes_the_number_away(site, steward, public):
    assert settle(steward, front_door_telephone="", front_door_hours="").status_code == 302
    assert settings.CITY.front_door.telephone in read(public, "/")
    for wrong in ("none", "javascript:1", "12", "0117", "+44 117", "0117 496 0888 0888"):
        answer = settle(steward, front_door_telephone=wrong)
        assert answer.status_code == 200, wrong
        assert wrong in answer.content.decode()
    assert settings.CITY.front_door.telephone in read(public, "/")


def test_who_answers_out_of_hours_has_a_name_and_a_number_or_is_not_there(site, steward, public, monkeypatch):
    # the last one: in one that is to come, everybody would have been signed out
    night = (timezone.now() - timedelta(hours=2)).replace(hour=2, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: night)
    assert "Night team" not in read(public, "/")
    assert settle(steward, late_name="Night team", late_telephone="").status_code == 200
    assert settle(steward, late_name="Night team", late_telephone=NEW).status_code == 302
    html = read(public, "/")
    assert "Night team" in html
    assert NEW in html


def test_inv_s11_without_the_database_the_citys_own_number_is_shown(site, steward, monkeypatch):
    from django.db import OperationalError

    from cms import said
    from config import errors
    from safekeeping import front_door

    settle(steward, front_door_telephone=NEW)
    assert front_door.door().telephone == NEW

    def away():
        raise OperationalError("away")

    monkeypatch.setattr(front_door, "_sources", [away])
    assert front_door.door().telephone == settings.CITY.front_door.telephone
    monkeypatch.setattr(errors, "safety_notice", away)
    assert settings.CITY.front_door.telephone in errors.page("404.html").decode()
    assert said.how_to_reach_us().telephone == NEW


# --- what is not for everybody ------------------------------------------------------------------------------------------
def test_drafts_and_private_pages_are_the_page_of_what_is_not_there(site, public):
    nothing = public.get("/nothing/").content
    library, leaflet = LibraryPage.objects.get(), resource("Quixotrope leaflet")
    address = leaflet.url
    assert "Quixotrope" in read(public, address)
    for kind in ("login", "groups"):
        restriction = PageViewRestriction.objects.create(page=leaflet, restriction_type=kind)
        answer = public.get(address)
        assert (answer.status_code, answer.content) == (404, nothing), kind
        restriction.delete()
    PageViewRestriction.objects.create(page=leaflet, restriction_type="login")
    for place in (library.url, "/sitemap.xml", "/about/search/?text=quixotrope"):
        assert address not in public.get(place).content.decode(), place
    PageViewRestriction.objects.all().delete()
    leaflet.unpublish()
    answer = public.get(address)
    assert (answer.status_code, answer.content) == (404, nothing)
    for place in (library.url, "/sitemap.xml", "/about/search/?text=quixotrope"):
        assert address not in public.get(place).content.decode(), place


def test_a_drafts_new_words_are_nowhere_until_it_is_published(site, public):
    leaflet = resource("Leaflet", standfirst="Old words")
    leaflet.standfirst = "Quixotrope words"
    leaflet.topics = seed.terms("harm_type", ["missing"])
    leaflet.save_revision()
    for place in (leaflet.url, LibraryPage.objects.get().url, "/about/search/?text=leaflet"):
        assert "Quixotrope" not in read(public, place), place
    assert leaflet.url not in read(public, "/about/search/?text=quixotrope")
    assert "Leaflet</a>" not in read(public, LibraryPage.objects.get().url + "?topic=missing")
    leaflet.get_latest_revision().publish()
    assert "Quixotrope" in read(public, leaflet)
    assert leaflet.url in read(public, "/about/search/?text=quixotrope")


# --- markup -------------------------------------------------------------------------------------------------------------
CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<iframe src='https://evil.example'></iframe>",
    "<embed embedtype='media' url='https://evil.example'/>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "{{ 7|add:7 }}{% now 'Y' %}",
]


def risky(html: str) -> list[str]:
    """Return the elements, attributes and addresses of the page that a browser would run, as a parser sees them."""
    from bs4 import BeautifulSoup

    main = BeautifulSoup(html, "html.parser").find("main")
    kinds = ["script", "iframe", "embed", "object", "math", "style", "base"]
    # a file of ours that a page of ours names runs, and holds no words of anybody
    ours = {str(one) for one in main.select(f'script[src^="{settings.STATIC_URL}"]') if not one.get_text()}
    found = [str(one)[:80] for one in main.find_all(kinds) if str(one) not in ours]
    for one in main.find_all(True):
        for name, value in one.attrs.items():
            told = re.sub(r"[\s\x00-\x20]", "", str(value)).lower()
            if name.startswith("on") or name == "style" or told.startswith(("javascript:", "data:", "vbscript:")):
                found.append(f"{one.name} {name}={value}")
    return found


def spoilt(model: type[Page], turn: int) -> Page:
    """Return a page of that kind in which every field that takes words, and every block, holds markup: each turn another."""
    from django.db import models as columns

    evils = itertools.cycle(CORPUS[turn:] + CORPUS[:turn])
    one = model(title=next(evils), slug=f"evil-{model.__name__.lower()}-{turn}", search_description=next(evils))
    own = {field.name for field in model._meta.get_fields() if getattr(field, "model", None) is model}
    for field in model._meta.concrete_fields:
        if field.name in own and type(field) in (columns.CharField, columns.TextField) and not field.choices:
            setattr(one, field.name, next(evils)[: field.max_length or 500])
        elif field.name in own and isinstance(field, columns.URLField):
            setattr(one, field.name, "https://good.example/")
    if model is ArticlePage:
        one.told_on = TODAY
    if model is GovernancePage:
        one.kind = "practice_review"
        one.points = [("point", seed.point({"title": evil, "words": evil})) for evil in CORPUS]
    if model is EventPage:
        one.dates = [
            EventDate(starts_at=timezone.now() + timedelta(days=1), ends_at=timezone.now() + timedelta(days=2))
        ]
    if model is HomePage:
        one.steps = [("step", {"title": next(evils)[:80], "words": next(evils)})]
    one.body = [
        *(("words", evil) for evil in CORPUS),
        *(seed.block({"block": "not_given", "what": evil}) for evil in CORPUS),
        seed.block({"block": "sessions", "heading": next(evils)}),
        seed.block({"block": "events", "heading": next(evils)}),
    ]
    return one


@pytest.mark.parametrize("model", KINDS)
def test_no_words_of_any_kind_of_page_run(site, public, model):
    parents = {ResourcePage: LibraryPage, EventPage: EventsPage, OpportunityPage: GetInvolvedPage}
    above = parents[model].objects.get() if model in parents else page("about")
    for turn in range(0, len(CORPUS), 2):
        if model is HomePage:
            above = Page.get_first_root_node()
            HomePage.objects.all().delete()
        one = seed.made(spoilt(model, turn), below=above)
        inert(public, one.url)
    if model is not HomePage:
        inert(public, above.url)
        inert(public, "/about/search/?text=alert")


def inert(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    assert risky(answer.content.decode()) == [], address
    assert "{{ 7|add:7 }}" in answer.content.decode() or "7|add" not in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy


def test_what_would_run_is_seen():
    """The test above can fail."""
    assert len(risky("<main><a href='java\nscript:x' onclick=y>z</a><script></script><p style=x></main>")) == 4


@pytest.mark.parametrize(
    ("kind", "field"), [("resourcepage", "link"), ("eventpage", "register_at"), ("opportunitypage", "apply_at")]
)
@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "ftp://files.example/", "mailto:x@evil.example"]
)
def test_a_link_is_to_a_page_or_is_refused_beside_its_field(site, steward, kind, field, link):
    above = {"resourcepage": LibraryPage, "eventpage": EventsPage, "opportunitypage": GetInvolvedPage}[
        kind
    ].objects.get()
    address = reverse("wagtailadmin_pages:add", args=["cms", kind, above.pk])
    answer = write(steward, address, action="publish", title="With a link", slug="with-a-link", **{field: link})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert link in answer.content.decode()
    assert not Page.objects.filter(slug="with-a-link").exists()


def test_a_steward_makes_a_page_of_every_kind(site, steward):
    own = {"articlepage": {"told_on": "2026-11-01"}, "governancepage": {"kind": "meeting"}}
    for kind, above in (
        ("contentpage", page("about")), ("sectionpage", page("about")), ("articlepage", page("about")),
        ("librarypage", page("about")), ("eventspage", page("about")), ("getinvolvedpage", page("about")),
        ("governancepage", page("about")), ("resourcepage", LibraryPage.objects.first()),
        ("eventpage", EventsPage.objects.first()), ("opportunitypage", GetInvolvedPage.objects.first()),
    ):  # fmt: skip
        address = reverse("wagtailadmin_pages:add", args=["cms", kind, above.pk])
        answer = write(steward, address, action="publish", title=f"New {kind}", slug=f"new-{kind}", **own.get(kind, {}))
        assert answer.status_code == 302, (kind, getattr(answer.context and answer.context.get("form"), "errors", ""))
        assert f"New {kind}" in read(Client(), page(f"new-{kind}"))
        preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page(f"new-{kind}").pk])
        edit = steward.get(reverse("wagtailadmin_pages:edit", args=[page(f"new-{kind}").pk]))
        assert json.loads(steward.post(preview, page_form(edit.content.decode())).content)["is_valid"], kind
        assert f"New {kind}" in read(steward, preview)


@pytest.mark.parametrize("slug", ["search"])
def test_an_address_of_ours_is_no_pages(site, steward, slug):
    address = reverse("wagtailadmin_pages:add", args=["cms", "contentpage", page("about").pk])
    answer = write(steward, address, action="publish", title="Mine", slug=slug)
    assert answer.status_code == 200
    assert "slug" in answer.context["form"].errors


# --- queries in blocks --------------------------------------------------------------------------------------------------
def test_a_list_of_services_is_what_the_finder_finds_for_that_reader(site, public):
    from search.backends import backend
    from search.documents import all_documents

    shown, hidden = make.service("Shown help", harms=["missing"]), make.service("Hidden help", harms=["missing"])
    ServiceStanding.objects.filter(service=hidden).update(visibility="professionals")
    for one in (shown, hidden):
        make.pool(one, at=timezone.now())
    backend().replace_all(all_documents())
    about = page("about")
    about.body = [seed.block({"block": "service_list", "heading": "If a child is missing", "harm": "missing"})]
    about.save_revision().publish()
    html = read(public, about)
    assert "Shown help" in html
    assert "Hidden help" not in html
    assert "/find/?harm=missing" in html
    ServiceStanding.objects.filter(service=shown).update(standing="suspended")
    assert "Shown help" not in read(public, about)


def test_principles_have_the_words_of_the_vocabulary(site, public):
    from directory.models import TaxonomyTerm

    one = TaxonomyTerm.objects.get(taxonomy="practice_principle", code="trauma_aware")
    one.label = one.plain_label = "Ask what has happened"
    one.save()
    html = read(public, page("practice-principles"))
    assert "Ask what has happened" in html
    assert html.split('class="al-points"')[1].split("</ol>")[0].count("<li>") == 8


# --- found, linked, told to search engines ------------------------------------------------------------------------------
def test_pages_are_found_by_their_words_and_services_are_not(site, public):
    make.service("Quixotrope mentoring")
    assert page("mace").url in read(public, "/about/search/?text=exploitation+agencies")
    assert "No page has these words" in read(public, "/about/search/?text=quixotrope")
    assert public.get("/about/search/", {"text": "x" * 81}).status_code == 400
    for odd in ("a\x00b", '"', "*", "NEAR(", "OR AND NOT", "‮", "a" * 80, "-", "'"):
        assert public.get("/about/search/", {"text": odd}).status_code in (200, 400), odd
    nothing = read(public, "/find/?text=quixotropy&exact=1&age=3&harm=missing")
    assert 'href="/about/search/?text=quixotropy"' in nothing


def test_the_sitemap_holds_what_everybody_may_see_and_nothing_else(site, public):
    shown, hidden, gone = make.service("Shown"), make.service("For professionals"), make.service("Gone")
    ServiceStanding.objects.filter(service=hidden).update(visibility="professionals")
    ServiceStanding.objects.filter(service=gone).update(standing="suspended")
    answer = public.get("/sitemap.xml")
    found = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", answer.content.decode())
    assert f"/services/{shown.slug}/" in found
    assert not {f"/services/{one.slug}/" for one in (hidden, gone)} & set(found)
    assert {"/", "/find/", "/about/", "/about/library/", page("pre-mace").url} <= set(found)
    for address in found:
        assert public.get(address).status_code == 200, address
    assert not [one for one in found if one.startswith(("/admin", "/desk", "/requests", "/offers"))]


def test_robots_are_told_to_stay_away_from_a_demonstration_and_from_what_was_searched_for(public, settings):
    assert "Disallow: /\n" in public.get("/robots.txt").content.decode()
    settings.ENVIRONMENT = "production"
    said = public.get("/robots.txt").content.decode()
    assert "Disallow: /\n" not in said
    for closed in ("/find/?", "/admin/", "/desk/", "/about/search/?"):
        assert f"Disallow: {closed}\n" in said
    assert "Sitemap: " in said


def test_a_page_that_is_flagged_stands_in_every_footer(site, public):
    footer = read(public, "/find/").split("<footer")[1]
    assert 'href="/about/library/"' not in footer or "Library" in footer
    first = page("the-team")
    first.show_in_menus = False
    first.save_revision().publish()
    assert first.title not in read(public, "/").split("<footer")[1]
    first.show_in_menus = True
    first.save_revision().publish()


def test_an_old_address_leads_on_and_never_past_a_door(site, public, employ):
    Redirect.objects.create(old_path="/mentors", redirect_link="/find/?text=mentor")
    Redirect.objects.create(old_path="/find", redirect_link="https://evil.example/")
    Redirect.objects.create(old_path="/desk", redirect_link="https://evil.example/")
    assert public.get("/mentors")["Location"] == "/find/?text=mentor"
    assert public.get("/find/").status_code == 200
    assert "evil" not in public.get("/desk/").headers.get("Location", "")
    refused = browser_of(employ("professional")).get("/desk/")
    assert refused.status_code == 404
    assert public.post("/mentors").status_code == 404


def test_a_page_that_is_given_another_address_is_found_under_the_old_one(
    site, public, steward, django_capture_on_commit_callbacks
):
    one = page("the-team")
    old = one.url
    edit = reverse("wagtailadmin_pages:edit", args=[one.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert write(steward, edit, action="publish", slug="our-team").status_code == 302
    answer = public.get(old)
    assert answer.status_code == 301
    assert answer["Location"].endswith("/about/our-team/")


# --- by the clock -------------------------------------------------------------------------------------------------------
def test_what_has_a_time_is_published_and_taken_down_at_it_once(site, public):
    now = timezone.now()
    one = resource("Timed", standfirst="Old words")
    one.standfirst, one.go_live_at, one.expire_at = "New words", now + timedelta(hours=1), now + timedelta(hours=5)
    one.save_revision(approved_go_live_at=one.go_live_at)
    tasks.publish_what_is_due(now + timedelta(minutes=59))
    assert "Old words" in read(public, one)


def test_publishing_by_the_clock_is_told_in_the_same_transaction_and_lifts_no_suspension(site, news, monkeypatch):
    now = timezone.now()
    service = make.service("Old name")
    service.name = "New name"
    revision = service.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=now - timedelta(minutes=1))
    ServiceStanding.objects.filter(service=service).update(standing="suspended")
    told_within = []
    from django.db import connection

    from directory import signals

    def listen(sender, service_ids, **more):
        told_within.append(connection.in_atomic_block)

    signals.services_changed.connect(listen)
    tasks.publish_what_is_due(now)
    tasks.publish_what_is_due(now)
    signals.services_changed.disconnect(listen)
    assert Service.objects.get(pk=service.pk).name == "New name"
    assert ServiceStanding.objects.get(service=service).standing == "suspended"
    assert told_within == [True], "told once, though the clock came twice"
    Service.objects.filter(pk=service.pk).update(expire_at=now - timedelta(minutes=1))
    tasks.publish_what_is_due(now)
    assert not Service.objects.get(pk=service.pk).live


# --- who may ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["provider_admin", "coordinator", "ig_officer", "professional", "partnership_team"])
def test_nobody_else_writes_the_sites_words_or_its_pages(employ, site, role):
    browser = browser_of(employ(role))
    for address in (
        reverse("sitewords:edit", args=[1]),
        reverse("wagtailadmin_pages:edit", args=[HomePage.objects.get().pk]),
        reverse("wagtailredirects:index"),
    ):
        assert browser.get(address).status_code in (302, 403, 404), (role, address)
        assert browser.post(address, {"front_door_telephone": NEW}).status_code in (302, 403, 404)
    assert not SiteWords.objects.exclude(front_door_telephone="").exists()


def test_a_steward_reaches_the_words_the_pages_and_the_redirects(site, steward):
    for address in (
        reverse("sitewords:index"), reverse("wagtailredirects:index"),
        reverse("wagtailadmin_pages:edit", args=[HomePage.objects.get().pk]),
    ):  # fmt: skip
        assert steward.get(address, follow=True).status_code == 200, address
