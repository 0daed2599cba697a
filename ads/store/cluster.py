"""Redis or Valkey Cluster behind the interface of a client of one server.

A command goes to the server that has its key; a command on several keys is split into one for each
key; a pipeline is sent together but is no transaction. We rely on no more than that: keys that must
change together share one hash tag (`keys`).
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio import ConnectionPool, Redis, RedisCluster
from redis.asyncio.client import Pipeline, PubSub
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import parse_url
from redis.exceptions import (
    ClusterDownError,
    ConnectionError,  # noqa: A004 - redis-py's own, which is no OSError
    RedisClusterException,
    RedisError,
    TimeoutError,  # noqa: A004 - as above
)

from ads.store.replication import MasterState, of_master

MARK = "+cluster"
"""At the end of a URL's scheme: `redis+cluster://one:7000,two:7000`."""
PORT = 6379
_EACH = {"MGET": "GET", "DEL": "DEL", "UNLINK": "UNLINK", "EXISTS": "EXISTS"}
_AWAY = (ConnectionError, TimeoutError, ClusterDownError)


def is_cluster(url: str) -> bool:
    """Whether a store's URL names a cluster."""
    return urlsplit(url).scheme.endswith(MARK)


def named(url: str) -> list[str]:
    """The URL of each server that a cluster's URL names."""
    hosts = urlsplit(url).netloc.rpartition("@")[2]
    return [_single(url, host) for host in hosts.split(",")]


