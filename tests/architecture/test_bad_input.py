"""
What people send by mistake or on purpose: never an error of ours, nothing half saved, and what was typed is still there.

Every form is sent with every field spoilt in every way of the table, without fields, with too many, with those that no
form has, and by the wrong method. A new form needs an entry.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import html
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from wagtail.models import Page

import brokering.forms.asking
import brokering.forms.contexts
import brokering.forms.desk
import brokering.forms.providing
import directory.facts_forms
import directory.forms
import directory.joining_forms
import directory.letters_form
import directory.report_forms
import directory.words_forms
import safekeeping.account_forms
import search.forms
import search.views
import training.forms
from brokering import contexts, offers, requests, restrictions
from brokering.models import ContextRequest, Offer, PlacementRequest, PlaceState, RequestState, SupportPlace
from directory import links
from directory.models import (
    AccountRequest,
    Address,
    Asking,
    CapacityHold,
    CapacityModel,
    CapacityPool,
    CapacitySnapshot,
    ChangeProposal,
    Closure,
    ComplianceItem,
    ConfirmationLink,
    Invitation,
    Location,
    Membership,
    Organization,
    OrganizationApplication,
    ProposedWords,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from safekeeping import policy
from safekeeping.models import OutboxRow, User
from search.models import EntrySent, SavedSearch
from tests.factories import brokering as make
from tests.factories import contexts as spots
from tests.factories import directory as directory_rows
from tests.factories import joining as coming
from tests.factories import training as taught
from tests.factories.people import browser_of
from tests.factories.postcode_table import small_table
from tests.proof.clients import fields_of, form_of
from training.models import Booking, CourseSession

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.database]

MARKUP = "<script>alert(1)</script>"
NASTY: dict[str, str] = {
    "nothing": "",
    "spaces": "   ",
    "NUL": "a\x00b",
    "control characters": "a\x07\x1bb",
    "ten kilobytes": "long " * 2000,
    "right to left": "\u202egnp.tnemucod",
    "marks on marks": "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308algo",
    "emoji": "🧒🏽👨‍👩‍👧 ok",
    "Arabic and Urdu": "مرحبا اردو",
    "markup": MARKUP,
    "attribute": '" onmouseover="alert(1)',
    "template": "{{7*7}}{% csrf_token %}",
    "formula": "=1+1",
    "SQL": "'; DROP TABLE x; --",
    "header": "a\r\nSet-Cookie: b=c",
    "huge number": "9" * 400,
    "number beyond the column": "99999999999999999999",
    "minus": "-1",
    "fraction": "1.5",
    "exponent": "1e308",
    "not a number": "NaN",
    "Arabic digits": "١٢",
    "full width digits": "１２",
    "31 February": "31/02/2026",
    "31": "31",
    "year 1": "0001",
    "year 9999": "9999",
    "year 0": "0",
    "date in year 1": "0001-01-01",
    "date far ahead": "9999-12-31",
    "a code of another list": "accepted",
    "an id": "00000000-0000-0000-0000-000000000000",
    "a path": "../../etc/passwd",
}
# What would do something if a page showed it as it was typed: only for these is the next page looked at.
RUNS = re.compile(r"<script|onmouseover|\{\{")
# These cannot be shown again as they were typed.
UNPRINTABLE = {"NUL", "control characters", "nothing", "spaces", "header"}
# Where one chooses, everything that is no choice is refused by the same comparison: some kinds stand for all.
NO_CHOICE = {"nothing", "NUL", "ten kilobytes", "markup", "huge number", "a code of another list", "an id"}
# What a field may take and a row may not: each of these is tried so that nothing else is refused first. The others are
# refused, or kept as they are: all fields that take one get it at once.
ALONE = {
    "nothing", "NUL", "ten kilobytes", "emoji", "markup", "huge number", "number beyond the column", "exponent",
    "Arabic digits", "date in year 1", "date far ahead", "year 9999", "a code of another list", "an id",
}  # fmt: skip
# What is only another number or date can do nothing to a text.
NUMBERS = {
    "huge number", "number beyond the column", "minus", "fraction", "exponent", "not a number", "Arabic digits",
    "full width digits", "31 February", "31", "year 1", "year 9999", "year 0", "date in year 1", "date far ahead",
}  # fmt: skip
# A field that is refused by itself may break a rule about two of them that counts on it: these stay one by one.
ONE_BY_ONE = {"nothing", "NUL"}
# What a database of another make could take in another way: with PostgreSQL these are tried, the whole table with SQLite.
# The others are refused, or drawn again, before a database is asked.
FOR_THE_DATABASE = {
    "NUL", "ten kilobytes", "emoji", "number beyond the column", "huge number", "date far ahead", "date in year 1",
}  # fmt: skip
# What must not be settable from outside, whatever the form: every column of these, and what would give rights.
SET_BY_US = (
    PlacementRequest,
    ContextRequest,
    Offer,
    SupportPlace,
    CapacityPool,
    Booking,
    CourseSession,
    Membership,
    User,
    Invitation,
    AccountRequest,
    OrganizationApplication,
    ComplianceItem,
)
COLUMNS = [
    *(one.name for model in SET_BY_US for one in model._meta.fields),
    "state", "is_staff", "is_superuser", "is_demo", "by", "at", "hat",
]  # fmt: skip
TOKEN = "mass-assigned"


@dataclass(frozen=True)
class Form:
    """
    One form: of which class, who sends it, where it is and where it goes, and what a sensible person would enter.

    ``texts`` are fields whose words must not get lost. ``keeps``: what is right is kept although something is wrong, as the
    safety questions are. ``given_back``: how many characters of too long a text come back. ``fields`` is the class of the form
    whose fields are meant, where a page has several that go to one address. ``taken`` is what a sensible person is answered:
    200 where the form leads nowhere else, or (check and send) where the safety questions were answered in another session.
    """

    name: str
    classes: tuple[type[forms.Form], ...]
    who: str
    where: Callable[[make.World], tuple[str, str]]
    typed: dict[str, str | list[str]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    method: str = "post"
    keeps: bool = False
    taken: int = 302
    given_back: int = 1_000_000
    fields: str = ""


def at_request(state: str, page: str, action: str = "") -> Callable[[make.World], tuple[str, str]]:
    """Return the addresses of a form on a request in that state, of the page and of where it goes."""

    def where(here: make.World) -> tuple[str, str]:
        arguments = [make.request_in(state, here).pk]
        return reverse(f"brokering:{page}", args=arguments), reverse(f"brokering:{action or page}", args=arguments)

    return where


def at_spot(state: str, page: str, action: str = "") -> Callable[[make.World], tuple[str, str]]:
    """Return the addresses of a form on a request for a place in that state."""

    def where(here: make.World) -> tuple[str, str]:
        arguments = [spots.context_in(state, here).pk]
        return reverse(f"brokering:{page}", args=arguments), reverse(f"brokering:{action or page}", args=arguments)

    return where


def at_danger_for_a_spot(here: make.World) -> tuple[str, str]:
    context = spots.draft(here)
    contexts.answer_screen(context, spots.IN_DANGER, by=here.dsl, at=make.AT + make.HOUR)
    address = reverse("brokering:context_danger", args=[context.pk])
    return address, address


def at_search(here: make.World) -> tuple[str, str]:
    """Return the page of a search that the lead has saved."""
    row = SavedSearch.objects.create(
        membership_id=here.dsl.membership_id, name="Nine", facets="age=9", saved_at=make.AT
    )
    address = reverse("search:saved_search", args=[row.pk])
    return address, address


def at_page(slug: str) -> Callable[[make.World], tuple[str, str]]:
    """Return the address of a list of pages, whose form asks for itself."""

    def where(here: make.World) -> tuple[str, str]:
        call_command("setup", verbosity=0)
        return "", Page.objects.get(slug=slug).url

    return where


def at_place(state: str, action: str) -> Callable[[make.World], tuple[str, str]]:
    def where(here: make.World) -> tuple[str, str]:
        place = make.place_in(state, here)
        return reverse("brokering:place", args=[place.pk]), reverse(f"brokering:{action}", args=[place.pk])

    return where


def at_offer(action: str) -> Callable[[make.World], tuple[str, str]]:
    def where(here: make.World) -> tuple[str, str]:
        offer = make.offered(here)
        return reverse("brokering:offer", args=[offer.pk]), reverse(f"brokering:{action}", args=[offer.pk])

    return where


def at_desk_offer(action: str) -> Callable[[make.World], tuple[str, str]]:
    def where(here: make.World) -> tuple[str, str]:
        offer = make.offered(here)
        offers.ask(offer, "Which evenings?", by=here.manager, at=make.AT)
        page = reverse("brokering:desk_request", args=[offer.request_id])
        return page, reverse(f"brokering:{action}", args=[offer.request_id, offer.pk])

    return where


def at_desk_place(here: make.World) -> tuple[str, str]:
    place = make.place_in(PlaceState.ACTIVE, here)
    page = reverse("brokering:desk_request", args=[place.request_id])
    return page, reverse("brokering:desk_place_end", args=[place.request_id, place.pk])


def at_restricted(here: make.World) -> tuple[str, str]:
    request = make.sent(here)
    restrictions.restrict(request, readers=[], because="A relative works here", by=here.coordinator, at=make.AT)
    return (
        reverse("brokering:desk_readers", args=[request.pk]),
        reverse("brokering:desk_lift", args=[request.pk]),
    )


def at_shortlist(here: make.World) -> tuple[str, str]:
    request = make.accepted(here)
    here.music_pool.refresh_from_db()
    return "", reverse("brokering:desk_offer", args=[request.pk, here.music.pk])


def at_contact(here: make.World) -> tuple[str, str]:
    place = make.place_in(PlaceState.ACCEPTED, here)
    address = reverse("brokering:contact_card", args=[place.request_id, place.pk])
    return address, address


def at_pool(here: make.World) -> tuple[str, str]:
    address = reverse("directory:pool", args=[here.pool.pk])
    return address, address


def at_pool_of(model: CapacityModel) -> Callable[[make.World], tuple[str, str]]:
    """Return the address of a pool of that provider that is counted in that way."""

    def where(here: make.World) -> tuple[str, str]:
        address = reverse("directory:pool", args=[directory_rows.pool(here.mentoring, model=model, at=make.AT).pk])
        return address, address

    return where


def at_session(name: str) -> Callable[[make.World], tuple[str, str]]:
    """Return the address of what a provider does with a session that nobody has booked yet."""

    def where(here: make.World) -> tuple[str, str]:
        session = directory_rows.pool(here.mentoring, model=CapacityModel.SESSION_SLOTS, at=make.AT, taken=0)
        address = reverse(f"directory:{name}", args=[session.pk])
        return address, address

    return where


def link_to(here: make.World) -> str:
    """Send the provider a link about its places and return the token."""
    asked = Asking.objects.create(
        organization=here.umoja, number=1, step=0, begun_at=make.AT + make.HOUR, asked_at=make.AT + make.HOUR
    )
    asked.pools.set([here.pool])
    [(_, token)] = links.send_to_managers(asked, at=make.AT + make.HOUR)
    return token


BOXING = uuid.UUID(int=3)


def at_new_pool(here: make.World) -> tuple[str, str]:
    directory_rows.service("Boxing", by=here.umoja, id=BOXING)
    address = reverse("directory:new_pool")
    return address, address


def at_link(here: make.World) -> tuple[str, str]:
    address = reverse("directory:confirm")
    return f"{address}?t={link_to(here)}", address


def at_emails(here: make.World) -> tuple[str, str]:
    address = reverse("directory:emails")
    return address, address


def at_dead_link(here: make.World) -> tuple[str, str]:
    return "", reverse("directory:new_link")


TYPE, LEVEL, HALL, BASE = 900_001, 900_002, uuid.UUID(int=11), uuid.UUID(int=12)


def at_words(section: str) -> Callable[[make.World], tuple[str, str]]:
    """Return the address of the form of one section of the provider's service."""

    def where(here: make.World) -> tuple[str, str]:
        for pk, taxonomy in ((TYPE, "service_type"), (LEVEL, "intervention_level")):
            TaxonomyTerm.objects.create(pk=pk, taxonomy_id=taxonomy, code=f"of-{taxonomy}", label=f"Of {taxonomy}")
        directory_rows.term("request_source", "schools", "A school")
        address = reverse("directory:our_service_words", args=[here.mentoring.pk, section])
        if section == "new":
            address = reverse("directory:new_service")
        return address, address

    return where


