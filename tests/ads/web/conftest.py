"""The API and the pages origin, served for one test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.ads.web.calling import Calling, calling
from tests.ads.web.receiving import Here, serving


@pytest.fixture
async def api(redis: Redis) -> AsyncIterator[Calling]:
    async with calling(redis) as client:
        yield client


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with serving(tmp_path) as worker:
        worker.book()
        yield worker
