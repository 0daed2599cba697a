-- All heard of these late changes, unless there are more by now. KEYS: BODY. ARGV: what was told.
if redis.call('HGET', KEYS[1], 'l') == ARGV[1] then return redis.call('HDEL', KEYS[1], 'l') end
