"""
T-CANARY: a child's words stand where the domain lets them stand, and nowhere else.

Every address is opened as every kind of person, and whatever comes back, or is left behind, is searched for words that are unique to
one child. What may be where is in canaries.py.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from directory import links
from directory.models import Asking, CapacityModel, CapacityPool, Location, Membership, Role
from safekeeping import policy
from safekeeping.models import AuditEvent, OutboxRow, Session, User
from safekeeping.policy import Hat, Reach
from search.backends import backend
from search.documents import all_documents
from search.models import SavedSearch
from tests.architecture import canaries
from tests.architecture.canaries import NOW, POSTCODE, Case, Ear, may_read
from tests.factories import brokering as make
from tests.factories import contexts as spots
from tests.factories import directory as directory_rows
from tests.factories import joining as coming
from tests.factories import training as taught
from tests.factories.people import browser_of
from tests.factories.postcode_table import small_table
from training.models import Booking, CourseSession

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# They say that something is wrong because somebody asks them whether it is.
MEANT_TO_FAIL = {"health_ready", "admin /admin/failwhale/"}
# Addresses that show more only when somebody asks for it with a button.
BUTTONS = {"brokering:desk_initials", "brokering:place_contact"}
MOST_ADMIN_PAGES = 120
Sample = Callable[["Crawl", Case], dict[str, Any] | None]


def none(crawl: Crawl, case: Case) -> dict[str, Any]:
    return {"ref": case.request.pk}


def of_spot(crawl: Crawl, case: Case) -> dict[str, Any]:
    return {"ref": crawl.here.extra["spot"].pk}


def of_offer(crawl: Crawl, case: Case) -> dict[str, Any] | None:
    return {"ref": case.offer.pk} if case.offer else None


def of_place(crawl: Crawl, case: Case) -> dict[str, Any] | None:
    return {"ref": case.place.pk} if case.place else None


def of_session(crawl: Crawl, case: Case) -> dict[str, Any]:
    return {"ref": CourseSession.objects.values_list("pk", flat=True)[0]}


def of_booking(crawl: Crawl, case: Case) -> dict[str, Any]:
    return {"ref": Booking.objects.unscoped(reason="a test").values_list("pk", flat=True)[0]}


def of_day(crawl: Crawl, case: Case) -> dict[str, Any]:
    sessions = CapacityPool.objects.filter(organization=crawl.here.umoja, model=CapacityModel.SESSION_SLOTS)
    mine = sessions.first() or directory_rows.pool(crawl.here.mentoring, model=CapacityModel.SESSION_SLOTS)
    return {"pk": mine.pk}


def venue_of(crawl: Crawl) -> Location:
    """Return a place whose details the provider keeps."""
    found, _ = Location.objects.get_or_create(name="Base", organization=crawl.here.umoja)
    return found


def of_report(crawl: Crawl, case: Case) -> dict[str, Any]:
    """Return what a reader has sent; made once, for the whole crawl."""
    if "report" not in crawl.here.extra:
        crawl.here.extra["report"] = directory_rows.report_in("new")
    return {"ref": crawl.here.extra["report"].pk}


def of_search(crawl: Crawl, case: Case) -> dict[str, Any]:
    """Return what the writer has saved; made once, for the whole crawl."""
    made, _ = SavedSearch.objects.get_or_create(
        membership_id=crawl.here.dsl.membership_id, facets="age=9", defaults={"name": "Nine", "saved_at": NOW}
    )
    return {"pk": made.pk}


def of_joining(name: str, crawl: Crawl, case: Case) -> dict[str, Any]:
    """Return what stands in the brackets of a page about who comes in; made once, for the whole crawl."""
    made = crawl.here.extra.setdefault("coming", None) or coming.world(crawl.here)
    crawl.here.extra["coming"] = made
    arguments = made.arguments(f"directory:{name}")
    return (
        {"member": arguments["member"]}
        if name in ("people_one", "people_end", "people_hand_over")
        else {"pk": arguments["pk"]}
    )


# What stands in the brackets of each address; None where a case has no such thing. A new address needs an entry.
SAMPLES: dict[str, Sample] = {
    "brokering:contact_card": lambda crawl, case: {**none(crawl, case), "place": case.place.pk} if case.place else None,
    "brokering:desk_agree": lambda crawl, case: {**none(crawl, case), "check": case.request.pk},
    **{
        f"brokering:{name}": lambda crawl, case: {**none(crawl, case), "service": crawl.here.mentoring.pk}
        for name in ("desk_offer", "desk_attest", "desk_second")
    },
    **{
        f"brokering:{name}": lambda crawl, case: (
            {**none(crawl, case), "offer": case.offer.pk} if case.offer else None
        )
        for name in ("desk_take_back", "desk_reply")
    },
    "brokering:desk_place_end": lambda crawl, case: (
        {**none(crawl, case), "place": case.place.pk} if case.place else None
    ),
    **{f"brokering:{name}": of_offer for name in ("offer", "offer_accept", "offer_decline", "offer_ask")},
    **{
        f"brokering:{name}": of_place
        for name in ("place", "place_contact", "place_met", "place_start", "place_end")
    },
    **{
        f"brokering:{name}": none
        for name in (
            "request", "safety", "advice", "danger", "not_in_danger", "child", "wishes", "help", "agreement", "check",
            "write", "changed", "withdraw", "delete", "contact", "desk_request", "desk_initials", "desk_decide",
            "desk_outcome", "desk_take", "desk_message", "desk_withdraw", "desk_close", "desk_again", "desk_shortlist",
            "desk_look", "desk_readers", "desk_lift", "about_a_place",
        )
    },
    **{
        f"brokering:{name}": of_spot
        for name in (
            "context", "context_safety", "context_advice", "context_danger", "context_not_in_danger", "context_place",
            "context_happening", "context_help", "context_check", "context_write", "context_withdraw", "context_delete",
            "context_one_child", "desk_context", "desk_context_take", "desk_context_decide", "desk_context_message",
            "desk_context_withdraw", "desk_context_close",
        )
    },
    "directory:report_service": lambda crawl, case: {"slug": crawl.here.mentoring.slug},
    "directory:report_organization": lambda crawl, case: {"slug": crawl.here.umoja.slug},
    "directory:report": of_report,
    "directory:service": lambda crawl, case: {"slug": crawl.here.mentoring.slug},
    **{
        f"directory:{name}": lambda crawl, case: {"pk": crawl.here.pool.pk}
        for name in ("pool", "pool_confirm", "pool_reopen")
    },
    **{f"directory:{name}": of_day for name in ("another_day", "call_off")},
    **{
        f"directory:our_service{name}": lambda crawl, case: {"pk": crawl.here.mentoring.pk}
        for name in ("", "_preview", "_send", "_withdraw", "_discard", "_right", "_where", "_times", "_closures")
    },
    "directory:our_service_words": lambda crawl, case: {"pk": crawl.here.mentoring.pk, "section": "how-to-ask"},
    **{f"directory:our_venue{name}": lambda crawl, case: {"pk": venue_of(crawl).pk} for name in ("", "_withdraw")},
    **{
        f"directory:{name}": partial(of_joining, name)
        for name in (
            "people_again", "people_withdraw", "people_asked", "people_one", "people_end", "people_hand_over",
            "compliance_take_back", "joining_account", "joining_organization", "joining_again", "joining_withdraw",
            "joining_item",
        )
    },
    "training:course": lambda crawl, case: {"slug": CourseSession.objects.select_related("course")[0].course.slug},
    **{f"training:{name}": of_session for name in ("session", "book", "register", "change", "open", "call_off")},
    **{f"training:{name}": of_booking for name in ("booking", "cancel", "calendar")},
    **{
        name: lambda crawl, case: {"number": OutboxRow.objects.values_list("pk", flat=True).last()}
        for name in ("email", "email_as_sent")
    },
    **{f"search:{name}": lambda crawl, case: {"slug": crawl.here.mentoring.slug} for name in ("send", "sent")},
    **{
        f"search:{name}": of_search for name in ("saved_search", "saved_pause", "saved_go_on", "saved_delete")
    },
    "directory:as_table": lambda crawl, case: {"form": "csv"},
    "account_reset_password_from_key": lambda crawl, case: {"uidb36": "1", "key": "set-password"},
    "wagtail_serve": lambda crawl, case: {"path": "about/"},
    "event_calendar": lambda crawl, case: {"number": 1},
    "picture": lambda crawl, case: {"path": "images/none.png"},
    "wagtaildocs_serve": lambda crawl, case: {"document_id": 1, "document_filename": "none.pdf"},
    "wagtaildocs_authenticate_with_password": lambda crawl, case: {"restriction_id": 1},
}  # fmt: skip


@dataclass
class Crawl:
    """Everybody's way through everything, and what they saw."""

    here: make.World
    cases: list[Case]
    ear: Ear
    people: dict[str, tuple[Hat | None, Client]]
    wrong: set[str] = field(default_factory=set)
    seen: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    broken: set[str] = field(default_factory=set)
    opened: int = 0

    def look(self, person: str, name: str, address: str, *, post: bool = False) -> Any:
        """Open one page as one person and judge every word on it."""
        hat, client = self.people[person]
        answer = client.post(address) if post else client.get(address)
        self.opened += 1
        if answer.status_code >= 500 and name not in MEANT_TO_FAIL:
            self.broken.add(f"{person} {name}: {answer.status_code}")
        heads = "\n".join(f"{key}: {value}" for key, value in answer.items())
        cookies = str(answer.cookies)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode(errors="replace")
        title = "".join(re.findall(r"<title>.*?</title>", text, re.DOTALL))
        for told, kind in self.ear.hear(f"{address}\n{heads}\n{cookies}\n{title}"):
            self.wrong.add(f"{name}: {kind} of the one that is {told} in an address, a header or a title, for {person}")
        for told, kind in self.ear.hear(text):
            case = next(one for one in self.cases if one.name == told)
            self.seen[person].add((told, kind))
            if not may_read(self.here, hat, case, kind):
                self.wrong.add(f"{person} reads {kind} of the one that is {told} on {name}")
        if POSTCODE in text or POSTCODE.replace(" ", "") in text:
            self.wrong.add(f"{person} reads a whole postcode on {name}")
        return answer


