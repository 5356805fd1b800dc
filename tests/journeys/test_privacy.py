"""What somebody searches for stays between them and the page: no log line holds it, no link carries it to another site."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest

from tests import servers
from tests.proof.clients import Browser

# Real postcodes of the city, said in every way that people type them, and words that are in no page of ours.
TYPED = ["BS5 0AA", "bs50aa", "BS5%200AA", "bs16 1aa", "quixotrope", "0117 496 0777", "jo.bloggs@family.example"]
LETTERS_OF = ["bs50aa", "bs161aa", "quixotrope", "01174960777", "jo.bloggs"]


@pytest.fixture(scope="module")
def quiet_site():
    """Return a running site whose every line is kept."""
    with servers.site() as running:
        yield running


def plain(text: str) -> str:
    """Return the text without what hides a postcode or a number: spaces, their codes, capitals."""
    for sign in ("%20", "+", " ", "-", "_"):
        text = text.replace(sign, "")
    return text.lower()


def told_by(site: servers.Site) -> str:
    """Return all that the server has said, once it has said it."""
    time.sleep(0.5)
    return "\n".join(site.said)


def test_no_log_line_holds_what_was_searched_for(quiet_site):
    """The server's own lines, of requests and of errors, are read as they are."""
    visitor = Browser(quiet_site.address)
    statuses = []
    for typed in TYPED:
        word = typed.replace(" ", "+")
        statuses.append(visitor.get(f"/find/?place={word}&text={word}").status)
        statuses.append(visitor.get(f"/find/?place=BS5+0AA&text={word}&page=99999999999").status)
        statuses.append(visitor.get(f"/nothing/here/?place={word}").status)
        statuses.append(visitor.get(f"/services/nothing/?from={word}").status)
        visitor.post("/sign-in/", [("login", typed), ("password", typed)])
    assert 200 in statuses
    assert max(statuses) < 500
    said = told_by(quiet_site)
    assert "/find/" in said, "the server has told nothing: this proves nothing"
    assert [line for line in said.splitlines() if any(one in plain(line) for one in LETTERS_OF)] == []


def test_a_postcode_in_the_path_itself_is_taken_out_of_the_line(quiet_site):
    Browser(quiet_site.address).get("/services/BS5-0AA/")
    Browser(quiet_site.address).get("/services/bs50aa/")
    said = told_by(quiet_site)
    assert "[postcode]" in said
    assert "bs50aa" not in plain(said)


def test_a_request_that_cannot_be_read_is_not_quoted(quiet_site):
    import socket

    with socket.create_connection(("127.0.0.1", urlsplit(quiet_site.address).port), timeout=10) as line:
        line.sendall(b"GET /find/?place=BS5%200AA&text=quixotrope HTTP/9.9\r\nHost: x\r\n\r\n")
        line.recv(1000)
    with socket.create_connection(("127.0.0.1", urlsplit(quiet_site.address).port), timeout=10) as line:
        line.sendall(b"BS5 0AA quixotrope\r\n\r\n")
        line.recv(1000)
    said = plain(told_by(quiet_site))
    assert not any(one in said for one in LETTERS_OF)


def test_a_link_to_another_site_does_not_say_what_was_searched_for(browse, quiet_site):
    """Nothing asks another site while a search is shown, and what is asked for of ours says no more than where it was."""
    page = browse(of=quiet_site)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/find/?place=BS5+0AA&text=mentor")
    assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert [url for url in asked if not url.startswith((quiet_site.address, "data:"))] == []
    assert [url for url in asked[1:] if "0AA" in url] == []


def test_a_search_leaves_nothing_in_the_browser(browse, quiet_site):
    page = browse(of=quiet_site)
    page.goto("/find/?place=BS5+0AA&text=quixotrope")
    kept = page.evaluate(
        "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"
    )
    kept += str(page.context.cookies())
    assert not any(one in plain(kept) for one in LETTERS_OF)
    assert "BS5 0AA" not in page.title()


def test_a_search_is_nowhere_in_the_database(quiet_site):
    """INV-P2: what is typed into the finder is used once and kept nowhere."""
    if quiet_site.place.database:
        pytest.skip("reads the file of the database")
    Browser(quiet_site.address).get("/find/?place=BS16+1AA&text=quixotrope")
    # An address that nobody has tried to sign in with: those tries are counted, and by the address.
    Browser(quiet_site.address).get("/find/?place=BS5+0AA&text=kim.roe@family.example")
    found = []
    for file in quiet_site.place.var.glob("alongside.sqlite3*"):
        try:
            kept = file.read_bytes().lower()
        except FileNotFoundError:  # SQLite takes its helpers away when the last connection closes
            continue
        found += [f"{file.name}: {one}" for one in ("quixotrope", "kim.roe") if one.encode() in kept]
    assert found == []
