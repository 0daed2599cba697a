-- Pages of the hops between two ids; with texts given, those alone in which one of them stands.
-- KEYS: DIR BODY. ARGV: the first id, the id to stop before, how many pages to look into, texts.
-- Answers the id to go on from ('' at the end), the newest news of the tree, then the pages. Whoever
-- reads all begins them (see `news`), with any checksum: what was kept of an earlier tree is not
-- taken for the same.
local DIR, BODY = unpack(KEYS)
local from, to, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local first = redis.call('ZREVRANGEBYLEX', DIR, '[' .. from, '-', 'LIMIT', 0, 1)[1] or FIRST
local names = redis.call('ZRANGEBYLEX', DIR, '(' .. first, '(' .. to, 'LIMIT', 0, most)
local newest = redis.call('HGET', BODY, 'j')
if #ARGV == 3 and not newest and redis.call('EXISTS', BODY) == 1 then
  local now = redis.call('TIME')
  newest = struct.pack('>I4I4', 32, (now[1] * 1000003 + now[2]) % 2 ^ 32)
  -- A store that takes no more writes is still read.
  if type(redis.pcall('HSET', BODY, 'j', newest)) == 'table' then newest = nil end
end
local answer = {#names == most and table.remove(names) or '', newest or ''}

local function holds(raw)
  for i = 4, #ARGV do
    if string.find(raw, ARGV[i], 1, true) then return true end
  end
  return #ARGV == 3
end

for _, raw in ipairs(redis.call('HMGET', BODY, first, unpack(names))) do
  if raw and holds(raw) then answer[#answer + 1] = raw end
end
return answer
