"""What is active when, and what a page shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads import booking
from ads.ad import Ad

HISTORY = ((100, "active"), (200, "paused"), (300, "active"), (400, "ended"))


@pytest.mark.parametrize(
    ("at", "active"),
    [(0, True), (100, True), (199, True), (200, False), (299, False), (300, True), (400, False)],
)
def test_a_state_holds_from_its_moment_on(at: int, active: bool) -> None:
    assert booking.active_at(HISTORY, at) is active


def test_without_a_history_it_is_active() -> None:
    assert booking.active_at((), 5)


def test_the_same_state_again_enters_nothing() -> None:
    assert booking.entered(HISTORY, 500, "ended") == HISTORY


def test_a_change_holds_at_once_though_the_clock_was_ahead_at_the_one_before() -> None:
    made = booking.entered(((900, "active"),), 500, "ended")
    assert [booking.active_at(made, at) for at in (499, 500, 900)] == [True, False, False]
    resumed = booking.entered(((100, "active"), (900, "paused")), 500, "active")
    assert booking.active_at(resumed, 500)


@pytest.mark.parametrize(
    ("state", "now", "active"),
    [
        ("active", 400, True),
        ("active", 1_999, True),
        ("active", 2_000, False),  # as exact as the clocks of several machines agree
        ("paused", 400, False),
    ],
)
def test_what_was_set_running_by_a_clock_that_was_ahead_runs(
    state: str, now: int, active: bool
) -> None:
    history = ((100, "active"), (200, "ended"), (3_000, state))
    assert booking.active_at(booking.as_of(history, now), 300) is active


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["active", "paused", "ended"]))))
def test_a_history_never_runs_backwards(changes: list[tuple[int, str]]) -> None:
    history: booking.History = ()
    for at, state in changes:
        history = booking.entered(history, at, state)
        assert history[-1][1] == state
    assert list(history) == sorted(history, key=lambda entry: entry[0])


def ad(name: str, state: str, fallback: str | None = None) -> Ad:
    return Ad(
        id=name, owner="o", name="n", advertiser="a", kind="text", state=state, fallback=fallback
    )


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ("active active active", "0"),
        ("paused active active", "1"),
        ("deleted active active", "1"),
        ("ended paused active", "2"),
        ("paused deleted ended", None),
        ("paused deleted ended active", "3"),
        (" ".join(["paused"] * booking.CHAIN_MAX + ["active"]), None),
    ],
)
async def test_an_ad_that_is_not_active_leaves_its_fallback_and_that_one_its_own(
    states: str, shown: str | None
) -> None:
    found = states.split()
    # The last one's fallback is the first.
    ads = [ad(str(at), state, str((at + 1) % len(found))) for at, state in enumerate(found)]

    async def lookup(name: str) -> Ad | None:
        return ads[int(name)]

    stands = booking.shown(await booking.chain(ads[0], lookup))
    assert (stands.id if stands else None) == shown