def at_own(page: str, *arguments: str) -> Callable[[make.World], tuple[str, str]]:
    """Return the address of a page about a provider's organization, its service or its place."""

    def where(here: make.World) -> tuple[str, str]:
        directory_rows.location("Hall", id=HALL)
        base = directory_rows.location("Base", id=BASE, organization=here.umoja)
        known = {"service": here.mentoring.pk, "venue": base.pk}
        address = reverse(f"directory:{page}", args=[known[one] for one in arguments])
        return address, address

    return where


def at_danger(here: make.World) -> tuple[str, str]:
    request = make.draft(here)
    requests.answer_screen(request, make.IN_DANGER, by=here.dsl, at=make.AT + make.HOUR)
    address = reverse("brokering:danger", args=[request.pk])
    return address, address


def at_seat(page: str) -> Callable[[make.World], tuple[str, str]]:
    """Return the address of a form about a session, or about the seat that the lead has in one."""

    def where(here: make.World) -> tuple[str, str]:
        session = taught.session(location=taught.make.location(id=PLACE, address="1 Some Road"))
        row = taught.booked(session, by=here.dsl) if page == "cancel" else session
        address = reverse(f"training:{page}", args=[row.pk])
        return address, address

    return where


def at_plan(here: make.World) -> tuple[str, str]:
    address = reverse("training:plan")
    taught.course(id=COURSE)
    taught.make.location(id=PLACE, address="1 Some Road")
    return address, address


INVITED, KIND = "ef" * 32, 4242


def at_joining(page: str, action: str = "") -> Callable[[make.World], tuple[str, str]]:
    """Return the addresses of a form about who comes in, with one of each that waits."""

    def where(here: make.World) -> tuple[str, str]:
        waiting = coming.world(here)
        names = [name for name in ("pk", "member") if name == ("member" if page == "people_one" else "pk")]
        needs = page in ("people_one", "people_asked", "joining_account", "joining_organization")
        found = {name: waiting.arguments(f"directory:{page}")[name] for name in names} if needs else {}
        if page == "apply":
            taxonomy = coming.make.term("organization_type", "vcs_charity").taxonomy
            TaxonomyTerm.objects.create(pk=KIND, taxonomy=taxonomy, code="a_kind", label="A kind")
        address = reverse(f"directory:{page}", kwargs=found)
        return address, address

    return where


