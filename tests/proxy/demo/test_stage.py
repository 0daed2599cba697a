"""Readers of the demonstration who come while somebody tries it out."""

import random

import pytest

from ads.clock import now_ms
from proxy import config as settings
from proxy.demo import stage
from proxy.demo.cascade import Crowd, Gathering
from tests.client import passed_along
from tests.service import Service


async def test_readers_go_on_to_another_share_when_one_was_ended(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(stage, "VISITS", 2)
    service.start()
    config = settings.load({}, data_dir=service.data_dir, port=service.port)
    async with passed_along(service) as (client, _, share, _):
        await client.call("DELETE", f"/shares/{share['id']}", want=204)
        crowd = Crowd(share["id"], 1, now_ms(), 1, 0, (("phone", 1),))
        await stage._come(config, [Gathering(crowd, random.Random(1))])
