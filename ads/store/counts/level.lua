-- Pages of the hops between two ids; with texts given, those alone in which one of them stands.
-- KEYS: DIR BODY. ARGV: the first id, the id to stop before, how many pages to look into, texts.
-- Answers the id to go on from ('' at the end), the newest news of the tree, then the pages.
local DIR, BODY = unpack(KEYS)
local from, to, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local first = redis.call('ZREVRANGEBYLEX', DIR, '[' .. from, '-', 'LIMIT', 0, 1)[1] or FIRST
local names = redis.call('ZRANGEBYLEX', DIR, '(' .. first, '(' .. to, 'LIMIT', 0, most)
local answer = {#names == most and table.remove(names) or '', redis.call('HGET', BODY, 'j') or ''}

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
