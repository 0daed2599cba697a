-- Opens and the events that hang on them, in buckets by the day on which an open was first heard of;
-- a bucket dies whole, days after the last moment at which a ticket could still bring its events.
-- A bucket has leaves of opens ('o') and of events that are counted per id ('i'), as many as their
-- number asks for (linear hashing); ids are digests under a salt, so that nobody can fill one leaf.
local OPENS, IDS, FILL = 'o', 'i', {o = 32, i = 128}
-- `records`: opens by id. `things`: events per id. `short`: opens new in this call, by their short
-- form. `crowds`: what is known of each bucket that lives: how many of either kind, and its leaves.
local records, things, short, crowds, fresh = {}, {}, {}, {}, {}
for at = 1, #kept, 8 do
  local day, opens, ids = unpack_('>I2I3I3', kept, at)
  local b = NEWEST - day + 1
  if b >= 1 and b <= BUCKETS then crowds[b] = {o = opens, i = ids, had_o = opens, had_i = ids, leaves = {}} end
end

local function leaves_of(kind, count)
  return floor(count / FILL[kind]) + 1
end

local function leaf_number(start, leaves)
  local x, power = unpack_('>I3', start), 1
  while power * 2 <= leaves do power = power * 2 end
  local number = x % (2 * power)
  return number < leaves and number or number - power
end

local function leaf(b, kind, number)
  local crowd, field = crowds[b], kind .. pack('>I3', number)
  crowd.leaves[field] = crowd.leaves[field] or {raw = call('HGET', KEYS[FIXED + b], field) or ''}
  return crowd.leaves[field]
end

local function leaf_for(b, kind, start)
  return leaf(b, kind, leaf_number(start, leaves_of(kind, crowds[b]['had_' .. kind])))
end

-- An open: six bytes of id, flags, more flags where there is something unusual. Then the hop in five
-- bytes or nine; and unless the open is how that hop first stood: ms since then in three bytes or four
-- (or any time in five), dimensions and parent where they are not the hop's first ones. Then the
-- reading, and whatever else hangs on it. Views and readings of the open's own hour and ad, not before
-- it, need no time: only their hour can matter (see `joined` in `events`).
local F = {AS_HOP = 1, READ = 2, VIEW = 4, OTHERS = 64, MORE = 128}
local G = {SHELL = 1, LONG = 2, ANY_TIME = 4, DIMENSIONS = 8, OWN_PARENT = 16, AMBIGUOUS = 32, WIDE = 64, EXTRA = 128}
-- Under which name it hangs: views by their slot.
local READING = 9
local function hook(e)
  return e.kind == READ and READING or e.slot
end

local PLACE = {'at', 'ad', 'v', 'c', 'e', 's', 'parent'}
local function place(r, from)
  for _, name in ipairs(PLACE) do r[name] = from[name] end
end

local function same(a, b, names)
  for _, name in ipairs(names) do
    if a[name] ~= b[name] then return false end
  end
  return true
end