def at_invitation(here: make.World) -> tuple[str, str]:
    coming.invitation(here.umoja, here.manager, token=INVITED)
    address = reverse("directory:invitation")
    return f"{address}?t={INVITED}", address


def at_confirmation(here: make.World) -> tuple[str, str]:
    coming.account(here.school, state="unconfirmed", token=INVITED)
    address = reverse("directory:join_confirm")
    return f"{address}?t={INVITED}", address


def day(name: str, on: date) -> dict[str, str | list[str]]:
    """Return a day as its three boxes send it."""
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


TODAY = make.AT.date()
CARD: dict[str, str | list[str]] = {
    "name_used": "Kofi", "speak_first_to": "parent_carer", "parent_name": "Ama", "telephone": "0117 496 0123",
    "safe_ways": ["ring"], "safe_times": "After six",
}  # fmt: skip
SAFE: dict[str, str | list[str]] = {
    "danger_now": "no", "adult": "no", "harm": "yes", "social_worker": "unknown", "postcode": "BS5 0AA",
    "adult_works_with_children": "no", "trafficking": "no", "reported_time": "9.40am", "reported_to_role": "Duty worker",
}  # fmt: skip
FIGURES: dict[str, str | list[str]] = {"total": "8", "external_occupied": "3", "taking": "open"}
PLACES = FIGURES | {"waitlist": "closed", "wait_weeks": ""}

COURSE, PLACE = uuid.UUID(int=1), uuid.UUID(int=2)
PLAN: dict[str, str | list[str]] = {
    "on_day": "14", "on_month": "1", "on_year": "2027", "begins": "9.30am", "ends": "12.45pm", "how": "room", "room": "Hall",
    "seats": "12", "elsewhere": "0", "joining": "Ring the bell",
}  # fmt: skip

