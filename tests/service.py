"""The real service in processes of its own, for tests that use it as a person would."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from queue import Empty, Queue

START_SECONDS = 60.0


def free_port() -> int:
    """A loopback port below the ephemeral range, free a moment ago."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def session_members(session: int) -> dict[int, str]:
    """pid -> command name of every process of a session."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            head, _, tail = stat.read_text().rpartition(")")
            fields = tail.split()
            if int(fields[3]) == session and fields[0] != "Z":
                found[int(stat.parent.name)] = head.partition("(")[2]
    return found


class Service:
    """`passalong serve` on a port and data directory that outlive restarts."""

    def __init__(self, data_dir: Path, *, workers: int = 2, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.workers = workers
        self.settings = settings
        self.process: subprocess.Popen[str] | None = None
        self.output: list[str] = []
        self._lines: Queue[str] = Queue()

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
        """Runs another `passalong` command with the same settings."""
        return subprocess.run(
            [sys.executable, "-m", "proxy", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self) -> "Service":
        """Starts the service and waits until it is ready."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "proxy",
                "serve",
                "--port",
                str(self.port),
                "--workers",
                str(self.workers),
            ],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.wait_ready()
        return self

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        with process.stdout:
            for line in process.stdout:
                self.output.append(line)
                self._lines.put(line)

    def first_link(self) -> str:
        """The one-time link that makes the first account, as printed."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(Empty):
                if match := re.search(r"http\S+/start\?token=\S+", self._lines.get(timeout=0.2)):
                    return match[0]
        raise AssertionError(f"no first link in {self.output}")

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
        """Every process of the service: pid -> name."""
        return session_members(self.process.pid) if self.process else {}

    def stop(self) -> int:
        """Ends the service as an operator would; its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        """kill -9 of every process at once, and waits until all are gone."""
        assert self.process
        for pid in self.members():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(20)
        while self.members():
            time.sleep(0.01)

    def close(self) -> None:
        if self.process and self.members():
            self.kill()
