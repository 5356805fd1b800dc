from __future__ import annotations

import hashlib
import hmac
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from safekeeping import append_only, audit, headers
from safekeeping.audit import AuditFailed, RequestFactsMiddleware, record, record_each
from safekeeping.models import AuditEvent, AuditHead
from safekeeping.policy import Hat
from tests.safekeeping.race import copied_to_file, together

pytestmark = pytest.mark.django_db
REF = UUID(int=5)
HAT = Hat(
    membership_id=11, user_id=3, person="Kestrel Name", role="coordinator", organization_id=UUID(int=7),
    organization="Kestrel House",
)  # fmt: skip
TABLE = AuditEvent._meta.db_table


@pytest.fixture(autouse=True)
def _heads_of_this_test(settings, tmp_path):
    settings.AUDIT_HEADS = tmp_path / "heads.log"


@pytest.fixture
def trail(at):
    """Write ten events."""
    return [
        record("request.read", by=HAT, at=at, subject="request", ref=str(n), fields=["age_band"]) for n in range(10)
    ]


@contextmanager
def an_intruder():
    """Take the guard away, as somebody could who owns the database, and put it back so that nobody notices."""
    with append_only.lifted(connection), connection.cursor() as cursor:
        yield cursor


def wrong() -> str:
    return next(audit.verify(), "")


# --- writing ---------------------------------------------------------------------------------------------------------


def test_an_event_holds_who_what_when_and_no_name(at):
    event = record(
        "request.read", by=HAT, at=at, subject="request", ref=REF, fields=["age_band", "goals"], reason="desk"
    )
    event.refresh_from_db()
    assert (event.actor, event.hat, event.role, event.organization) == (3, 11, "coordinator", UUID(int=7))
    assert (event.action, event.object_type, event.object_ref, event.fields) == (
        "request.read", "request", str(REF), "age_band,goals",
    )  # fmt: skip
    assert (event.at, event.outcome, event.reason, event.seq) == (at, "ok", "desk", 1)
    assert "Kestrel" not in str(AuditEvent.objects.values_list())


def test_the_system_and_people_without_a_hat_are_told_apart(at):
    assert record("draft.expire", by=None, at=at, subject="request", ref=REF).actor is None
    assert record("sign_in", by=None, actor=9, at=at, subject="user", ref="9").actor == 9


def test_a_list_that_shows_three_cases_is_three_events_and_one_head(at, django_assert_num_queries):
    record("first", by=HAT, at=at, subject="request", ref="0")
    with django_assert_num_queries(3):
        events = record_each("request.list", by=HAT, at=at, subject="request", refs=["1", "2", "3"])
    assert [event.seq for event in events] == [2, 3, 4]
    assert record_each("request.list", by=HAT, at=at, subject="request", refs=[]) == []
    assert wrong() == ""


@pytest.mark.parametrize(
    "words",
    [
        {"reason": "because Sam said so"},
        {"action": "read it"},
        {"subject": "a child"},
        {"ref": "Sam Green"},
        {"fields": ["age", "Sam Green"]},
        {"outcome": "not\nok"},
        {"reason": "ünïcode"},
    ],
)
def test_words_are_not_recorded(at, words):
    with pytest.raises(ValueError, match="never words"):
        record(**{"action": "read", "by": HAT, "at": at, "subject": "request", "ref": REF, **words})
    assert not AuditEvent.objects.exists()


def test_what_is_too_long_for_its_column_is_refused_before_the_head_is_taken(at):
    with pytest.raises(Exception, match="at most 80"):
        record("read", by=HAT, at=at, subject="request", ref=REF, reason="x" * 81)
    assert not AuditHead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction(at):
    with pytest.raises(AuditFailed):
        record("read", by=HAT, at=at, subject="request", ref=REF)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_event_and_no_gap(at):
    with transaction.atomic():
        record("read", by=HAT, at=at, subject="request", ref=REF)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()
    with transaction.atomic():
        record("read", by=HAT, at=at, subject="request", ref=REF)
    assert AuditEvent.objects.get().seq == 1
    assert wrong() == ""