def one_of(url: str, host: str, port: int | str) -> str:
    """The URL of one server of a cluster, with the cluster's user and password."""
    return _single(url, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _single(url: str, host: str) -> str:
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    scheme = parts.scheme.removesuffix(MARK)
    return urlunsplit((scheme, f"{user}{at}{host}", "", parts.query, ""))


def fault_of(url: str) -> str:
    """Why this cannot be a store's URL; "" if it can, or if it is empty."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        for each in named(url) if is_cluster(url) else [url]:
            parse_url(each)
            if is_cluster(url) and not urlsplit(each).hostname:
                return "it names a server without a host"
            # Makes no connection, but redis-py judges an option's name and value only then.
            ConnectionPool.from_url(each).make_connection()  # type: ignore[no-untyped-call]
    except ValueError:
        kinds = "redis://, rediss://, unix://, redis+cluster:// or rediss+cluster://"
        return f"it is not {kinds}, or its host, its port or an option's value is wrong"
    except (TypeError, RedisError):
        return "it has an option that is none"
    if parts.scheme == "unix":
        return "" if parts.path and not parts.hostname else "a socket is unix:///its/path"
    if re.fullmatch("/?0?" if is_cluster(url) else r"/?\d*", parts.path):
        return ""
    return "behind the host stands the number of a database (of a cluster's none but 0)"


async def everywhere(redis: Redis) -> list[dict[str, Any]]:
    """For each server of the store, the options that send a command to it."""
    if not isinstance(redis, Cluster):
        return [{}]
    await redis.initialize()
    return [{"target_nodes": node} for node in redis.servers.get_nodes()]


class Cluster(Redis):
    """The client; takes the `options` of a single store's client and raises RedisError like it."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(port=0)  # anything that bypasses `execute_command` fails to connect
        self._url, self._options = url, options
        self._stale = False
        self.servers = _servers(url, options)

    def another(self, **options: Any) -> "Cluster":
        """A client of the same cluster with connections of its own."""
        return Cluster(self._url, **self._options | options)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Where the keys live; without keys, where redis-py sends it."""
        async with self._current() as servers:
            if len(args) > 2 and args[0] in _EACH:
                return await self._each(_EACH[args[0]], args[1:])
            return await servers.execute_command(*args, **options)

    async def _each(self, command: str, names: tuple[Any, ...]) -> Any:
        steps = self.pipeline()
        for name in names:
            steps.execute_command(command, name)
        found = await steps.execute()
        return found if command == "GET" else sum(found)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """Steps that are sent together; no transaction, whatever is asked."""
        return _Steps(self, self.connection_pool, self.response_callbacks, transaction, shard_hint)

    async def execute_steps(
        self, steps: Sequence[tuple[Any, Mapping[str, Any]]], *, raise_on_error: bool
    ) -> list[Any]:
        """Run a pipeline's steps, each on the server that has its key."""
        async with self._current() as servers:
            pipeline = servers.pipeline()
            for args, options in steps:
                pipeline.execute_command(*args, **options, **_target(servers, args))
            found = await pipeline.execute(raise_on_error=raise_on_error)
        # redis-py overlooks errors among the answers and would ask a dead server for ever.
        self._stale |= any(isinstance(answer, _AWAY) for answer in found)
        return found

    async def publish(self, channel: Any, message: Any, **options: Any) -> Any:
        """Publish to the subscribers at all servers; returns how many there are."""
        await self.execute_command("PUBLISH", channel, message, **options)
        found = await self.pubsub_numsub(channel, target_nodes=RedisCluster.PRIMARIES)
        return sum(count for _, count in found)

    def pubsub(self, **options: Any) -> PubSub:
        """A subscription; await `initialize` first."""
        return self.servers.pubsub(**options)

    async def initialize(self) -> "Cluster":
        """Learn which server has which slots. Raises RedisError."""
        async with self._current():
            return self

    async def scan_iter(  # type: ignore[override]  # typed as the blocking client's
        self, *args: Any, **options: Any
    ) -> AsyncIterator[Any]:
        """Over the keys of all servers."""
        async with self._current() as servers:
            async for name in servers.scan_iter(*args, **options):
                yield name

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close all connections."""
        await super().aclose(close_connection_pool)
        await self.servers.aclose()

    async def masters(self) -> dict[ClusterNode, int]:
        """The masters that the cluster reports, each with its number of living replicas."""
        async with self._current() as servers:
            slots = await servers.execute_command("CLUSTER SLOTS")
            found = {}
            for shard in slots.values():
                node = servers.get_node(*shard["primary"][:2])
                if node is None:
                    self._stale = True
                    raise ConnectionError("the cluster has changed")
                found[node] = len(shard["replicas"])
            return found

    async def master_states(self) -> dict[str, MasterState]:
        """The replication state of each master, by its node's name."""
        found = {}
        for node, replicas in (await self.masters()).items():
            told = await self.execute_command("INFO", "replication", target_nodes=node)
            found[node.name] = of_master(told, replicas)
        return found

    @asynccontextmanager
    async def _current(self) -> AsyncIterator[RedisCluster]:
        """The servers; their slots are read again after one of them was away."""
        try:
            await self.servers.initialize()
            if self._stale:
                await self.servers.nodes_manager.initialize()
                self._stale = False
            yield self.servers
        except RedisClusterException as error:  # which is no RedisError
            self._stale = True
            raise ConnectionError(str(error)) from error
        except _AWAY:
            self._stale = True
            raise


class _Steps(Pipeline):
    def __init__(self, cluster: Cluster, *rest: Any) -> None:
        super().__init__(*rest)
        self._cluster = cluster

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        steps, self.command_stack = self.command_stack, []
        return await self._cluster.execute_steps(steps, raise_on_error=raise_on_error)


def _target(servers: RedisCluster, args: Sequence[Any]) -> dict[str, Any]:
    """The server of a function's first key: redis-py would ask a server for each call's keys."""
    return {"target_nodes": servers.get_node_from_key(args[3])} if args[0] == "FCALL" else {}


def _servers(url: str, options: dict[str, Any]) -> RedisCluster:
    parts = [urlsplit(each) for each in named(url)]
    nodes = [ClusterNode(part.hostname or "", part.port or PORT) for part in parts]
    return RedisCluster.from_url(named(url)[0], startup_nodes=nodes, **options)
