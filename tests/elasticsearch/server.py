"""
A real Elasticsearch of this machine's own, in a folder that goes away.

    python -m tests.elasticsearch.server COMMAND …     runs a command with ELASTICSEARCH_URL set to a fresh server

The server is Elastic's own, as published for integration tests in Java's package registry; Maven fetches it once and keeps it.
It has no text analysis beyond splitting at spaces, which is all that this project asks for; where it must keep keys, which
it does in an index of its own, it is given the little that this index wants (`Emails.java`). It answers nobody but
this machine and takes half a gigabyte, unless it is told to take more.
"""

from __future__ import annotations

import contextlib
import hashlib
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

from tests.elasticsearch.sealed import Seal, sealed
from tests.servers import HERE, free_port

VERSION = "8.19.8"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
HEAP = "512m"
SECONDS_TO_START = 90
SECONDS_TO_STOP = 10
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


def able_to_keep_keys(home: Path) -> Path:
    """
    Return a folder with the same programs and a plugin of ours, without which the server cannot make its index of keys.

    :raises NoElasticsearch: if the plugin cannot be made here
    """
    source = Path(__file__).with_name("Emails.java")
    made = home.with_name(f"{home.name}-{hashlib.sha256(source.read_bytes()).hexdigest()[:8]}")
    if made.is_dir():
        return made
    if not shutil.which("javac"):
        raise NoElasticsearch(HOW_TO_GET_IT)
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        classes, copy = Path(folder, "classes"), Path(folder, "home")
        command = ["javac", "--release", "17", "-cp", f"{home}/lib/*", "-d", str(classes), str(source)]
        told = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if told.returncode:
            raise NoElasticsearch(f"the plugin cannot be made:\n{told.stdout[-2000:]}{told.stderr[-2000:]}")
        shutil.copytree(home, copy, copy_function=os.link)
        plugin = copy / "plugins" / "emails"
        plugin.mkdir(parents=True)
        with zipfile.ZipFile(plugin / "emails.jar", "w") as packed:
            for one in classes.rglob("*.class"):
                packed.write(one, one.relative_to(classes))
        (plugin / "plugin-descriptor.properties").write_text(
            "name=emails\ndescription=What the index of keys wants\nclassname=alongside.Emails\n"
            f"version={VERSION}\nelasticsearch.version={VERSION}\njava.version=17\n"
        )
        for path in [copy, *copy.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
        with contextlib.suppress(OSError):  # somebody else was quicker
            copy.rename(made)
    return made


@dataclass(slots=True)
class Server:
    """An Elasticsearch that can be killed, made to hang, and started again with its data."""

    home: Path
    folder: Path
    port: int
    owner: dict[str, int | list[int]] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    seal: Seal | None = None
    heap: str = HEAP

    @property
    def url(self) -> str:
        return f"http{'s' if self.seal else ''}://127.0.0.1:{self.port}"

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
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap}",
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
        asked = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s"
        try:
            if self.seal:
                return not self.seal.ask(asked)["timed_out"]
            with urllib.request.urlopen(asked, timeout=3) as told:
                return told.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def freeze(self) -> None:
        """Let it take connections and never answer; from now on, for the signal reaches one thread, which stops the others."""
        self._signal(signal.SIGSTOP)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while self._running():
            assert time.monotonic() < deadline, "it does not stand still"
            time.sleep(0.01)

    def _running(self) -> bool:
        """Tell whether a thread of its processes is not stopped; where there is no /proc nobody can tell."""
        for told in Path("/proc").glob("[0-9]*/task/[0-9]*/stat"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                state, _, group = told.read_text().rpartition(")")[2].split()[:3]
                if self.process is not None and int(group) == self.process.pid and state not in "TZX":
                    return True
        return False

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@contextlib.contextmanager
def elasticsearch(*, seal: bool = False, heap: str = HEAP) -> Iterator[Server]:
    """
    Start an empty Elasticsearch and take it away again.

    :param seal: whether it is asked over TLS and by those it knows alone
    :param heap: how much memory it has, as Java writes it
    :raises NoElasticsearch: if this machine cannot run one
    """
    home = able_to_keep_keys(unpacked()) if seal else unpacked()
    memory = Path("/dev/shm")  # noqa: S108 (nothing in it need outlive the test, and a disk would wait for every write)
    folder = Path(tempfile.mkdtemp(prefix="alongside-es-", dir=memory if os.access(memory, os.W_OK) else None))
    server = Server(home, folder, free_port(), heap=heap)
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
        if seal:
            more, server.seal = sealed(folder / "config")
            told |= more
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
