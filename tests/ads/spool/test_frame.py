import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.spool import frame

payloads = st.lists(st.binary(max_size=60), min_size=1, max_size=12)


def numbered(after: int, parts: list[bytes]) -> list[tuple[int, bytes]]:
    return list(enumerate(parts, after + 1))


@given(st.integers(0, 2**31), payloads)
def test_what_was_packed_is_scanned_with_its_numbers(after: int, parts: list[bytes]) -> None:
    data = frame.pack(after, parts)
    assert frame.scan(data, final=True) == (numbered(after, parts), len(data), False)


@given(payloads, st.data())
def test_a_window_ends_before_the_record_that_it_cuts(
    parts: list[bytes], data: st.DataObject
) -> None:
    whole = frame.pack(0, parts)
    size = data.draw(st.integers(0, len(whole)))
    found = frame.scan(whole[:size], final=False)
    assert not found.bad
    rest = frame.scan(whole[found.used :], final=True)
    assert found.records + rest.records == numbered(0, parts)


@given(payloads, st.data())
def test_a_torn_tail_costs_the_torn_record_only(parts: list[bytes], data: st.DataObject) -> None:
    whole = frame.pack(0, parts)
    last = len(frame.pack(0, parts[-1:]))
    size = len(whole) - data.draw(st.integers(1, last))
    found = frame.scan(whole[:size], final=True)
    assert found.records == numbered(0, parts)[:-1]
    assert found.bad == (size > len(whole) - last)
    assert frame.resync(whole[found.used : size], 1) is None


@given(payloads, st.data())
def test_one_changed_bit_costs_its_own_record_only(parts: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(frame.pack(0, parts))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    first = frame.scan(bytes(whole), final=True)
    assert first.bad
    rest = bytes(whole[first.used :])
    found = frame.resync(rest, 1)
    after = frame.scan(rest[found:], final=True).records if found else []
    lost = set(numbered(0, parts)) - set(first.records) - set(after)
    assert len(lost) == 1
    assert set(first.records) | set(after) < set(numbered(0, parts))


def test_a_record_has_a_largest_size() -> None:
    frame.pack(0, [b"x" * frame.MAX_PAYLOAD])
    with pytest.raises(ValueError, match="bytes"):
        frame.pack(0, [b"x" * (frame.MAX_PAYLOAD + 1)])


def test_the_search_for_the_next_record_is_bounded() -> None:
    near = b"\xff" * (frame.RESYNC_BYTES - 1) + frame.pack(0, [b"x"])
    assert frame.resync(near, 0) == frame.RESYNC_BYTES - 1
    assert frame.resync(b"\xff" + near, 0) is None
