"""
T-MATRIX-1: every route, for every role, by every method, for what is theirs, what is not and what is not there.

`MAY_ENTER` was written by a person from the roles of the domain, not from the apps' own declarations: the two must
agree, and then every door is tried. A new route needs a line here.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from directory.models import CapacityModel, Membership, Role
from safekeeping import policy
from safekeeping.models import AuditEvent, AuditHead, OutboxRow, Session
from safekeeping.policy import Reach
from search.models import SavedSearch
from tests.factories import brokering as make
from tests.factories import contexts as spots
from tests.factories import directory as directory_rows
from tests.factories import joining as coming
from tests.factories import training as taught
from tests.factories.people import browser_of

pytestmark = [pytest.mark.matrix, pytest.mark.django_db, pytest.mark.slow]

ASKING = {Role.PROFESSIONAL, Role.SCHOOL_DSL}
MANAGING = {Role.PROVIDER_ADMIN}
PROVIDING = {Role.PROVIDER_ADMIN, Role.PROVIDER_WORKER}
COORDINATING = {Role.COORDINATOR}
DECIDING = {Role.COORDINATOR, Role.PARTNERSHIP_TEAM}
# Domain §3.16: seats are for whoever works with children, and for those who run the sessions as well.
LEARNING = {
    Role.PROFESSIONAL,
    Role.SCHOOL_DSL,
    Role.PROVIDER_ADMIN,
    Role.PROVIDER_WORKER,
    Role.COORDINATOR,
    Role.PARTNERSHIP_TEAM,
}
TEACHING = {Role.PARTNERSHIP_TEAM}
SAVING = {*ASKING, *PROVIDING, Role.COORDINATOR, Role.PARTNERSHIP_TEAM}
# What is not here is for everybody, or for whoever is signed in.
MAY_ENTER: dict[str, set[Role]] = {
    # What a provider writes: its manager writes, its workers read.
    **{
        f"directory:{name}": PROVIDING
        for name in (
            "our_services", "our_service", "our_service_preview", "our_organization", "our_organization_preview", "our_venues",
        )
    },
    # How people come in: managers and safeguarding leads see to their own, stewards to all; anybody may leave.
    **{f"directory:{name}": {*ASKING, *PROVIDING} for name in ("people", "people_leave")},
    **{
        f"directory:people_{name}": {Role.PROVIDER_ADMIN, Role.SCHOOL_DSL}
        for name in ("invite", "again", "withdraw", "one", "end", "hand_over", "asked")
    },
    **{f"directory:{name}": MANAGING for name in ("compliance", "compliance_take_back")},
    **{
        f"directory:joining{name}": {Role.CONTENT_EDITOR, Role.SYSADMIN}
        for name in ("", "_account", "_organization", "_invite", "_again", "_withdraw", "_item")
    },
    **{
        f"directory:{name}": MANAGING
        for name in (
            "new_service", "our_service_words", "our_service_send", "our_service_withdraw", "our_service_discard",
            "our_service_right", "our_organization_right",
            "our_service_where", "our_service_times", "our_service_closures", "our_organization_words",
            "our_organization_send", "our_organization_withdraw", "our_organization_discard", "our_venue_new", "our_venue",
            "our_venue_withdraw",
        )
    },
    **{
        f"directory:{name}": MANAGING
        for name in ("my_services", "new_pool", "pool", "pool_confirm", "pool_reopen", "another_day", "call_off", "stop_links")
    },
    "directory:emails": {Role.PROVIDER_ADMIN, Role.CONTENT_EDITOR},
    **{
        f"search:{name}": SAVING
        for name in ("saved", "save", "saved_search", "saved_pause", "saved_go_on", "saved_delete")
    },
    "directory:our_reports": MANAGING,
    **{
        f"brokering:{name}": ASKING
        for name in (
            "requests", "start", "request", "safety", "advice", "danger", "not_in_danger", "child", "wishes", "help",
            "agreement", "check", "write", "changed", "withdraw", "delete", "contact", "contact_card", "about_a_place",
            "context", "context_start", "context_safety", "context_advice", "context_danger", "context_not_in_danger",
            "context_place", "context_happening", "context_help", "context_check", "context_write", "context_withdraw",
            "context_delete", "context_one_child",
        )
    },
    **{
        f"brokering:{name}": DECIDING
        for name in (
            "desk", "desk_context", "desk_context_take", "desk_context_decide", "desk_context_message",
            "desk_context_withdraw", "desk_context_close",
        )
    },
    **{f"training:{name}": LEARNING for name in ("bookings", "book", "booking", "cancel", "calendar")},
    **{f"training:{name}": TEACHING for name in ("run", "plan", "register", "change", "open", "call_off")},
    **{
        f"brokering:{name}": COORDINATING
        for name in (
            "desk_request", "desk_initials", "desk_decide", "desk_outcome", "desk_take", "desk_message",
            "desk_withdraw", "desk_close", "desk_again", "desk_agree", "desk_shortlist", "desk_look", "desk_offer",
            "desk_attest", "desk_second", "desk_take_back", "desk_reply", "desk_place_end", "desk_readers", "desk_lift",
        )
    },
    **{f"brokering:{name}": MANAGING for name in ("offer", "offer_accept", "offer_decline", "offer_ask")},
    **{
        f"brokering:{name}": PROVIDING
        for name in ("offers", "place", "place_contact", "place_met", "place_start", "place_end")
    },
}  # fmt: skip
FOR_WHOEVER_IS_SIGNED_IN = {
    "start", "choose_hat", "kept_form", "forget_form", "account", "address_works", "signed_in_places", "end_session",
    "end_other_sessions", "account_reauthenticate", "mfa_reauthenticate", "account_change_password", "mfa_index",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip
# Of no organization: the Partnership Team is one for the whole city, and a seat is for whoever comes first.
FOR_ALL_OF_THAT_ROLE = {
    *(
        (f"directory:joining_{name}", role)
        for name in ("account", "organization", "again", "withdraw", "item")
        for role in (Role.CONTENT_EDITOR, Role.SYSADMIN)
    ),
    *((name, Role.PARTNERSHIP_TEAM) for name, who in MAY_ENTER.items() if who in (DECIDING, TEACHING)),
    *(("training:book", role) for role in LEARNING),
}
METHODS = ("get", "post")


def ours() -> dict[str, str]:
    """Return our own routes that are not for everybody, by name; what stands in the brackets is filled in below."""
    return {
        name: route
        for route, name in policy.routes()
        if not route.startswith("admin/") and policy.audience_of(route, name).reach is not Reach.PUBLIC
    }


def test_the_table_and_the_declarations_agree():
    declared: dict[str, Any] = {}
    for name, route in ours().items():
        audience = policy.audience_of(route, name)
        declared[name] = set(audience.roles) if audience.reach is Reach.ROLES else None
    table = {**{name: set(roles) for name, roles in MAY_ENTER.items()}, **dict.fromkeys(FOR_WHOEVER_IS_SIGNED_IN)}
    assert {name for name in declared if declared[name] != table.get(name, "missing")} == set()
    assert set(table) - set(declared) == set(), "there is no such route any more"


class Doors:
    """
    A request with an offer, one with a place, one about a spot, and a seat.

    And for each role a browser of somebody who is a stranger to all of them.
    """

    def __init__(self) -> None:
        self.here = make.world()
        self.offer = make.offered(self.here)
        self.place = make.answered_yes(self.here)
        self.spot = spots.sent(self.here)
        self.booking = taught.booked(by=self.here.dsl)
        self.session = directory_rows.pool(self.here.mentoring, model=CapacityModel.SESSION_SLOTS, at=make.AT)
        self.venue = make.make.location("Base", organization=self.here.umoja)
        self.coming = coming.world(self.here)
        self.search = SavedSearch.objects.create(
            membership_id=self.here.dsl.membership_id, name="Nine", facets="age=9", saved_at=make.AT
        )
        elsewhere = make.provider("Elsewhere")
        self.strangers = {
            role: browser_of(Membership.objects.get(pk=make.hat(elsewhere, role).membership_id)) for role in Role
        }
        self.insiders = {
            Role.SCHOOL_DSL: self.browser(self.here.dsl),
            Role.COORDINATOR: self.browser(self.here.coordinator),
            Role.PROVIDER_ADMIN: self.browser(self.here.manager),
            Role.PROVIDER_WORKER: self.browser(self.here.worker),
            Role.PARTNERSHIP_TEAM: self.browser(spots.team(self.here)),
            Role.CONTENT_EDITOR: self.strangers[Role.CONTENT_EDITOR],
        }

    @staticmethod
    def browser(hat: policy.Hat) -> Client:
        return browser_of(Membership.objects.get(pk=hat.membership_id))

    def address(self, name: str, route: str, *, there: bool) -> str:
        """Return the address of the route for what is there, or for ids that nothing has."""
        if "<" not in route:
            return reverse(name)
        own: dict[str, Any] = {
            "ref": self.offer.pk if name.startswith("brokering:offer") else self.place.request_id,
            "place": self.place.pk,
            "offer": self.offer.pk,
            "service": self.here.mentoring.pk,
            "check": self.place.request_id,
            "pk": self.session.pk if name in ("directory:another_day", "directory:call_off") else self.here.pool.pk,
            "section": "what-it-is",
        }
        if name.startswith("directory:our_service"):
            own["pk"] = self.here.mentoring.pk
        if name.startswith("directory:our_venue"):
            own["pk"] = self.venue.pk
        if name.startswith("search:saved"):
            own["pk"] = self.search.pk
        own |= self.coming.arguments(name)
        if name.startswith("brokering:place"):
            own["ref"] = self.place.pk
        if name.startswith(("brokering:context", "brokering:desk_context")):
            own["ref"] = self.spot.pk
        if name.startswith("training:"):
            theirs = name in ("training:booking", "training:cancel", "training:calendar")
            own["ref"] = self.booking.pk if theirs else self.booking.session_id
        if name in ("brokering:desk_take_back", "brokering:desk_reply"):
            own["ref"] = self.offer.request_id
        wanted = [part.split(":")[1].rstrip(">") for part in route.split("/") if part.startswith("<")]
        absent = 999_999 if "<int:" in route else uuid.UUID(int=7)
        return reverse(name, kwargs={one: own[one] if there else absent for one in wanted})


@pytest.fixture
def doors(db) -> Doors:
    return Doors()


def rows() -> dict[str, int]:
    """
    Return how many rows there are of everything that a door itself does not write.

    It writes the trail and whose session is used; of the fifth refusal within an hour, the privacy officer is told.
    """
    mails = OutboxRow.objects.exclude(key__startswith="denied:").count()
    return {"mails": mails} | {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model not in (AuditEvent, AuditHead, OutboxRow, Session) and model._meta.managed
    }


@pytest.mark.parametrize("method", METHODS)
def test_whom_a_route_is_not_for_meets_the_page_of_what_is_not_there(doors, method):
    wrong, tried = [], 0
    nothing = doors.strangers[Role.PROFESSIONAL].get("/nothing/").content
    before = rows()
    for name, route in ours().items():
        if name not in MAY_ENTER:
            continue
        for role in set(Role) - MAY_ENTER[name]:
            answer = getattr(doors.strangers[role], method)(doors.address(name, route, there=True))
            tried += 1
            if (answer.status_code, answer.content) != (404, nothing):
                wrong.append(f"{role} {method} {name}: {answer.status_code}")
    assert wrong == []
    assert tried > 250
    assert rows() == before


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_meets_the_sign_in_page_and_changes_nothing(doors, method):
    before = rows()
    for name, route in ours().items():
        for there in (True, False):
            answer = getattr(Client(), method)(doors.address(name, route, there=there))
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/sign-in/"), name
    assert rows() == before


@pytest.mark.parametrize("method", METHODS)
def test_the_right_role_at_the_wrong_organization_meets_the_same_page(doors, method):
    """Theirs by role, somebody else's by row: what is there and what is not are one answer, to the byte."""
    wrong, tried = [], 0
    nothing = doors.strangers[Role.PROFESSIONAL].get("/nothing/").content
    before = rows()
    for name, roles in MAY_ENTER.items():
        route = ours()[name]
        if "<" not in route:
            continue
        for role in roles:
            if (name, role) in FOR_ALL_OF_THAT_ROLE:
                continue
            answers = [
                getattr(doors.strangers[role], method)(doors.address(name, route, there=there))
                for there in (True, False)
            ]
            tried += 1
            theirs, absent = [(answer.status_code, answer.content) for answer in answers]
            if theirs != absent or (theirs != (404, nothing) and theirs[0] != 405):
                wrong.append(f"{role} {method} {name}: {theirs[0]} and {absent[0]}")
    assert wrong == []
    assert tried > 50
    assert rows() == before


def test_whom_a_route_is_for_gets_in(doors):
    """A matrix of shut doors would prove nothing: for whose it is, every one of them opens."""
    shut = []
    for name, roles in MAY_ENTER.items():
        insiders = [doors.insiders[role] for role in roles if role in doors.insiders]
        address = doors.address(name, ours()[name], there=True)
        found = {browser.get(address).status_code for browser in insiders}
        if not found & {200, 302, 405, 409}:
            shut.append(f"{name}: {found}")
    assert shut == []


def test_the_first_page_links_only_where_its_reader_may_go(doors):
    dead = []
    for role, browser in doors.strangers.items():
        page = browser.get("/").content.decode()
        for link in sorted(set(re.findall(r'<h2><a href="(/[^"#]*)"', page))):
            if browser.get(link).status_code == 404:
                dead.append(f"{role}: {link}")
    assert dead == []
    assert '<a href="/desk/"' in Client().get("/").content.decode(), "a stranger may be on the way to any of them"
