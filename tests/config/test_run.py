"""`make run`: what the person who typed it sees, and that nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from config import run
from config.setup import HOUSE, SetupFailed
from tests import servers


def test_the_port_is_8000_unless_somebody_says_otherwise(monkeypatch):
    monkeypatch.setattr(run.socket.socket, "bind", lambda *_: None)
    assert run.port_of({}) == 8000
    assert run.port_of({"PORT": "8123"}) == 8123


@pytest.mark.parametrize("told", ["eight", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused_in_words(told):
    with pytest.raises(SetupFailed, match="must be a number from 1 to 65535"):
        run.port_of({"PORT": told})


def test_a_port_in_use_is_refused_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupFailed, match=f"Port {port} cannot be used .* make run PORT="):
            run.port_of({"PORT": str(port)})


def test_one_part_that_ends_ends_all(monkeypatch, tmp_path):
    place = run.Place.of({**os.environ, "VAR_DIR": str(tmp_path)})
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    stays = run.Part.start("web", "-c", "import time; time.sleep(60)", place=place, say=lambda line: None)
    leaves = run.Part.start("worker", "-c", "raise SystemExit(3)", place=place, say=lambda line: None)
    leaves.process.wait()
    with pytest.raises(run.Ended, match="worker"):
        run.look_after([stays, leaves])
    run.end([stays, leaves])
    assert stays.process.poll() is not None


def test_a_part_that_does_not_listen_is_ended_all_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    monkeypatch.setattr(run, "SECONDS_TO_STOP", 0.5)
    said: list[str] = []
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
    )
    part = run.Part.start("web", "-c", deaf, place=run.Place.of({"VAR_DIR": str(tmp_path)}), say=said.append)
    while not said:
        time.sleep(0.01)
    assert said == ["   web │ here"]
    run.end([part])
    assert part.process.poll() == -signal.SIGKILL


@pytest.mark.slow
def test_one_command_brings_up_the_whole_site_and_one_ctrl_c_ends_it():
    ready = servers.prepared()
    port = servers.free_port()
    environ = {**servers.told_to_children(), "VAR_DIR": str(ready.var), "PORT": str(port)}
    runner = subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=HOUSE, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        said = []
        for line in runner.stdout:
            said.append(line)
            if "clock │" in line or "ctrl-C ends everything" in line:
                break
        told = "".join(said)
        assert f"http://127.0.0.1:{port}/" in told
        assert "@" in told, "no sample person was named"
        assert run.answers(f"http://127.0.0.1:{port}")
        runner.send_signal(signal.SIGINT)
        rest, _ = runner.communicate(timeout=20)
        assert runner.returncode == 0, told + rest
        assert "Everything has ended." in rest
        assert not run.answers(f"http://127.0.0.1:{port}")
    finally:
        if runner.poll() is None:
            os.killpg(runner.pid, signal.SIGKILL)