asking, desk, providing = brokering.forms.asking, brokering.forms.desk, brokering.forms.providing
spot = brokering.forms.contexts
DRAFT, TRIAGE = RequestState.DRAFT, RequestState.TRIAGE
FORMS = [
    Form(
        "safety questions",
        (asking.SafetyForm,),
        "dsl",
        at_request(DRAFT, "safety"),
        SAFE | day("reported_on", TODAY),
        ("reported_to_role",),
        keeps=True,
    ),
    Form(
        "safe again",
        (asking.SafeNowForm,),
        "dsl",
        at_danger,
        {
            **day("reported_on", TODAY),
            "reported_reference": "FR 123",
            "reported_time": "9.40am",
            "safe_confirmed": "on",
        },
        ("reported_reference",),
        keeps=True,
    ),
    Form(
        "the child",
        (asking.ChildForm,),
        "dsl",
        at_request(DRAFT, "child"),
        {},
        ("school_name", "lead_professional_role"),
    ),
    Form("wishes", (asking.WishesForm,), "dsl", at_request(DRAFT, "wishes"), {}, ("wishes",)),
    Form(
        "help",
        (asking.HelpForm,),
        "dsl",
        at_request(DRAFT, "help"),
        {"safe_contact": "Not after six", "tried_already": "A club for a while"},
        ("safe_contact", "tried_already"),
    ),
    Form("agreement", (asking.AgreementForm,), "dsl", at_request(DRAFT, "agreement"), {}, ()),
    Form("check and send", (), "dsl", at_request(DRAFT, "check"), {"send": "yes"}, taken=200),
    Form(
        "a message from whoever asked",
        (asking.MessageForm,),
        "dsl",
        at_request(TRIAGE, "request", "write"),
        {"text": "He has moved school"},
        ("text",),
    ),
    Form(
        "something has changed",
        (asking.ChangeForm,),
        "dsl",
        at_request(TRIAGE, "request", "changed"),
        {"what": "missing"},
    ),
    Form("withdraw", (asking.WithdrawForm,), "dsl", at_request(TRIAGE, "withdraw"), {"because": "moved_away"}),
    Form("contact details", (asking.ContactForm,), "dsl", at_contact, CARD, ("name_used", "parent_name", "safe_times")),
    Form(
        "triage",
        (desk.TriageForm,),
        "coordinator",
        at_request(TRIAGE, "desk_request", "desk_decide"),
        {"outcome": "needs_information", "question": "What would he like?", "rationale": "Not clear yet"},
        ("question", "rationale"),
    ),
    Form(
        "outcome of the front door",
        (desk.OutcomeForm,),
        "second",
        at_request("paused_statutory", "desk_request", "desk_outcome"),
        {"outcome-outcome_reference": "FD 77"},
        ("outcome-outcome_reference",),
    ),
    Form(
        "a message from the desk",
        (desk.MessageForm,),
        "coordinator",
        at_request(TRIAGE, "desk_request", "desk_message"),
        {"message-text": "When could we ring?"},
        ("message-text",),
    ),
    Form(
        "withdraw at the desk",
        (desk.WithdrawForm,),
        "coordinator",
        at_request(TRIAGE, "desk_request", "desk_withdraw"),
        {"withdraw-because": "moved_away"},
    ),
    Form(
        "close",
        (desk.CloseForm,),
        "coordinator",
        at_request("closing", "desk_request", "desk_close"),
        {"close-because": "support_complete", "close-words": "All went well"},
        ("close-words",),
    ),
    Form(
        "offer",
        (desk.OfferForm,),
        "coordinator",
        at_shortlist,
        {"note": "Ring the school first", "because": "They asked for music"},
        ("note", "because"),
    ),
    Form(
        "order of what fits",
        (desk.OrderForm,),
        "coordinator",
        at_request("matching", "desk_shortlist", "desk_look"),
        {"first": "travel"},
    ),
    Form(
        "reply to a provider",
        (desk.ReplyForm,),
        "coordinator",
        at_desk_offer("desk_reply"),
        {"text": "On Mondays"},
        ("text",),
    ),
    Form(
        "take an offer back",
        (desk.TakeBackForm,),
        "coordinator",
        at_desk_offer("desk_take_back"),
        {"because": "better_fit"},
    ),
    Form(
        "end of a place at the desk",
        (desk.EndPlaceForm,),
        "coordinator",
        at_desk_place,
        {"reason": "moved_out_of_area", "next_step": "The team there knows", **day("family_told_on", TODAY)},
        ("next_step",),
    ),
    Form(
        "who may see it",
        (desk.ReadersForm,),
        "coordinator",
        at_request(TRIAGE, "desk_readers"),
        {"readers-because": "A relative works here"},
        ("readers-because",),
    ),
    Form(
        "everybody may see it again",
        (desk.LiftForm,),
        "coordinator",
        at_restricted,
        {"lift-because": "The relative has left"},
        ("lift-because",),
    ),
    Form(
        "the queue’s filter",
        (desk.FilterForm,),
        "coordinator",
        lambda here: ("", reverse("brokering:desk")),
        {"q": "7KQ4", "show": "mine", "state": ""},
        ("q",),
        "get",
        taken=200,
    ),
    Form(
        "yes",
        (providing.AcceptForm,),
        "manager",
        at_offer("offer_accept"),
        {"yes-worker_role": "Mentor", **day("yes-first_meeting_on", TODAY + timedelta(days=7))},
        ("yes-worker_role",),
    ),
    Form(
        "no",
        (providing.DeclineForm,),
        "manager",
        at_offer("offer_decline"),
        {"no-why": "another", "no-other": "other_explained", "no-words": "We are moving house"},
        ("no-words",),
    ),
    Form(
        "question of a provider",
        (providing.QuestionForm,),
        "manager",
        at_offer("offer_ask"),
        {"ask-text": "Which evenings?"},
        ("ask-text",),
    ),
    Form("met", (providing.MetForm,), "worker", at_place("accepted", "place_met")),
    Form("begun", (providing.StartForm,), "worker", at_place("introduced", "place_start")),
    Form(
        "end",
        (providing.EndForm,),
        "manager",
        at_place("active", "place_end"),
        {"end-reason": "planned_goals_met", "end-next_step": "The football club", **day("end-family_told_on", TODAY)},
        ("end-next_step",),
    ),
    Form("places", (directory.forms.WaitingForm,), "manager", at_pool, PLACES),
    *(
        Form(f"places: {model.label}", (directory.forms.FORMS[model],), "manager", at_pool_of(model), typed)
        for model, typed in (
            (CapacityModel.COHORT_PLACES, PLACES),
            (CapacityModel.SCHOOL_HOST_CASELOAD, PLACES),
            (CapacityModel.SESSION_SLOTS, FIGURES),
            (CapacityModel.RAPID_RESPONSE_ROTA, FIGURES | {"on_call": "manager"}),
            (CapacityModel.TEAM_DEPLOYMENTS, FIGURES),
            (CapacityModel.PRACTITIONER_ROSTER, FIGURES),
            (CapacityModel.OPEN_ACCESS, {"taking": "open"}),
            (CapacityModel.INFORMATION_ONLY, {"taking": "open"}),
        )
    ),
    Form(
        "another day of a session",
        (directory.forms.AnotherDayForm,),
        "manager",
        at_session("another_day"),
        {"begins_at": "2pm", "total": "6", "external_occupied": "1"} | day("on", TODAY + timedelta(days=20)),
        ("begins_at",),
    ),
    Form(
        "places of one more kind",
        (directory.forms.NewPoolForm,),
        "manager",
        at_new_pool,
        {"name": "Thursday boxing", "services": [str(BOXING)], "model": "caseload_places", "host_school": ""},
        ("name",),
    ),
    Form("calling a session of ours off", (), "manager", at_session("call_off")),
    Form(
        "places from an e-mail",
        (directory.forms.WaitingForm,),
        "",
        at_link,
        PLACES | {"act": "change"},
        fields="al-change__body",
    ),
    Form("still right from an e-mail", (), "", at_link, {"act": "right"}, fields="al-allright"),
    Form("a new link", (), "", at_dead_link, {"t": "0" * 64}),
    Form("which e-mails", (directory.letters_form.LettersForm,), "manager", at_emails, {"kinds": ["due"]}),
    Form(
        "safety questions for a place",
        (spot.PlaceSafetyForm,),
        "dsl",
        at_spot("draft", "context_safety"),
        {"danger_now": "no", "harm": "yes", "adult_works_with_children": "no", "trafficking": "no"}
        | {"reported_time": "9.40am", "reported_to_role": "Duty worker"}
        | day("reported_on", TODAY),
        ("reported_to_role",),
        keeps=True,
    ),
    Form(
        "safe again, for a place",
        (spot.PlaceSafeNowForm,),
        "dsl",
        at_danger_for_a_spot,
        {"reported_reference": "FR 123", "reported_time": "9.40am", "safe_confirmed": "on"} | day("reported_on", TODAY),
        ("reported_reference",),
        keeps=True,
    ),
    Form(
        "which place",
        (spot.PlaceForm,),
        "dsl",
        at_spot("draft", "context_place"),
        {},
        ("label", "place_description"),
    ),
    Form(
        "what happens there",
        (spot.HappeningForm,),
        "dsl",
        at_spot("draft", "context_happening"),
        {},
        ("what_is_known", "strengths", "youngest"),
    ),
    Form(
        "what would help a place",
        (spot.WantedForm,),
        "dsl",
        at_spot("draft", "context_help"),
        {},
        ("accountable_owner", "partners", "tried_already"),
    ),
    Form("check and send a place", (), "dsl", at_spot("draft", "context_check"), {"send": "yes"}, taken=200),
    Form(
        "a message from whoever asked for a place",
        (spot.PlaceMessageForm,),
        "dsl",
        at_spot("triage", "context", "context_write"),
        {"text": "It was quiet this week"},
        ("text",),
    ),
    Form(
        "withdraw a place",
        (spot.PlaceWithdrawForm,),
        "dsl",
        at_spot("triage", "context_withdraw"),
        {"because": "no_longer_needed"},
    ),
    Form("about a place instead", (), "dsl", at_request(DRAFT, "about_a_place")),
    Form("about one child instead", (), "dsl", at_spot("draft", "context_one_child")),
    Form(
        "decide about a place",
        (spot.DecideForm,),
        "coordinator",
        at_spot("triage", "desk_context", "desk_context_decide"),
        {"outcome": "response_agreed", "agreed": "Two workshops", "rationale": "They are ready"}
        | day("review_on", TODAY + timedelta(days=40)),
        ("agreed", "rationale"),
    ),
    Form(
        "a message from the desk about a place",
        (spot.PlaceMessageForm,),
        "coordinator",
        at_spot("triage", "desk_context", "desk_context_message"),
        {"message-text": "Is it still so?"},
        ("message-text",),
    ),
    Form(
        "withdraw a place at the desk",
        (spot.PlaceWithdrawForm,),
        "coordinator",
        at_spot("triage", "desk_context", "desk_context_withdraw"),
        {"withdraw-because": "in_error"},
    ),
    Form(
        "close a place",
        (spot.PlaceCloseForm,),
        "coordinator",
        at_spot("owned", "desk_context", "desk_context_close"),
        {"close-because": "response_done", "close-words": "It is calm now"},
        ("close-words",),
    ),
    Form(
        "a report",
        (directory.report_forms.ReportForm,),
        "",
        lambda here: (reverse("directory:report_service", args=[here.mentoring.slug]),) * 2,
        {"what": "contact", "text": "The number has changed", "email": "a.reader@home.example"},
        ("text",),
    ),
    Form(
        "a report about a page",
        (directory.report_forms.ReportForm,),
        "",
        lambda here: (reverse("directory:report_page"),) * 2,
        {"what": "words", "text": "The second line is old", "email": ""},
        ("text",),
    ),
    Form(
        "a suggestion",
        (directory.report_forms.SuggestForm,),
        "",
        lambda here: (reverse("directory:suggest"),) * 2,
        {"name": "Saturday boxing", "text": "Boxing for girls", "reach": "0117 496 0111", "email": ""},
        ("name", "text", "reach"),
    ),
    Form(
        "send an entry",
        (search.forms.SendForm,),
        "",
        lambda here: (reverse("search:send", args=[here.mentoring.slug]),) * 2,
        {"email": "a.family@home.example"},
    ),
    Form(
        "save a search",
        (search.forms.SavedSearchForm,),
        "dsl",
        lambda here: (f"{reverse('search:save')}?age=9", reverse("search:save")),
        {"asked": "age=9", "name": "Mentoring"},
        ("name",),
    ),
    Form(
        "rename a search",
        (search.forms.SavedSearchForm,),
        "dsl",
        at_search,
        {"name": "Mentoring for girls"},
        ("name",),
    ),
    Form(
        "finder",
        (),
        "",
        lambda here: ("", reverse("search:find")),
        {
            "text": "mentor",
            "place": "Easton",
            "within": "5",
            "age": "14",
            "harm": "knife_weapon",
            "availability": "all",
            "composition": "one_to_one",
            "time": "saturday",
            "setting": "school",
            "language": "so",
            "access": "step_free",
            "subject": "child",
            "level": "",
            "type": "",
            "open": "now",
            "sort": "best",
            "page": "1",
            "view": "map",
            "box": "51.3,-2.8,51.6,-2.4",
        },
        ("text", "place"),
        "get",
        taken=200,
        given_back=search.views.KEPT,
    ),
    Form(
        "suggestions of the finder",
        (),
        "",
        lambda here: ("", reverse("search:suggestions")),
        {"text": "ment"},
        (),  # only names come back, never what was typed
        "get",
        taken=200,
    ),
    Form(
        "sessions",
        (),
        "",
        lambda here: ("", reverse("training:home")),
        {"text": "lines", "how": "room", "level": "core", "audience": "police", "seats": "left", "page": "1"},
        ("text",),
        "get",
        taken=200,
    ),
    Form(
        "pages",
        (),
        "",
        lambda here: ("", reverse("find_pages")),
        {"text": "plans", "page": "1"},
        ("text",),
        "get",
        taken=200,
    ),
    Form(
        "the library",
        (),
        "",
        at_page("library"),
        {"text": "knives", "topic": "missing", "audience": "police", "page": "1"},
        ("text",),
        "get",
        taken=200,
    ),
    Form("events", (), "", at_page("events"), {"locality": "south", "page": "1"}, (), "get", taken=200),
    Form(
        "a seat",
        (training.forms.BookingForm,),
        "dsl",
        at_seat("book"),
        {"needs": "A hearing loop", "manager_agreed": "on"},
        ("needs",),
    ),
    Form("letting go of a seat", (), "dsl", at_seat("cancel")),
    Form(
        "the plan of a session",
        (training.forms.SessionForm,),
        "team",
        at_plan,
        PLAN | {"course": str(COURSE), "location": str(PLACE)},
        ("joining", "room"),
    ),
    Form(
        "a change of a session",
        (training.forms.SessionForm,),
        "team",
        at_seat("change"),
        {"joining": "Ring twice", "room": "Hall", "location": str(PLACE)},
        ("joining", "room"),
    ),
    Form(
        "calling a session off",
        (training.forms.CallOffForm,),
        "team",
        at_seat("call_off"),
        {"because": "too_few"},
    ),
    Form(
        "an invitation",
        (directory.joining_forms.InviteForm,),
        "manager",
        at_joining("people_invite"),
        {"email": "new@work.example", "name": "Ana", "job_title": "Mentor", "role": "provider_worker"},
        ("email", "name", "job_title"),
    ),
    Form(
        "a colleague’s role",
        (directory.joining_forms.RoleForm,),
        "manager",
        at_joining("people_one"),
        {"role": "provider_admin"},
    ),
    Form(
        "accepting an invitation",
        (directory.joining_forms.AcceptForm,),
        "",
        at_invitation,
        {"name": "Ana", "password1": "river kettle moss ladder", "password2": "river kettle moss ladder"},
        ("name",),
    ),
    Form(
        "asking for an account",
        (directory.joining_forms.AccountForm,),
        "",
        at_joining("join_account"),
        {
            "name": "Sam",
            "email": "sam@council.example",
            "organization": "not_listed",
            "organization_name": "Little Team",
        }
        | {"job_title": "Youth worker", "why": "To ask for mentoring"},
        ("name", "email", "organization_name", "job_title", "why"),
    ),
    Form("confirming an address", (), "", at_confirmation, {"t": INVITED}),
    Form(
        "an organization applies",
        (directory.joining_forms.ApplyForm,),
        "",
        at_joining("apply"),
        {"organization_name": "Harbour Youth", "organization_type": str(KIND), "description": "Boxing and mentoring."}
        | {"name": "Tess", "job_title": "Manager", "email": "tess@harbour.example", "telephone": "0117 496 0444"}
        | {"website": "https://harbour.example", "public_liability_reference": "PL-1"}
        | day("public_liability_expires", date(2030, 6, 1)),
        (
            "organization_name",
            "description",
            "name",
            "job_title",
            "email",
            "telephone",
            "website",
            "public_liability_reference",
        ),
    ),
    Form(
        "deciding about an account",
        (directory.joining_forms.DecideAccountForm,),
        "dsl",
        at_joining("people_asked"),
        {"decision": "yes", "role": "professional", "reason": "Because"},
        ("reason",),
    ),
    Form(
        "deciding about an organization",
        (directory.joining_forms.DecideApplicationForm,),
        "steward",
        at_joining("joining_organization"),
        {"decision": "ask", "reason": "Who runs it?"},
        ("reason",),
    ),
    Form(
        "an invitation by a steward",
        (directory.joining_forms.StaffInviteForm,),
        "steward",
        at_joining("joining_invite"),
        {"email": "new@work.example", "name": "Ana", "job_title": "Mentor", "role": "provider_worker"},
        ("email", "name", "job_title"),
        taken=200,  # without an organization: its list is one of ids
    ),
    Form(
        "a policy or an insurance",
        (directory.joining_forms.ComplianceForm,),
        "manager",
        at_joining("compliance"),
        {"kind": "public_liability", "reference": "PL-1"} | day("expires_on", date(2030, 6, 1)),
        ("reference",),
    ),
    Form(
        "sign in",
        (safekeeping.account_forms.SignIn,),
        "",
        lambda here: ("", reverse("account_login")),
        {"login": "somebody@work.example", "password": "three words here"},
        ("login",),
        taken=200,
    ),
    Form(
        "forgotten password",
        (safekeeping.account_forms.ForgottenPassword,),
        "",
        lambda here: ("", reverse("account_reset_password")),
        {"email": "somebody@work.example"},
        ("email",),
    ),
]
written = directory.words_forms
told = directory.facts_forms
FORMS += [
    Form(
        "words: what it is",
        (written.WordsForm,),
        "manager",
        at_words("what-it-is"),
        {"summary": "A mentor", "what_happens": "You meet", "pattern": "Weekly"},
        ("summary", "what_happens", "pattern"),
    ),
    Form(
        "words: who it is for",
        (written.WordsForm,),
        "manager",
        at_words("who-it-is-for"),
        {"service_type": str(TYPE), "intervention_level": str(LEVEL), "minimum_age": "9"},
        ("minimum_age",),
    ),
    Form(
        "words: conditions",
        (written.RuleForm,),
        "manager",
        at_words("conditions"),
        {
            "eligibility_rules-0-kind": "panel_selected",
            "eligibility_rules-0-message": "A panel chooses",
            "eligibility_rules-0-group": "2",
        },
        ("eligibility_rules-0-message",),
    ),
    Form(
        "words: how to ask",
        (written.ContactForm,),
        "manager",
        at_words("how-to-ask"),
        {"contacts-0-name": "Duty worker", "contacts-0-telephone": "0117 496 0123", "contacts-0-email": "a@b.example"},
        ("contacts-0-name", "contacts-0-telephone"),
    ),
    Form(
        "words: where and how", (written.WordsForm,), "manager", at_words("where-and-how"), {"travels_to_child": "on"}
    ),
    Form(
        "words: promises",
        (written.WordsForm,),
        "manager",
        at_words("promises"),
        {"safeguarding_statement": "We listen", "evidence_source": "https://evidence.example/"},
        ("safeguarding_statement", "evidence_source"),
    ),
    Form(
        "a new service",
        (written.WordsForm,),
        "manager",
        at_words("new"),
        {
            "name": "Something new",
            "summary": "A mentor",
            "service_type": str(TYPE),
            "intervention_level": str(LEVEL),
            "subject": "child",
            "request_mode": "broker_only",
        },
        ("name", "summary"),
    ),
    Form(
        "words: the organization",
        (written.WordsForm,),
        "manager",
        at_own("our_organization_words"),
        {
            "description": "We mentor",
            "website": "https://umoja.example/",
            "email": "a@b.example",
            "telephone": "0117 496 0123",
        },
        ("description", "website", "email", "telephone"),
    ),
    Form(
        "days and hours",
        (told.TimesForm, told.SeenForm),
        "manager",
        at_own("our_service_times", "service"),
        {"form-0-days": ["MO", "TH"], "form-0-opens": "4pm", "form-0-closes": "6.30pm", "form-0-note": "Ring first"},
        ("form-0-note", "form-0-opens"),
    ),
    Form(
        "closures",
        (told.ClosureForm, told.SeenForm),
        "manager",
        at_own("our_service_closures", "service"),
        {**day("form-0-since", TODAY), **day("form-0-until", TODAY + timedelta(days=3)), "form-0-note": "Holiday"},
        ("form-0-note",),
    ),
    Form(
        "where it happens",
        (told.WhereForm,),
        "manager",
        at_own("our_service_where", "service"),
        {"location": str(HALL), "description": "Side door"},
        ("description",),
    ),
    Form(
        "a new place",
        (told.NewVenueForm,),
        "manager",
        at_own("our_venue_new"),
        {
            "name": "Our house",
            "address_1": "1 Some Road",
            "postal_code": "BS5 0AA",
            "visible": "full",
            "bus_notes": "Bus 76",
        },
        ("name", "address_1", "bus_notes"),
    ),
    Form(
        "a place",
        (told.VenueForm,),
        "manager",
        at_own("our_venue", "venue"),
        {"name": "Our house", "notes_public": "Ring the bell"},
        ("name", "notes_public"),
        fields="al-venue",
    ),
    Form(
        "how much of an address",
        (told.VisibilityForm,),
        "manager",
        at_own("our_venue", "venue"),
        {"becomes": "none", "because": "Quiet please", "ask": "1"},
        ("because",),
        fields="al-visible",
    ),
]
BY_NAME = {one.name: one for one in FORMS}
NOT_HERE = {
    "AskedForm": "what the finder’s form has in common with itself: it has only the fields that were asked",
    "FromReader": "what the forms of readers have in common",
    "RowForm": "what rows about a place of a service have in common",
    "CountedForm": "what the forms of counted places have in common",
    "Section": "what the pages of a request have in common",
    "Named": "what the pages of a request for a place have in common",
    "NewPassword": "the library’s, with our words: passwords only",
    "ChangePassword": "the library’s, with our words: passwords only",
    "Confirm": "the library’s, with our words: a password only",
    "SecondFactor": "the library’s, with our words: six figures (tests/safekeeping/test_sign_in.py)",
    "SecondFactorAgain": "the library’s, with our words: six figures (tests/safekeeping/test_sign_in.py)",
    "SetUpSecondFactor": "the library’s, with our words: six figures (tests/safekeeping/test_sign_in.py)",
}
WATCHED = (
    Address, ChangeProposal, Closure, Location, ProposedWords, Schedule, Service, ServiceAtLocation,
    Asking, ConfirmationLink, CapacityPool, CapacityHold, CapacitySnapshot, OutboxRow, Membership, Organization,
    Invitation, AccountRequest, OrganizationApplication, ComplianceItem, User, SavedSearch, EntrySent,
)  # fmt: skip


