from __future__ import annotations

import io
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

from config import gunicorn
from safekeeping import logs

POSTCODES = ["BS5 6XX", "bs56xx", "BS5%206XX", "BS5+6XX", "SW1A 1AA", "M1 1AE", "GIR 0AA"]


@pytest.fixture
def written():
    """Return what the settings' own handler writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(logs.Redact())
    root = logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


@pytest.mark.parametrize("postcode", POSTCODES[:-1])
def test_a_postcode_is_taken_out_however_it_is_written(postcode):
    assert postcode not in logs.redact(f"looked for {postcode} in the table")
    assert logs.redact(f"looked for {postcode}, then") == "looked for [postcode], then"


@pytest.mark.parametrize(
    "number", ["0117 496 0123", "01174960123", "+44 117 496 0123", "0117-496-0123", "(0117) 496 0123", "07700 900123"]
)
def test_a_telephone_number_is_taken_out(number):
    assert "496" not in logs.redact(f"ring {number} now")
    assert "900123" not in logs.redact(f"ring {number} now")


def test_an_address_of_a_person_is_taken_out():
    assert logs.redact("to jo.o'neil+x@school.example: refused") == "to [e-mail]: refused"
    assert logs.redact("login=jo%40school.example") == "login=[e-mail]"


def test_a_query_string_is_taken_out_and_its_path_stays():
    assert logs.redact("Not Found: /find/?near=BS5+6XX&age=14") == "Not Found: /find/?[query]"
    assert logs.redact('"GET /find/?q=boxing HTTP/1.1" 200') == '"GET /find/?[query] HTTP/1.1" 200'


@pytest.mark.parametrize(
    "line",
    [
        "[24/Nov/2026:07:25:01 +0000] GET /find/ 200 18233 41",
        "migrated directory 0001_initial in 2.5 s",
        "job check_invariants took 1234567 microseconds",
        "request 3f9a1c2b4d5e6f70 refused",
        "GET /requests/2b1f6c1e-7d1f-4a53-9d7a-0f3a1b2c3d4e/ 200",
    ],
)
def test_what_an_operator_needs_stays(line):
    assert logs.redact(line) == line


def test_an_exception_is_told_by_where_it_was_and_not_by_what_it_said(written):
    try:
        try:
            raise ValueError("cannot save BS5 6XX for Jo")
        except ValueError as first:
            raise RuntimeError("jo@school.example said: he carries a knife") from first
    except RuntimeError:
        logging.getLogger("any").exception("could not save")
    told = written.getvalue()
    for word in ("BS5", "Jo", "jo@school", "knife", "cannot save"):
        assert word not in told
    for word in ("could not save", "RuntimeError", "ValueError", "test_logs.py", "in test_an_exception"):
        assert word in told


def test_a_record_that_cannot_be_written_loses_its_words(written):
    logging.getLogger("any").error("%s and %s", "BS5 6XX is one of two")
    assert "BS5" not in written.getvalue()
    assert "could not be written" in written.getvalue()


def test_arguments_of_a_record_are_redacted_too(written):
    logging.getLogger("any").warning("near %s for %r", "BS5 6XX", ["x", "jo@school.example"])
    assert written.getvalue().strip() == "near [postcode] for ['x', [e-mail]']"


def test_the_settings_send_every_record_through_the_filter():
    assert settings.LOGGING["filters"]["redact"]["()"] == "safekeeping.logs.Redact"
    for name, handler in settings.LOGGING["handlers"].items():
        assert "redact" in handler["filters"], name
    assert settings.ADMINS == []


@pytest.mark.django_db
def test_a_searched_postcode_is_in_no_line_of_the_log(site, written, caplog):
    caplog.set_level(logging.DEBUG)
    browser = Client(raise_request_exception=False)
    for address in ("/find/", "/nothing/", "/broken/", "/cases/", "/kept/", "/forgotten/", "/sign-in/"):
        browser.get(address, {"near": "BS5 6XX", "q": "jo@school.example"}, headers={"referer": "/find/?near=BS5+6XX"})
        browser.post(address, {"near": "BS5 6XX", "login": "jo@school.example", "password": "BS5 6XX"})
    told = written.getvalue()
    assert "ValueError" in told, "the negative control: something was written"
    for word in ("BS5", "6XX", "jo@", "0117", "example"):
        assert word not in told.replace("jo@example.example", ""), word


# --- the web server -------------------------------------------------------------------------------------------------------
def test_the_web_server_writes_the_path_and_neither_query_nor_referrer():
    for atom in ("%(r)s", "%(q)s", "%(f)s", "%(h)s", "%(a)s", "{", "%(u)s"):
        assert atom not in gunicorn.access_log_format
    assert "%(U)s" in gunicorn.access_log_format


def test_the_web_server_redacts_what_it_writes_itself():
    for name, handler in gunicorn.logconfig_dict["handlers"].items():
        assert handler["filters"] == ["redact"], name
    logging.config.DictConfigurator(gunicorn.logconfig_dict)  # it is a configuration that Python accepts


def test_the_web_server_listens_on_this_machine_only_unless_told_otherwise():
    assert gunicorn.bind.startswith("127.0.0.1:")
