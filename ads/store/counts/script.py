"""Lua scripts by their digest, sent whole only when the store does not know them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError

Argument = bytes | str | int


class Script:
    """One script made of the files `parts` of this folder, in that order."""

    def __init__(self, *parts: str) -> None:
        folder = Path(__file__).parent
        self._text = "\n".join((folder / f"{part}.lua").read_text() for part in parts)
        self._digest = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(
        self, redis: Redis, keys: Sequence[str], arguments: Sequence[Argument]
    ) -> Any:
        """Run it once. Raises redis.exceptions.RedisError; then it may or may not have run."""
        try:
            return await redis.evalsha(self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await redis.eval(self._text, len(keys), *keys, *arguments)

    def queue(self, pipeline: Pipeline, keys: Sequence[str], arguments: Sequence[Argument]) -> None:
        """Put it into a pipeline; its answer there is NoScriptError until `load`."""
        pipeline.evalsha(self._digest, len(keys), *keys, *arguments)

    async def load(self, redis: Redis) -> None:
        """Make the store know it."""
        await redis.script_load(self._text)


FOLD = Script(
    *(
        "walk",
        "base",
        "coded",
        "cells",
        "late",
        "pages",
        "news",
        "leaves",
        "packed",
        "opens",
        "tree",
        "hops",
        "events",
        "main",
    )
)
READ = Script("walk", "read")
FORGET = Script("walk", "forget")
HEARD = Script("heard")
SWAP = Script("swap")
FREEZE = Script("walk", "freeze")
TAKE = Script("take")
SETTLE = Script("settle")
RANK = Script("walk", "rank")
LEVEL = Script("walk", "level")