def kept_models() -> list[Any]:
    """Return every model of what people ask for here: support, and seats."""
    return [model for app in ("brokering", "training") for model in apps.get_app_config(app).get_models()]


@pytest.fixture
def here(db, settings, tmp_path, monkeypatch) -> make.World:
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    monkeypatch.setattr(timezone, "now", lambda: make.AT + 2 * make.HOUR)
    return make.world()


class Sender:
    """Sends one form, spoilt or whole, and puts everything back afterwards."""

    def __init__(self, form: Form, here: make.World, clock: pytest.MonkeyPatch) -> None:
        cache.clear()  # how often somebody has tried to sign in
        self.form = form
        self.page, self.action = form.where(here)
        newest = SupportPlace.objects.unscoped(reason="a test").order_by("-accepted_at").first()
        later = make.AT + timedelta(days=100) if newest and newest.ended_at else make.AT + 2 * make.HOUR
        if newest and not newest.ended_at and newest.introduced_on:
            later = make.AT + timedelta(days=20)
        clock.setattr(timezone, "now", lambda: later)
        self.client = Client(raise_request_exception=False)
        if form.who:
            others = {"team": taught.team, "steward": coming.steward}
            hat = others[form.who]() if form.who in others else getattr(here, form.who)
            self.client = browser_of(Membership.objects.get(pk=hat.membership_id))
            self.client.raise_request_exception = False
        self.typed: dict[str, list[str]] = {}
        self.shown: dict[str, forms.Field] = {}
        self.names: set[str] = set()
        self.buttons: set[str] = set()
        self.chosen: set[str] = set()
        if self.page:
            found = self.client.get(self.page)
            assert found.status_code == 200, f"{form.name}: {self.page} answers {found.status_code}"
            where = "" if self.page == self.action else self.action
            boxes = form_of(found.content.decode(), action=where, css=form.fields).select("[name]")
            self.names = {one["name"] for one in boxes}
            self.shown = {
                bound.html_name: bound.field
                for layer in found.context or ()
                for value in layer.flatten().values()
                if isinstance(value, forms.BaseForm)
                for bound in value
            }
            self.buttons = {one["name"] for one in boxes if one.name == "button"}
            self.chosen = {one["name"] for one in boxes if one.get("type") in ("radio", "checkbox")}
            for name, value in fields_of(found.content.decode(), action=where, css=form.fields):
                self.typed.setdefault(name, []).append(value)
        prefix = self.prefix()
        for name, value in form.typed.items():
            self.typed[prefix.get(name, name)] = value if isinstance(value, list) else [value]
        self.texts = [prefix.get(name, name) for name in form.texts]
        self.before = rows()
        self.status = 0  # how what was sent last was answered

    @contextlib.contextmanager
    def taken_back(self) -> Iterator[None]:
        """Put rows, cookies and counts of tries back to where they were before."""
        cookies = copy.deepcopy(self.client.cookies)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.client.cookies = cookies
        cache.clear()

    def prefix(self) -> dict[str, str]:
        """Return the real names of fields whose prefix is known only on the page: "back-<id>-because"."""
        return {
            plain: name
            for plain in (*self.form.typed, *self.form.texts)
            for name in self.names
            if name.endswith(f"-{plain}") and plain not in self.names and "-" not in plain
        }

    def field_of(self, name: str) -> forms.Field | None:
        """Return the field behind a name: of the form that the page shows, else of one of the form's classes."""
        plain = name.rpartition("-")[2]
        kept = next((one.base_fields[plain] for one in self.form.classes if plain in one.base_fields), None)
        return self.shown.get(name, kept)

    def is_text(self, name: str) -> bool:
        """Say whether whatever is written there stays the text it is."""
        return type(self.field_of(name)) is forms.CharField

    def refused(self, name: str, value: str) -> bool:
        """Say whether the field refuses it by itself, whatever stands in the others; a part of a date, with its other parts."""
        whole, one = name, self.field_of(name)
        if one is None:
            whole = name.rpartition("_")[0]
            one = self.field_of(whole)
            if not isinstance(one, forms.MultiValueField):
                return False
        sent = QueryDict(mutable=True)
        for other, values in (self.typed | {name: [value]}).items():
            sent.setlist(other, values)
        try:
            copy.deepcopy(one).clean(one.widget.value_from_datadict(sent, MultiValueDict(), whole))
        except forms.ValidationError:
            return True
        return False

    def spoilt(self, kind: str, value: str, names: Collection[str]) -> Iterator[str]:
        """
        Send it with that value in all those fields, in as few times as hide nothing; yield what is wrong.

        Fields that refuse it by themselves are sent together, and so are those that may take it: if the whole is then
        taken, each of them was. If it is not, one may have hidden what another would have done: then each is sent alone.
        """
        if kind in ONE_BY_ONE:
            for alike in self.alike(names, kind):
                yield from self._with(kind, value, alike)
            return
        refused = [name for name in names if self.refused(name, value)]
        others = [name for name in names if name not in refused and not (kind in NUMBERS and self.is_text(name))]
        if kind not in ALONE:
            if together := others or refused:
                yield from self._with(kind, value, together)
            return
        if refused:
            yield from self._with(kind, value, refused)
        if others:
            yield from self._with(kind, value, others)
            alike = self.alike(others, kind)
            if self.status != self.form.taken and len(alike) > 1:
                for alone in alike:
                    yield from self._with(kind, value, alone)

    def _with(self, kind: str, value: str, names: Collection[str]) -> Iterator[str]:
        data = self.typed | {name: [value] for name in names}
        yield from self.faults_of(f"{kind} in {', '.join(names)}", data, spoilt=names, kind=kind)

    def alike(self, names: Iterable[str], kind: str = "") -> list[list[str]]:
        """
        Return the names of fields that are looked at in the same way together, the others by themselves.

        What one of a kind refuses the others refuse too, so none hides what would become of another. Left out are texts, if
        that kind does nothing to a text.
        """
        found: dict[Any, list[str]] = {}
        for name in names:
            one = self.field_of(name)
            if kind and self.is_text(name) and kind in NUMBERS:
                continue
            how = (
                (
                    type(one),
                    one.required,
                    getattr(one, "max_length", None),
                    *(type(each).__name__ for each in one.validators),
                )
                if one
                else name
            )
            found.setdefault(how, []).append(name)
        return list(found.values())

    def send(self, data: Any = None, method: str = "", **options: Any) -> HttpResponse:
        data = self.typed if data is None else data
        return getattr(self.client, method or self.form.method)(self.action, data, **options)

    def faults_of(
        self, what: str, data: dict[str, Any], *, spoilt: Collection[str] = (), kind: str = ""
    ) -> Iterator[str]:
        """Send it, look at everything, take it back; yield what is wrong. ``spoilt`` are the fields of that kind."""
        with transaction.atomic():
            answer = self.send(data)
            self.status = answer.status_code
            saved = rows() != self.before
            body = answer.content.decode(errors="replace")
            if answer.status_code == 302 and any(RUNS.search(value) for values in data.values() for value in values):
                body += self.client.get(answer["Location"], follow=True).content.decode(errors="replace")
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            yield f"{what}: {answer.status_code}"
        if MARKUP in body or '" onmouseover="alert(1)' in body:
            yield f"{what}: markup comes back as markup"
        if kind == "template" and ">49<" in body:
            yield f"{what}: a template was run"
        if answer.status_code not in (200, 400, 409):
            return
        if saved and not self.form.keeps:
            yield f"{what}: answered {answer.status_code} and saved something"
        shown = html.unescape(body)
        for name in self.texts:
            value = data.get(name, [""])[0]
            if name in spoilt and kind in UNPRINTABLE:
                continue
            if value.strip() and value[: self.form.given_back].strip() not in shown:
                yield f"{what}: what was typed as {name} is gone"


