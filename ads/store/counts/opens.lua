-- Opens and events per id: finding and putting them, and writing their leaves (`packed` encodes an open).
-- Calls `see` with page and place of each open in the buckets whose id begins so, until it returns something.
local function each_open(start, see)
  for b in pairs(crowds) do
    local each = leaf_for(b, OPENS, start)
    local at = begin_of(each, start, open_size, 1, 0)
    while at do
      local found = see(each.raw, at, b)
      if found then return found end
      at = begin_of(each, start, open_size, at + 1, 0)
    end
  end
end

-- The open of this id, or a shell for it. It is ambiguous if another open has the same first three bytes:
-- then its events name it in full.
local function record(o)
  if records[o] then return records[o] end
  local start, clash = sub(o, 1, 3), false
  local r = each_open(start, function(raw, at, b)
    if sub(raw, at, at + 5) == o then return decode(raw, at, b) end
    clash = true
  end)
  if not r then
    r = {o = o, hung = {}, ids = {}, bucket = NEWEST - floor(NOW / DAY) + 1, fresh = true, ambiguous = clash or short[start] ~= nil}
    if not r.ambiguous then short[start] = o end
  end
  records[o] = r
  return r
end

local function record_by(start)
  local o = short[start]
  if o then return records[o] end
  return each_open(start, function(raw, at)
    local unusual = has(byte(raw, at + 6), F.MORE) and byte(raw, at + 7) or 0
    if not has(unusual, G.AMBIGUOUS) then return record(sub(raw, at, at + 5)) end
  end)
end

local id_size, decode_thing, encode_thing
do
  -- The first open of a bucket whose second and third byte are these: it stays the first, for those that
  -- come later are put behind it.
  local function first_with(b, two)
    local each = leaf_for(b, OPENS, '\0' .. two)
    local at = begin_of(each, two, open_size, 1, 1)
    return at and sub(each.raw, at, at + 5)
  end

  -- An event per id: five bytes of id, a tag (kind, slot, the upper bits of the time), then the open in
  -- three bytes and ms since it in eighteen bits; or (8) the open in full, late, ad and time; or (8 and
  -- 1) the open in two bytes, as the first that has them, and ms since it in sixteen bits.
  function id_size(raw, at)
    local tag = byte(raw, at + 5)
    return not has(tag, 8) and 11 or has(tag, 1) and 10 or 19
  end

  function decode_thing(raw, at, b)
    local x, tag = {id = sub(raw, at, at + 4), bucket = b}, byte(raw, at + 5)
    x.kind, x.slot = TAP + floor(tag / 64), floor(tag % 64 / 16) + 4 * floor(tag % 8 / 4)
    if has(tag, 8) and has(tag, 1) then
      local o = first_with(b, sub(raw, at + 6, at + 7))
      local r = o and record(o)
      if r then x.o, x.ad, x.at = r.o, r.ad, r.at + unpack_('>I2', raw, at + 8) end
      return x
    end
    if has(tag, 8) then
      local late
      x.o, late, x.ad, x.at = unpack_('>c6BBI5', raw, at + 6)
      x.late = late == 1
      return x
    end
    local r = record_by(sub(raw, at + 6, at + 8))
    if r then x.o, x.ad, x.at = r.o, r.ad, r.at + (tag % 4) * 65536 + unpack_('>I2', raw, at + 9) end
    return x
  end

  function encode_thing(x)
    local r, tag = record(x.o), (x.kind - TAP) * 64 + (x.slot % 4) * 16 + floor(x.slot / 4) * 4
    local since = r.at and x.at - r.at or -1
    if x.late or x.ad ~= r.ad or r.ambiguous or since < 0 or since >= 2 ^ 18 then
      return x.id .. char(tag + 8) .. pack('>c6BBI5', x.o, x.late and 1 or 0, x.ad, x.at)
    end
    if since < 65536 and first_with(r.bucket, sub(r.o, 2, 3)) == r.o then
      return x.id .. char(tag + 9) .. sub(r.o, 2, 3) .. pack('>I2', since)
    end
    return x.id .. char(tag + floor(since / 65536)) .. sub(x.o, 1, 3) .. pack('>I2', since % 65536)
  end
end

-- The event of this id, or nil if it is new.
local function thing(id)
  if things[id] then return things[id] end
  for b in pairs(crowds) do
    local each = leaf_for(b, IDS, id)
    local at = begin_of(each, id, id_size, 1, 0)
    if at then
      things[id] = decode_thing(each.raw, at, b)
      return things[id]
    end
  end
  return nil
end

-- Calls `see` with each leaf and place of the records in which a text stands so many bytes behind their
-- beginning, until it answers: among all of a kind, so it is looked for as text, not record by record.
local function each_with(kind, text, size, behind, see)
  for b, crowd in pairs(crowds) do
    for number = 0, leaves_of(crowd['had_' .. kind]) - 1 do
      local each = leaf(b, kind, number)
      local at = begin_of(each, text, size, 1, behind)
      while at do
        if see(each.raw, at) then return end
        at = begin_of(each, text, size, at + 1, behind)
      end
    end
  end
end

