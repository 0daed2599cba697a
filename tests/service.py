"""The real service in its own processes, for tests that use it as a person would."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from queue import Empty, Queue
from typing import IO

from tests.commands import Begin, Fork, ended, process

START_SECONDS = 60.0


def free_port() -> int:
    """A loopback port below the ephemeral range that was free a moment ago."""
    for _ in range(1_000):
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def session_members(session: int) -> dict[int, str]:
    """pid -> command name, of every process of a session."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            head, _, tail = stat.read_text().rpartition(")")
            fields = tail.split()
            if int(fields[3]) == session and fields[0] != "Z":
                found[int(stat.parent.name)] = head.partition("(")[2]
    return found


def end_session(session: int, seconds: float = 20.0) -> None:
    """kill -9 all of a session, repeatedly, as processes may be forked meanwhile."""
    deadline = time.monotonic() + seconds
    while left := session_members(session):
        assert time.monotonic() < deadline, f"still there after kill -9: {left}"
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


class Lines:
    """The output of a process, read in a thread, so that a silent process blocks no test."""

    def __init__(self, output: IO[str], told: "list[str] | None" = None) -> None:
        """Lines are appended to `told`."""
        self.told: list[str] = [] if told is None else told
        self._new: Queue[str | None] = Queue()
        self._thread = threading.Thread(target=self._read, args=(output,), daemon=True)
        self._thread.start()

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.told.append(line)
                self._new.put(line)
        self._new.put(None)

    def until(self, form: str, seconds: float = START_SECONDS) -> re.Match[str]:
        """The first match of `form` in the lines after the last match."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(Empty):
                line = self._new.get(timeout=left)
                if line is None:
                    break
                if match := re.search(form, line):
                    return match
        raise AssertionError(f"never printed {form!r}: {''.join(self.told)}")

    def rest(self, seconds: float = 20.0) -> list[str]:
        """All lines, once the process has closed its output."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the output is still open: " + "".join(self.told[-20:])
        return self.told


class Service:
    """`passalong serve` on a port and data directory that outlive restarts."""

    begin: Begin = staticmethod(process)
    """Begins a command; all tests but a few take a fork."""

    def __init__(self, data_dir: Path, *, workers: int = 2, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.workers = workers
        self.settings = settings
        self.process: subprocess.Popen[bytes] | Fork | None = None
        self.output: list[str] = []
        self._lines: Lines | None = None

    @property
    def console(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def pages(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PASSALONG_")}
        given = {f"PASSALONG_{k.upper()}": v for k, v in self.settings.items()}
        return clean | given | {"PASSALONG_DATA_DIR": str(self.data_dir)}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another `passalong` command with the same settings."""
        told = ended(self.begin, words, self.environment)
        code, out, err = told.returncode, told.stdout.decode(), told.stderr.decode()
        return subprocess.CompletedProcess(words, code, out, err)

    def start(self) -> "Service":
        """Start the service; returns when it is ready."""
        words = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        output, into = os.pipe()
        with os.fdopen(into), Path(os.devnull).open() as nothing:
            self.process = self.begin(words, self.environment, (nothing.fileno(), into, into))
        self._lines = Lines(os.fdopen(output), self.output)
        self.wait_ready()
        return self

    def first_link(self) -> str:
        """The printed one-time link that makes the first account."""
        assert self._lines
        return self._lines.until(r"http\S+/start\?token=\S+")[0]

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process
            assert self.process.poll() is None, "".join(self.output)
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{self.pages}/readyz", timeout=2) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.02)
        raise AssertionError("not ready: " + "".join(self.output))

    def members(self) -> dict[int, str]:
        """pid -> name, of every process of the service."""
        return session_members(self.process.pid) if self.process else {}

    def stop(self) -> int:
        """End the service as an operator would; returns its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        """kill -9 all processes at once; returns when all are gone."""
        assert self.process
        end_session(self.process.pid)
        self.process.wait(20)

    def close(self) -> None:
        if self.process and self.members():
            self.kill()
