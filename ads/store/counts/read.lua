-- What a spread is drawn from, at one moment. KEYS: HEAD DIR PAGES FORWARD BRANCH PROFILE.
-- ARGV: how many forwarders, how many branches, the hop to list nodes from, about how many nodes.
-- Answers the head, forwarders and branches (member, score, …), the hops' own records of the
-- forwarders, the branches' profiles, and pages of nodes in order.
local HEAD, DIR, PAGES, FORWARD, BRANCH, PROFILE = unpack(KEYS)
local WIDTH = 39

local function page_of(key)
  return redis.call('ZREVRANGEBYLEX', DIR, '[' .. key, '-', 'LIMIT', 0, 1)[1]
end

local function record(key)
  local first = page_of(key)
  local raw = first and redis.call('HGET', PAGES, first) or ''
  for at = 1, #raw, WIDTH do
    if string.sub(raw, at, at + 8) == key then return string.sub(raw, at, at + WIDTH - 1) end
  end
  return ''
end

local function largest(key, count)
  return count > 0 and redis.call('ZREVRANGE', key, 0, count - 1, 'WITHSCORES') or {}
end

local function nodes(from, count)
  local parts, found = {}, 0
  local first = page_of(from)
  local at = first and '[' .. first or '-'
  while found < count do
    local names = redis.call('ZRANGEBYLEX', DIR, at, '+', 'LIMIT', 0, 8)
    if #names == 0 then break end
    for _, raw in ipairs(redis.call('HMGET', PAGES, unpack(names))) do
      parts[#parts + 1] = raw
      found = found + #raw / WIDTH
    end
    at = '(' .. names[#names]
  end
  return table.concat(parts)
end

local forwarders = largest(FORWARD, tonumber(ARGV[1]))
local branches = largest(BRANCH, tonumber(ARGV[2]))
local records, profiles = {}, {}
for i = 1, #forwarders, 2 do records[#records + 1] = record(forwarders[i]) end
for i = 1, #branches, 2 do
  profiles[#profiles + 1] = redis.call('HGET', PROFILE, branches[i]) or ''
end
return {
  redis.call('HGETALL', HEAD), forwarders, branches, records, profiles, nodes(ARGV[3], tonumber(ARGV[4])),
}