-- The events per id of an open: those its shell knows, else searched for among all.
local function others_of(r)
  local found = {}
  for _, id in ipairs(r.ids) do found[#found + 1] = thing(id) end
  if r.others then
    local function see(raw, at)
      local size = id_size(raw, at)
      local name = size == 10 and sub(r.o, 2, 3) or sub(r.o, 1, size == 19 and 6 or 3)
      if sub(raw, at + 6, at + 5 + #name) == name then thing(sub(raw, at, at + 4)) end
    end
    each_with(IDS, sub(r.o, 1, 3), id_size, 6, see)
    each_with(IDS, sub(r.o, 2, 3), id_size, 6, see)
    for _, x in pairs(things) do
      if x.o == r.o then found[#found + 1] = x end
    end
  end
  return found
end

-- The opens of a hop, those of this call included, and whether these are all: for the rare open that
-- lost its place.
local function opens_of(h)
  local MOST_OPENS = 2000
  local name, found, seen = h.marked and h.key or short_hop(h.key), {}, 0
  for behind = 7, h.new and 6 or 8 do -- one that came in this call has none in the store
    each_with(OPENS, name, open_size, behind, function(raw, at)
      record(sub(raw, at, at + 5))
      seen = seen + 1
      return seen >= MOST_OPENS
    end)
  end
  for _, r in pairs(records) do
    if r.at and r.hop == h.key then found[#found + 1] = r end
  end
  return found, seen < MOST_OPENS
end

local flush_opens
do
  -- Records that are new go behind all that was there; others take the place of what they were.
  local function put(b, kind, id, raw, is_new)
    local into = leaf_for(b, kind, id)
    into.dirty, into.new, into.changed = true, into.new or {}, into.changed or {}
    if is_new then into.new[#into.new + 1] = raw else into.changed[id] = raw or '' end
  end

  local function settle(each, kind)
    if not each.new then return end
    local id, size, list, at = kind == OPENS and 6 or 5, kind == OPENS and open_size or id_size, {each.raw}, 1
    while next(each.changed) and at <= #each.raw do
      local behind = at + size(each.raw, at)
      list[#list + 1] = each.changed[sub(each.raw, at, at + id - 1)] or sub(each.raw, at, behind - 1)
      at = behind
    end
    if #list > 1 then list[1] = '' end
    each.raw = table.concat(list) .. table.concat(each.new)
    each.new, each.changed, each.walked, each.begins = nil, nil, 1, {}
  end

  local function settle_all(kind)
    for _, crowd in pairs(crowds) do
      for field, each in pairs(crowd.leaves) do
        if sub(field, 1, 1) == kind then settle(each, kind) end
      end
    end
  end

  local function crowd_of(b)
    if not crowds[b] then
      crowds[b], fresh[b] = {q = 0, i = 0, had_q = 0, had_i = 0, leaves = {}}, true
    end
    return crowds[b]
  end

  -- As many leaves as the bucket needs now: each new one takes its part of an older one.
  local function grow(b, kind, size)
    local crowd = crowds[b]
    for leaves = leaves_of(crowd['had_' .. kind]) + 1, leaves_of(crowd[kind]) do
      local power = 1
      while power * 2 < leaves do power = power * 2 end
      local old, new = leaf(b, kind, leaves - 1 - power), leaf(b, kind, leaves - 1)
      local raw, stay, go = old.raw, {}, {}
      for at in each_record(raw, size) do
        local record = sub(raw, at, at + size(raw, at) - 1)
        local list = leaf_number(record, leaves) == leaves - 1 and go or stay
        list[#list + 1] = record
      end
      old.raw, new.raw, old.dirty, new.dirty = table.concat(stay), table.concat(go), true, true
    end
  end

  function flush_opens()
    for o, r in pairs(records) do
      if r.dirty then
        local crowd = crowd_of(r.bucket)
        if r.fresh then crowd.q = crowd.q + 1 end
        put(r.bucket, OPENS, o, encode(r), r.fresh)
      end
    end
    settle_all(OPENS)
    for id, x in pairs(things) do
      if x.dirty then
        local b = record(x.o).bucket
        if x.bucket and x.bucket ~= b then put(x.bucket, IDS, id, nil) end
        local crowd = crowd_of(b)
        if x.bucket ~= b then crowd.i = crowd.i + 1 end
        put(b, IDS, id, encode_thing(x), x.bucket ~= b)
      end
    end
    settle_all(IDS)
    for b, crowd in pairs(crowds) do
      grow(b, OPENS, open_size)
      grow(b, IDS, id_size)
      for field, each in pairs(crowd.leaves) do
        if each.dirty and each.raw == '' then write('HDEL', KEYS[FIXED + b], field)
        elseif each.dirty then write('HSET', KEYS[FIXED + b], field, each.raw) end
      end
    end
  end
end

-- After the writes: buckets made in this call get their end, and the head tells how full each is, as far
-- as three bytes do: a bucket has had all its leaves long before.
local function flush_buckets()
  local list, changed, LARGEST = {}, false, 2 ^ 24 - 1
  for b in pairs(fresh) do call('EXPIRE', KEYS[FIXED + b], KEPT_SECONDS) end
  for b, crowd in pairs(crowds) do
    list[#list + 1] = pack('>I2I3I3', NEWEST - b + 1, math.min(crowd.q, LARGEST), math.min(crowd.i, LARGEST))
    changed = changed or crowd.q ~= crowd.had_q or crowd.i ~= crowd.had_i
  end
  if changed then call('HSET', HEAD, 'b', table.concat(list)) end
end
