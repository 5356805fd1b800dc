from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from email import message_from_bytes, message_from_string

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from safekeeping import outbox
from safekeeping.models import OutboxRow, OutboxState
from safekeeping.outbox import OutboxRefusal, claim, deliver, deliver_due, mail, put, withdraw
from tests.safekeeping.race import copied_to_file, together

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def done(monkeypatch):
    """Register a kind of work for this test; return what was done."""
    monkeypatch.setattr(outbox, "HANDLERS", dict(outbox.HANDLERS))
    monkeypatch.setattr(outbox, "TOGETHER", dict(outbox.TOGETHER))
    done: list[dict] = []
    outbox.register("work", done.append)
    return done


def a_mail(at, key="accepted:AB12:3", **more):
    return mail(
        **{"key": key, "to": "jo@school.example", "subject": "News", "text": "See https://a.example/", "at": at, **more}
    )


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_same_key_is_put_once(at):
    assert put("work", key="one", payload={"id": 1}, at=at).payload == {"id": 1}
    assert put("work", key="one", payload={"id": 2}, at=at) is None
    assert OutboxRow.objects.get().payload == {"id": 1}


def test_a_text_can_be_attached_and_arrives_as_it_was(at):
    words = "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"
    a_mail(at, attachments=[outbox.Attachment("day.ics", "text/calendar; method=REQUEST", words)])
    deliver_due(now=lambda: at)
    [letter] = django_mail.outbox
    whole = message_from_bytes(letter.message().as_bytes())
    [part] = [one for one in whole.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    assert part.get_content_charset() == "utf-8"
    assert part.get_filename() == "day.ics"
    assert part.get_payload(decode=True).decode() == words
    assert whole["Message-ID"] == outbox.message_id("accepted:AB12:3")


@pytest.mark.parametrize(
    "attached",
    [
        outbox.Attachment("a.ics", "text/calendar", "x" * 10_001),
        outbox.Attachment("a.pdf", "application/pdf", "x"),
        outbox.Attachment("a.ics\r\nBcc: somebody", "text/calendar", "x"),
        outbox.Attachment("a.ics", "text/calendar\nBcc: somebody", "x"),
        outbox.Attachment('a"; filename="b', "text/calendar", "x"),
    ],
)
def test_what_is_no_short_text_is_not_attached(at, attached):
    with pytest.raises(OutboxRefusal):
        a_mail(at, attachments=[attached])
    assert not OutboxRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_put(at):
    with transaction.atomic():
        put("work", key="one", payload={}, at=at)
        transaction.set_rollback(True)
    assert not OutboxRow.objects.exists()


def test_a_known_key_does_not_spoil_the_transaction(at):
    with transaction.atomic():
        put("work", key="one", payload={}, at=at)
        put("work", key="one", payload={}, at=at)
        put("work", key="two", payload={}, at=at)
    assert OutboxRow.objects.count() == 2


def test_work_that_nobody_does_is_refused(at):
    with pytest.raises(OutboxRefusal, match="nobody handles"):
        put("unknown", key="one", payload={}, at=at)


def test_a_kind_has_one_handler():
    outbox.register("mail", outbox.deliver_mail)
    with pytest.raises(ImproperlyConfigured):
        outbox.register("mail", lambda payload: None)


@pytest.mark.parametrize(
    "broken",
    [
        {"to": ""},
        {"to": []},
        {"text": "x" * 10_001},
        {"subject": "News\nBcc: somebody@else.example"},
        {"to": "jo@school.example\r\nBcc: x@y.example"},
    ],
)
def test_a_mail_that_is_too_long_or_could_grow_headers_is_refused(at, broken):
    with pytest.raises(OutboxRefusal):
        a_mail(at, **broken)


def test_what_has_not_left_can_be_taken_back(at, done):
    put("work", key="one", payload={"id": 1}, at=at, due_at=at + MINUTE)
    assert claim(at=at) is None
    assert withdraw("one") is True
    assert claim(at=at + HOUR) is None
    assert OutboxRow.objects.get().payload == {}


def test_what_has_left_cannot_be_taken_back(at, done):
    put("work", key="one", payload={"id": 1}, at=at)
    assert deliver(claim(at=at), at=at)
    assert withdraw("one") is False


# --- delivering ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_left_while_nobody_could_note_it_does_not_leave_again(at, monkeypatch, full_disk):
    left = []

    def leave(payload):
        left.append(payload["id"])
        full_disk.begin()

    outbox.register("leaving", leave)
    put("leaving", key="one", payload={"id": 1}, at=at)
    with pytest.raises(OperationalError):
        deliver_due(now=lambda: at)
    full_disk.end()
    for later in (timedelta(seconds=1), outbox.LEASE + MINUTE):
        assert deliver_due(now=lambda later=later: at + later) == 0
    row = OutboxRow.objects.get()
    assert (left, row.state, row.sent_at) == ([1], OutboxState.SENT, at)


@pytest.mark.django_db(transaction=True)
def test_a_note_that_comes_after_somebody_else_took_the_letter_over_changes_nothing(at, full_disk):
    put("work", key="one", payload={"id": 1}, at=at)
    row = claim(at=at)
    full_disk.begin()
    with pytest.raises(OperationalError):
        deliver(row, at=at)
    full_disk.end()
    other = claim(at=at + outbox.LEASE + MINUTE)
    outbox.owed.settle()
    row.refresh_from_db()
    assert (row.state, row.lease) == (OutboxState.SENDING, other.lease)


def test_what_is_due_is_done_in_its_order(at, done):
    put("work", key="later", payload={"id": 3}, at=at, due_at=at + HOUR)
    put("work", key="first", payload={"id": 1}, at=at - MINUTE)
    put("work", key="second", payload={"id": 2}, at=at)
    assert deliver_due(now=lambda: at) == 2
    assert done == [{"id": 1}, {"id": 2}]
    assert deliver_due(now=lambda: at + HOUR) == 1
    assert set(OutboxRow.objects.values_list("state", flat=True)) == {"sent"}


def test_a_mail_is_handed_over_with_its_own_message_id(at):
    a_mail(at)
    deliver_due(now=lambda: at)
    (sent,) = django_mail.outbox
    headers = message_from_string(sent.message().as_string())
    assert headers["Message-ID"] == outbox.message_id("accepted:AB12:3")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert sent.to == ["jo@school.example"]


def test_a_mail_whose_answer_was_lost_leaves_again_under_the_same_message_id(at):
    a_mail(at)
    row = claim(at=at)
    outbox.deliver_mail(row.payload)  # it left, and then the worker died
    assert claim(at=at + MINUTE) is None
    deliver_due(now=lambda: at + HOUR)
    first, second = (sent.extra_headers["Message-ID"] for sent in django_mail.outbox)
    assert first == second


def test_what_fails_is_tried_again_later_and_later_and_then_given_up(at, monkeypatch, caplog):
    def fail(payload):
        raise ConnectionError("jo@school.example refused")

    outbox.HANDLERS["work"] = fail
    put("work", key="one", payload={"id": 1}, at=at)
    now, waits = at, []
    while True:
        row = claim(at=now)
        assert not deliver(row, at=now)
        row.refresh_from_db()
        if row.state == OutboxState.DEAD:
            break
        assert claim(at=row.due_at - MINUTE / 2) is None
        waits.append((row.due_at - now) / MINUTE)
        now = row.due_at
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert now - at >= timedelta(hours=72)
    assert row.last_error == "ConnectionError"
    assert "school.example" not in caplog.text
    assert claim(at=now + HOUR) is None


def test_a_row_that_is_being_done_is_nobody_elses_until_its_lease_ends(at, done):
    put("work", key="one", payload={"id": 1}, at=at)
    slow = claim(at=at)
    assert claim(at=at + outbox.LEASE) is None
    quick = claim(at=at + outbox.LEASE + MINUTE)
    assert quick.pk == slow.pk
    assert quick.attempts == 2
    assert deliver(quick, at=at + 2 * outbox.LEASE)
    sent = OutboxRow.objects.get()
    outbox.HANDLERS["work"] = lambda payload: 1 / 0
    deliver(slow, at=at + 3 * outbox.LEASE)  # wakes up, fails, and must not undo what the other did
    assert OutboxRow.objects.values().get() == OutboxRow.objects.filter(sent_at=sent.sent_at).values().get()
    assert OutboxRow.objects.get().state == "sent"


def test_what_is_cheaper_together_is_done_together_and_nothing_else_with_it(at, done, monkeypatch):
    batches = []
    monkeypatch.setattr(outbox, "MOST_TOGETHER", 3)
    outbox.register(
        "alike",
        lambda payload: batches.append([payload["id"]]),
        together=lambda payloads: batches.append([one["id"] for one in payloads]),
    )
    for number in range(4):
        put("alike", key=f"alike {number}", payload={"id": number}, at=at)
        put("work", key=f"work {number}", payload={"id": number}, at=at)
    put("alike", key="tomorrow", payload={"id": 9}, at=at, due_at=at + 24 * HOUR)
    assert deliver_due(now=lambda: at) == 8
    assert batches == [[0, 1, 2], [3]]
    assert sorted(one["id"] for one in done) == [0, 1, 2, 3]
    assert OutboxRow.objects.get(state=OutboxState.WAITING).key == "tomorrow"
    assert set(OutboxRow.objects.filter(state="sent").values_list("attempts", "lease")) == {(1, "")}


def test_the_one_that_spoils_it_for_the_others_is_tried_again_alone(at):
    def fail(payloads):
        raise ConnectionError

    one_by_one = []

    def each(payload):
        if payload["id"] == 1:
            raise ConnectionError
        one_by_one.append(payload["id"])

    outbox.register("alike", each, together=fail)
    for number in range(3):
        put("alike", key=str(number), payload={"id": number}, at=at)
    assert deliver_due(now=lambda: at) == 2
    assert one_by_one == [0, 2]
    assert OutboxRow.objects.get(state=OutboxState.WAITING).key == "1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [False, True])
def test_workers_at_once_do_everything_once(at, done, tmp_path, monkeypatch, at_once):
    if at_once:
        monkeypatch.setattr(outbox, "MOST_TOGETHER", 5)
        outbox.register("work", outbox.HANDLERS["work"], together=done.extend)
    for number in range(40):
        put("work", key=str(number), payload={"id": number}, at=at)
    copied_to_file(tmp_path, monkeypatch)
    found = together(*[lambda: deliver_due(now=lambda: at)] * 4)
    assert [one for one in found if isinstance(one, Exception)] == []
    assert sum(found) == 40
    assert sorted(payload["id"] for payload in done) == list(range(40))


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_put_once(at, done, tmp_path, monkeypatch):
    copied_to_file(tmp_path, monkeypatch)

    def one():
        with transaction.atomic():
            return put("work", key="one", payload={}, at=at) is not None

    found = together(*[one] * 8)
    assert sorted(found) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_of_ours_is_open_while_something_is_delivered(at):
    open_ones = []
    outbox.HANDLERS["work"] = lambda payload: open_ones.append(connection.in_atomic_block)
    put("work", key="one", payload={}, at=at)
    deliver_due(now=lambda: at)
    assert open_ones == [False]


# --- what libraries send ---------------------------------------------------------------------------------------------


@pytest.fixture
def through_the_outbox(settings):
    settings.EMAIL_BACKEND = "safekeeping.outbox.OutboxEmailBackend"


def test_mail_of_a_library_becomes_a_row(through_the_outbox, at):
    send_mail(
        "Your code", "123", "door@a.example", ["jo@school.example", "mo@school.example"], html_message="<b>123</b>"
    )
    row = OutboxRow.objects.get()
    assert django_mail.outbox == []
    assert row.payload["to"] == ["jo@school.example", "mo@school.example"]
    assert (row.payload["text"], row.payload["html"], row.payload["from"]) == ("123", "<b>123</b>", "door@a.example")
    deliver_due(now=lambda: row.due_at)
    (sent,) = django_mail.outbox
    assert sent.body == "123"
    assert [tuple(one) for one in sent.alternatives] == [("<b>123</b>", "text/html")]


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_library_goes_with_its_transaction(through_the_outbox):
    with transaction.atomic():
        send_mail("Your code", "123", None, ["jo@school.example"])
        transaction.set_rollback(True)
    assert not OutboxRow.objects.exists()


def test_hidden_addressees_stay_hidden(through_the_outbox):
    EmailMultiAlternatives(
        "S", "t", to=["a@a.example"], cc=["c@a.example"], bcc=["b@a.example"], reply_to=["r@a.example"]
    ).send()
    deliver_due(now=lambda: OutboxRow.objects.get().due_at)
    (sent,) = django_mail.outbox
    assert (sent.cc, sent.bcc, sent.reply_to) == (["c@a.example"], ["b@a.example"], ["r@a.example"])
    assert "b@a.example" not in sent.message().as_string()


def test_attachments_are_refused(through_the_outbox):
    message = EmailMessage("S", "t", to=["a@a.example"])
    message.attach("a.txt", "text", "text/plain")
    with pytest.raises(OutboxRefusal, match="attachments"):
        message.send()


# --- forgetting, and being watched -----------------------------------------------------------------------------------


def test_a_week_after_sending_only_the_fact_is_left(at):
    a_mail(at)
    deliver_due(now=lambda: at)
    outbox.blank_old(at + timedelta(days=6, hours=23))
    assert OutboxRow.objects.get().payload != {}
    outbox.blank_old(at + timedelta(days=7, hours=1))
    row = OutboxRow.objects.get()
    assert (row.payload, row.state, row.sent_at, row.key) == ({}, "sent", at, "accepted:AB12:3")
    outbox.blank_old(at + timedelta(days=500))
    assert not OutboxRow.objects.exists()


def test_what_waits_is_never_emptied(at):
    a_mail(at)
    outbox.blank_old(at + timedelta(days=600))
    assert OutboxRow.objects.get().payload["subject"] == "News"


def test_the_backlog_is_what_is_due_and_untouched(at):
    assert outbox.backlog(at=at) == outbox.Backlog(0, timedelta(0), 0)
    put("work", key="late", payload={}, at=at - HOUR)
    put("work", key="later", payload={}, at=at, due_at=at + HOUR)
    assert outbox.backlog(at=at) == outbox.Backlog(waiting=1, oldest=HOUR, dead=0)


def test_a_round_of_the_worker_says_how_much_it_did(done, capsys, at):
    put("work", key="one", payload={}, at=at - timedelta(days=1000))
    call_command("worker", once=True)
    assert capsys.readouterr().out == "Delivered 1.\n"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="starts processes on a copy of the database")
