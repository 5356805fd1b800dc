"""The link in a provider's e-mail (E43): what whoever holds it can do, until when, and who learns of it."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import asking, capacity, links, tokens
from directory.models import CapacityPool, CapacitySnapshot, ConfirmationLink, Membership, Role
from safekeeping.models import AuditEvent, OutboxRow, User
from search.backends import backend
from search.documents import all_documents
from tests.factories.directory import organization, pool, service
from tests.factories.people import browser_of, member
from tests.factories.postcode_table import small_table

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
HERE = reverse("directory:confirm")


class Clock:
    """The time that the pages read."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def clock(at, monkeypatch) -> Clock:
    monkeypatch.setattr(timezone, "now", clock := Clock(at))
    return clock


@pytest.fixture
def umoja():
    return organization("Umoja Path")


@pytest.fixture
def marcus(umoja) -> Membership:
    return member(Role.PROVIDER_ADMIN, umoja, name="Marcus Bell")


@pytest.fixture
def mentoring(umoja, at):
    return pool(service("Mentoring", by=umoja), at=at - 6.5 * DAY, free=3, taken=9, name="One-to-one mentoring")


@pytest.fixture
def siblings(umoja, at):
    return pool(service("Siblings", by=umoja), at=at - 5 * DAY, free=0, taken=4, name="Brothers and sisters")


def newest_token() -> str:
    texts = OutboxRow.objects.filter(kind="mail").order_by("-pk").values_list("payload__text", flat=True)
    return next(found.group(1) for text in texts if (found := re.search(r"/confirm/\?t=([0-9a-f]{64})", text)))


@pytest.fixture
def token(clock, marcus, mentoring, siblings, at) -> str:
    """A link that was sent this minute, about two pools."""
    assert asking.ask_for_what_is_due(at) == 1
    clock.at += MINUTE
    return newest_token()


@pytest.fixture
def visitor() -> Client:
    return Client()


def say(visitor, token, act, place=None, **typed):
    return visitor.post(HERE, {"t": token, "act": act, **({"pool": str(place.pk)} if place else {}), **typed})


def look(visitor, token):
    return visitor.get(HERE, {"t": token})


def figures(place, **changes):
    place.refresh_from_db()
    return {
        "total": "12", "external_occupied": "9", "taking": "open", "waitlist": "closed", "wait_weeks": "",
        "version": str(place.version),
    } | changes  # fmt: skip


def events(action=""):
    return list(AuditEvent.objects.filter(action__startswith=action or "figures.").order_by("seq"))


def told():
    return list(OutboxRow.objects.filter(key__startswith="link-used:").order_by("pk"))


# --- what it does -----------------------------------------------------------------------------------------------------


def test_it_opens_without_signing_in_and_shows_what_was_asked_and_nothing_else(umoja, visitor, token, at):
    pool(service("Another", by=umoja), at=at, name="Not asked about")
    answer = look(visitor, token)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Yes, both are still right" in page
    assert "One-to-one mentoring" in page
    assert "Brothers and sisters" in page
    assert "Not asked about" not in page
    assert "Marcus" not in page
    assert "a manager at Umoja Path" in page
    assert "Wednesday 25 November" in page


def test_one_button_confirms_all_and_the_finder_and_the_service_say_so_at_once(
    visitor, token, mentoring, siblings, at, settings, tmp_path
):
    settings.POSTCODES_FILE = small_table(tmp_path / "postcodes.sqlite3")
    backend().replace_all(all_documents())  # and not again: places are read from their rows
    page = reverse("directory:service", args=[mentoring.services.get().slug])
    finder = {"text": "mentoring"}
    assert b"Umoja Path said so on" in visitor.get(page).content
    assert b"Checked 7 days ago" in visitor.get(reverse("search:find"), finder).content
    answer = say(visitor, token, "right")
    assert answer.status_code == 302
    assert "Thank you" in visitor.get(answer["Location"]).content.decode()
    for place in (mentoring, siblings):
        place.refresh_from_db()
        assert place.last_confirmed_at == at + MINUTE
        assert place.confirmed_until == at + MINUTE + 7 * DAY
    shown = visitor.get(page).content.decode()
    assert "Umoja Path said so today" in shown
    found = visitor.get(reverse("search:find"), finder).content.decode()
    assert "Checked today" in found


