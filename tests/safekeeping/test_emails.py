"""Mail of a machine of one's own, read in the browser."""

from __future__ import annotations

import pytest

from config.development.mail import Readable
from safekeeping import outbox
from safekeeping.models import OutboxRow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_site(settings, site):
    settings.OUTBOX_DELIVERY_BACKEND = "config.development.mail.Readable"


def test_without_mail_the_page_says_so(client):
    assert b"There is none yet." in client.get("/emails/").content


def test_a_mail_can_be_found_and_read_before_and_after_it_is_delivered(client, at):
    row = outbox.mail(
        key="k", to="jo@school.example", subject="Are your <places> right?", at=at,
        text="Open https://a.example/my-services/?token=x&y=1 <script>alert(1)</script>\n\nThank you",
    )  # fmt: skip
    for state in ("Waiting", "Sent"):
        page = client.get("/emails/").content.decode()
        assert f'href="/emails/{row.pk}/"' in page
        assert "Are your &lt;places&gt; right?" in page
        assert "jo@school.example" in page
        assert state in page
        outbox.deliver_due(now=lambda: at)
    page = client.get(f"/emails/{row.pk}/").content.decode()
    assert '<a href="https://a.example/my-services/?token=x&amp;y=1"' in page
    assert "<script>alert" not in page
    assert "<p>Thank you</p>" in page
    assert page.count("<h1") == 1


def test_mails_can_be_narrowed_to_one_addressee(client, at):
    for name in ("jo", "mo"):
        outbox.mail(key=name, to=f"{name}@school.example", subject=f"For {name}", text="t", at=at)
    page = client.get("/emails/", {"to": "mo@school.example"}).content
    assert b"For mo" in page
    assert b"For jo" not in page


def test_an_emptied_mail_says_so(client, at):
    row = outbox.mail(key="k", to="jo@school.example", subject="News", text="t", at=at)
    OutboxRow.objects.update(payload={}, blanked_at=at)
    assert b"has been emptied" in client.get(f"/emails/{row.pk}/").content
    assert client.get("/emails/").status_code == 200


def test_other_work_is_not_shown_as_mail(client, at):
    row = OutboxRow.objects.create(kind="reindex", key="r", put_at=at, due_at=at)
    assert client.get(f"/emails/{row.pk}/").status_code == 404


def test_delivery_here_counts_and_keeps_quiet():
    assert Readable().send_messages([object(), object()]) == 2


def test_a_link_to_this_machine_leads_to_where_one_is_whatever_the_port_was(client, at):
    row = outbox.mail(
        key="k", to="jo@school.example", subject="News", at=at,
        text="http://127.0.0.1:8000/confirm/?t=1 http://localhost/x/ https://elsewhere.example/",
        html='<a href="http://127.0.0.1:8123/confirm/?t=1">Here</a>',
    )  # fmt: skip
    page = client.get(f"/emails/{row.pk}/").content.decode()
    assert 'href="http://testserver/confirm/?t=1"' in page
    assert 'href="http://testserver/x/"' in page
    assert 'href="https://elsewhere.example/"' in page
    assert 'href="http://testserver/confirm/?t=1"' in client.get(f"/emails/{row.pk}/as-sent/").content.decode()


def test_a_mail_is_shown_as_sent_with_its_own_styles_and_nothing_that_runs(client, at):
    row = outbox.mail(
        key="k", to="jo@school.example", subject="News", text="t", html="<p style='color:red'>Hi</p>", at=at
    )
    answer = client.get(f"/emails/{row.pk}/as-sent/")
    assert answer.content == b"<p style='color:red'>Hi</p>"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    plain = outbox.mail(key="p", to="jo@school.example", subject="News", text="t", at=at)
    assert client.get(f"/emails/{plain.pk}/as-sent/").status_code == 404
