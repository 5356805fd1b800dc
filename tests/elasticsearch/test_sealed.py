"""
A real server that is asked over TLS and with a key alone: with the right authority and key it answers, and with wrong ones
the database does, the readiness page says why in plain words, and the key is told to nobody.

The key is made exactly as docs/running.md says, so what it may do is enough.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import time
import traceback
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone

from directory.models import Service
from search import finder, tasks, unsent
from search.backends import elastic_wire
from search.backends.elastic_first import ElasticFirst
from search.backends.elastic_line import Away
from search.queries import Words
from tests.elasticsearch.sealed import authority
from tests.elasticsearch.server import NoElasticsearch, elasticsearch
from tests.elasticsearch.test_away import asked, committed, counts, names  # noqa: F401 - fixtures
from tests.factories import directory as make

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.slow]

WRONG_KEY = base64.b64encode(b"nobody:has-this-one").decode()


@pytest.fixture(scope="module")
def server():
    """Start a sealed server of our own; it goes away."""
    try:
        with elasticsearch(seal=True) as one:
            yield one
    except NoElasticsearch as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


def make_key(server) -> dict[str, str]:
    """Make a key with the very request of the handbook."""
    handbook = Path(site.BASE_DIR, "docs", "running.md").read_text()
    after = handbook.split("POST /_security/api_key\n", 1)[1]
    told, _ = json.JSONDecoder().raw_decode(after)
    made: dict[str, str] = server.seal.ask(f"{server.url}/_security/api_key", told, method="POST")
    return made


@pytest.fixture(scope="module")
def key(server) -> str:
    return make_key(server)["encoded"]


@pytest.fixture
def use(server, key, city, settings, monkeypatch):
    """Return what makes Elasticsearch the engine in use, from settings alone; those that are given are other than right."""

    def with_settings(**other) -> ElasticFirst:
        settings.ELASTICSEARCH_URL = server.url
        settings.ELASTICSEARCH_API_KEY = key
        settings.ELASTICSEARCH_CA = str(server.seal.authority.file)
        for name, value in other.items():
            setattr(settings, f"ELASTICSEARCH_{name}", value)
        one = ElasticFirst()
        one.elastic.line.patience = one.elastic.line.slow = 20.0  # a test machine may be busy
        for module in (tasks, finder):
            monkeypatch.setattr(module, "backend", lambda: one)
        return one

    yield with_settings
    with_settings().elastic.index.drop()


@pytest.fixture
def services(use, committed):  # noqa: F811
    engine = use()
    made = [make.service(f"Mentoring {number}") for number in range(4)]
    committed(tasks.reconcile, timezone.now())
    committed(tasks.follow, timezone.now())
    assert engine.elastic.find(asked()).total == 4
    return made


@pytest.fixture
def everything_said(caplog):
    """Listen to all that anything logs, however little it matters."""
    for name in ("", "search", "elastic_transport", "elastic_transport.node", "elasticsearch", "urllib3"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    return caplog


def test_with_its_authority_and_its_key_it_does_all_that_it_is_used_for(client, use, services, committed):  # noqa: F811
    engine = use()
    index = engine.elastic.index
    assert client.get("/health/ready").json()["search"] == {
        "engine": "elasticsearch", "answered_by": "elasticsearch",
    }  # fmt: skip
    assert names(client.get("/find/", {"text": "mentoring"})) == [f"Mentoring {number}" for number in range(4)]
    assert counts(engine.elastic) == counts(engine.own)
    assert [one.words for one in engine.elastic.suggest("mentoring 2", ("public",))] == ["Mentoring 2"]
    Service.objects.filter(pk=services[0].pk).update(name="Mentoring 7")
    committed(tasks.bring_up_to_date, [services[0].pk])
    assert index.digests() == engine.own.digests()
    assert tasks.rebuild(anew=True) == 4
    tasks.compare(timezone.now())
    assert engine.elastic.find(asked(words=(Words(("mentoring",)),))).total == 4
    index.forget_next()
    index.drop()
    assert not index.is_there()


@pytest.mark.parametrize(
    ("what", "because"),
    [
        ("another authority", "certificate refused"),
        ("the usual authorities", "certificate refused"),
        ("another key", "key refused"),
        ("no key", "key refused"),
        ("an index that the key is not for", "key refused"),
        ("no file", "settings"),
        ("a file without a certificate", "settings"),
        ("no TLS", "ConnectionError"),
    ],
)
def test_what_is_wrong_is_said_and_the_database_answers(
    client, server, use, key, services, everything_said, tmp_path, what, because
):
    engine = use(
        **{
            "another authority": lambda: {"CA": str(authority(tmp_path, "another").file)},
            "the usual authorities": lambda: {"CA": ""},
            "another key": lambda: {"API_KEY": WRONG_KEY},
            "no key": lambda: {"API_KEY": ""},
            "an index that the key is not for": lambda: {"INDEX": "others"},
            "no file": lambda: {"CA": str(tmp_path / "missing.pem")},
            "a file without a certificate": lambda: {"CA": __file__},
            "no TLS": lambda: {"URL": server.url.replace("https", "http"), "CA": ""},
        }[what]()
    )
    unsent.followed(engine.elastic.index.alias, 1)
    everything_said.clear()
    page = client.get("/find/", {"text": "mentoring"})
    assert (page.status_code, names(page)) == (200, [f"Mentoring {number}" for number in range(4)])
    assert client.get("/health/ready").json()["search"] == {
        "engine": "elasticsearch", "answered_by": "database", "because": because,
    }  # fmt: skip
    for job in (tasks.tell, tasks.follow, tasks.compare):  # nor does the clock stumble over it
        job(timezone.now())
    engine.elastic.line.mend()
    with pytest.raises(Away, match=because) as raised:
        engine.elastic.find(asked())
    told = everything_said.text + "".join(traceback.format_exception(raised.value)) + repr(vars(raised.value))
    assert f"is not asked for now: {because}" in told
    for secret in (key, WRONG_KEY, base64.b64decode(key).decode().split(":")[1]):
        assert secret not in told


def test_a_key_that_is_withdrawn_is_noticed_at_once(client, server, use, services):
    withdrawn = make_key(server)
    engine = use(API_KEY=withdrawn["encoded"])
    assert engine.elastic.find(asked()).total == 4
    server.seal.ask(f"{server.url}/_security/api_key", {"ids": [withdrawn["id"]]}, method="DELETE")
    assert len(names(client.get("/find/", {"text": "mentoring"}))) == 4
    assert client.get("/health/ready").json()["search"]["because"] == "key refused"


def test_a_sealed_connection_keeps_the_deadline_as_well(client, server, use, services):
    engine = use()
    assert engine.elastic.find(asked()).total == 4
    engine.elastic.line.patience = 0.7
    server.freeze()
    try:
        began = time.monotonic()
        with pytest.raises(Away, match="timeout"):
            engine.elastic.find(asked())
        assert 0.6 < time.monotonic() - began < 2
    finally:
        server.thaw()


def test_it_speaks_to_nobody_whom_the_authority_did_not_sign(server, use, services, tmp_path, monkeypatch):
    """The key itself must not go to a server that only pretends: nothing is sent before the certificate was looked at."""
    sent = []
    engine = use(CA=str(authority(tmp_path, "another").file))
    unsent.followed(engine.elastic.index.alias, 1)
    with monkeypatch.context() as listening:
        listening.setattr(elastic_wire.Hurried, "sendall", lambda self, told: sent.append(told))
        with pytest.raises(Away, match="certificate refused"):
            engine.elastic.find(asked())
    assert sent == []
