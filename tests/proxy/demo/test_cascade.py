"""The demonstration's readers: cascades that the contract accepts."""

import json
import random

import pytest

from ads.clock import DAY
from ads.events import hops, parse
from proxy.demo import cascade
from proxy.demo.cascade import Crowd, Gathering
from proxy.demo.guises import GUISES

CROWD = Crowd("s", 120, 10 * DAY, 0.3, 0.05, (("wechat", 2), ("desktop", 1)))
END = 17 * DAY


@pytest.mark.parametrize("seed", range(5))
def test_every_reader_comes_after_whom_they_came_from_and_one_hop_deeper(seed: int) -> None:
    found = Gathering(CROWD, random.Random(seed)).until(END)
    assert len(found) == CROWD.size
    known = {"": (CROWD.start, 0)} | {r.n: (r.at, hops.depth(r.n)) for r in found}
    for reader in found:
        at, depth = known[reader.p]
        assert at < reader.at < END
        assert hops.depth(reader.n) == depth + 1


def test_what_the_readers_send_is_what_pages_send() -> None:
    rng = random.Random(3)
    found = Gathering(CROWD, rng).until(END)
    calls = [*cascade.calls(CROWD, found, END, rng), *cascade.oddities(CROWD, END, rng)]
    ids = set()
    for call in calls:
        assert CROWD.start <= call.at < END
        assert call.guise in GUISES
        for event in call.events:
            ids.add(event["i"])
    for call in calls:
        sent = json.dumps([{**event, "t": "t"} for event in call.events])
        assert len(parse(sent.encode())) == len(call.events)
    assert len(ids) == sum(len(call.events) for call in calls)
    assert {event["k"] for call in calls for event in call.events} >= {
        "open",
        "view",
        "read",
        "tap",
    }


def test_the_same_seed_draws_the_same_readers() -> None:
    first, again = (Gathering(CROWD, random.Random(8)).until(END) for _ in range(2))
    assert first == again
    assert first != Gathering(CROWD, random.Random(9)).until(END)
