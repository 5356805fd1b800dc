"""Small browsers without a screen, and many of them at once: real sockets, real sessions, no retry that nobody asked for."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, Tag

T = TypeVar("T")
R = TypeVar("R")
SECONDS = 60


class NoAnswer(Exception):
    """The server did not answer: nobody knows whether the request was carried out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: status, where it sends the reader, and the page."""

    status: int
    location: str
    body: str


@dataclass(slots=True)
class Browser:
    """One visitor with cookies of their own; every request is a connection of its own."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, fields: Sequence[tuple[str, str]] = ()) -> Answer:
        """
        Send one request, once.

        :raises NoAnswer: if the connection is refused, cut or silent
        """
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(fields) if method == "POST" else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as trouble:
            raise NoAnswer(type(trouble).__name__) from trouble
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(answer.status, answer.headers.get("Location", ""), page)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Sequence[tuple[str, str]] = ()) -> Answer:
        """Send a form with the token against forged ones, which is the cookie's."""
        return self.ask("POST", path, [("csrfmiddlewaretoken", self.cookies.get("csrftoken", "")), *fields])


def form_of(page: str, *, action: str = "", css: str = "") -> Tag:
    """
    Return the page's form.

    ``action`` is part of the address that the form goes to, empty for one that goes to its own page; ``css`` is a class of
    the form, where several go to one address.

    :raises LookupError: if the page has no such form
    """
    for form in BeautifulSoup(page, "html.parser").find_all("form"):
        goes_to = str(form.get("action") or "")
        if css and css not in (form.get("class") or []):
            continue
        if (form.get("method") or "get").lower() == "post" and (action in goes_to if action else not goes_to):
            return form
    raise LookupError(f"no form that posts to {action!r}")


def fields_of(page: str, *, action: str = "", css: str = "") -> list[tuple[str, str]]:
    """Return what a browser would send of the page's form if nothing were typed. See `form_of`."""
    found = []
    for one in form_of(page, action=action, css=css).select("input[name], textarea[name]"):
        kind = (one.get("type") or "text").lower()
        if kind in ("submit", "button") or (kind in ("radio", "checkbox") and not one.has_attr("checked")):
            continue
        found.append((one["name"], one.get("value", "") if one.name == "input" else one.get_text()))
    return [(name, value) for name, value in found if name != "csrfmiddlewaretoken"]


def all_at_once(things: Sequence[T], do: Callable[[T], R]) -> list[R | Exception]:
    """Do it for all of them in a thread each, let go at the same moment; return results, or what went wrong, in order."""
    ready = threading.Barrier(len(things))
    results: list[R | Exception] = [RuntimeError("never ran")] * len(things)

    def run(number: int, thing: T) -> None:
        ready.wait(SECONDS)
        try:
            results[number] = do(thing)
        except Exception as trouble:
            results[number] = trouble

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(things)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS * 2)
    return results


def answers_of(browsers: Sequence[Browser], go: Callable[[Browser], object]) -> Counter[object]:
    """Let all of them go at once; return how many got which answer, troubles by their words."""
    told = all_at_once(browsers, go)
    return Counter(str(answer) if isinstance(answer, Exception) else answer for answer in told)
