from hypothesis import given
from hypothesis import strategies as st

from ads.accounts.access import Rate
from ads.clock import HOUR, MINUTE
from ads.events.limits import HOP, READER, UNKNOWN_READERS, Buckets, Limits

AT = 1_764_000_000_000


def passed(limits: Limits, reader: str, share: str, times: int, at: int, hops: int = 1) -> int:
    return sum(limits.within(reader, share, f"hop{n % hops}", at) for n in range(times))


def test_a_reader_may_send_a_burst_and_then_so_many_a_minute() -> None:
    limits = Limits()
    assert passed(limits, "a", "s", 1000, AT) == HOP.burst
    assert passed(limits, "a", "s", 1000, AT + MINUTE) == MINUTE // HOP.every_ms
    assert passed(limits, "a", "s", 1000, AT + HOUR) == HOP.burst


def test_each_reader_and_share_has_its_own_bucket() -> None:
    limits = Limits()
    passed(limits, "a", "s", 1000, AT)
    assert limits.within("b", "s", "another", AT)
    assert limits.within("a", "t", "hop0", AT)


def test_an_office_behind_one_address_reads_without_being_refused() -> None:
    """A hundred people with one address and one browser's name open a link within a minute."""
    limits = Limits()
    for second in range(60):
        for person in range(100):
            if person % 60 == second:
                for _ in range(10):
                    assert limits.within("office", "s", f"hop{person}", AT + second * 1000)


def test_a_flood_that_invents_hops_ends_at_the_hashs_bucket() -> None:
    assert passed(Limits(), "a", "s", 10_000, AT, hops=10_000) == READER.burst


def test_readers_who_are_not_told_apart_share_one_bucket_a_share() -> None:
    assert passed(Limits(), "", "s", 10_000, AT, hops=10_000) == UNKNOWN_READERS.burst


def test_a_call_of_many_events_takes_that_many() -> None:
    limits = Limits()
    assert sum(limits.admits("192.0.2.1", 32, AT) for _ in range(1000)) == 12_000 // 32
    assert limits.admits("192.0.2.2", 32, AT)


def test_limits_that_are_off_let_everything_through() -> None:
    limits = Limits(on=False)
    assert passed(limits, "a", "s", 1000, AT) == 1000
    assert limits.admits("192.0.2.1", 10**9, AT)


def test_a_clock_set_back_locks_nobody_out() -> None:
    limits = Limits()
    passed(limits, "a", "s", 1000, AT)
    assert limits.within("a", "s", "hop0", AT - HOUR)


def test_the_number_of_buckets_is_bounded() -> None:
    buckets = Buckets(limit=10)
    for number in range(100):
        buckets.take((str(number), ""), Rate(1, every_ms=MINUTE), 1, AT)
    assert len(buckets._full_at) == 10
    assert not buckets.take(("99", ""), Rate(1, every_ms=MINUTE), 1, AT)
    assert buckets.take(("0", ""), Rate(1, every_ms=MINUTE), 1, AT)


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 5)), max_size=200))
def test_no_one_gets_more_than_the_burst_and_the_rate_together(
    steps: list[tuple[int, int]],
) -> None:
    buckets, rate = Buckets(), Rate(10, every_ms=1000)
    at, taken = AT, 0
    for pause, tokens in steps:
        at += pause
        taken += tokens if buckets.take(("a", "s"), rate, tokens, at) else 0
        assert taken <= rate.burst + (at - AT) / rate.every_ms + 1e-6