def test_a_trail_without_its_head_is_not_continued(at, trail):
    AuditHead.objects.all().delete()
    with pytest.raises(AuditFailed, match="lost its head"):
        record("read", by=HAT, at=at, subject="request", ref=REF)
    assert wrong() == "the trail has no head"


def test_an_event_knows_its_request(at):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")

    class Session:
        session_key = "secret-session"

    request.session = Session()
    kept = []

    def view(request):
        kept.append(record("read", by=HAT, at=at, subject="request", ref=REF))
        return kept

    token = headers._request_id.set("abc123")
    try:
        RequestFactsMiddleware(view)(request)
    finally:
        headers._request_id.reset(token)
    (event,) = kept
    assert event.request_id == "abc123"
    assert len(event.ip_hash) == len(event.session_hash) == 32
    assert "192" not in event.ip_hash
    assert event.ip_hash == audit.fingerprint("192.0.2.7")
    assert audit.current_request.get() is None
    assert record("read", by=HAT, at=at, subject="request", ref=REF).request_id == ""


# --- append-only -----------------------------------------------------------------------------------------------------


def attempts(trail):
    yield lambda: AuditEvent.objects.filter(seq=3).update(actor=4)
    yield lambda: AuditEvent.objects.filter(seq=3).delete()
    yield lambda: AuditEvent.objects.all().delete()
    yield lambda: trail[3].delete()
    yield lambda: trail[3].save(force_update=True)
    yield lambda: connection.cursor().execute(f"UPDATE {TABLE} SET role = 'x' WHERE seq = 2")
    yield lambda: connection.cursor().execute(f"DELETE FROM {TABLE}")
    if connection.vendor == "postgresql":
        yield lambda: connection.cursor().execute(f"TRUNCATE {TABLE}")


def test_the_database_refuses_to_change_or_delete_events(trail):
    for attempt in attempts(trail):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()
    assert AuditEvent.objects.count() == 10
    assert wrong() == ""


# --- proving ---------------------------------------------------------------------------------------------------------


def test_a_whole_trail_proves_itself(trail, capsys):
    call_command("verify_audit")
    assert "whole: 10 events" in capsys.readouterr().out


def test_an_empty_trail_is_whole():
    assert wrong() == ""


@pytest.mark.parametrize(
    "change",
    [
        "actor = 4",
        "hat = NULL",
        "role = 'x'",
        "object_ref = '99'",
        "fields = ''",
        "outcome = 'no'",
        "at = '2020-01-01 00:00:00'",
    ],
)
def test_an_edited_event_is_found(trail, change):
    with an_intruder() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {change} WHERE seq = 4")
    with pytest.raises(CommandError, match="event 4 is not what was written"):
        call_command("verify_audit")


@pytest.mark.parametrize("seq", [1, 5])
def test_a_deleted_event_is_found(trail, seq):
    with an_intruder() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq = {seq}")
    assert wrong() == f"event {seq} is missing"


def test_a_deleted_event_whose_gap_was_closed_is_found(trail):
    with an_intruder() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq = 5")
        for seq in range(6, 11):
            cursor.execute(f"UPDATE {TABLE} SET seq = {seq - 1} WHERE seq = {seq}")
    assert wrong() == "event 5 is not what was written"


def test_a_cut_tail_is_found_by_the_head(trail):
    with an_intruder() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq > 7")
    assert wrong() == "the trail ends at event 7, its head says 10"


def test_a_cut_tail_with_a_turned_back_head_is_found_by_the_heads_that_were_kept(trail, at):
    audit.prove(at)
    with an_intruder() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq > 7")
    AuditHead.objects.update(seq=7, mac=trail[6].mac)
    assert "event 8 is missing" in wrong()
    with pytest.raises(AuditFailed):
        audit.prove(at)


def test_a_cut_tail_that_has_grown_again_is_found_by_the_heads_that_were_kept(trail, at):
    audit.prove(at)
    with an_intruder() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq > 7")
    AuditHead.objects.update(seq=7, mac=trail[6].mac)
    for n in range(5):
        record("read", by=None, at=at, subject="request", ref=str(n))
    assert "event 10 is not the one whose mark was kept" in wrong()


