-- Hops: records in pages by ranges of ids, so that a hop takes few bytes and a page of nodes is one
-- read. DIR has the first id of every page but the lowest, whose name is FIRST; BODY has the pages.
-- A record: id, flags, time, dimensions, parent (deeper than depth 1), sizes unless it is a leaf, and its
-- first form if an earlier open changed it (`nodes.py` reads them).
local FULL = 1300
-- Of this call: `graves`: hops removed. `parents`: hops added. `strays`: edges that wait for their parent, or
-- no longer do; `kin`: hops that began to wait, by parent; `refs`: hops added, by the short form of the id.
local pages, hops, graves, parents, strays, kin, refs
each_call(function() pages, hops, graves, parents, strays, kin, refs = {}, {}, {}, {}, {}, {}, {} end)

-- Whether the nine bytes of one come before those of the other. As numbers: Lua compares strings by
-- the server's locale, the directory bytewise.
local function before(one, other)
  local a, b = unpack_('>I4I5', one)
  local c, d = unpack_('>I4I5', other)
  return a < c or (a == c and b < d)
end

-- The page of an id, and the last page of ids that begin with the same four bytes, mostly the same page:
-- both are read at once.
local page_of, last_page_of
do
  local homes, lasts
  each_call(function() homes, lasts = {}, {} end)

  function last_page_of(ref)
    lasts[ref] = lasts[ref] or page_name(DIR, ref .. '\255\255\255\255\255')
    return lasts[ref]
  end

  function page_of(key)
    if not homes[key] then
      local last = last_page_of(sub(key, 1, 4))
      homes[key] = before(key, last) and page_name(DIR, key) or last
    end
    return homes[key]
  end
end

local function page(first)
  pages[first] = pages[first] or call('HGET', BODY, first) or ''
  return pages[first]
end

