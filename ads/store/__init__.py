"""The only Redis commands of the ad's side, one module a noun; `keys` names what they keep.

tools      `records` are typed and change by compare-and-swap; an `index` lists ids by time; a
           `listed` record can be revoked by its owner; workers share the work of a `queue`;
           `changes` tells all workers what changed; `throttle` limits rates
servers    `cluster` makes many servers look like one; `replication` tells what a fail-over may lose
accounts   `accounts`; how people sign in: `signin`, `sessions`, `apikeys`, `passkeys`, `invites`;
           what they did: `audit`
ads        `ads`; their pictures: `images` when an ad is saved, `pictures` as kept; `schedule`,
           `register`
figures    `bookings` of shares, `counts`, `reportlinks`; an export waits for other `spools`
forgetting `removal`, `erasures`
calls      `idempotency`; `complaints` of readers
"""

from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ads.store.cluster import Cluster, is_cluster

MAX_CONNECTIONS = 256
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 2.0  # none of our commands takes so long: a store that needs longer hangs


class WaryPool(ConnectionPool):
    """Once a connection has failed, the pool drops its idle ones too.

    They may be just as dead, and each would cost a whole time-out to find out.
    """

    async def release(self, connection: AbstractConnection) -> None:
        """As the base class does; if this connection was lost, drop the idle ones as well."""
        await super().release(connection)
        if not connection.is_connected:
            await self.disconnect(inuse_connections=False)


def connect(url: str, *, answer_seconds: float = ANSWER_SECONDS) -> Redis:
    """A client that answers bytes and never repeats a command by itself.

    `redis+cluster://one:7000,two:7000` names a cluster by any of its servers.

    redis-py 8 retries up to ten times by default; a lost reply would then apply a command twice.
    More than MAX_CONNECTIONS commands at once, or an answer that takes longer than
    `answer_seconds`, fail as if the store were away.
    """
    options: dict[str, Any] = {
        "max_connections": MAX_CONNECTIONS,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": answer_seconds,
        "retry": Retry(NoBackoff(), 0),
        "retry_on_error": [],
        "health_check_interval": 0,
        "decode_responses": False,
    }
    if is_cluster(url):
        return Cluster(url, **options)
    return Redis.from_pool(WaryPool.from_url(url, **options))
