"""Parts deflated on their own are one gzip member that any inflater reads."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from proxy.render import splice

PIECES = st.lists(st.binary(max_size=2000), max_size=8)


@given(PIECES, st.booleans())
def test_the_joined_parts_inflate_to_the_joined_bytes(pieces: list[bytes], small: bool) -> None:
    parts = [splice.part(piece, small=small) for piece in pieces]
    member = splice.gzip(parts)
    assert gzip.decompress(member) == b"".join(pieces) == splice.identity(member)


@given(PIECES, PIECES)
def test_parts_may_be_stored_as_they_are(pieces: list[bytes], ids: list[bytes]) -> None:
    parts = [splice.part(piece) for piece in pieces]
    stored = [splice.part(each)._replace(deflated=splice.block(each)) for each in ids]
    member = splice.gzip([*parts, *stored, *parts])
    assert gzip.decompress(member) == b"".join([*pieces, *ids, *pieces])


@given(PIECES)
def test_it_is_one_member_with_nothing_behind_it(pieces: list[bytes]) -> None:
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    inflater.decompress(splice.gzip([splice.part(piece) for piece in pieces]))
    assert inflater.eof
    assert inflater.unused_data == b""


def test_splicing_costs_a_few_per_cent_of_the_size() -> None:
    words = b"".join(
        b"<p>paragraph %d about tea and %d leaves</p>" % (n, n * n) for n in range(3000)
    )
    cut = [words[at : at + 20_000] for at in range(0, len(words), 20_000)]
    spliced = splice.gzip([splice.part(piece, small=True) for piece in cut])
    assert len(spliced) < 1.1 * len(gzip.compress(words))


def test_the_same_parts_give_the_same_bytes() -> None:
    parts = [splice.part(b"abc"), splice.part(b"def")]
    assert splice.gzip(parts) == splice.gzip(parts)
