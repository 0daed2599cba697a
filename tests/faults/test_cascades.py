"""Real cascades replayed over HTTP: their spread equals what others computed for these trees.

`ops/bench cascades` replays all 238 of them.
"""

import asyncio
from pathlib import Path

from tests.cascades import WAYS, cascades, replayed
from tests.client import advertiser, origin
from tests.pages import ARTICLE
from tests.service import Service

EVERY = 50
ONE_BY_ONE = 400
"""The most nodes of a tree whose readers come one after another."""


async def test_size_depth_widths_and_virality_of_real_cascades_are_as_computed_by_others(
    service: Service, corpus: Path
) -> None:
    service.start()
    async with advertiser(service) as client, origin({"/a": ARTICLE}) as publisher:
        for way in WAYS:
            trees = [
                c for c in cascades(corpus, EVERY) if way != "in order" or c.nodes < ONE_BY_ONE
            ]
            ad = await client.ad()
            runs = (replayed(client, f"{publisher}/a", ad, each, way) for each in trees)
            replays = await asyncio.gather(*runs)
            sent = sum(each.nodes - 1 for each in trees) * (2 if way == "doubled" else 1)
            await client.folded(ad["id"], sent)
            ledger = await client.ledger(ad["id"])
            assert ledger["counted"]["open"] == sum(each.nodes - 1 for each in trees)
            for replay, cascade in zip(replays, trees, strict=True):
                assert not await replay.faults(cascade), (way, cascade.path.name)
