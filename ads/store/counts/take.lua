-- The first that is due, put off until others may have it. KEYS: the sorted set. ARGV: now, until when.
local first = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
if first then redis.call('ZADD', KEYS[1], ARGV[2], first) end
return first
