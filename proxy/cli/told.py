"""What the operator's commands have in common: settings, the store, faults told in one line."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from redis.exceptions import RedisError

from ads.errors import Problem
from proxy import config as settings
from proxy.config import Config
from proxy.run.lock import LockedError
from proxy.run.store import EmbeddedStore, StoreError, answers, socket_path, url

FAULTS = (settings.ConfigError, RedisError, OSError, StoreError, LockedError)
"""The settings are wrong, or store and data directory cannot be had: one line each."""


def told(work: Callable[[str, Config], Coroutine[Any, Any, str]]) -> int:
    """Prints what `work` answers, which is given the store's URL and the settings.

    0 when it was done; 2 if it cannot be; 1 if the settings are wrong or the store is away.
    """
    try:
        config = settings.load(os.environ)
        with store(config) as where:
            said = asyncio.run(work(where, config))
    except Problem as problem:
        why = "; ".join(fault["detail"] for fault in problem.errors) or problem.detail
        print(f"passalong: {problem.code}: {why}", file=sys.stderr)
        return 2
    except FAULTS as error:
        print(f"passalong: {error}", file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


@contextmanager
def store(config: Config) -> Iterator[str]:
    """The URL of the store that `serve` uses; the embedded one is started if it does not run."""
    if config.redis_url or answers(socket_path(config.data_dir)):
        yield config.redis_url or url(config.data_dir)
        return
    store = EmbeddedStore(config.data_dir)
    store.start()
    try:
        yield url(config.data_dir)
    finally:
        store.stop()
