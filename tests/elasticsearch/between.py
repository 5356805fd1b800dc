"""Stands between the site and a server, and makes the server seem gone, hung, slow or endless."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


class Mood(StrEnum):
    """How it treats who connects."""

    WELL = "well"
    GONE = "gone"  # the connection is cut at once
    HUNG = "hung"  # takes the connection and never answers
    SLOW = "slow"  # answers, a second late
    TRICKLING = "trickling"  # sends a byte now and then, so that no wait for the next one is long
    NONSENSE = "nonsense"  # answers what no Elasticsearch would


@dataclass(slots=True)
class Between:
    """A port of this machine that leads to ``target``, as its mood allows."""

    target: tuple[str, int] | None
    mood: Mood = Mood.WELL
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def become(self, mood: Mood) -> None:
        """Change the mood; connections of the earlier one are cut, as a restart would."""
        self.mood = mood
        for one in self.open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def serve(self) -> None:
        """Take connections until it is closed."""
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self.listener.accept()
                self.open.append(caller)
                threading.Thread(target=self.treat, args=(caller, self.mood), daemon=True).start()

    def treat(self, caller: socket.socket, mood: Mood) -> None:
        """Serve one connection."""
        with contextlib.suppress(OSError), caller:
            match mood:
                case Mood.GONE:
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                case Mood.HUNG:
                    while caller.recv(65536):
                        pass
                case Mood.TRICKLING:
                    caller.recv(65536)
                    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                    while True:
                        caller.sendall(b" ")
                        time.sleep(0.1)
                case Mood.NONSENSE:
                    while caller.recv(65536):
                        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nHello")
                case Mood.SLOW | Mood.WELL if self.target is not None:
                    with socket.create_connection(self.target) as server:
                        self.open.append(server)
                        back = threading.Thread(target=pour, args=(server, caller, 0.0), daemon=True)
                        back.start()
                        pour(caller, server, 1.0 if mood == Mood.SLOW else 0.0)


def pour(source: socket.socket, sink: socket.socket, delay: float) -> None:
    """Hand on what comes until nothing does."""
    with contextlib.suppress(OSError):
        while told := source.recv(65536):
            if delay:
                time.sleep(delay)
            sink.sendall(told)
        sink.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def between(url: str = "") -> Iterator[Between]:
    """Stand between, until the block ends."""
    address = urlsplit(url)
    one = Between((address.hostname or "", address.port or 0) if url else None)
    threading.Thread(target=one.serve, daemon=True).start()
    try:
        yield one
    finally:
        one.become(Mood.GONE)
        one.listener.close()
