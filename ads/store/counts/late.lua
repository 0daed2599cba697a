-- Notes other hours than the present one that changed, by ad, until the caller confirms (`heard.lua`) that their
-- roll-ups are void: a clock that was ahead may have closed later ones.
local late_hours
each_call(function() late_hours = call('HGET', BODY, 'l') or '' end)

local function note_late()
  local EPOCH_SECONDS, noted, before_ = 1577836800, {}, #late_hours
  -- By the store's clock too, since a call may have waited long before it ran.
  local clock = math.max(NOW, (call('TIME')[1] - EPOCH_SECONDS) * 1000)
  for at = 1, #late_hours, 4 do noted[sub(late_hours, at, at + 3)] = true end
  for name, sections in pairs(cells) do
    for place_ in pairs(sub(name, 3) == 'T' and sections or {}) do
      local hour = unpack_('>I2', name) * 24 + floor(place_ / 256)
      local each = pack('>I3B', hour, place_ % 256)
      if hour ~= floor(clock / HOUR) and not noted[each] then late_hours, noted[each] = late_hours .. each, true end
    end
  end
  if #late_hours > before_ then write('HSET', BODY, 'l', late_hours) end
end

-- As a sequence of hour and ad's name.
local function told_late()
  local told = {}
  for at = 1, #late_hours, 4 do
    local hour, ad = unpack_('>I3B', late_hours, at)
    told[#told + 1], told[#told + 2] = hour, spell('a', ad)
  end
  return told
end
