"""The command `passalong`, as a process, or sooner, as a fork of one that has imported it all."""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryFile

from proxy.__main__ import COMMANDS, main

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [__name__, "pytest", "proxy.run.worker", *(f"proxy.cli.{name}" for name in COMMANDS)]
)


Environment = Mapping[str, str]
Streams = tuple[int, int, int]
"""Descriptors of standard input, output and errors."""
ROOT = str(Path(__file__).parents[1])
NAMES = ("stdin", "stdout", "stderr")
SECONDS = 60.0


def process(
    words: Sequence[str], environment: Environment, streams: Streams, cwd: str = "."
) -> "subprocess.Popen[bytes]":
    """A command in a session of its own, as a shell starts it."""
    given, out, err = streams
    return subprocess.Popen(
        [sys.executable, "-m", "proxy", *words],
        env={"PYTHONPATH": ROOT, **environment},
        cwd=cwd,
        stdin=given,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )


class Fork:
    """The same, but a fork; has what tests need of `subprocess.Popen`."""

    def __init__(
        self, words: Sequence[str], environment: Environment, streams: Streams, cwd: str = "."
    ) -> None:
        given = (words, dict(environment), _Streams(*streams), str(Path(cwd).absolute()))
        self._process = _context.Process(target=_run, args=given)
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("passalong", timeout)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Begin = Callable[..., "subprocess.Popen[bytes] | Fork"]


def ended(
    begin: Begin, words: Sequence[str], environment: Environment, feed: bytes = b"", cwd: str = "."
) -> "subprocess.CompletedProcess[bytes]":
    """A command that has ended, and what it printed."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(feed)
        given.seek(0)
        streams = (given.fileno(), out.fileno(), err.fileno())
        running = begin(words, environment, streams, cwd)
        try:
            code = running.wait(SECONDS)
        finally:
            running.kill()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(words, code, out.read(), err.read())


class _Streams:
    """Descriptors on their way to a fork."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers

    def __reduce__(self) -> object:
        return _taken, tuple(map(DupFd, self.numbers))


def _taken(*copies: "DupFd") -> list[int]:
    return [each.detach() for each in copies]


def _run(words: Sequence[str], environment: Environment, streams: list[int], cwd: str) -> None:
    os.setsid()
    for number, (stream, name) in enumerate(
        zip(streams, ("stdin", "stdout", "stderr"), strict=True)
    ):
        os.dup2(stream, number)
        os.close(stream)
        setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False))
    os.environ.clear()
    os.environ.update(environment)
    # As Python does when it starts.
    if (custom := Path(environment.get("PYTHONPATH", ""), "sitecustomize.py")).exists():
        runpy.run_path(str(custom))
    os.chdir(cwd)
    sys.argv = ["passalong", *words]
    sys.exit(main())
