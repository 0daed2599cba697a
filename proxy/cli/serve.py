"""`passalong serve`: the service, from one command to an orderly end."""

import asyncio
import contextlib
import gc
import logging
import os
import resource
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from importlib.metadata import version
from socket import socket
from typing import Any, TypeVar

from redis.exceptions import RedisError

from ads.store.accounts import Accounts
from ads.tally import Tally
from proxy import config as settings
from proxy import logs
from proxy.cli.command import connected, failed, in_words
from proxy.config import Config
from proxy.run import listen, lock, metrics, worker
from proxy.run.child import Child
from proxy.run.store import EmbeddedStore, StoreError, store_url
from proxy.run.supervisor import Supervisor, close, worker_children
from proxy.store import schema, signer

T = TypeVar("T")
log = logging.getLogger("passalong")

FILES = 1 << 16
PREDECESSOR_SECONDS = 10.0  # the workers of a killed service drain for so long


class StartError(Exception):
    """The service cannot start; one clear line says why."""


ERRORS = (settings.ConfigError, StartError, StoreError, lock.LockedError, listen.PortError)
"""Why a service may not start, one line each."""
Opening = Callable[[Config], Sequence[Child]]


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `serve`; each wins over its PASSALONG_* setting."""
    meanings = {setting.name: setting.meaning for setting in settings.SETTINGS}
    parser.add_argument("--host", help=meanings["HOST"])
    parser.add_argument("--port", type=int, help=meanings["PORT"])
    parser.add_argument("--workers", type=int, help=meanings["WORKERS"])
    parser.add_argument("--data-dir", metavar="DIR", help=meanings["DATA_DIR"])
    parser.add_argument("--redis", dest="redis_url", metavar="URL", help=meanings["REDIS_URL"])


def run(args: Namespace) -> int:
    """Serves until SIGTERM or SIGINT; 0 after an orderly end, 1 if it could not start."""
    options = {name: getattr(args, name) for name in ("host", "port", "workers", "data_dir")}
    try:
        serve(settings.load(os.environ, redis_url=args.redis_url, **options))
    except ERRORS as error:
        return failed(str(error))
    return 0


def serve(config: Config, opening: Opening | None = None) -> None:
    """Runs store, workers and metrics under a supervisor; raises one of ERRORS.

    `opening` runs once the store answers, before anybody is served; the children that it gives
    are kept alive beside the workers.
    """
    logs.begin(config.log_format)
    _open_many_files()
    held = lock.take(config.data_dir / "lock")
    sockets = listen.sockets(config.host, config.port, config.workers, PREDECESSOR_SECONDS)
    store = None if config.redis_url else EmbeddedStore(config.data_dir)
    try:
        if store:
            store.start()
        _asked(config, schema.claim)
        if not _asked(config, lambda redis: signer.claim(redis, config.ads.secret_keys)):
            log.warning(signer.STRANGE)
        beside = (opening or _greet)(config)
        gc.freeze()  # forked workers share what is loaded
        current = _Current(config)
        deaths = _Deaths()
        children = [*_children(current, sockets, deaths.slot), *beside]
        reload = current.reload if opening is None else lambda: None
        Supervisor(children, store, sockets, held, reload, deaths.add).run()
    finally:
        if store:
            store.stop()
        os.close(held)


class _Current:
    """The settings that the next worker starts with."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def reload(self) -> None:
        """Reads the settings, and the files that they name, again; keeps the old ones if faulty."""
        old = self.config
        kept = {"host": old.host, "port": old.port, "workers": old.workers}
        try:
            self.config = settings.load(
                os.environ, **kept, data_dir=old.data_dir, redis_url=old.redis_url
            )
        except settings.ConfigError as error:
            log.error("the settings stay as they were: %s", error)  # noqa: TRY400 - it is told whole

    def work(self, sockets: Sequence[socket], slot: metrics.Slot) -> None:
        """The body of a worker."""
        worker.run(self.config, store_url(self.config), sockets, slot)


def _open_many_files() -> None:
    """Raises the limit of open files: each connection takes a descriptor, and shells allow few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, FILES)), hard))


class _Deaths:
    """Counts children that ended by themselves, for /metrics."""

    def __init__(self) -> None:
        self.slot = metrics.Slot()
        # All from the beginning: of a counter that appears with 1, Prometheus sees no increase.
        names = ("worker", "store", "metrics")
        self._tally = Tally((("passalong_restarts", name), 0) for name in names)
        self.slot.write(self._tally)

    def add(self, name: str) -> None:
        """One more death of a process called `name`."""
        self._tally["passalong_restarts", name] += 1
        self.slot.write(self._tally)


def _children(
    current: _Current, sockets: Sequence[Sequence[socket]], deaths: metrics.Slot
) -> list[Child]:
    config = current.config
    slots = [(metrics.Slot(), metrics.Slot()) for _ in sockets]
    children = worker_children(current.work, sockets, slots)
    if config.metrics_port:
        serve = partial(metrics.serve, [*slots, (deaths,)], len(slots), version("passalong"))
        children.append(Child("metrics", partial(_beside, sockets, serve, config.metrics_port)))
    return children


def _beside(sockets: Sequence[Sequence[socket]], body: Callable[[int], None], port: int) -> None:
    close(sockets)  # they are the workers'
    body(port)


def _asked(config: Config, work: Callable[[Any], Awaitable[T]]) -> T:
    """The result of `work` on the store, before anybody is served. Raises StartError."""
    try:
        return asyncio.run(connected(store_url(config), work))
    except (RedisError, OSError) as error:
        raise StartError(f"the store does not answer: {in_words(error)}") from None
    except schema.SchemaError as error:
        raise StartError(str(error)) from None


def _greet(config: Config) -> Sequence[Child]:
    origin = config.ads.console_origin
    token = _asked(config, lambda redis: Accounts(redis).invites.first_link())
    print(f"Passalong is at {origin}", flush=True)
    if token:
        print(f"Make the first account (works once): {origin}/start?token={token}", flush=True)
    return ()