def test_a_trail_begun_anew_is_found(trail, at):
    audit.prove(at)
    with an_intruder() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    AuditHead.objects.all().delete()
    assert wrong() == "the trail has no head"
    record("read", by=None, at=at, subject="request", ref="1")
    assert "begun anew" in wrong()


def test_exchanged_events_are_found(trail):
    with an_intruder() as cursor:
        for was, becomes in ((3, 1003), (4, 3), (1003, 4)):
            cursor.execute(f"UPDATE {TABLE} SET seq = {becomes} WHERE seq = {was}")
    assert wrong() == "event 3 is not what was written"


def test_a_chain_made_without_the_key_is_found(trail, settings):
    key, settings.AUDIT_KEY = settings.AUDIT_KEY, b"guessed" * 5
    events = list(AuditEvent.objects.order_by("seq"))
    events[4].actor = 999
    before = events[3].mac
    with an_intruder() as cursor:
        for event in events[4:]:
            event.prev = before
            event.mac = before = audit.mac_of(event)
            cursor.execute(
                f"UPDATE {TABLE} SET actor = %s, prev = %s, mac = %s WHERE seq = %s",
                [event.actor, event.prev, event.mac, event.seq],
            )
    AuditHead.objects.update(mac=before)
    settings.AUDIT_KEY = key
    assert wrong() == "event 5 is not what was written"


def test_an_invented_event_is_found(trail, at):
    AuditEvent.objects.create(
        seq=11, at=at, actor=3, action="read", object_type="request", outcome="ok", prev=trail[-1].mac,
        mac=hmac.new(b"", b"", hashlib.sha256).hexdigest(),
    )  # fmt: skip
    assert wrong() == "event 11 is not what was written"


def test_a_missing_guard_is_found(trail):
    append_only.unguard(connection, TABLE)
    assert wrong() == "the database does not guard the trail against changes"
    append_only.guard(connection, TABLE)
    assert wrong() == ""


@pytest.mark.parametrize("chain", ["08366643-05ec-44af-8b4b-c5f92f242fa0", "08366643-0512-4412-8b4b-c5f92f242fa0"])
def test_the_log_holds_all_of_the_head_also_where_it_looks_like_a_telephone_number(trail, at, caplog, chain):
    caplog.set_level("INFO")
    AuditHead.objects.update(chain=chain)
    audit.keep_head(at=at)
    assert f"chain_{chain} 10 {trail[-1].mac}" in caplog.text


def test_the_nightly_proof_keeps_the_head_outside_the_database(trail, at, settings, caplog):
    caplog.set_level("INFO")
    audit.prove(at)
    (line,) = settings.AUDIT_HEADS.read_text().splitlines()
    assert line.endswith(f" 10 {trail[-1].mac}")
    moment, chain, seq, mac = line.split()
    assert f"{moment} chain_{chain} {seq} {mac}" in caplog.text
    record("read", by=None, at=at, subject="request", ref="1")
    audit.prove(at)
    assert len(audit.kept_heads()) == 2


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain(at, tmp_path, monkeypatch):
    copied_to_file(tmp_path, monkeypatch)

    def write():
        for n in range(10):
            with transaction.atomic():
                record("read", by=HAT, at=at, subject="request", ref=str(n))
        return AuditEvent.objects.count()

    def count_and_verify():
        return AuditEvent.objects.count(), list(audit.verify())

    found = together(*[write] * 6)
    assert [one for one in found if isinstance(one, Exception)] == []
    assert together(count_and_verify) == [(60, [])]


@pytest.mark.django_db(transaction=True)
def test_a_trail_can_be_proved_while_it_is_written(at, tmp_path, monkeypatch):
    copied_to_file(tmp_path, monkeypatch)

    def write():
        for n in range(30):
            with transaction.atomic():
                record("read", by=HAT, at=at, subject="request", ref=str(n))

    def prove():
        return [difference for _ in range(15) for difference in audit.verify()]

    assert together(write, prove, prove) == [None, [], []]
