-- Clears the note of late changes if it is still as the caller read it. KEYS: BODY. ARGV: that note.
if redis.call('HGET', KEYS[1], 'l') == ARGV[1] then return redis.call('HDEL', KEYS[1], 'l') end
