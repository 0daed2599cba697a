-- Reads pages of the hops between two ids; if ids are sought, only pages that contain one of them.
-- KEYS: DIR BODY. ARGV: the first id, the id to stop before, how many pages to look into, whether to begin
-- the change log (1 or 0), the ids sought. Returns the id to go on from ('' at the end), the newest part of
-- the change log, then the pages. The log begins with a random checksum, so that an outline of an earlier
-- tree is not taken for one of this.
local DIR, BODY = unpack(KEYS)
local from, to, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local first = page_name(DIR, from)
local names = redis.call('ZRANGEBYLEX', DIR, '(' .. first, '(' .. to, 'LIMIT', 0, most)
local newest = redis.call('HGET', BODY, 'j')
if ARGV[4] == '1' and not newest and redis.call('EXISTS', BODY) == 1 then
  local now = redis.call('TIME')
  newest = struct.pack('>I4I4', 32, (now[1] * 1000003 + now[2]) % 2 ^ 32)
  -- A store that refuses writes can still be read.
  if type(redis.pcall('HSET', BODY, 'j', newest)) == 'table' then newest = nil end
end
local answer = {#names == most and table.remove(names) or '', newest or ''}

-- Looked for without their depth, which begins with zeros as much else does: a third of the time less.
local sought = {}
for i = 5, #ARGV do sought[#sought + 1] = string.sub(ARGV[i], 3) end

local function holds(raw)
  for _, id in ipairs(sought) do
    if string.find(raw, id, 1, true) then return true end
  end
  return #sought == 0
end

for _, raw in ipairs(redis.call('HMGET', BODY, first, unpack(names))) do
  if raw and holds(raw) then answer[#answer + 1] = raw end
end
return answer