@pytest.fixture
def crawl(db, settings, tmp_path, monkeypatch, caplog) -> Crawl:
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    caplog.set_level("DEBUG")
    # With a traceback for every variable that a template asks for in vain; no server of ours keeps those.
    caplog.set_level("INFO", logger="django.template")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    here = make.world()
    cases = canaries.children(here)
    taught.booked(taught.session(starts=NOW + timedelta(days=30), at=NOW), by=here.dsl, at=NOW)
    here.extra["spot"] = spots.sent(here, at=NOW)
    call_command("setup", verbosity=0)
    backend().replace_all(all_documents())
    root = User.objects.create_superuser("root@work.example", "a long pass phrase", name="Root")
    other_school = make.make.organization("Another school")
    hats: dict[str, Hat | None] = {
        "writer": here.dsl,
        "colleague": here.colleague,
        "professional of the same school": make.hat(here.school, Role.PROFESSIONAL),
        "another school": make.hat(other_school, Role.SCHOOL_DSL),
        "another agency": make.hat(other_school, Role.PROFESSIONAL),
        "coordinator": here.coordinator,
        "coordinator of two parts": here.second,
        "coordinator elsewhere": here.elsewhere,
        "provider": here.manager,
        "worker": here.worker,
        "worker beside": make.hat(here.umoja, Role.PROVIDER_WORKER),
        "other provider": here.other_manager,
        "other provider’s worker": make.hat(here.verse, Role.PROVIDER_WORKER),
        "partnership team": spots.team(here),
        "steward": make.hat(here.council, Role.CONTENT_EDITOR),
        "privacy officer": make.hat(here.council, Role.IG_OFFICER),
        "administrator": make.hat(here.council, Role.SYSADMIN),
    }
    people: dict[str, tuple[Hat | None, Client]] = {"stranger": (None, Client(raise_request_exception=False))}
    superuser = Client(raise_request_exception=False)
    superuser.force_login(root, backend="allauth.account.auth_backends.AuthenticationBackend")
    people["superuser without a hat"] = (None, superuser)
    for name, hat in hats.items():
        client = browser_of(Membership.objects.get(pk=hat.membership_id))
        client.raise_request_exception = False
        people[name] = (hat, client)
    User.objects.filter(pk=hats["administrator"].user_id).update(is_superuser=True)
    return Crawl(here, cases, Ear(cases), people)