local open_size, decode, encode
do
  local function flags_of(raw, at)
    local f = byte(raw, at + 6)
    if has(f, F.MORE) then return f, byte(raw, at + 7), at + 8 end
    return f, 0, at + 7
  end

  local function facts_size(f, g)
    if has(g, G.SHELL) then return 0 end
    if has(f, F.AS_HOP) then return 5 end
    return (has(g, G.LONG) and 9 or 5) + (has(g, G.ANY_TIME) and 5 or has(g, G.WIDE) and 4 or 3)
      + (has(g, G.DIMENSIONS) and 6 or 0) + (has(g, G.OWN_PARENT) and 9 or 0)
  end

  function open_size(raw, from)
    local f, g, at = flags_of(raw, from)
    at = at + facts_size(f, g)
    if has(f, F.READ) then at = at + 3 end
    if has(g, G.EXTRA) then at = at + 3 + unpack_('>I3', raw, at) end
    return at - from
  end

  -- How long and how far it was read in three bytes: four significant digits, an exponent, percents.
  local function encode_reading(ms, pct)
    local unit = 0
    while ms >= 10000 do ms, unit = ms / 10, unit + 1 end
    return pack('>I3', (unit * 16384 + ms) * 128 + pct)
  end

  local function decode_reading(raw, at)
    local all = unpack_('>I3', raw, at)
    local ms = floor(all / 128)
    return (ms % 16384) * 10 ^ floor(ms / 16384), all % 128
  end

  local function encode_extra(e)
    local raw = pack('>BBI5', e.kind * 8 + e.slot + (e.late and 64 or 0), e.ad, e.at)
    return e.kind == READ and raw .. encode_reading(e.ms, e.pct) or raw
  end

  local function decode_extra(r, raw)
    local at = 1
    while at <= #raw do
      local e, tag = {}, byte(raw, at)
      if tag == 0 then
        r.ids[#r.ids + 1] = sub(raw, at + 1, at + 5)
        at = at + 6
      else
        tag, e.ad, e.at, at = unpack_('>BBI5', raw, at)
        e.late, tag = tag >= 64, tag % 64
        e.kind, e.slot = floor(tag / 8), tag % 8
        if e.kind == READ then
          e.ms, e.pct = decode_reading(raw, at)
          at = at + 3
        end
        r.hung[hook(e)] = e
      end
    end
  end

  local function decode_facts(r, raw, at, g)
    local ref = sub(raw, at, at + (has(g, G.LONG) and 8 or 4))
    local h = has(g, G.LONG) and hop(ref) or hop_by(ref)
    local first = h.init or h
    at = at + #ref
    place(r, first)
    r.hop = h.key
    if has(g, G.ANY_TIME) then
      r.at, at = unpack_('>I5', raw, at)
    else
      local since
      since, at = unpack_(has(g, G.WIDE) and '>I4' or '>I3', raw, at)
      r.at = first.at + since
    end
    if has(g, G.DIMENSIONS) then r.ad, r.v, r.c, r.e, r.s, at = unpack_('>BBBBI2', raw, at) end
    if has(g, G.OWN_PARENT) then r.parent = sub(raw, at, at + 8) end
  end

  -- What hangs on an open stands in `hung`: views by slot, and the reading; `ids` are those of the
  -- events that wait with a shell.
  function decode(raw, from, b)
    local r = {hung = {}, ids = {}, bucket = b, o = sub(raw, from, from + 5)}
    local f, g, at = flags_of(raw, from)
    r.others, r.ambiguous = has(f, F.OTHERS), has(g, G.AMBIGUOUS)
    if has(f, F.AS_HOP) then
      local h = hop_by(sub(raw, at, at + 4))
      place(r, h.init or h)
      r.hop, r.as_hop = h.key, true
    elseif not has(g, G.SHELL) then
      decode_facts(r, raw, at, g)
    end
    r.depth = r.hop and depth(r.hop)
    for slot = 1, 4 do
      if has(f, F.VIEW * 2 ^ (slot - 1)) then
        r.hung[slot] = {kind = VIEW, slot = slot, at = r.at, ad = r.ad}
      end
    end
    at = at + facts_size(f, g)
    if has(f, F.READ) then
      local e = {kind = READ, slot = 0, at = r.at, ad = r.ad}
      e.ms, e.pct = decode_reading(raw, at)
      r.hung[READING] = e
      at = at + 3
    end
    if has(g, G.EXTRA) then decode_extra(r, sub(raw, at + 3, at + 2 + unpack_('>I3', raw, at))) end
    return r
  end

  local DIMENSION_NAMES = {'ad', 'v', 'c', 'e', 's'}
  -- The facts of an open that is not how its hop first stood, and the flags that they ask for.
  local function encode_facts(r)
    local h, g = hop(r.hop), 0
    local first = h.init or h
    local parts, since = {h.marked and r.hop or sub(r.hop, 1, 5)}, r.at - first.at
    if h.marked then g = g + G.LONG end
    if since < 0 or since >= 2 ^ 32 then
      g, parts[2] = g + G.ANY_TIME, pack('>I5', r.at)
    elseif since >= 2 ^ 24 then
      g, parts[2] = g + G.WIDE, pack('>I4', since)
    else
      parts[2] = pack('>I3', since)
    end
    if not same(r, first, DIMENSION_NAMES) then
      g, parts[3] = g + G.DIMENSIONS, pack('>BBBBI2', r.ad, r.v, r.c, r.e, r.s)
    end
    if r.parent ~= first.parent then g, parts[#parts + 1] = g + G.OWN_PARENT, r.parent end
    return table.concat(parts), g
  end

  local function plain(r, e)
    return r.at and not e.late and e.ad == r.ad and e.at >= r.at and floor(e.at / HOUR) == floor(r.at / HOUR)
  end

  function encode(r)
    local f, g, reading, extra, facts = r.others and F.OTHERS or 0, 0, '', {}, ''
    for name, e in pairs(r.hung) do
      if name == 0 or not plain(r, e) then
        extra[#extra + 1] = encode_extra(e)
      elseif name == READING then
        f, reading = f + F.READ, encode_reading(e.ms, e.pct)
      else
        f = f + F.VIEW * 2 ^ (name - 1)
      end
    end
    for _, id in ipairs(r.ids) do extra[#extra + 1] = '\0' .. id end
    extra = table.concat(extra)
    if r.as_hop then
      f, facts = f + F.AS_HOP, sub(r.hop, 1, 5)
    elseif r.at then
      facts, g = encode_facts(r)
    else
      g = G.SHELL
    end
    if r.ambiguous then g = g + G.AMBIGUOUS end
    if extra ~= '' then g, extra = g + G.EXTRA, pack('>I3', #extra) .. extra end
    local flags = g > 0 and char(f + F.MORE, g) or char(f)
    return r.o .. flags .. facts .. reading .. extra
  end
end

-- Calls `see` with page and place of each open in the buckets whose id begins so, until it answers.
local function each_open(start, see)
  for b in pairs(crowds) do
    local raw = leaf_for(b, OPENS, start).raw
    local at = seek(raw, start, open_size)
    while at do
      local found = see(raw, at, b)
      if found then return found end
      at = seek(raw, start, open_size, at + open_size(raw, at))
    end
  end
end

-- The open of this id, or a shell for it. One whose first three bytes another has is ambiguous:
-- events that hang on it name it in full.
local function record(o)
  if records[o] then return records[o] end
  local start, clash = sub(o, 1, 3), false
  local r = each_open(start, function(raw, at, b)
    if sub(raw, at, at + 5) == o then return decode(raw, at, b) end
    clash = true
  end)
  if not r then
    r = {o = o, hung = {}, ids = {}, bucket = 2, fresh = true, ambiguous = clash or short[start] ~= nil}
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

-- An event per id: five bytes of id, a tag (kind, slot, the upper bits of the time), then the open in
-- three bytes and ms since it in eighteen bits; or (8) the open in full, late, ad and time.
local function id_size(raw, at)
  return has(byte(raw, at + 5), 8) and 19 or 11
end

local function decode_thing(raw, at, b)
  local x, tag = {id = sub(raw, at, at + 4), bucket = b}, byte(raw, at + 5)
  x.kind, x.slot = TAP + floor(tag / 64), floor(tag % 64 / 16) + 4 * floor(tag % 8 / 4)
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

local function encode_thing(x)
  local r, tag = record(x.o), (x.kind - TAP) * 64 + (x.slot % 4) * 16 + floor(x.slot / 4) * 4
  local since = r.at and x.at - r.at or -1
  if x.late or x.ad ~= r.ad or r.ambiguous or since < 0 or since >= 2 ^ 18 then
    return x.id .. char(tag + 8) .. pack('>c6BBI5', x.o, x.late and 1 or 0, x.ad, x.at)
  end
  return x.id .. char(tag + floor(since / 65536)) .. sub(x.o, 1, 3) .. pack('>I2', since % 65536)
end

-- The event of this id, or nil if it is new.
local function thing(id)
  if things[id] then return things[id] end
  for b in pairs(crowds) do
    local raw = leaf_for(b, IDS, id).raw
    local at = seek(raw, id, id_size)
    if at then
      things[id] = decode_thing(raw, at, b)
      return things[id]
    end
  end
  return nil
end

local function all_leaves(kind, see)
  for b, crowd in pairs(crowds) do
    for number = 0, leaves_of(kind, crowd['had_' .. kind]) - 1 do see(leaf(b, kind, number).raw, b) end
  end
end

-- The events per id that hang on an open: known to its shell, else looked for among all.
local function others_of(r)
  local found = {}
  for _, id in ipairs(r.ids) do found[#found + 1] = thing(id) end
  if r.others then
    all_leaves(IDS, function(raw)
      local at = 1
      while at <= #raw do
        local name = has(byte(raw, at + 5), 8) and sub(r.o, 1, 6) or sub(r.o, 1, 3)
        if sub(raw, at + 6, at + 5 + #name) == name then thing(sub(raw, at, at + 4)) end
        at = at + id_size(raw, at)
      end
    end)
    for _, x in pairs(things) do
      if x.o == r.o then found[#found + 1] = x end
    end
  end
  return found
end

-- Every open of a hop, those of this call included: for the rare open that lost its place.
local function opens_of(key)
  all_leaves(OPENS, function(raw)
    local at = 1
    while at <= #raw do
      local from = has(byte(raw, at + 6), F.MORE) and 8 or 7
      if sub(raw, at + from, at + from + 4) == sub(key, 1, 5) then record(sub(raw, at, at + 5)) end
      at = at + open_size(raw, at)
    end
  end)
  local found = {}
  for _, r in pairs(records) do
    if r.at and r.hop == key then found[#found + 1] = r end
  end
  return found
end

local function put(b, kind, start, size, raw)
  local into = leaf_for(b, kind, start)
  into.raw, into.dirty = spliced(into.raw, start, size, raw), true
end

local function crowd_of(b)
  if not crowds[b] then
    crowds[b], fresh[b] = {o = 0, i = 0, had_o = 0, had_i = 0, leaves = {}}, true
  end
  return crowds[b]
end

-- As many leaves as the bucket needs now: each new one takes its part of an older one.
local function grow(b, kind, size)
  local crowd = crowds[b]
  for leaves = leaves_of(kind, crowd['had_' .. kind]) + 1, leaves_of(kind, crowd[kind]) do
    local power = 1
    while power * 2 < leaves do power = power * 2 end
    local old, new = leaf(b, kind, leaves - 1 - power), leaf(b, kind, leaves - 1)
    local raw, stay, go, at = old.raw, {}, {}, 1
    while at <= #raw do
      local record = sub(raw, at, at + size(raw, at) - 1)
      local list = leaf_number(record, leaves) == leaves - 1 and go or stay
      list[#list + 1], at = record, at + #record
    end
    old.raw, new.raw, old.dirty, new.dirty = table.concat(stay), table.concat(go), true, true
  end
end

local function flush_opens()
  for o, r in pairs(records) do
    if r.dirty then
      local crowd = crowd_of(r.bucket)
      if r.fresh then crowd.o = crowd.o + 1 end
      put(r.bucket, OPENS, o, open_size, encode(r))
    end
  end
  for id, x in pairs(things) do
    if x.dirty then
      local b = record(x.o).bucket
      if x.bucket and x.bucket ~= b then put(x.bucket, IDS, id, id_size, nil) end
      local crowd = crowd_of(b)
      if x.bucket ~= b then crowd.i = crowd.i + 1 end
      put(b, IDS, id, id_size, encode_thing(x))
    end
  end
  for b, crowd in pairs(crowds) do
    grow(b, OPENS, open_size)
    grow(b, IDS, id_size)
    for field, each in pairs(crowd.leaves) do
      if each.dirty and each.raw == '' then write('HDEL', KEYS[FIXED + b], field)
      elseif each.dirty then write('HSET', KEYS[FIXED + b], field, each.raw) end
    end
  end
end

-- After the writes: buckets made in this call get their end, and the head tells how full each is.
local function flush_buckets()
  local list, changed = {}, false
  for b in pairs(fresh) do call('EXPIRE', KEYS[FIXED + b], KEPT_SECONDS) end
  for b, crowd in pairs(crowds) do
    list[#list + 1] = pack('>I2I3I3', NEWEST - b + 1, crowd.o, crowd.i)
    changed = changed or crowd.o ~= crowd.had_o or crowd.i ~= crowd.had_i
  end
  if changed then call('HSET', HEAD, 'b', table.concat(list)) end
end
