"""A text at many places of a page: its part of the checksum follows from its own checksum."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from proxy.render import checksum

SIZE = 12
TEXT = st.binary(min_size=SIZE, max_size=SIZE)


@given(one=TEXT, two=TEXT, runs=st.lists(st.binary(max_size=300), max_size=9))
def test_a_text_adds_by_its_own_checksum_wherever_it_stands(
    one: bytes, two: bytes, runs: list[bytes]
) -> None:
    pages = [b"".join(text + run for run in runs) for text in (one, two)]
    tails = tuple(sum(SIZE + len(run) for run in runs[at:]) - SIZE for at in range(len(runs)))
    bare = [
        zlib.crc32(page) ^ checksum.added(zlib.crc32(text), tails)
        for page, text in zip(pages, (one, two), strict=True)
    ]
    assert bare[0] == bare[1]
