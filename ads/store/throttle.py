"""Rate limits in the store: token buckets (GCRA, one number for each bucket)."""

from redis.asyncio import Redis

from ads.accounts.access import Rate
from ads.clock import SECOND, Clock, now_ms
from ads.errors import Problem
from ads.ids import digest
from ads.store import keys

# KEYS[1] the bucket: the time (ms) when it will be full again. ARGV: now, ms for a token, burst.
# Takes a token and returns 0, or takes none and returns the milliseconds until there is one.
_TAKE = """
local now, every, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local function fills(at)
  redis.call('SET', KEYS[1], string.format('%d', at), 'PX', at - now)
end
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if full > now + every * burst then -- the clock was set back: no bucket lacks more than all tokens
  full = now + every * burst
  fills(full)
end
local wait = full - now - every * (burst - 1)
if wait > 0 then return wait end
fills(full + every)
return 0
"""


class Throttle:
    """Buckets by purpose and by who is limited."""

    def __init__(self, redis: Redis, now: Clock = now_ms, *, enabled: bool = True) -> None:
        self._redis = redis
        self._now = now
        self._enabled = enabled

    async def brake(self, purpose: str, who: str, rate: Rate, detail: str = "") -> None:
        """Take a token, or raise Problem("rate_limited") with the whole seconds to wait."""
        if not self._enabled:
            return
        key = keys.BUCKET.format(purpose=purpose, digest=digest(who))
        wait = int(await self._redis.eval(_TAKE, 1, key, self._now(), rate.every_ms, rate.burst))
        if wait:
            raise Problem("rate_limited", detail, retry_after=-(-wait // SECOND))
