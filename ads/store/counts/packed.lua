-- The bytes of an open: six of its id, flags, more flags if something is unusual. Then the hop in three bytes
-- (five if deeper than 15) or nine. If it is not the open that made the hop: ms since that one in three bytes
-- or four (or any time in five), or together with the reading in six; dimensions and parent if they differ
-- from the hop's first ones. Then the reading, and the other events of the open. Views and readings in the
-- open's own hour and of its ad, not before it, need no time: only their hour matters (see `joined` in `events`).
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

-- A hop's short form: the first four bytes of its id, of which the first says nothing if it is 0.
local function short_hop(key)
  return byte(key, 1) == 0 and sub(key, 2, 4) or '\0' .. sub(key, 1, 4)
end

local open_size, decode, encode
do
  local function short_size(raw, at)
    return byte(raw, at) > 0 and 3 or 5
  end

  local function long_ref(short)
    return #short == 3 and '\0' .. short or sub(short, 2)
  end

  -- How long and how far it was read, as one number of so many: four significant digits, and how often to
  -- take them by ten; then percents. The times that go with it into six bytes are below `TOGETHER`.
  local PERCENTS, READINGS = 101, 56000 * 101
  local TOGETHER = floor(2 ^ 48 / READINGS)

  local function reading(ms, pct)
    local tens = 0
    while ms >= 10000 do ms, tens = ms / 10, tens + 1 end
    return (ms + 9000 * tens) * PERCENTS + pct
  end

  local function unread(number)
    local code = floor(number / PERCENTS)
    local tens = math.max(floor((code - 1000) / 9000), 0)
    return (code - 9000 * tens) * 10 ^ tens, number % PERCENTS
  end
  local function flags_of(raw, at)
    local f = byte(raw, at + 6)
    if has(f, F.MORE) then return f, byte(raw, at + 7), at + 8 end
    return f, 0, at + 7
  end

  -- Whether time and reading stand together.
  local function joint(f, g)
    return has(f, F.READ) and not has(f, F.AS_HOP) and not (has(g, G.SHELL) or has(g, G.ANY_TIME) or has(g, G.WIDE))
  end

  local function facts_size(f, g, raw, at)
    if has(g, G.SHELL) then return 0 end
    local size = has(g, G.LONG) and 9 or short_size(raw, at)
    if has(f, F.AS_HOP) then return size end
    return size + (has(g, G.ANY_TIME) and 5 or has(g, G.WIDE) and 4 or joint(f, g) and 6 or 3)
      + (has(g, G.DIMENSIONS) and 6 or 0) + (has(g, G.OWN_PARENT) and 9 or 0)
  end

  local function any_size(raw, from)
    local f, g, at = flags_of(raw, from)
    at = at + facts_size(f, g, raw, at)
    if has(f, F.READ) and not joint(f, g) then at = at + 3 end
    if has(g, G.EXTRA) then at = at + 3 + unpack_('>I3', raw, at) end
    return at - from
  end

  -- Of the usual ones the flags tell it: leaves are walked record by record.
  local usual = {}
  function open_size(raw, from)
    local f, first = byte(raw, from + 6, from + 7)
    if f >= F.MORE or first == 0 then return any_size(raw, from) end
    local size = usual[f]
    if not size then
      size = any_size(raw, from)
      usual[f] = size
    end
    return size
  end

  local function encode_extra(e)
    local raw = pack('>BBI5', e.kind * 8 + e.slot + (e.late and 64 or 0), e.ad, e.at)
    return e.kind == READ and raw .. pack('>I3', reading(e.ms, e.pct)) or raw
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
          e.ms, e.pct = unread(unpack_('>I3', raw, at))
          at = at + 3
        end
        r.hung[hook(e)] = e
      end
    end
  end

  -- The hop, and what of the text is behind it.
  local function decode_ref(raw, at, g)
    if has(g, G.LONG) then return hop(sub(raw, at, at + 8)), at + 9 end
    local behind = at + short_size(raw, at)
    return hop_by(long_ref(sub(raw, at, behind - 1))), behind
  end

  -- Answers the reading, where it stands with the time.
  local function decode_facts(r, raw, at, f, g)
    local h, read, since = nil, nil, nil
    h, at = decode_ref(raw, at, g)
    local first = h.init or h
    place(r, first)
    r.hop = h.key
    if has(g, G.ANY_TIME) then
      r.at, at = unpack_('>I5', raw, at)
    else
      since, at = unpack_(has(g, G.WIDE) and '>I4' or joint(f, g) and '>I6' or '>I3', raw, at)
      if joint(f, g) then since, read = floor(since / READINGS), since % READINGS end
      r.at = first.at + since
    end
    if has(g, G.DIMENSIONS) then r.ad, r.v, r.c, r.e, r.s, at = unpack_('>BBBBI2', raw, at) end
    if has(g, G.OWN_PARENT) then r.parent = sub(raw, at, at + 8) end
    return read
  end

  -- What hangs on an open stands in `hung`: views by slot, and the reading; `ids` are those of the
  -- events that wait with a shell.
  function decode(raw, from, b)
    local r = {hung = {}, ids = {}, bucket = b, o = sub(raw, from, from + 5)}
    local f, g, at = flags_of(raw, from)
    local read = nil
    r.others, r.ambiguous = has(f, F.OTHERS), has(g, G.AMBIGUOUS)
    if has(f, F.AS_HOP) then
      local h = decode_ref(raw, at, g)
      place(r, h.init or h)
      r.hop, r.as_hop = h.key, true
    elseif not has(g, G.SHELL) then
      read = decode_facts(r, raw, at, f, g)
    end
    r.depth = r.hop and depth(r.hop)
    for slot = 1, 4 do
      if has(f, F.VIEW * 2 ^ (slot - 1)) then
        r.hung[slot] = {kind = VIEW, slot = slot, at = r.at, ad = r.ad}
      end
    end
    at = at + facts_size(f, g, raw, at)
    if has(f, F.READ) then
      local e = {kind = READ, slot = 0, at = r.at, ad = r.ad}
      e.ms, e.pct = unread(read or unpack_('>I3', raw, at))
      r.hung[READING] = e
      if not read then at = at + 3 end
    end
    if has(g, G.EXTRA) then decode_extra(r, sub(raw, at + 3, at + 2 + unpack_('>I3', raw, at))) end
    return r
  end

  local DIMENSION_NAMES = {'ad', 'v', 'c', 'e', 's'}
  -- The facts of an open that is not how its hop first stood, the flags that they ask for, and whether
  -- the reading stands with them.
  local function encode_facts(r, read)
    local h, g, together = hop(r.hop), 0, false
    local first = h.init or h
    local parts, since = {h.marked and r.hop or short_hop(r.hop)}, r.at - first.at
    if h.marked then g = g + G.LONG end
    if since < 0 or since >= 2 ^ 32 then
      g, parts[2] = g + G.ANY_TIME, pack('>I5', r.at)
    elseif since >= (read and TOGETHER or 2 ^ 24) then
      g, parts[2] = g + G.WIDE, pack('>I4', since)
    else
      together = read ~= nil
      parts[2] = together and pack('>I6', since * READINGS + read) or pack('>I3', since)
    end
    if not same(r, first, DIMENSION_NAMES) then
      g, parts[3] = g + G.DIMENSIONS, pack('>BBBBI2', r.ad, r.v, r.c, r.e, r.s)
    end
    if r.parent ~= first.parent then g, parts[#parts + 1] = g + G.OWN_PARENT, r.parent end
    return table.concat(parts), g, together
  end

  local function plain(r, e)
    return r.at and not e.late and e.ad == r.ad and e.at >= r.at and floor(e.at / HOUR) == floor(r.at / HOUR)
  end

  function encode(r)
    local f, g, read, extra, facts, together = r.others and F.OTHERS or 0, 0, nil, {}, '', false
    for name, e in pairs(r.hung) do
      if name == 0 or not plain(r, e) then
        extra[#extra + 1] = encode_extra(e)
      elseif name == READING then
        f, read = f + F.READ, reading(e.ms, e.pct)
      else
        f = f + F.VIEW * 2 ^ (name - 1)
      end
    end
    for _, id in ipairs(r.ids) do extra[#extra + 1] = '\0' .. id end
    extra = table.concat(extra)
    if r.as_hop then
      f, facts = f + F.AS_HOP, short_hop(r.hop)
    elseif r.at then
      facts, g, together = encode_facts(r, read)
    else
      g = G.SHELL
    end
    if r.ambiguous then g = g + G.AMBIGUOUS end
    if extra ~= '' then g, extra = g + G.EXTRA, pack('>I3', #extra) .. extra end
    local flags = g > 0 and char(f + F.MORE, g) or char(f)
    return r.o .. flags .. facts .. (read and not together and pack('>I3', read) or '') .. extra
  end
end
