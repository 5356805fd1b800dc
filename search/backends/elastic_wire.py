"""
Connections on which a question keeps its deadline by itself, in the thread that asks it.

Handing a question to another thread and the answer back costs more than a small answer does, wherever processors are busy. So
what is asked within `deadline` gives each piece that is sent or read what is left of the time, and no more: neither
silence nor trickling gets round it. Connecting is another matter, because nobody can say how long a name is looked up:
`NotConnected` then sends the question to a thread that may be left alone with it.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import NodeConfig, Urllib3HttpNode
from urllib3.connection import HTTPConnection, HTTPSConnection


class NotConnected(BaseException):
    """There is no connection yet; no `Exception`, or it would pass for one that failed."""


class Here(threading.local):
    """Until when what this thread asks must be answered (`time.monotonic`); None where somebody else looks after that."""

    until: float | None = None


here = Here()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Have everything that is sent and read in this block done in so many seconds, or raise `TimeoutError` from it."""
    here.until = time.monotonic() + seconds
    try:
        yield
    finally:
        here.until = None


class Hurried:
    """What a socket does where there is a deadline."""

    def recv_into(self, *args: Any) -> int:
        """Read, for as long as there is time."""
        self._hurry()
        return super().recv_into(*args)  # type: ignore[misc, no-any-return]

    def sendall(self, *args: Any) -> None:
        """Send, for as long as there is time."""
        self._hurry()
        super().sendall(*args)  # type: ignore[misc]

    def _hurry(self) -> None:
        if here.until is None:
            return
        left = here.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)  # type: ignore[attr-defined]


class Plain(Hurried, socket.socket):
    """A connection that anybody may read."""


class Sealed(Hurried, ssl.SSLSocket):
    """A connection that only the two ends can read."""


class InTime:
    """How a connection of the client's begins: only where nobody waits for it."""

    def connect(self) -> None:
        """
        Connect.

        :raises NotConnected: if there is a deadline
        """
        if here.until is not None:
            raise NotConnected
        super().connect()  # type: ignore[misc]


class PlainConnection(InTime, HTTPConnection):
    """A connection of the client's."""

    def connect(self) -> None:
        super().connect()
        bare = self.sock
        timeout = bare.gettimeout()
        self.sock = Plain(fileno=bare.detach())
        self.sock.settimeout(timeout)


class SealedConnection(InTime, HTTPSConnection):
    """The same with TLS."""

    def connect(self) -> None:
        if self.ssl_context is not None:
            self.ssl_context.sslsocket_class = Sealed
        super().connect()


class Node(Urllib3HttpNode):
    """The client's way to a server, over these connections."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        self.pool.ConnectionCls = SealedConnection if config.scheme == "https" else PlainConnection
