"""
`make run`: one command from a fresh clone to the site in a browser, and one ctrl-C that ends all of it.

Sets up what is missing, starts the web server, and once that answers the worker (mail, index) and the clock (periodic
jobs), says where the site is and who may sign in, and passes on what the three say. If one of them ends, all end.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config.setup import HOUSE, PYTHON, Place, SetupFailed, set_up

SECONDS_TO_START = 90
SECONDS_TO_STOP = 8


class Stop(Exception):
    """Somebody asked for the end: ctrl-C, a closed terminal or a polite kill."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Ended(Exception):
    """A part ended by itself."""


@dataclass(slots=True)
class Part:
    """One of the processes that make up the running site."""

    name: str
    process: subprocess.Popen[str]
    reader: threading.Thread

    @classmethod
    def start(cls, name: str, *arguments: str, place: Place, say: Callable[[str], None]) -> Part:
        """Start ``python`` with the arguments, in a process group of its own so that ctrl-C reaches only the runner."""
        process = subprocess.Popen(
            [PYTHON, *arguments],
            cwd=HOUSE, env=place.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                say(f"{name:>6} │ {line.rstrip()}")

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        return cls(name=name, process=process, reader=reader)

    def stop(self, number: int) -> None:
        """Send a signal to the part and to everything it has started."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass


def port_of(environ: dict[str, str]) -> int:
    """
    Return the port to listen on.

    :raises SetupFailed: if PORT is not a port, or something else listens there
    """
    told = environ.get("PORT") or "8000"
    if not told.isdigit() or not 0 < int(told) < 65536:
        raise SetupFailed(f"PORT is {told!r}: it must be a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(told)))
        except OSError as refusal:
            other = int(told) + 1 if int(told) < 65535 else 8000
            raise SetupFailed(
                f"Port {told} cannot be used ({refusal.strerror}). Try: make run PORT={other}"
            ) from refusal
    return int(told)


def answers(address: str) -> bool:
    """Tell whether the site at ``address`` is alive."""
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def look_after(parts: list[Part]) -> None:
    """
    Return if all parts are running.

    :raises Ended: if one is not
    """
    for part in parts:
        if part.process.poll() is not None:
            raise Ended(part.name)


def run(environ: dict[str, str], *, say: Callable[[str], None]) -> int:
    """
    Set up, start everything and stay until one part ends or somebody stops us; return the exit code.

    :raises SetupFailed: if the site could not be prepared
    """
    began = time.monotonic()
    port = port_of(environ)
    address = f"http://127.0.0.1:{port}"
    place = set_up({**environ, "PORT": str(port), "BASE_URL": environ.get("BASE_URL") or address}, say=say)
    parts: list[Part] = []
    code = 1
    try:
        parts.append(
            Part.start("web", "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi", place=place, say=say)
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(address):
            look_after(parts)
            if time.monotonic() > deadline:
                raise SetupFailed(f"The web server has not answered within {SECONDS_TO_START} seconds.")
            time.sleep(0.1)
        say(welcome(address, place.var / "people.txt", seconds=time.monotonic() - began))
        # Only now: three Djangos loading at once on two cores would keep the first page waiting.
        parts.append(Part.start("worker", "manage.py", "worker", place=place, say=say))
        parts.append(Part.start("clock", "manage.py", "clock", place=place, say=say))
        while True:
            look_after(parts)
            time.sleep(0.5)
    except Ended as ended:
        say(f"\n{ended} has ended by itself, so everything ends. Its last lines are above.")
        code = next((abs(part.process.returncode) for part in parts if part.name == str(ended)), 1) or 1
    except Stop as stop:
        say("\nStopping …")
        code = 0 if stop.number in (signal.SIGINT, signal.SIGTERM) else 128 + stop.number
    finally:
        end(parts)
    say("Everything has ended.")
    return code


def end(parts: list[Part]) -> None:
    """End all parts: politely, then for good."""
    for part in reversed(parts):
        part.stop(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    for part in parts:
        try:
            part.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        part.stop(signal.SIGKILL)  # also whatever it has left behind in its group
        part.process.wait()
        part.reader.join(timeout=1)


def welcome(address: str, people: Path, *, seconds: float) -> str:
    """Return what the newcomer sees once the site answers."""
    lines = ["", f"  The site is up after {seconds:.0f} s:  {address}/", ""]
    if people.is_file() and (told := people.read_text(encoding="utf-8").strip()):
        lines += [
            "  Sign in as one of the sample people, all of them invented; each has a button, no password is needed:",
            "",
        ]
        lines += [f"    {line}" for line in told.splitlines()]
        lines += ["", f"  {address}/sign-in/     their mail: {address}/emails/", ""]
    lines.append("  ctrl-C ends everything.\n")
    return "\n".join(lines)


def main() -> int:
    """Run until stopped."""
    if sys.version_info < (3, 11):
        print(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.", file=sys.stderr)
        return 1

    def stop(number: int, frame: FrameType | None) -> None:
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, signal.SIG_IGN)  # once is enough; a second ctrl-C must not leave anything running
        raise Stop(number)

    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, stop)
    try:
        return run(dict(os.environ), say=lambda line: print(line, flush=True))
    except SetupFailed as failure:
        print(f"\nNot started: {failure}", file=sys.stderr)
        return 1
    except Stop:
        print("\nStopped during set-up; the next start goes on from there.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