local decode_hop, encode_hop
do
  local function decode_place(raw, at, narrow)
    local p = {ad = 1}
    p.at, at = unpack_('>I5', raw, at)
    if narrow then
      local both
      both, p.c, p.s, at = unpack_('>BBB', raw, at)
      p.v, p.e = floor(both / 16), both % 16
    else
      p.ad, p.v, p.c, p.e, p.s, at = unpack_('>BBBBI2', raw, at)
    end
    return p, at
  end

  local function narrow(p)
    return p.ad == 1 and p.v < 16 and p.e < 16 and p.s < 256
  end

  local function encode_place(p, thin)
    if thin then return pack('>I5BBB', p.at, p.v * 16 + p.e, p.c, p.s) end
    return pack('>I5BBBBI2', p.at, p.ad, p.v, p.c, p.e, p.s)
  end

  function decode_hop(raw, at)
    local key, flags = sub(raw, at, at + 8), byte(raw, at + 9)
    local h
    h, at = decode_place(raw, at + 10, has(flags, H.NARROW))
    h.key, h.depth, h.parent = key, depth(key), ''
    h.size, h.kids = 1, 0
    if has(flags, H.PARENT) then h.parent, at = unpack_('c9', raw, at) end
    if has(flags, H.SMALL) then h.size, h.kids, at = unpack_('BB', raw, at) end
    if has(flags, H.BIG) then h.size, h.kids, at = unpack_('>I3I3', raw, at) end
    if has(flags, H.INIT) then
      h.init, at = decode_place(raw, at, false)
      h.init.parent = sub(raw, at, at + 8)
      if h.depth == 1 then h.init.parent = '' end
    end
    h.capped = h.depth == 1023 and depth(h.parent) == 1023
    h.conflict, h.stray, h.marked = has(flags, H.CONFLICT), has(flags, H.STRAY), has(flags, H.MARKED)
    return h
  end

  function encode_hop(h)
    local thin, most = narrow(h), math.max(h.size, h.kids)
    local parts, flags = {h.key, '', encode_place(h, thin), h.parent}, thin and H.NARROW or 0
    if h.conflict then flags = flags + H.CONFLICT end
    if h.stray then flags = flags + H.STRAY end
    if h.marked then flags = flags + H.MARKED end
    if h.parent ~= '' then flags = flags + H.PARENT end
    if most > 255 then
      flags = flags + H.BIG
      parts[5] = pack('>I3I3', math.min(h.size, 2 ^ 24 - 1), math.min(h.kids, 2 ^ 24 - 1))
    elseif most > 1 or h.kids > 0 then
      flags = flags + H.SMALL
      parts[5] = char(h.size, h.kids)
    end
    if h.init then
      flags = flags + H.INIT
      parts[#parts + 1] = encode_place(h.init, false) .. (h.init.parent == '' and FIRST or h.init.parent)
    end
    parts[2] = char(flags)
    return table.concat(parts)
  end
end

-- The hop, or nil if no counted open has it.
local function hop(key)
  local h = hops[key]
  if h == nil then
    local first = page_of(key)
    local at = seek(page(first), key, hop_size)
    h = at and decode_hop(page(first), at) or false
    hops[key] = h
    if h then
      h.page, h.led, h.rooted = first, h.kids > 0, h.size > 1 and (h.depth == 1 or h.capped or h.stray)
    end
  end
  return h or nil
end

-- Calls `see` with the records of all hops in the store whose ids begin so, until it answers.
local function each_kindred(ref, see)
  local first = last_page_of(ref)
  while true do
    local raw = page(first)
    local at = seek(raw, ref, hop_size)
    while at do
      local found = see(raw, at)
      if found then return found end
      at = seek(raw, ref, hop_size, at + hop_size(raw, at))
    end
    if sub(first, 1, 4) ~= ref then return nil end
    first = call('ZREVRANGEBYLEX', DIR, '(' .. first, '-', 'LIMIT', 0, 1)[1] or FIRST
  end
end

-- The hop that the first four bytes of an id stand for: of those whose ids begin so, the first that
-- came. The others are marked. Where many of them are, somebody may have made them up: BODY notes at
-- 'uu' which one it is.
local function hop_by(ref)
  if refs[ref] then return hop(refs[ref]) end
  local begins = sub(last_page_of(ref), 1, 4) == ref
  local noted = begins and call('HGET', BODY, 'uu' .. ref)
  local found = noted and hop(noted)
  if found then return found end
  local passed = 0
  local key = each_kindred(ref, function(raw, at)
    if not has(byte(raw, at + 9), H.MARKED) then return sub(raw, at, at + 8) end
    passed = passed + 1
  end)
  if key and begins and passed > 16 then write('HSET', BODY, 'uu' .. ref, key) end
  return key and hop(key)
end

-- Whether a hop that comes must be marked.
local function clashes(key)
  local ref = sub(key, 1, 4)
  if refs[ref] or each_kindred(ref, function() return true end) then return true end
  refs[ref] = key
  return false
end

-- Hops that came, went or changed in this call.
local function touched()
  local list = {}
  for _, h in pairs(hops) do
    if h and h.dirty then list[#list + 1] = h end
  end
  for key, h in pairs(graves) do
    if not hops[key] then list[#list + 1] = h end
  end
  return list
end

local flush_pages
do
  local function cut(raw)
    local list = {}
    for at in each_record(raw, hop_size) do list[#list + 1] = sub(raw, at, at + hop_size(raw, at) - 1) end
    table.sort(list, before)
    return list
  end

  local function store_page(first, raw)
    if #raw == 0 then
      write('HDEL', BODY, first)
      if first ~= FIRST then write('ZREM', DIR, first) end
      return
    end
    local list = #raw > FULL and cut(raw) or {raw}
    local each, name, part = #raw / math.ceil(1.5 * #raw / FULL), first, ''
    for i, record in ipairs(list) do
      part = part .. record
      if #part >= each or i == #list then
        write('HSET', BODY, name, part)
        if name ~= FIRST and (name ~= first or page(first) == '') then write('ZADD', DIR, 0, name) end
        name, part = list[i + 1] and sub(list[i + 1], 1, 9), ''
      end
    end
  end

  function flush_pages()
    local changed, added = {}, {}
    for _, h in ipairs(touched()) do
      local raw, new = changed[h.page] or page(h.page), h.new and not h.gone
      if new then
        added[h.page] = added[h.page] or {}
        table.insert(added[h.page], encode_hop(h))
      end
      changed[h.page] = new and raw or spliced(raw, h.key, hop_size, not h.gone and encode_hop(h) or nil)
    end
    for first, raw in pairs(changed) do store_page(first, raw .. table.concat(added[first] or {})) end
  end
end
