"""What the operator's commands share: settings, the store, and errors as one line each."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, NamedTuple, TypeVar

from redis.exceptions import RedisError

from ads.accounts import Account
from ads.errors import Problem
from ads.store import connect
from ads.store.accounts import Accounts
from proxy import config as settings
from proxy.config import Config
from proxy.run.lock import LockedError
from proxy.run.store import EmbeddedStore, StoreError, answers, socket_path, store_url
from proxy.store import schema
from proxy.store.snapshot import SnapshotError
from proxy.stores import Stores, open_for_operator

T = TypeVar("T")


class UndoneError(Exception):
    """The work could not be completed; the message says what is left."""


FAULTS = (
    settings.ConfigError, RedisError, OSError, StoreError, LockedError, SnapshotError, UndoneError,
    schema.SchemaError,
)  # fmt: skip
"""Errors that a command reports in one line: settings, store, data directory, unfinished work."""
_LOCKED = ("HELLO must be called", "invalid username-password")
"""How a store answers without a password or with a wrong one; redis-py has no type for it."""
PATIENCE_SECONDS = 30.0
"""How long a command waits for a busy store: an operator, unlike a reader, would rather wait."""


class Opened(NamedTuple):
    """The stores that `serve` uses, whether it runs or not, and its settings."""

    stores: Stores
    config: Config


Work = Callable[[Opened, Namespace], Awaitable[str]]
Check = Callable[[Any], Awaitable[object]]


def on_stores(
    work: Work, known: Check = schema.check, *, first: bool = False
) -> Callable[[Namespace], int]:
    """A command that prints what `work` returns, after `known` has checked the store's version.

    `first`: it may be the first command that uses a data directory. Its exit code: 0 when it was
    done; 2 for a Problem; 1 for one of FAULTS.
    """
    return lambda args: _run(work, known, args, first)


def _run(work: Work, known: Check, args: Namespace, first: bool) -> int:
    try:
        config = settings.load(os.environ)
        if not first:
            _installed(config)
        with store(config) as where:
            text = asyncio.run(_done(work, known, where, config, args))
        print(text, end="\n" if text else "", flush=True)
    except BrokenPipeError:  # no fault: the reader of our output has enough
        raise
    except UnicodeEncodeError:
        return failed("invalid: a word is not UTF-8", 2)
    except Problem as problem:
        why = "; ".join(fault["detail"] for fault in problem.errors) or problem.detail
        return failed(f"{problem.code}: {why}", 2)
    except FAULTS as error:
        return failed(in_words(error))
    return 0


def _installed(config: Config) -> None:
    """Raises UndoneError where nothing was ever kept: a backup of it would be taken for one."""
    if not config.redis_url and not EmbeddedStore(config.data_dir).folder.exists():
        where = "PASSALONG_DATA_DIR says where `serve` keeps it"
        raise UndoneError(f"{config.data_dir}: nothing is kept here; {where}")


def in_words(error: Exception) -> str:
    """An error in words for people: a file's name comes first, and error numbers are left out."""
    if isinstance(error, RedisError) and str(error).startswith(_LOCKED):
        return "it wants a password or another: PASSALONG_REDIS_URL=redis://USER:PASSWORD@HOST:PORT"
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


async def _done(work: Work, known: Check, where: str, config: Config, args: Namespace) -> str:
    async with aclosing(connect(where, answer_seconds=PATIENCE_SECONDS)) as redis:
        await known(redis)
        return await work(Opened(open_for_operator(config, redis), config), args)


async def connected(where: str, work: Callable[[Any], Awaitable[T]]) -> T:
    """The result of `work`, called with a client of the store at `where`."""
    async with aclosing(connect(where)) as redis:
        return await work(redis)


def failed(why: str, code: int = 1) -> int:
    """Prints why on standard error; returns the exit code."""
    print(f"passalong: {why}", file=sys.stderr)
    return code


@contextmanager
def store(config: Config) -> Iterator[str]:
    """Yields the URL of the store that `serve` uses; starts the embedded one if it does not run."""
    where = store_url(config)
    if config.redis_url or answers(socket_path(config.data_dir)):
        yield where
        return
    with EmbeddedStore(config.data_dir):
        yield where


async def account_of(accounts: Accounts, email: str) -> Account:
    """The account with this e-mail. Raises Problem("not_found")."""
    found = await accounts.by_email(email)
    if found is None:
        raise Problem("not_found", f"There is no account of {email}.")
    return found


def share_id(named: str) -> str:
    """The id of a share that is named by its id or its link."""
    return named.rstrip("/").partition("?")[0].rpartition("/")[2]
