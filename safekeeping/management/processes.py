"""A process that works until it is asked to stop: what the worker and the clock have in common."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable

from django.db import Error, close_old_connections, connection

log = logging.getLogger(__name__)


class Asked:
    """Becomes true when somebody asks the process to end (SIGTERM, SIGINT)."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __call__(self) -> bool:
        return self._event.is_set()

    def listen(self) -> None:
        """Listen to the signals of an ending; only the main thread can."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._event.set())

    def stop(self) -> None:
        """Ask from within."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when asked to end; tell whether that was so."""
        return self._event.wait(seconds)


def work_until(asked: Asked, turn: Callable[[], object], *, pause: float) -> None:
    """Take turn after turn, ``pause`` seconds apart, until asked to end; a database that is away is waited for."""
    trouble = 0
    while not asked():
        close_old_connections()
        try:
            turn()
        except Error as error:
            trouble += 1
            log.error("the database does not answer: %s", type(error).__name__)
            connection.close()
        else:
            trouble = 0
        asked.wait(min(pause * (1 + trouble), 10.0))
    connection.close()