def reachable(name: str, route: str, hat: Hat | None) -> bool:
    audience = policy.audience_of(route, name)
    return audience.reach is not Reach.ROLES or (hat is not None and hat.role in audience.roles)


def open_the_link_of_an_email(crawl: Crawl) -> None:
    """Look at the page behind a provider's e-mail, and answer there: everybody may hold such a link."""
    asked = Asking.objects.create(organization=crawl.here.umoja, number=1, step=0, begun_at=NOW, asked_at=NOW)
    asked.pools.set([crawl.here.pool])
    [(_, token)] = links.send_to_managers(asked, at=NOW)
    address = f"{reverse('directory:confirm')}?t={token}"
    for person, (_, client) in crawl.people.items():
        assert crawl.look(person, "directory:confirm", address).status_code == 200
        answer = client.post(
            reverse("directory:confirm"), {"t": token, "act": "right", "pool": str(crawl.here.pool.pk)}
        )
        assert answer.status_code == 302
        crawl.look(person, "directory:confirm", address)


def walk(crawl: Crawl) -> None:
    """Open every address of ours as everybody: of every child where they may come in at all, of one where the door is shut."""
    for route, name in policy.routes():
        if route.startswith("admin/"):
            continue
        for person, (hat, _) in crawl.people.items():
            cases = crawl.cases if reachable(name, route, hat) else crawl.cases[4:5]
            for address in addresses(crawl, name, route, cases):
                crawl.look(person, name, address)
                if name in BUTTONS:
                    crawl.look(person, name, address, post=True)


