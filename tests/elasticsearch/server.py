"""
A real Elasticsearch of this machine's own, in a folder that goes away.

    python -m tests.elasticsearch.server COMMAND …     runs a command with ELASTICSEARCH_URL set to a fresh server

The server is Elastic's own, as published for integration tests in Java's package registry; Maven fetches it once and keeps it.
It has no text analysis beyond splitting at spaces, which is all that this project asks for. It answers nobody but
this machine and takes half a gigabyte.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import HERE, free_port

VERSION = "8.19.8"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
HEAP = "512m"
SECONDS_TO_START = 90
HOW_TO_GET_IT = "Java or Maven is missing; to run this as well: apt-get install default-jdk-headless maven"


class NoElasticsearch(RuntimeError):
    """This machine cannot run an Elasticsearch."""


def unpacked() -> Path:
    """
    Return the folder of the server's programs, fetched if it is not there yet.

    :raises NoElasticsearch: if it cannot be fetched or run here
    """
    home = HERE / f"elasticsearch-{VERSION}"
    if not shutil.which("java"):
        raise NoElasticsearch(HOW_TO_GET_IT)
    if home.is_dir():
        return home
    if not shutil.which("mvn"):
        raise NoElasticsearch(HOW_TO_GET_IT)
    HERE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
        fetched = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if fetched.returncode:
            raise NoElasticsearch(f"Maven could not fetch it:\n{fetched.stdout[-2000:]}{fetched.stderr[-2000:]}")
        with zipfile.ZipFile(Path(folder, f"elasticsearch-{VERSION}.zip")) as packed:
            packed.extractall(folder)
        made = Path(folder, f"elasticsearch-{VERSION}")
        for program in (made / "bin").iterdir():
            program.chmod(0o755)
        made.chmod(0o755)
        with contextlib.suppress(OSError):  # somebody else was quicker
            made.rename(home)
    return home


@dataclass(slots=True)
class Server:
    """An Elasticsearch that can be killed, made to hang, and started again with its data."""

    home: Path
    folder: Path
    port: int
    owner: dict[str, int | list[int]] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """
        Start it and wait until it answers.

        :raises NoElasticsearch: if it does not
        """
        environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "ES_JAVA_HOME": os.environ.get("ES_JAVA_HOME") or java_home(),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
            "ES_TMPDIR": str(self.folder / "tmp"),
        }
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                ["bash", str(self.home / "bin" / "elasticsearch")], cwd=self.folder, env=environ, stdin=subprocess.DEVNULL,
                stdout=said, stderr=subprocess.STDOUT, start_new_session=True, **self.owner,
            )  # type: ignore[call-overload]  # fmt: skip
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise NoElasticsearch("it does not start:\n" + (self.folder / "said").read_text()[-3000:])
            time.sleep(0.2)

    def answers(self) -> bool:
        """Tell whether it can be written to."""
        try:
            with urllib.request.urlopen(
                f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=3
            ) as told:
                return told.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def freeze(self) -> None:
        """Let it take connections and never answer."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@contextlib.contextmanager
def elasticsearch() -> Iterator[Server]:
    """
    Start an empty Elasticsearch and take it away again.

    :raises NoElasticsearch: if this machine cannot run one
    """
    home = unpacked()
    memory = Path("/dev/shm")  # noqa: S108 (nothing in it need outlive the test, and a disk would wait for every write)
    folder = Path(tempfile.mkdtemp(prefix="alongside-es-", dir=memory if os.access(memory, os.W_OK) else None))
    server = Server(home, folder, free_port())
    try:
        shutil.copytree(home / "config", folder / "config")
        (folder / "tmp").mkdir()
        told = {
            "cluster.name": f"alongside-{server.port}",
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": server.port,
            "transport.port": free_port(),
            "path.data": folder / "data",
            "path.logs": folder / "logs",
            "xpack.security.enabled": "false",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        lines = [f"{name}: {value}" for name, value in told.items()]
        (folder / "config" / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
        if os.getuid() == 0:  # it refuses to run as root
            nobody = pwd.getpwnam("nobody")
            server.owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        server.start()
        yield server
    finally:
        server.thaw()
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def java_home() -> str:
    """Return where Java is."""
    return str(Path(shutil.which("java") or "java").resolve().parent.parent)


def main(arguments: list[str]) -> int:
    """Run a command with ELASTICSEARCH_URL set; on that server, if it is set already."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    if os.environ.get("ELASTICSEARCH_URL"):
        return subprocess.run(arguments).returncode
    try:
        with elasticsearch() as server:
            return subprocess.run(arguments, env={**os.environ, "ELASTICSEARCH_URL": server.url}).returncode
    except NoElasticsearch as missing:
        print(missing, file=sys.stderr)
        if os.environ.get("CI"):
            return 1
        return subprocess.run(arguments).returncode  # they are skipped, and say why


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
