-- Opens: one record per open id, with the events that hang on it. A record whose open has not come
-- is a shell. Records and event ids stand in buckets by the day they were folded on; a bucket dies
-- whole, days after the last moment at which a ticket could still bring its events.
local records, owners = {}, {}
local live, fresh = {}, {}
for at = 1, #kept, 3 do
  local b = NEWEST - unpack_('>I2', kept, at) + 1
  if b >= 1 and b <= BUCKETS then live[byte(kept, at + 2) * BUCKETS + b] = true end
end

local function find(first, field)
  for b = first, first + BUCKETS - 1 do
    local raw = live[b] and call('HGET', KEYS[10 + b], field)
    if raw then return raw, b end
  end
  return nil, first + 1
end

-- An entry: tag (kind * 8 + slot, +64 when it was given up waiting), ad, at; then for a read its
-- ms and pct, for a kind that is counted per id four bytes of it.
local function decode_entry(raw, at)
  local e = {}
  local tag
  tag, e.ad, e.at, at = unpack_('>BBI5', raw, at)
  e.late = tag >= 64
  tag = tag % 64
  e.kind, e.slot = floor(tag / 8), tag % 8
  if e.kind == READ then
    e.ms, e.pct, at = unpack_('>I4B', raw, at)
  elseif e.kind ~= VIEW then
    e.id, at = unpack_('c4', raw, at)
  end
  return e, at
end

local function encode_entry(e)
  local raw = pack('>BBI5', e.kind * 8 + e.slot + (e.late and 64 or 0), e.ad, e.at)
  if e.kind == READ then return raw .. pack('>I4B', e.ms, e.pct) end
  return e.kind == VIEW and raw or raw .. e.id
end

local function depth(hop)
  local one, two = byte(hop, 1, 2)
  return one * 16 + floor(two / 16)
end

local function decode(raw)
  local r, at = {list = {}}, 2
  if byte(raw, 1) == 1 then
    r.at, r.ad, r.v, r.c, r.e, r.s, r.hop, at = unpack_('>I5BBBBI2c9', raw, 2)
    r.parent = ''
    if depth(r.hop) > 1 then r.parent, at = unpack_('c9', raw, at) end
    r.depth = depth(r.hop)
  end
  while at <= #raw do
    r.list[#r.list + 1], at = decode_entry(raw, at)
  end
  return r
end

local function encode(r)
  local parts = {char(r.at and 1 or 0)}
  if r.at then
    parts[2] = pack('>I5BBBBI2c9', r.at, r.ad, r.v, r.c, r.e, r.s, r.hop) .. r.parent
  end
  for _, e in ipairs(r.list) do parts[#parts + 1] = encode_entry(e) end
  return table.concat(parts)
end

local function record(o)
  local r = records[o]
  if not r then
    local raw, bucket = find(1, o)
    r = raw and decode(raw) or {list = {}}
    r.o, r.bucket = o, bucket
    records[o] = r
  end
  return r
end

-- Which open an id that is counted once was first seen with; nil if it is new.
local function owner(id)
  local known = owners[id]
  if known then return known.o end
  local raw, bucket = find(BUCKETS + 1, id)
  if not raw then return nil end
  owners[id] = {o = raw, bucket = bucket}
  return raw
end

local function own(id, o)
  local bucket = owners[id] and owners[id].bucket or BUCKETS + 2
  owners[id] = {o = o, bucket = bucket, dirty = true}
end

-- Every open of a hop, those of this call included: for the rare open that lost its place.
local function opens_of(hop)
  local found, seen = {}, {}
  local function take(o)
    if seen[o] then return end
    seen[o] = true
    local r = record(o)
    if r.at and r.hop == hop then found[#found + 1] = r end
  end
  for b = 1, BUCKETS do
    for _, o in ipairs(live[b] and call('HKEYS', KEYS[10 + b]) or {}) do take(o) end
  end
  local here = {}
  for o in pairs(records) do here[#here + 1] = o end
  for _, o in ipairs(here) do take(o) end
  return found
end

local function put(b, field, value)
  write('HSET', KEYS[10 + b], field, value)
  if not live[b] then live[b], fresh[b] = true, true end
end

local function flush_opens()
  for o, r in pairs(records) do
    if r.dirty then put(r.bucket, o, encode(r)) end
  end
  for id, known in pairs(owners) do
    if known.dirty then put(known.bucket, id, known.o) end
  end
end

-- After the writes: buckets made in this call get their end, and are noted in the head.
local function flush_buckets()
  if not next(fresh) then return end
  local list = {}
  for b in pairs(fresh) do call('EXPIRE', KEYS[10 + b], KEPT_SECONDS) end
  for b in pairs(live) do
    local second = b > BUCKETS and 1 or 0
    list[#list + 1] = pack('>I2B', NEWEST - (b - second * BUCKETS) + 1, second)
  end
  call('HSET', HEAD, 'b', table.concat(list))
end
