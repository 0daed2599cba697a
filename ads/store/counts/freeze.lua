-- Drops a share's hops; keeps its figures, and the records of its largest forwarders and branches.
-- KEYS: HEAD DIR BODY FORWARD BRANCH PROFILE STRAY. ARGV: the days that had cells when the caller looked
-- (if there are others by now, nothing is done), how many forwarders and how many branches stay.
local HEAD, DIR, BODY, FORWARD, BRANCH, PROFILE, STRAY = unpack(KEYS)
local call = redis.call
if (call('HGET', BODY, 'D') or '') ~= ARGV[1] then return 0 end
rank_all(HEAD, DIR, BODY, FORWARD, BRANCH, PROFILE)

-- Removes all but the largest; returns those that stay.
local function trimmed(key, count)
  call('ZREMRANGEBYRANK', key, 0, -1 - count)
  return call('ZRANGE', key, 0, -1)
end

local parts = {}
for _, key in ipairs(trimmed(FORWARD, tonumber(ARGV[2]))) do parts[#parts + 1] = hop_record(DIR, BODY, key) end
if #parts > 0 then call('HSET', BODY, 'F', table.concat(parts)) end

local stays = {}
for _, key in ipairs(trimmed(BRANCH, tonumber(ARGV[3]))) do stays[key] = true end
for _, key in ipairs(call('HKEYS', PROFILE)) do
  if not stays[key] then call('HDEL', PROFILE, key) end
end

-- Pages have names of nine bytes; what tells short forms apart, and news of the tree, of six.
for _, name in ipairs(call('HKEYS', BODY)) do
  local mark = sub(name, 1, 1)
  if #name == 9 or (#name == 6 and (mark == 'u' or mark == 'j')) then call('HDEL', BODY, name) end
end
call('HDEL', BODY, 'j')
call('DEL', DIR, STRAY)
call('HDEL', HEAD, 'q')
return 1