def test_each_figure_can_be_answered_for_itself(visitor, token, mentoring, siblings):
    say(visitor, token, "right", mentoring)
    page = look(visitor, token).content.decode()
    assert "You said so today at 10:11" in page
    assert "Yes, “Brothers and sisters” is still right" in page
    say(visitor, token, "pause", siblings)
    page = look(visitor, token).content.decode()
    assert "Thank you" in page
    assert "You paused it today at 10:11" in page
    assert "Change or open again" in page
    siblings.refresh_from_db()
    assert siblings.paused_at


def test_a_change_keeps_the_rules_of_the_providers_own_page(visitor, token, mentoring):
    answer = say(visitor, token, "change", mentoring, **figures(mentoring, total="5"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "9 young people already have a place, 4 more than this" in page
    assert 'value="5"' in page
    assert "open><summary>" in page
    assert not CapacitySnapshot.objects.exists()
    say(visitor, token, "change", mentoring, **figures(mentoring, total="5", sure="on"))
    mentoring.refresh_from_db()
    assert mentoring.total == 5


def test_somebody_who_was_faster_is_not_overwritten_and_what_was_typed_stays(visitor, token, mentoring):
    typed = figures(mentoring, total="31")
    CapacityPool.objects.filter(pk=mentoring.pk).update(version=mentoring.version + 1, total=20)
    answer = say(visitor, token, "change", mentoring, **typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed these figures" in page
    assert 'value="31"' in page
    assert "20 in all" in page
    assert events() == told() == []
    say(visitor, token, "change", mentoring, **figures(mentoring, total="31"))
    mentoring.refresh_from_db()
    assert mentoring.total == 31


def test_a_paused_service_is_opened_again_by_changing_it(visitor, token, siblings):
    say(visitor, token, "pause", siblings)
    say(visitor, token, "change", siblings, **figures(siblings, total="4", external_occupied="4"))
    siblings.refresh_from_db()
    assert siblings.paused_at is None


# --- who learns of it -------------------------------------------------------------------------------------------------


def test_every_use_is_on_record_as_the_links_and_nobodys(visitor, token, umoja, mentoring, siblings):
    link = ConfirmationLink.objects.get()
    say(visitor, token, "right")
    say(visitor, token, "change", mentoring, **figures(mentoring, total="14"))
    say(visitor, token, "pause", siblings)
    found = events()
    assert [event.action for event in found] == [
        "figures.confirm", "figures.confirm", "figures.change", "figures.pause",
    ]  # fmt: skip
    assert {(event.actor, event.hat, event.role, event.reason) for event in found} == {
        (None, None, "confirmation_link", f"link:{link.pk}")
    }
    assert {event.object_ref for event in found[:2]} == {str(mentoring.pk), str(siblings.pk)}


def test_the_provider_is_told_of_every_use_once(visitor, token, umoja, mentoring, siblings, clock):
    other = member(Role.PROVIDER_ADMIN, umoja)
    say(visitor, token, "right")
    assert len(told()) == 2
    assert {row.payload["to"][0] for row in told()} >= {other.user.email}
    text = told()[0].payload["text"]
    assert "still right" in text
    assert "Brothers and sisters" in text
    assert "If it was not you" in text
    assert "t=" not in text
    clock.at += MINUTE
    say(visitor, token, "change", mentoring, **figures(mentoring, total="14"))
    assert "5 places free" in told()[-1].payload["text"]


def test_the_providers_own_page_says_that_it_was_said_through_the_link(visitor, token, marcus, mentoring):
    say(visitor, token, "right")
    mine = browser_of(marcus)
    assert "through the link we sent to Marcus Bell" in mine.get(reverse("directory:my_services")).content.decode()
    page = mine.get(reverse("directory:pool", args=[mentoring.pk])).content.decode()
    assert "Still right, by e-mail link" in page


# --- used twice -------------------------------------------------------------------------------------------------------


def test_the_same_button_twice_is_harmless(visitor, token, mentoring):
    first, second = say(visitor, token, "right"), say(visitor, token, "right")
    assert first.status_code == second.status_code == 302
    assert len(events()) == 2
    assert len(told()) == 1
    page = look(visitor, token).content.decode()
    assert "Thank you" in page
    assert "Save the change" in page


def test_whoever_comes_back_days_later_reads_when_it_was_said_and_may_still_change_it(visitor, token, clock, mentoring):
    say(visitor, token, "right")
    clock.at += 3 * DAY
    page = look(visitor, token).content.decode()
    assert "Thank you" in page
    assert "You said so on Wednesday 18 November" in page
    say(visitor, token, "change", mentoring, **figures(mentoring, total="15"))
    mentoring.refresh_from_db()
    assert mentoring.total == 15


def test_pausing_twice_is_told_once(visitor, token, siblings):
    say(visitor, token, "pause", siblings)
    say(visitor, token, "pause", siblings)
    assert len(events("figures.pause")) == len(told()) == 1


def test_what_a_colleague_has_answered_meanwhile_waits_no_more(visitor, token, marcus, mentoring, clock):
    browser_of(marcus).post(reverse("directory:pool_confirm", args=[mentoring.pk]))
    assert "Yes, “Brothers and sisters” is still right" in look(visitor, token).content.decode()


# --- looking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch", "trace"])
def test_a_mail_scanner_changes_nothing(visitor, token, mentoring, siblings, method):
    """Whatever it opens, however often, with whatever it adds."""
    before = (list(CapacityPool.objects.values()), list(ConfirmationLink.objects.values()), OutboxRow.objects.count())
    for more in ("", "&act=right", f"&act=pause&pool={mentoring.pk}", "&act=right&csrfmiddlewaretoken=x"):
        assert getattr(visitor, method)(f"{HERE}?t={token}{more}").status_code in (200, 405)
    assert before == (
        list(CapacityPool.objects.values()),
        list(ConfirmationLink.objects.values()),
        OutboxRow.objects.count(),
    )
    assert not CapacitySnapshot.objects.exists()
    assert events() == []


def test_a_post_from_elsewhere_is_refused(token, mentoring):
    """A token in the address is not enough: the form of our own page has to be sent."""
    strict = Client(enforce_csrf_checks=True)
    assert say(strict, token, "right").status_code == 403
    assert not CapacitySnapshot.objects.exists()
    page = look(strict, token).content.decode()
    own = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    assert say(strict, token, "right", csrfmiddlewaretoken=own).status_code == 302


def test_the_page_is_kept_nowhere_and_its_links_say_nothing(visitor, token):
    for answer in (look(visitor, token), look(visitor, "0" * 64), visitor.get(reverse("directory:link_sent"))):
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
    page = look(visitor, token).content.decode()
    assert [address for address in re.findall(r'(?:href|src|action)="([^"]*)"', page) if token in address] == []
    assert token not in re.search(r"<title>.*?</title>", page, re.DOTALL).group()


# --- what it cannot do ------------------------------------------------------------------------------------------------


def test_it_is_for_the_pools_of_its_email_only(visitor, token, umoja, at):
    mine = pool(service(by=umoja), at=at, name="Said this minute")
    others = pool(service(), at=at, name="Another provider's")
    for place in (mine, others):
        for act in ("right", "pause"):
            assert say(visitor, token, act, place).status_code == 404
        assert say(visitor, token, "change", place, **figures(place)).status_code == 404
    assert not CapacitySnapshot.objects.exists()
    assert {event.outcome for event in events()} == {"refused"}


def test_the_verbs_themselves_refuse_what_is_not_the_links(token, umoja, at):
    link = ConfirmationLink.objects.select_related("asking__organization", "membership__user").get()
    other = pool(service(by=umoja), at=at)
    for deed in (
        lambda: links.confirm(link, [other], at=at),
        lambda: links.confirm(link, [], at=at),
        lambda: links.pause(link, other, at=at),
        lambda: links.change(link, other, capacity.Declaration(total=1, external_occupied=0, waitlist_open=False), version=1, at=at),
        lambda: links.confirm(link, links.pools_of(link, at=at), at=at + 8 * DAY),
    ):  # fmt: skip
        with pytest.raises(links.LinkIsDead):
            deed()


def test_it_opens_no_other_door(visitor, token, mentoring):
    look(visitor, token)
    say(visitor, token, "right")
    for name, arguments in (("my_services", []), ("pool", [mentoring.pk])):
        address = reverse(f"directory:{name}", args=arguments)
        assert visitor.get(address, {"t": token})["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("act", ["", "open", "delete", "RIGHT", "\x00", "right "])
def test_an_act_that_is_none_changes_nothing(visitor, token, mentoring, act):
    assert say(visitor, token, act, mentoring).status_code in (302, 404)
    assert not CapacitySnapshot.objects.exists()


# --- a link that is none ----------------------------------------------------------------------------------------------


def altered(token):
    return ("0" if token[0] != "0" else "1") + token[1:]


FORGERIES = {
    "unknown": lambda token: "0" * 64,
    "one letter changed": altered,
    "cut off": lambda token: token[:-1],
    "longer": lambda token: token + "0",
    "upper case": str.upper,
    "the hash that we keep": lambda token: tokens.hash_of(token),
    "nothing": lambda token: "",
    "the id of the link": lambda token: str(ConfirmationLink.objects.get().pk),
    "a new line": lambda token: token + "\n",
    "NUL": lambda token: "\x00" * 64,
    "ten kilobytes": lambda token: "a" * 10_000,
    "Arabic digits": lambda token: "١" * 64,
    "markup": lambda token: '"><script>alert(1)</script>',
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_a_token_cannot_be_guessed_or_altered(visitor, token, mentoring, forged):
    wrong = forged(token)
    for answer in (look(visitor, wrong), say(visitor, wrong, "right"), say(visitor, wrong, "pause", mentoring)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()
        assert "<script>alert" not in answer.content.decode()
        assert "Umoja" not in answer.content.decode()
    visitor.post(reverse("directory:new_link"), {"t": wrong})
    assert not CapacitySnapshot.objects.exists()
    assert events() == []
    assert OutboxRow.objects.filter(kind="mail").count() == 1


def test_a_token_is_256_random_bits(marcus, mentoring, at):
    tokens = {links.made_for(marcus, None, at=at)[1] for _ in range(500)}
    assert len(tokens) == 500
    assert {len(token) for token in tokens} == {64}
    assert len({token[:4] for token in tokens}) > 450


def membership_ended(at):
    Membership.objects.update(until_on=(at - DAY).date())


def role_changed(at):
    Membership.objects.update(role=Role.PROVIDER_WORKER)


def account_closed(at):
    User.objects.update(is_active=False)


def organization_suspended(at):
    standing = ConfirmationLink.objects.get().asking.organization.standing
    standing.standing = "suspended"
    standing.save()


def services_archived(at):
    for place in CapacityPool.objects.all():
        standing = place.services.get().standing
        standing.standing = "archived"
        standing.save()


def stopped(at):
    ConfirmationLink.objects.update(withdrawn_at=at)


def expired(at):
    ConfirmationLink.objects.update(sent_at=at - 7 * DAY - MINUTE, expires_at=at - MINUTE)


ENDS = [membership_ended, role_changed, account_closed, organization_suspended, services_archived, stopped, expired]


@pytest.mark.parametrize("end", ENDS)
def test_a_link_dies_with_whatever_it_stands_on_and_looks_like_one_that_never_was(visitor, token, mentoring, at, end):
    end(at)
    unknown = "0" * 64
    for act in (lambda one: look(visitor, one), lambda one: say(visitor, one, "right")):
        dead, never = act(token), act(unknown)
        assert dead.status_code == never.status_code == 404
        bare = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')
        assert bare.sub("", dead.content.decode()).replace(token, unknown) == bare.sub("", never.content.decode())
    assert not CapacitySnapshot.objects.exists()
    assert [(event.action, event.outcome, event.role) for event in events()] == [
        ("figures.refused", "refused", "confirmation_link")
    ]


def test_it_works_for_seven_days_to_the_minute(visitor, token, clock, at):
    clock.at = at + 7 * DAY - MINUTE
    assert look(visitor, token).status_code == 200
    clock.at = at + 7 * DAY
    assert look(visitor, token).status_code == 404


def test_one_of_two_services_is_suspended_and_only_the_other_is_shown(visitor, token, siblings):
    standing = siblings.services.get().standing
    standing.standing = "suspended"
    standing.save()
    page = look(visitor, token).content.decode()
    assert "Brothers and sisters" not in page
    assert "Yes, it is still right" in page
    assert say(visitor, token, "pause", siblings).status_code == 404


def test_a_link_that_was_stopped_while_its_page_was_open_changes_nothing(token, at):
    link = ConfirmationLink.objects.select_related("asking__organization", "membership__user").get()
    ConfirmationLink.objects.update(withdrawn_at=at)
    with pytest.raises(links.LinkIsDead):
        links.confirm(link, links.pools_of(link, at=at), at=at)


# --- a new one --------------------------------------------------------------------------------------------------------


def ask_anew(visitor, token):
    return visitor.post(reverse("directory:new_link"), {"t": token})


def test_a_new_link_goes_to_whoever_had_the_old_one_and_to_nobody_else(visitor, token, umoja, marcus, clock, mentoring):
    member(Role.PROVIDER_ADMIN, umoja)
    clock.at += 8 * DAY
    before = OutboxRow.objects.count()
    assert ask_anew(visitor, token)["Location"] == reverse("directory:link_sent")
    assert OutboxRow.objects.count() == before + 1
    assert OutboxRow.objects.latest("pk").payload["to"] == [marcus.user.email]
    fresh = newest_token()
    assert fresh != token
    assert look(visitor, token).status_code == 404
    assert "Yes, both are still right" in look(visitor, fresh).content.decode()
    say(visitor, fresh, "right")
    mentoring.refresh_from_db()
    assert mentoring.last_confirmed_at == clock.at


def test_a_new_link_is_sent_once_an_hour_and_the_answer_does_not_say_whether(visitor, token, clock):
    clock.at += 8 * DAY
    answers = [ask_anew(visitor, one) for one in (token, token, "0" * 64, "", "x")]
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {
        (302, reverse("directory:link_sent"), b"")
    }
    assert ConfirmationLink.objects.count() == 2
    clock.at += timedelta(hours=1)
    ask_anew(visitor, token)
    assert ConfirmationLink.objects.count() == 3
    assert ConfirmationLink.objects.alive(clock.at).count() == 1


@pytest.mark.parametrize("end", [membership_ended, role_changed, account_closed, organization_suspended])
def test_no_new_link_comes_where_there_is_nobody_to_send_it_to(visitor, token, clock, end):
    clock.at += 8 * DAY
    end(clock.at)
    before = OutboxRow.objects.count()
    assert ask_anew(visitor, token).status_code == 302
    assert OutboxRow.objects.count() == before


def test_a_new_link_is_asked_for_with_a_button_and_not_by_looking(visitor, token, clock):
    clock.at += 8 * DAY
    assert visitor.get(reverse("directory:new_link"), {"t": token}).status_code == 405
    assert ConfirmationLink.objects.count() == 1


def test_a_manager_stops_the_links_of_their_own_organization(visitor, token, marcus):
    stranger = browser_of(member(Role.PROVIDER_ADMIN, organization()))
    stranger.post(reverse("directory:stop_links"))
    assert look(visitor, token).status_code == 200
    mine = browser_of(marcus)
    assert "Stop the links" in mine.get(reverse("directory:my_services")).content.decode()
    mine.post(reverse("directory:stop_links"))
    assert look(visitor, token).status_code == 404
    assert "Stop the links" not in mine.get(reverse("directory:my_services")).content.decode()
    [event] = events("link.stop")
    assert event.actor == marcus.user_id


# --- nothing is left behind -------------------------------------------------------------------------------------------


def test_the_token_stands_in_the_email_and_nowhere_else(visitor, token, caplog, mentoring, clock):
    caplog.set_level(logging.DEBUG)
    look(visitor, token)
    say(visitor, token, "change", mentoring, **figures(mentoring, total=""))
    say(visitor, token, "right")
    clock.at += 8 * DAY
    say(visitor, token, "right")
    ask_anew(visitor, token)
    said = "\n".join(f"{record.getMessage()} {record.exc_info}" for record in caplog.records)
    assert token not in said
    for kept in (AuditEvent, ConfirmationLink, CapacitySnapshot, CapacityPool):
        assert token not in repr(list(kept.objects.values()))
    holding = [row.key for row in OutboxRow.objects.all() if token in repr([row.key, row.payload])]
    assert [key.split(":")[0] for key in holding] == ["confirm-places"]
