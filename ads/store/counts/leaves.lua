-- Opens and the events that hang on them, in buckets by the day on which an open was first heard of;
-- a bucket dies whole, days after the last moment at which a ticket could still bring its events.
-- A bucket has leaves of opens ('o') and of events that are counted per id ('i'), as many as their
-- number asks for (linear hashing); ids are digests under a salt, so that nobody can fill one leaf.
local OPENS, IDS, FILL = 'o', 'i', {o = 64, i = 128}
-- `records`: opens by id. `things`: events per id. `short`: opens new in this call, by their short
-- form. `crowds`: what is known of each bucket that lives: how many of either kind, and its leaves.
local records, things, short, crowds, fresh = {}, {}, {}, {}, {}
for at = 1, #kept, 8 do
  local day, opens, ids = unpack_('>I2I3I3', kept, at)
  local b = NEWEST - day + 1
  if b >= 1 and b <= BUCKETS then crowds[b] = {o = opens, i = ids, had_o = opens, had_i = ids, leaves = {}} end
end

-- Never so many that the third and second byte of an id do not tell its leaf.
local function leaves_of(kind, count)
  return math.min(floor(count / FILL[kind]) + 1, 65536)
end

local function leaf(b, kind, number)
  local crowd, field = crowds[b], kind .. pack('>I3', number)
  crowd.leaves[field] = crowd.leaves[field] or {raw = call('HGET', KEYS[FIXED + b], field) or ''}
  return crowd.leaves[field]
end

local function leaf_for(b, kind, start)
  return leaf(b, kind, leaf_number(start, leaves_of(kind, crowds[b]['had_' .. kind])))
end
