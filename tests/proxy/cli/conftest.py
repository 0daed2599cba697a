"""`passalong` in this process, on the store of the tests."""

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
    """Runs a command; its exit code, and all that it printed."""
    monkeypatch.setenv("PASSALONG_REDIS_URL", valkey_url)
    monkeypatch.setenv("PASSALONG_DATA_DIR", str(tmp_path))

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        told = capsys.readouterr()
        return code, told.out + told.err

    return run
