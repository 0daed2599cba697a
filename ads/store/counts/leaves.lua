-- Opens and the events that belong to them, in buckets by the day on which an open was first seen. A bucket
-- expires as a whole, days after the last moment at which a valid ticket could still bring its events.
-- It has leaves of opens ('q') and of events that are counted per id ('i'), whose number grows with the
-- number of records (linear hashing); ids are digests under a salt, so that nobody can fill one leaf.
local OPENS, IDS, FILL = 'q', 'i', 128
-- `records`: opens by id. `things`: events per id. `short`: opens new in this call, by their short
-- form. `crowds`: for each bucket that exists, how many records of either kind it has, and its leaves.
local records, things, short, crowds, fresh
each_call(function()
  records, things, short, crowds, fresh = {}, {}, {}, {}, {}
  for at = 1, #kept, 8 do
    local day, opens, ids = unpack_('>I2I3I3', kept, at)
    local b = NEWEST - day + 1
    if b >= 1 and b <= BUCKETS then crowds[b] = {q = opens, i = ids, had_q = opens, had_i = ids, leaves = {}} end
  end
end)

-- Never more than the third and second byte of an id can tell apart.
local function leaves_of(count)
  return math.min(floor(count / FILL) + 1, 65536)
end

-- The leaf of an id, of so many leaves: linear hashing, by its third byte first.
local function leaf_number(start, leaves)
  local x, power = unpack_('>I3', start), 1
  while power * 2 <= leaves do power = power * 2 end
  local number = x % (2 * power)
  return number < leaves and number or number - power
end

-- Reads all leaves that the events of this call may be in, together, since a command costs more than its
-- answer.
local function expect(places)
  for b, crowd in pairs(crowds) do
    local fields = {}
    for kind, starts in pairs(places) do
      local leaves = leaves_of(crowd['had_' .. kind])
      for start in pairs(starts) do
        local field = kind .. pack('>I3', leaf_number(start, leaves))
        if not crowd.leaves[field] then
          crowd.leaves[field], fields[#fields + 1] = {raw = '', walked = 1, begins = {}}, field
        end
      end
    end
    for i, raw in ipairs(fetch(KEYS[FIXED + b], fields)) do
      if raw then crowd.leaves[fields[i]].raw = raw end
    end
  end
end

local function leaf(b, kind, number)
  local crowd, field = crowds[b], kind .. pack('>I3', number)
  if not crowd.leaves[field] then
    crowd.leaves[field] = {raw = call('HGET', KEYS[FIXED + b], field) or '', walked = 1, begins = {}}
  end
  return crowd.leaves[field]
end

local function leaf_for(b, kind, start)
  return leaf(b, kind, leaf_number(start, leaves_of(crowds[b]['had_' .. kind])))
end

-- Where a text stands in a leaf as the beginning of a record, or so many bytes behind one. Where records
-- begin is walked once: up to `walked`.
local function begin_of(each, text, size, at, behind)
  local hit = string.find(each.raw, text, at + behind, true)
  while hit do
    local from = hit - behind
    while each.walked < from do
      each.begins[each.walked], each.walked = true, each.walked + size(each.raw, each.walked)
    end
    if each.walked == from or each.begins[from] then return from end
    hit = string.find(each.raw, text, hit + 1, true)
  end
  return nil
end
