-- Reads a share's tree at one moment. KEYS: HEAD DIR BODY FORWARD BRANCH PROFILE.
-- ARGV: how many forwarders, how many branches, the hop to list nodes from, about how many nodes.
-- Returns the head, the branches (member, score, …), the records of the forwarders, the branches' profiles,
-- and pages of nodes in order. If the share is not ranked and any of the largest are asked for, all pages
-- come in place of the forwarders' records.
local HEAD, DIR, BODY, FORWARD, BRANCH, PROFILE = unpack(KEYS)

local ranked = redis.call('HGET', HEAD, 'R')
local function every_page()
  local names = redis.call('ZRANGE', DIR, 0, -1)
  return redis.call('HMGET', BODY, FIRST, unpack(names))
end

local function largest(key, count)
  return ranked and count > 0 and redis.call('ZREVRANGE', key, 0, count - 1, 'WITHSCORES') or {}
end

local function count(raw)
  local found = 0
  for _ in each_record(raw, hop_size) do found = found + 1 end
  return found
end

-- Whole pages from the one where this hop would stand.
local function nodes(from, most)
  local first = page_name(DIR, from)
  local parts = {redis.call('HGET', BODY, first) or ''}
  local found, names = count(parts[1]), nil
  while most > 0 and found < most and not (names and #names == 0) do
    names = redis.call('ZRANGEBYLEX', DIR, '(' .. first, '+', 'LIMIT', 0, 8)
    for _, raw in ipairs(#names > 0 and redis.call('HMGET', BODY, unpack(names)) or {}) do
      parts[#parts + 1] = raw
      found = found + count(raw)
    end
    first = names[#names]
  end
  return most > 0 and table.concat(parts) or ''
end

local forwarders = largest(FORWARD, tonumber(ARGV[1]))
local branches = largest(BRANCH, tonumber(ARGV[2]))
local asked = tonumber(ARGV[1]) + tonumber(ARGV[2]) > 0
local records, profiles = asked and not ranked and every_page() or {}, {}
for i = 1, #forwarders, 2 do records[#records + 1] = hop_record(DIR, BODY, forwarders[i]) end
for i = 1, #branches, 2 do
  profiles[#profiles + 1] = redis.call('HGET', PROFILE, branches[i]) or ''
end
return {
  redis.call('HGETALL', HEAD), branches, records, profiles, nodes(ARGV[3], tonumber(ARGV[4])),
}
