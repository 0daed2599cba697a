"""A file of bounded size returns complete data until newer data overwrites it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.serving.ring import Ring

ROOM = 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on a file system whose cached pages the kernel reports."""
    folder = tmp_path_factory.mktemp("ring")
    with (folder / "asked").open("w+b") as file:
        try:
            os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)
        except OSError as error:
            pytest.skip(f"nothing would be read from this file system: {error}")
    return folder


@given(sizes=st.lists(st.integers(1, ROOM), max_size=30))
def test_what_was_put_is_whole_until_newer_bytes_need_its_room(
    folder: Path, sizes: list[int]
) -> None:
    ring, put = Ring(folder, ROOM), {}
    for number, size in enumerate(sizes):
        at = ring.room(size)
        assert at is not None
        put[at] = bytes([number]) * size
        ring.put(at, put[at])
        for place, data in put.items():
            assert ring.get(place, len(data)) in (None, data)
        newest = sum(len(put[place]) for place in put if place >= at)
        assert newest == size
        assert ring.get(at, size) == put[at]
    assert ring.room(ROOM + 1) is None
    ring.close()


def test_no_file_is_left_and_none_is_seen(folder: Path) -> None:
    before = sorted(folder.iterdir())
    ring = Ring(folder, ROOM)
    ring.put(ring.room(5) or 0, b"hello")
    assert sorted(folder.iterdir()) == before
    assert ring.get(0, 5) == b"hello"
    ring.close()
    assert ring.get(0, 5) is None
