-- Opens of a bucket stand in fewer, fuller leaves. KEYS: the bucket. ARGV: leaves that there were, that
-- there will be. Again is harmless.
local before, after, lists = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local function field(number)
  return 'o' .. struct.pack('>I3', number)
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
