-- What was taken is done, unless somebody noted it anew meanwhile. KEYS: the sorted set. ARGV: member,
-- until when it was taken, when it is due again (0: never).
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '0' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