def rows() -> str:
    """Return a mark of everything that a form can change; looking alone changes nothing of it."""
    mark = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in [*kept_models(), *WATCHED]:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")
            mark.update(repr(cursor.fetchall()).encode())
    return mark.hexdigest()


@pytest.fixture(params=sorted(BY_NAME))
def sender(request, here, monkeypatch) -> Sender:
    return Sender(BY_NAME[request.param], here, monkeypatch)


# --- the tests --------------------------------------------------------------------------------------------------------
def ours() -> Iterable[type[forms.Form]]:
    modules = ("brokering", "training", "directory", "safekeeping", "search")
    left = [forms.BaseForm]
    while left:
        for one in left.pop().__subclasses__():
            left.append(one)
            if one.__module__.split(".")[0] in modules and one.__name__ != "OneTime":
                yield one


def test_every_form_is_sent_spoilt():
    entered = {one for form in FORMS for one in form.classes}
    missing = {one.__name__ for one in ours()} - {one.__name__ for one in entered} - set(NOT_HERE)
    left_out = {name for name in missing if not name.endswith(("Meta", "FilterForm")) and "FilterSet" not in name}
    assert sorted(left_out - {"ServiceFilterForm"}) == [], "enter it in FORMS"


CHECKS: list[Callable[[Sender], None]] = []
# Those whose answer could depend on the make of the database; what is left out, comes twice or in another way is refused
# before one is asked.
OF_THE_DATABASE: list[Callable[[Sender], None]] = []


