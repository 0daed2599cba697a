"""`passalong` in the test's process, on the tests' store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from proxy.__main__ import main

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def passalong(
    valkey_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run a command; returns its exit code and all its output."""
    monkeypatch.setenv("PASSALONG_REDIS_URL", valkey_url)
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        told = capsys.readouterr()
        return code, told.out + told.err

    return run
