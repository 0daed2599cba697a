"""Half a minute of `ops/bench soak`, at twice its rate of faults."""

from pathlib import Path

from tests.faults.soak import Found, soak


def test_counts_are_exact_and_nothing_grows_while_things_break(tmp_path: Path) -> None:
    found = soak(tmp_path, 30.0, rate=40, fault_every=4, seed=7)
    assert found.faults
    assert found.acked > 1_000
    assert not found.problems(), found


def test_a_soak_tells_what_broke_a_promise() -> None:
    lost = Found(acked=16, sent=24, received=8, repeated=1)
    assert len(lost.problems()) == 2
    grown = Found(memory=[1e8] * 20 + [3e8] * 20, files=[100.0] * 20 + [400.0] * 20)
    assert len(grown.problems()) == 2
