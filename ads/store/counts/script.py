"""Lua scripts and libraries, sent to the store only when it does not know them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError, ResponseError

Argument = bytes | str | int


def _joined(parts: Sequence[str]) -> str:
    """The files `parts` of this folder, in that order."""
    folder = Path(__file__).parent
    return "\n".join((folder / f"{part}.lua").read_text() for part in parts)


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Script:
    """One script made of `parts`."""

    def __init__(self, *parts: str) -> None:
        self._text = _joined(parts)
        self._digest = _digest(self._text)

    async def __call__(
        self, redis: Redis, keys: Sequence[str], arguments: Sequence[Argument]
    ) -> Any:
        """Run it once. Raises redis.exceptions.RedisError; then it may or may not have run."""
        try:
            return await redis.evalsha(self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await redis.eval(self._text, len(keys), *keys, *arguments)


class Library:
    """The local `function` of `parts` as a library that the store keeps.

    Every call of a script makes its functions anew; a library makes them in its first call. Two
    versions of this code that share a store replace each other's library.
    """

    def __init__(self, function: str, *parts: str) -> None:
        text = _joined(parts)
        self._name = f"passalong_{function}_{_digest(text)}"
        # While it is being loaded, a library has no access to Lua's own libraries.
        self._text = f"""#!lua name=passalong_{function}
local made
local function make()
{text}
return {function}
end
redis.register_function('{self._name}', function(keys, arguments)
  made = made or make()
  return made(keys, arguments)
end)
"""

    def queue(self, pipeline: Pipeline, keys: Sequence[str], arguments: Sequence[Argument]) -> None:
        """Add a call to a pipeline; it fails with an error that `is_missing` before `load`."""
        pipeline.fcall(self._name, len(keys), *keys, *arguments)

    async def load(self, redis: Redis) -> None:
        """Load the library into the store."""
        await redis.function_load(self._text, replace=True)

    @staticmethod
    def is_missing(error: Exception) -> bool:
        """Whether the store did not know the function."""
        return isinstance(error, ResponseError) and str(error) == "Function not found"

    @staticmethod
    def failed(error: Exception) -> bool:
        """Whether a call failed on the data it found and not because of the store's state.

        A full, read-only or busy store's error begins with a code of its own in capitals.
        """
        code = str(error).split(maxsplit=1)[0]
        plain = code == "WRONGTYPE" or not (code.isalpha() and code.isupper())
        return type(error) is ResponseError and plain and "script" in str(error)


FOLD = Library(
    "fold",
    "walk",
    "rank",
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
READ = Script("walk", "read")
HEARD = Script("heard")
SWAP = Script("swap")
FREEZE = Script("walk", "rank", "freeze")
LEVEL = Script("walk", "level")