def addresses(crawl: Crawl, name: str, route: str, cases: list[Case]) -> list[str]:
    """Return the addresses of that route for these children."""
    if not set("<(") & set(route):
        return [reverse(name)]
    made = []
    for case in cases:
        if (arguments := SAMPLES[name](crawl, case)) is not None:
            try:
                made.append(reverse(name, kwargs=arguments))
            except NoReverseMatch:
                made.append(reverse(name, args=list(arguments.values())))
    return sorted(set(made))


def walk_the_admin(crawl: Crawl, person: str) -> None:
    """Open every page of the admin that has one address, and follow links from there."""
    left = [
        "/admin/",
        *(f"/{route}" for route, _ in policy.routes() if route.startswith("admin/") and not set("<(^") & set(route)),
    ]
    known = set(left)
    while left and len(known) - len(left) < MOST_ADMIN_PAGES:
        address = left.pop(0)
        answer = crawl.look(person, f"admin {address}", address)
        if "text/html" in answer.get("Content-Type", "") and not answer.streaming:
            for link in re.findall(r'href="(/admin/[^"#]*)"', answer.content.decode()):
                if "logout" not in link and link not in known:
                    known.add(link)
                    left.append(link)


def test_every_address_with_something_in_brackets_has_a_sample():
    needed = {name for route, name in policy.routes() if not route.startswith("admin/") and set("<(") & set(route)}
    assert sorted(needed - set(SAMPLES)) == [], "say in SAMPLES what stands in its brackets"
    assert sorted(set(SAMPLES) - needed) == [], "there is no such address any more"


def test_a_childs_words_stand_where_the_domain_lets_them_and_nowhere_else(crawl, caplog):
    walk(crawl)
    open_the_link_of_an_email(crawl)
    for person in ("steward", "administrator", "partnership team"):
        walk_the_admin(crawl, person)
    assert crawl.opened > 2000
    assert sorted(crawl.wrong) == []
    assert sorted(crawl.broken) == []
    must_have_been_seen(crawl)
    left_behind = {
        "the log": "\n".join(
            [
                *(record.getMessage() for record in caplog.records),
                *(str(record.exc_info or "") for record in caplog.records),
            ]
        ),
        "a mail": json.dumps(list(OutboxRow.objects.values()), default=str),
        "the index": repr(list(all_documents())),
        "the audit trail": json.dumps(list(AuditEvent.objects.values()), default=str),
        "a session": repr([session.get_decoded() for session in Session.objects.all()]),
        "the cache": repr(getattr(cache, "_cache", "")),
        "the database": held_by_the_database(),
    }
    for where, text in left_behind.items():
        open_there = canaries.LIES_OPEN if where == "the database" else set()
        assert {told for told in crawl.ear.hear(text) if told[1] not in open_there} == set(), where
        assert POSTCODE not in text, where
    assert "Umoja mentoring" in left_behind["the database"], "this is not what the database holds"
    assert len(left_behind["a mail"]) > 1000
    assert len(left_behind["the audit trail"]) > 1000


def must_have_been_seen(crawl: Crawl) -> None:
    """Whoever may read something has read it: a crawl that meets only shut doors proves nothing."""
    seen = crawl.seen
    assert ("card given", "name") in seen["worker"]
    assert ("card given", "telephone") in seen["provider"]
    assert ("offered", "wishes") in seen["provider"]
    assert ("sent", "initials") in seen["coordinator"]
    assert ("looked for", "rationale") in seen["coordinator"]
    assert ("declined", "no") in seen["coordinator"]
    assert ("draft", "birthday") not in seen["coordinator"]
    assert ("sent", "school") in seen["writer"]
    assert ("sent", "wishes") in seen["colleague"]
    assert ("restricted", "wishes") in seen["coordinator"]
    assert seen["partnership team"] == set()
    for person in (
        "stranger",
        "superuser without a hat",
        "other provider",
        "worker beside",
        "administrator",
        "steward",
        "partnership team",
    ):
        assert seen[person] == set(), person


