-- Hops: fixed-size records in sorted pages, so that a hop takes few bytes and a page of them in
-- order is one read. DIR holds each page's first hop; PAGES the page.
local WIDTH, FULL, FIRST = 39, 32, string.rep('\0', 9)
local FORM = '>c9I5BBBBI2c9I3I3I3B'
-- `graves`: hops that went in this call. `parents`: those that came. `strays`: edges that wait for
-- their parent, or no longer; `kin`: who began to wait in this call, by parent.
local pages, hops, graves, parents, strays, kin = {}, {}, {}, {}, {}, {}

local homes = {}
local function page_of(key)
  homes[key] = homes[key] or call('ZREVRANGEBYLEX', DIR, '[' .. key, '-', 'LIMIT', 0, 1)[1] or FIRST
  return homes[key]
end

local function page(first)
  pages[first] = pages[first] or call('HGET', PAGES, first) or ''
  return pages[first]
end

-- Whether the nine bytes at `at` come before those of `key`. As numbers: Lua compares strings by
-- the server's locale, the directory bytewise.
local function before(raw, at, key)
  local a, b = unpack_('>I4I5', raw, at)
  local c, d = unpack_('>I4I5', key)
  return a < c or (a == c and b < d)
end

-- Where the record stands in a page, or would, counted from 0; and whether it is there.
local function locate(raw, key)
  local low, high = 0, #raw / WIDTH
  while low < high do
    local middle = floor((low + high) / 2)
    if before(raw, middle * WIDTH + 1, key) then low = middle + 1 else high = middle end
  end
  return low, sub(raw, low * WIDTH + 1, low * WIDTH + 9) == key
end

local function decode_hop(raw, at)
  local h, flags = {}, nil
  h.key, h.at, h.ad, h.v, h.c, h.e, h.s, h.parent, h.size, h.kids, h.opens, flags = unpack_(FORM, raw, at)
  h.depth = depth(h.key)
  h.capped = h.depth == 1023 and depth(h.parent) == 1023
  if h.depth == 1 then h.parent = '' end
  h.conflict, h.stray = flags % 2 == 1, flags >= 2
  return h
end

local function encode_hop(h)
  local flags = (h.conflict and 1 or 0) + (h.stray and 2 or 0)
  local parent = h.parent == '' and FIRST or h.parent
  return pack(FORM, h.key, h.at, h.ad, h.v, h.c, h.e, h.s, parent, h.size, h.kids, h.opens, flags)
end

-- The hop, or nil if no counted open named it.
local function hop(key)
  local h = hops[key]
  if h == nil then
    local first = page_of(key)
    local at, there = locate(page(first), key)
    h = there and decode_hop(page(first), at * WIDTH + 1) or false
    hops[key] = h
    if h then
      h.page, h.led, h.rooted = first, h.kids > 0, h.size > 1 and (h.depth == 1 or h.capped or h.stray)
    end
  end
  return h or nil
end

local function merged(raw, changed)
  local parts, at = {}, 0
  table.sort(changed, function(a, b) return before(a.key, 1, b.key) end)
  for _, h in ipairs(changed) do
    local place, there = locate(raw, h.key)
    parts[#parts + 1] = sub(raw, at * WIDTH + 1, place * WIDTH)
    if h.opens > 0 then parts[#parts + 1] = encode_hop(h) end
    at = there and place + 1 or place
  end
  parts[#parts + 1] = sub(raw, at * WIDTH + 1)
  return table.concat(parts)
end

local function store_page(first, raw)
  local count = #raw / WIDTH
  if count == 0 then
    write('HDEL', PAGES, first)
    write('ZREM', DIR, first)
    return
  end
  local pieces = math.max(1, math.ceil(count / FULL))
  local each = math.ceil(count / pieces) * WIDTH
  for from = 1, #raw, each do
    local name = from == 1 and first or sub(raw, from, from + 8)
    write('HSET', PAGES, name, sub(raw, from, from + each - 1))
    if name ~= first or page(first) == '' then write('ZADD', DIR, 0, name) end
  end
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

local function flush_pages()
  local changed = {}
  for _, h in ipairs(touched()) do
    changed[h.page] = changed[h.page] or {}
    table.insert(changed[h.page], h)
  end
  for first, list in pairs(changed) do store_page(first, merged(page(first), list)) end
end
