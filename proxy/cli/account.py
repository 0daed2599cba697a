"""`passalong account create`: an account with an API key, whether or not `serve` runs."""

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from ads.errors import Problem
from ads.ids import new_secret
from ads.store import connect
from ads.store.accounts import Accounts
from proxy import config as settings
from proxy.config import Config
from proxy.run.lock import LockedError
from proxy.run.store import EmbeddedStore, StoreError, answers, socket_path, url


def add_arguments(parser: ArgumentParser) -> None:
    """`create --email E [--name N] [--print-key]`."""
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="Make an account.")
    create.add_argument("--email", required=True)
    create.add_argument("--name", help="what readers see; the e-mail's first part if left out")
    create.add_argument("--print-key", action="store_true", help="print a new API key alone")


def run(args: Namespace) -> int:
    """0 when the account was made; 2 if the e-mail exists or is none; 1 if the store is away."""
    try:
        config = settings.load(os.environ)
        with store(config) as where:
            print(asyncio.run(_create(where, args)))
    except Problem as problem:
        print(f"passalong: {problem.code}: {problem.detail}", file=sys.stderr)
        return 2
    except (settings.ConfigError, RedisError, OSError, StoreError, LockedError) as error:
        print(f"passalong: {error}", file=sys.stderr)
        return 1
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


async def _create(where: str, args: Namespace) -> str:
    """What standard output gets: the key alone, or the account with a password to sign in with."""
    redis = connect(where)
    try:
        accounts = Accounts(redis)
        password = new_secret()
        name = args.name or args.email.partition("@")[0]
        account = await accounts.create(args.email, name, password)
        if args.print_key:
            return await accounts.new_key(account.id, "command line")
        return f"Made {account.email}. Sign in with this password, then change it: {password}"
    finally:
        await redis.aclose()
