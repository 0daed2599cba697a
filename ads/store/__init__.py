"""The only Redis commands of the ad's side, one module a noun; `keys` names what they keep.

`records` are typed, and changed only if they still are what was read; `index` lists ids by time,
`listed` is what an owner takes back, of a `queue` each worker takes what is due; `changes` tells
other workers, `throttle` brakes; `cluster` is a client of many servers that looks like one of a
single one, `replication` what it may lose.

accounts   `accounts`; how they come in: `signin`, `sessions`, `apikeys`, `passkeys`, `invites`;
           what was done: `audit`
ads        `ads` with their `images` (`pictures`), `schedule`, `register`
figures    `bookings` of shares, `counts`, `reportlinks`; `spools` are read first
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
ANSWER_SECONDS = 2.0  # a store that hangs is away; nothing that we ask takes it so long


class WaryPool(ConnectionPool):
    """Once a connection has failed, none of those that lie idle is trusted.

    They may be open and dead as well, and each would take a whole time-out to say so.
    """

    async def release(self, connection: AbstractConnection) -> None:
        """As ever; one that was lost takes the idle ones with it."""
        await super().release(connection)
        if not connection.is_connected:
            await self.disconnect(inuse_connections=False)


def connect(url: str, *, answer_seconds: float = ANSWER_SECONDS) -> Redis:
    """A client that answers bytes and never repeats a command by itself.

    `redis+cluster://one:7000,two:7000` is a cluster, known by any of its servers.

    redis-py 8 retries up to ten times by default; a lost reply would then apply a command twice.
    One command more at once than MAX_CONNECTIONS fails as if the store were away, and so does
    an answer that takes longer than `answer_seconds`.
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