def check(how: Callable[[Sender], None]) -> Callable[[Sender], None]:
    """Enter a way of sending a form that each of them has to bear."""
    CHECKS.append(how)
    return how


def check_on_each_database(how: Callable[[Sender], None]) -> Callable[[Sender], None]:
    """Enter one that is tried on every make of database."""
    OF_THE_DATABASE.append(how)
    return check(how)


def test_a_form_bears_whatever_is_sent(sender, subtests):
    """All the checks below: a world and a signed-in person cost more than most of them, so a form's share one."""
    for how in CHECKS if connection.vendor == "sqlite" else OF_THE_DATABASE:
        with subtests.test(how.__name__.replace("_", " ")), sender.taken_back():
            how(sender)


@check_on_each_database
def what_a_sensible_person_enters_is_taken(sender):
    """Else everything below is refused for another reason than the one it tries."""
    answer = sender.send()
    assert answer.status_code == sender.form.taken, html.unescape(answer.content.decode())[:20_000]


@check_on_each_database
def nothing_that_is_typed_breaks_anything(sender):
    faults = []
    written = [name for name in sender.typed if name not in sender.chosen]
    for kind, value in NASTY.items():
        if connection.vendor != "sqlite" and kind not in FOR_THE_DATABASE:
            continue
        faults += sender.spoilt(kind, value, sender.typed if kind in NO_CHOICE else written)
    assert faults == []


