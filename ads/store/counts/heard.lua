-- All heard of these late changes. KEYS: BODY. ARGV: what was told. What came since stays.
local late, kept = redis.call('HGET', KEYS[1], 'l') or '', {}
if late == ARGV[1] then return redis.call('HDEL', KEYS[1], 'l') end
