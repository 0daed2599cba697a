-- Opens of a bucket stand in fewer, fuller leaves, each as it was written then. KEYS: the bucket. ARGV:
-- leaves that there were, that there will be. Again is harmless.
local before, after, lists = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local function field(number)
  return 'o' .. struct.pack('>I3', number)
end

local function open_size(raw, from)
  local f, g, at = byte(raw, from + 6), 0, from + 7
  if has(f, 128) then g, at = byte(raw, at), at + 1 end
  if not has(g, 1) then
    at = at + (has(g, 2) and 9 or 5)
    if not has(f, 1) then at = at + (has(g, 4) and 5 or has(g, 64) and 4 or 3) end
    at = at + (has(g, 8) and 6 or 0) + (has(g, 16) and 9 or 0)
  end
  if has(f, 2) then at = at + 3 end
  return at - from + (has(g, 128) and 3 + unpack_('>I3', raw, at) or 0)
end

for number = 0, before - 1 do
  local raw, at = redis.call('HGET', KEYS[1], field(number)) or '', 1
  while at <= #raw do
    local record = sub(raw, at, at + open_size(raw, at) - 1)
    local list = leaf_number(record, after)
    lists[list] = lists[list] or {}
    table.insert(lists[list], record)
    at = at + #record
  end
end
for number = 0, before - 1 do
  if lists[number] then
    redis.call('HSET', KEYS[1], field(number), table.concat(lists[number]))
  else
    redis.call('HDEL', KEYS[1], field(number))
  end
end
return 1
