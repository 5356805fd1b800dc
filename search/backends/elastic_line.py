"""
The line to Elasticsearch: nobody waits for it long, and whoever it has kept waiting once is not sent there again soon.

Every question has a deadline that holds whatever the server does, silence and trickling included: on a connection that is
there, nothing is waited for longer (`elastic_wire`); what has to connect first, or belongs to the worker, is asked in another
thread, and what has not come by then is not waited for. After a failure, or an answer that was slow, the line counts as
cut for some seconds, and nobody asks; then one trial in the background decides whether it may be used again.
"""

from __future__ import annotations

import logging
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from elastic_transport import TlsError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    ConnectionTimeout,
    Elasticsearch,
    NotFoundError,
    TransportError,
)

from search.backends.elastic_wire import Node, NotConnected, deadline

log = logging.getLogger(__name__)
T = TypeVar("T")

# A page must be there within 1.5 s: this long a question may take, and from this long on it counts as slow.
PATIENCE, SLOW = 0.7, 0.4
# A worker waits longer, but not so long that letters wait with it; only for a whole index it has time.
PATIENCE_OF_WORKER, PATIENCE_FOR_MANY = 3.0, 60.0
# So long nobody asks after a failure.
CUT_SECONDS = 5.0
# Questions that nobody waits for any more may still be under way; with so many of them nobody asks another.
MOST_UNDER_WAY = 32
KEY_REFUSED = "key refused"
# What our code meets when it takes an answer apart that is none.
NONSENSE = (LookupError, TypeError, ValueError, AttributeError)


class Away(Exception):
    """Elasticsearch has not answered, not in time, or not rightly; the message is one word for logs and monitors."""


class NotUnderstood(Away):
    """Elasticsearch did not understand this question; the next one it may."""