def held_by_the_database() -> str:
    """
    Return what a thief would carry away.

    Of SQLite every byte of the file, of what was deleted and not yet overwritten, too; of PostgreSQL every row.
    """
    if connection.vendor == "sqlite":
        held: str = connection.connection.serialize().decode("latin-1")
        return held
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


NAME = "Zebedee Quarrington"
TYPED = {
    "context_safety": {"harm": "yes", "reported_reference": NAME, "reported_to_role": f"Told {NAME}"},
    "context_place": {"context_type": "school_or_college", "label": NAME, "place_description": f"Near {NAME}"},
    "context_happening": {"what_is_known": f"{NAME} was hurt", "strengths": f"It is {NAME} who helps", "youngest": "x"},
    "context_help": {"accountable_owner": NAME, "partners": f"With {NAME}", "tried_already": f"{NAME} has left"},
    "context_write": {"text": f"It was {NAME}."},
    "desk_context_message": {"message-text": f"It was {NAME}."},
    "desk_context_decide": {
        "outcome": "signposted", "elsewhere_instead": f"Ask {NAME}", "rationale": f"Because of {NAME}",
    },
    "desk_context_close": {"close-because": "other", "close-words": f"Ask {NAME}"},
}  # fmt: skip


def test_inv_p5_a_name_that_is_typed_at_a_place_is_on_the_page_that_refuses_it_and_is_left_behind_nowhere(
    settings, monkeypatch, caplog
):
    caplog.set_level("DEBUG")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    here = make.world()
    rows = {"draft": spots.draft(here, at=NOW), "sent": spots.sent(here, at=NOW), "owned": spots.owned(here, at=NOW)}
    stopped = 0
    for route, typed in TYPED.items():
        at_desk = route.startswith("desk_")
        hat = here.coordinator if at_desk else here.dsl
        state = "owned" if route == "desk_context_close" else "sent" if at_desk or route == "context_write" else "draft"
        client = browser_of(Membership.objects.get(pk=hat.membership_id))
        answer = client.post(reverse(f"brokering:{route}", args=[rows[state].pk]), typed)
        assert answer.status_code == 200, route
        assert "Zebedee" in answer.content.decode(), f"{route}: what was typed is gone"
        assert "Zebedee" not in "".join(re.findall(r"<title>.*?</title>", answer.content.decode(), re.DOTALL))
        assert "Zebedee" not in "\n".join(f"{key}: {value}" for key, value in answer.items())
        stopped += 1
    assert stopped == len(TYPED)
    left_behind = {
        "the log": "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records),
        "a mail": json.dumps(list(OutboxRow.objects.values()), default=str),
        "the audit trail": json.dumps(list(AuditEvent.objects.values()), default=str),
        "a session": repr([session.get_decoded() for session in Session.objects.all()]),
        "the cache": repr(getattr(cache, "_cache", "")),
        "the database": held_by_the_database(),
        "what is sealed": opened_again(),
    }
    assert [where for where, text in left_behind.items() if "Zebedee" in text or "Quarrington" in text] == []
    assert "Fights at the bus stop" in left_behind["what is sealed"], "this is not what the rows hold"


def opened_again() -> str:
    """Return every value of every row of brokering, unsealed."""
    return "\n".join(
        str(getattr(row, field.attname))
        for model in apps.get_app_config("brokering").get_models()
        for row in model._base_manager.all()
        for field in model._meta.concrete_fields
    )


def test_the_ear_hears():
    """The test above can fail."""
    case = Case("offered", 4)
    ear = Ear([case])
    kinds = set(canaries.MAY_READ) - {"birthday", "postcode", "sector"}
    for kind in kinds:
        assert ear.hear(f"<p>Something {case.word(kind).upper()}, said</p>") == {("offered", kind)}
    assert ear.hear(f"born {case.born.day} {case.born:%B %Y}") == {("offered", "birthday")}
    assert ear.hear(f'value="{case.born.isoformat()}"') == {("offered", "birthday")}
    assert ear.hear("nothing at all") == set()
