-- Takes an ad's sections out of a day's figures by one dimension. KEYS: BODY. ARGV: field, ad's number.
local BODY, FIELD, AD = KEYS[1], ARGV[1], tonumber(ARGV[2])
local raw, parts, at = redis.call('HGET', BODY, FIELD) or '', {}, 1
while at <= #raw do
  local start, flags, ad = at, byte(raw, at, at + 1)
  local length, power = 0, 1
  at = at + 2
  repeat
    local digit = byte(raw, at)
    length, power, at = length + digit % 128 * power, power * 128, at + 1
  until digit < 128
  at = at + length
  if ad ~= AD then
    parts[#parts + 1] = sub(raw, start, at - 1)
  elseif flags % 128 >= 64 then
    redis.call('HDEL', BODY, FIELD .. string.char(flags % 32, ad))
  end
end
if #parts > 0 then redis.call('HSET', BODY, FIELD, table.concat(parts)) else redis.call('HDEL', BODY, FIELD) end