@pytest.mark.parametrize("command", ["worker", "clock"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_delivers_until_it_is_asked_to_end_and_then_ends_at_once(command, number, tmp_path, at):
    a_mail(at - timedelta(days=1000))
    file = tmp_path / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    environ = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{file}",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", command, "--skip-checks"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert line.startswith("The ")
        ready = "SELECT count(*) FROM safekeeping_outboxrow WHERE state = 'sent'"
        if command == "clock":
            ready = "SELECT count(*) FROM safekeeping_periodicjob WHERE finished_at IS NOT NULL"
        for _ in range(100):
            with sqlite3.connect(file) as other:
                if other.execute(ready).fetchone()[0]:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("nothing was done")
        process.send_signal(number)
        begun = time.monotonic()
        rest, _ = process.communicate(timeout=10)
        assert process.returncode == 0
        assert time.monotonic() - begun < 3
        assert rest == ""
    finally:
        process.kill()


def test_nothing_of_a_mail_that_is_to_be_forgotten_stays_once_it_has_left(at):
    a_mail(at, key="one", forget=True)
    a_mail(at, key="two")
    deliver_due(now=lambda: at)
    assert len(django_mail.outbox) == 2
    forgotten, kept = OutboxRow.objects.order_by("key")
    assert (forgotten.payload, forgotten.blanked_at, forgotten.state) == ({}, at, OutboxState.SENT)
    assert kept.payload["to"] == ["jo@school.example"]