class Line:
    """See the module; one for each process."""

    def __init__(
        self, url: str, *, api_key: str = "", ca: str = "", patience: float = PATIENCE, slow: float = SLOW
    ) -> None:
        self.url = url
        self.patience, self.slow = patience, slow
        self.because = ""
        # what is asked to find out whether the line may be used again
        self.trial: Callable[[Elasticsearch], object] = lambda client: client.ping()
        self._options: dict[str, Any] = {
            "api_key": api_key or None,
            "max_retries": 0,
            "retry_on_timeout": False,
            "node_class": Node,
            # one for whatever may be under way: nobody waits for another's
            "connections_per_node": MOST_UNDER_WAY,
        }
        if ca:
            self._options["ca_certs"] = ca
        self._lock = threading.Lock()
        self._client: Elasticsearch | None = None
        self._under_way = threading.BoundedSemaphore(MOST_UNDER_WAY)
        # what threads that have nothing to do wait at, and the process that they are of: a copy of it has none
        self._idle: list[SimpleQueue[Callable[[], None]]] = []
        self._process = 0
        self._cut_until = 0.0
        self._tried_at = 0.0

    @property
    def client(self) -> Elasticsearch:
        """
        The client, made when it is first needed: never before a server process has forked.

        :raises Away: if it cannot be made with these settings
        """
        with self._lock:
            if self._client is None:
                try:
                    if ca := self._options.get("ca_certs"):
                        ssl.create_default_context(cafile=ca)  # the client would call it a broken connection, each time
                    self._client = Elasticsearch(self.url, request_timeout=self.patience, **self._options)
                except (OSError, ValueError) as trouble:
                    # a file that is not there or holds no certificate, an odd address
                    log.error("search: ELASTICSEARCH_URL or ELASTICSEARCH_CA cannot be used: %s", trouble)
                    raise Away("settings") from None
            return self._client

    def ask(self, question: Callable[[Elasticsearch], T]) -> T:
        """
        Return the answer to a reader's question.

        :raises Away: if there is none in time, or the line is cut
        """
        if self.is_cut():
            raise Away(self.because)
        began = time.monotonic()
        try:
            answer = self._here(question)
        except NotConnected:
            answer = self._in_time(question, self.patience)
        if time.monotonic() - began > self.slow:
            self.cut("slow")
        return answer

    def tell(self, statement: Callable[[Elasticsearch], T], *, patience: float = PATIENCE_OF_WORKER) -> T:
        """
        Write, or read for the worker, with more patience; asks even where readers do not.

        :raises Away: if it cannot be done in time
        """
        return self._in_time(lambda client: statement(client.options(request_timeout=patience)), patience)

    def is_cut(self) -> bool:
        """Say whether nobody may ask now; when that has lasted long enough, have it tried out."""
        if not self._cut_until:
            return False
        now = time.monotonic()
        if now >= self._cut_until:
            with self._lock:
                mine = now - self._tried_at >= CUT_SECONDS
                if mine:
                    self._tried_at = now
            if mine:
                self._begin(self._try)
        return True

    def cut(self, because: str) -> None:
        """Let nobody ask for some seconds."""
        if not self._cut_until:
            log.warning("search: Elasticsearch is not asked for now: %s", because)
        self.because = because
        self._cut_until = time.monotonic() + CUT_SECONDS

    def mend(self) -> None:
        """Let everybody ask again."""
        if self._cut_until:
            log.warning("search: Elasticsearch is asked again")
        self._cut_until, self.because = 0.0, ""

    def _here(self, question: Callable[[Elasticsearch], T]) -> T:
        """
        Have a reader's question answered in this thread.

        :raises Away: if it is not in time, or too much is under way already
        :raises NotConnected: if there is no connection for it
        """
        self._enter()
        try:
            with self._judged(), deadline(self.patience):
                return question(self.client)
        finally:
            self._under_way.release()

    def _in_time(self, question: Callable[[Elasticsearch], T], patience: float) -> T:
        """
        Have a question answered in another thread.

        :raises Away: if it is not in time, or too much is under way already
        """
        coming = self._begin(lambda: question(self.client))
        with self._judged():
            return coming.result(timeout=patience)

    @contextmanager
    def _judged(self) -> Iterator[None]:
        """
        Make of whatever goes wrong one word, and cut the line if the next question would fare no better.

        :raises Away: if anything goes wrong
        """
        try:
            yield
        except TimeoutError:
            self.cut("timeout")
            raise Away("timeout") from None
        except (ApiError, TransportError, Away, *NONSENSE) as trouble:
            self._failed(trouble)
            raise Away(self.because or "refused") from trouble

    def _enter(self) -> None:
        """
        Count what is under way.

        :raises Away: if that is too much already
        """
        if not self._under_way.acquire(blocking=False):
            self.cut("too many questions under way")
            raise Away(self.because)

    def _begin(self, work: Callable[[], T]) -> Future[T]:
        """
        Have something done in a thread that nothing waits for, not even the end of the process.

        :raises Away: if too much is under way already
        """
        self._enter()
        coming: Future[T] = Future()
        hand = self._free_hand()

        def do() -> None:
            answer, trouble = None, None
            try:
                answer = work()
            except BaseException as raised:  # whoever waits gets it
                trouble = raised
            # before anybody goes on, so that their next question need not begin another thread
            self._under_way.release()
            self._idle.append(hand)
            if trouble is not None:
                coming.set_exception(trouble)
            else:
                coming.set_result(cast(T, answer))

        hand.put(do)
        return coming

    def _free_hand(self) -> SimpleQueue[Callable[[], None]]:
        """Return where a thread with nothing to do waits for work; beginning one for each question would cost as much as asking."""
        with self._lock:
            if self._process != os.getpid():
                self._process, self._idle = os.getpid(), []
            if self._idle:
                return self._idle.pop()
        hand: SimpleQueue[Callable[[], None]] = SimpleQueue()

        def work() -> None:
            while True:
                hand.get()()

        threading.Thread(target=work, name="elasticsearch", daemon=True).start()
        return hand

    def _failed(self, trouble: Exception) -> None:
        match trouble:
            case BadRequestError() | NotUnderstood():  # this question was wrong, the next one need not be
                log.error("search: Elasticsearch did not understand a question")
            case NotFoundError():
                self.cut("no index")
            case ConnectionTimeout():  # the client was as quick to give up as we are
                self.cut("timeout")
            case AuthenticationException() | AuthorizationException():
                self.cut(KEY_REFUSED)
            case TlsError():
                self.cut("certificate refused")
            case Away():
                self.cut(str(trouble))
            case _:
                self.cut(type(trouble).__name__)

    def _try(self) -> None:
        """Ask something small, once, with nobody waiting; a right answer in time mends the line."""
        began = time.monotonic()
        try:
            self.trial(self.client)
        except (ApiError, TransportError, Away, *NONSENSE) as trouble:
            self._failed(trouble)
        else:
            if time.monotonic() - began <= self.slow:
                self.mend()
            else:
                self.cut("slow")


def whole(answer: Any) -> Mapping[str, Any]:
    """
    Return an answer that tells everything.

    :raises Away: if it is none, or if a part of the index did not answer: what is missing would look like what is not there
    """
    if not isinstance(answer, Mapping) or "timed_out" not in answer:
        raise Away("nonsense")
    if answer["timed_out"] or answer.get("_shards", {}).get("failed"):
        raise Away("incomplete")
    told: Mapping[str, Any] = answer
    return told
