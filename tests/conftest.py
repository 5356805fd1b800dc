"""What every test has: a fixed moment, no network, and a browser or a reason why there is none."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

THIS_MACHINE = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}  # noqa: S104 (compared with, not listened on)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what needs a server of its own in one process: one server, and no race with other races for the machine."""
    for item in items:
        if item.get_closest_marker("journey") or item.get_closest_marker("race"):
            item.add_marker(pytest.mark.xdist_group("servers"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Refuse connections to other machines: what a test proves must not depend on them."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family != socket.AF_UNIX and address[0] not in THIS_MACHINE:
            raise AssertionError(f"A test asked for {address[0]}, which is not this machine.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture
def at():
    """Return the moment at which tests take place: a Wednesday in November, ten past ten in the morning."""
    return datetime(2026, 11, 18, 10, 10, tzinfo=UTC)
