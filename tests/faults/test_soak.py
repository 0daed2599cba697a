"""Twenty seconds of `ops/bench soak`, with faults more often."""

from pathlib import Path

from tests.faults.soak import Found, soak


def test_counts_are_exact_and_nothing_grows_while_things_break(tmp_path: Path) -> None:
    found = soak(tmp_path, 20.0, rate=40, fault_every=3, seed=7)
    assert found.faults
    assert found.acked > 1_000
    assert not found.problems(), found


def test_a_soak_tells_what_broke_a_promise() -> None:
    lost = Found(acked=16, sent=24, received=8, repeated=1)
    assert len(lost.problems()) == 2
    grown = Found(memory=[1e8] * 20 + [3e8] * 20, files=[100.0] * 20 + [400.0] * 20)
    assert len(grown.problems()) == 2
