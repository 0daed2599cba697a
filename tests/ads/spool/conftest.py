"""Spools that close after the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ads.spool import Spool

Make = Callable[..., Spool]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes spools in one directory and closes them."""
    made: list[Spool] = []

    def spool(directory: Path = tmp_path / "spool", max_bytes: int = 1 << 26) -> Spool:
        made.append(Spool(directory, sync=True, max_bytes=max_bytes))
        return made[-1]

    yield spool
    for each in made:
        each.close()
