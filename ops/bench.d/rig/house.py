"""The service as users start it, with a real article of median size and an ad of each kind."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pages as corpus

from rig import cores
from tests.client import Client, advertiser, origin
from tests.service import Service

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ADS: tuple[dict[str, Any], ...] = (
    {"kind": "text", "placements": ["top", "middle", "end", "sticky"]},
    {"kind": "call", "target": "tel:+441174960123", "placements": ["top", "end", "sticky"]},
    {"kind": "qr", "placements": ["end"]},
    {
        "kind": "card",
        "card": {"person": "Mei Lin", "phone": "+44 117 496 0123", "wechat": "meilin"},
    },
)


@dataclass
class House:
    """A running service and its published shares."""

    service: Service
    client: Client
    shares: list[dict[str, Any]]
    ticket: str

    @property
    def pids(self) -> list[int]:
        """The ids of all processes of the service."""
        assert self.service.process
        return cores.tree(self.service.process.pid)

    @property
    def host(self) -> str:
        """The Host of readers' requests."""
        return f"127.0.0.1:{self.service.port}"

    @property
    def paths(self) -> list[str]:
        """The pages' paths."""
        return [f"/s/{share['id']}" for share in self.shares]


def median() -> corpus.Sample:
    """The corpus page with the median compiled size, of all in `full`."""
    results = [r for r in corpus.outcomes() if r.page and r.page.mode == "full"]
    results.sort(key=lambda r: sum(map(len, r.page.segments)) if r.page else 0)
    return results[len(results) // 2].sample


@asynccontextmanager
async def house(
    folder: Path, page: bytes, *, workers: int = 1, shares: int = 1, **settings: str
) -> AsyncIterator[House]:
    """`passalong serve` with all its processes on one core, and `shares` of `page` published."""
    settings = {"fetch_allow_nets": "127.0.0.0/8", "limits": "off"} | settings
    service = Service(folder, workers=workers, **settings)
    with cores.pinned({cores.SERVER}):
        service.start()
    try:
        async with origin({"/article": page}) as site, advertiser(service) as client:
            published = []
            for number in range(shares):
                ad = await client.ad(**ADS[number % len(ADS)])
                published.append(await client.share(f"{site}/article", ad["id"]))
            facts = await client.facts(published[0])
            yield House(service, client, published, facts["ticket"])
    finally:
        service.close()


def sizes(bodies: dict[str, bytes]) -> str:
    """`identity 98 KB, gzip 20 KB, br 17 KB`."""
    return ", ".join(f"{name} {len(body) / 1000:.0f} KB" for name, body in bodies.items())