@check
def nothing_that_is_left_out_breaks_anything(sender):
    faults = list(sender.faults_of("nothing at all", {}))
    for name in sender.typed:
        data = {other: value for other, value in sender.typed.items() if other != name}
        # Without the button that says which form of a page was meant, it is another form's words that must be there.
        spoilt, kind = (sender.texts, "nothing") if name in sender.buttons else ([name], "")
        faults += sender.faults_of(f"without {name}", data, spoilt=spoilt, kind=kind)
    assert faults == []


@check
def a_field_that_comes_twice_breaks_nothing(sender):
    faults = []
    for names in sender.alike(sender.typed):
        twice = {name: [*sender.typed[name], "another", MARKUP] for name in names}
        faults += sender.faults_of(f"{', '.join(names)} twice", sender.typed | twice, spoilt=names, kind="NUL")
    assert faults == []


@check
def bytes_that_are_no_text_break_nothing(sender):
    if sender.form.method == "get":
        answer = sender.client.get(f"{sender.action}?text=%ff%fe&place=%C0%80&q=%ff&page=%00")
        assert answer.status_code < 500
        return
    before = rows()
    for body, kind in (
        (b"&".join(b"%s=%%ff%%fe%%00" % name.encode() for name in sender.typed), "application/x-www-form-urlencoded"),
        (b'{"state": "accepted"}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=1;b=2&&&===", "application/x-www-form-urlencoded; charset=utf-99"),
    ):
        with transaction.atomic():
            answer = sender.client.generic("POST", sender.action, body, content_type=kind)
            assert answer.status_code < 500, (body, kind)
            transaction.set_rollback(True)
    assert rows() == before


@check
def six_hundred_fields_and_two_megabytes_are_too_much(sender):
    if sender.form.method == "get":
        assert sender.client.get(sender.action, {f"f{n}": "x" for n in range(600)}).status_code < 500
        return
    before = rows()
    many = sender.send(sender.typed | {f"f{number}": ["x"] for number in range(600)})
    large = sender.client.generic(
        "POST", sender.action, b"x=" + b"y" * 2_100_000, content_type="application/x-www-form-urlencoded"
    )
    if not sender.form.classes:  # a button without fields does not look at what comes with it
        assert {many.status_code, large.status_code} <= {400, 404, 413, sender.form.taken}
        return
    assert {many.status_code, large.status_code} <= {400, 413}
    assert rows() == before


@check
def another_method_changes_nothing(sender):
    before = rows()
    for method in ("put", "patch", "delete", "options", "trace"):
        answer = getattr(sender.client, method)(sender.action)
        assert answer.status_code < 500, method
        assert rows() == before, method


@check
def looking_changes_nothing(sender):
    before = rows()
    for address in {sender.page, sender.action} - {""}:
        assert sender.client.get(address, {"state": "accepted", "send": "yes", "sure": "yes"}).status_code < 500
        assert sender.client.head(address).status_code < 500
    assert rows() == before


@check_on_each_database
def columns_that_no_form_has_cannot_be_set(sender):
    """Mass assignment: whatever else comes along is as if it had not come."""
    if sender.form.method == "get":
        return
    extra = {
        f"{prefix}{name}": [TOKEN]
        for name in COLUMNS
        for prefix in {"", *(one.rpartition("-")[0] + "-" for one in sender.typed if "-" in one)}
        if f"{prefix}{name}" not in sender.typed
    }
    people = list(User.objects.order_by("pk").values_list("is_staff", "is_superuser", "is_active"))
    known = sorted(extra)[:450]
    with transaction.atomic():
        assert sender.send(sender.typed | {name: extra[name] for name in known}).status_code < 500
        found = [
            f"{model._meta.label}.{one.name}"
            for model in [*kept_models(), *WATCHED]
            for row in model._base_manager.all()
            for one in model._meta.concrete_fields
            if TOKEN in str(getattr(row, one.attname))
        ]
        asked_for = {field for form in sender.form.classes for field in form.base_fields}
        assert [one for one in found if one.split(".")[-1] not in asked_for] == []
        rights = list(User.objects.order_by("pk").values_list("is_staff", "is_superuser", "is_active"))
        assert rights[: len(people)] == people
        assert set(rights[len(people) :]) <= {(False, False, True)}, (
            "whoever has just come in has no rights of that kind"
        )
        transaction.set_rollback(True)


@pytest.mark.parametrize("value", ["accepted", "closed", "withdrawn", "allocated"])
def test_a_state_cannot_be_posted(here, value):
    request = make.sent(here)
    browser = browser_of(Membership.objects.get(pk=here.dsl.membership_id))
    browser.post(reverse("brokering:write", args=[request.pk]), {"text": "Hello", "state": value, "restricted": "on"})
    row = make.now(request)
    assert (row.state, row.restricted) == (RequestState.TRIAGE, False)


def test_figures_that_somebody_else_has_changed_meanwhile_are_not_overwritten(here):
    browser = browser_of(Membership.objects.get(pk=here.manager.membership_id))
    address = reverse("directory:pool", args=[here.pool.pk])
    typed = dict(fields_of(browser.get(address).content.decode()))
    CapacityPool.objects.filter(pk=here.pool.pk).update(version=here.pool.version + 1, total=7)
    answer = browser.post(address, typed | {"total": "31"})
    assert answer.status_code == 409
    assert 'value="31"' in answer.content.decode()
    here.pool.refresh_from_db()
    assert here.pool.total == 7
    for version in ("", "-1", "x", "9" * 400, "1.5"):
        assert browser.post(address, typed | {"version": version}).status_code in (200, 400, 409)


def test_an_id_that_is_none_is_a_page_that_is_not_there(here):
    people = {
        role: browser_of(Membership.objects.get(pk=getattr(here, role).membership_id))
        for role in ("dsl", "coordinator", "manager")
    }
    nobody = uuid.UUID(int=0)
    for route, _ in policy.routes():
        if "<uuid:" not in route or route.startswith("admin/"):
            continue
        for given in (str(nobody), "not-an-id", "0", "../..", "%00", MARKUP):
            address = "/" + "".join(given if part.startswith("<uuid:") else part for part in split(route))
            # Only what looks like an id comes as far as a view, which may answer people differently.
            for browser in people.values() if given == str(nobody) else [people["dsl"]]:
                for method in (browser.get, browser.post):
                    assert method(address).status_code in (302, 400, 404, 405), (route, given)


def split(route: str) -> list[str]:
    """Return the parts of a route, those in brackets by themselves."""
    return route.replace("<", "\0<").replace(">", ">\0").split("\0")


def test_a_birthday_that_has_not_come_is_refused_beside_its_question(here):
    request = make.draft(here)
    browser = browser_of(Membership.objects.get(pk=here.dsl.membership_id))
    address = reverse("brokering:child", args=[request.pk])
    typed = dict(fields_of(browser.get(address).content.decode()))
    for year in ("2031", "1899", "0001", "9999"):
        answer = browser.post(address, typed | {"date_of_birth_year": year})
        assert answer.status_code == 200, year
        assert f'value="{year}"' in answer.content.decode()
        assert "Enter a date of birth of somebody from 0 to 25" in answer.content.decode()
    assert make.now(request).date_of_birth == make.CHILD.date_of_birth.isoformat()
