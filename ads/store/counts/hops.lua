-- Readers: a hop counts in the hour of its earliest counted open, with the dimensions and the parent of
-- that open.

-- The one of two opens that was received first; in the same millisecond, the one whose content sorts first,
-- so that the order of folding does not matter. Compared bytewise: Lua would use the server's locale.
local function sorts(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = byte(a, i), byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local earlier
do
  local function content(c)
    return table.concat({
      c.hop or c.key, c.parent, spell('a', c.ad), spell('v', c.v), spell('c', c.c), spell('e', c.e), spell('o', c.s),
    }, '\0')
  end

  function earlier(a, b)
    if a.at ~= b.at then return a.at < b.at end
    return sorts(content(a), content(b))
  end
end

local function arrived(h, by)
  figure(h.at, h.ad, h, READERS, by)
  arrive(h.at, by)
end

local function stand(h, r)
  h.at, h.ad, h.v, h.c, h.e, h.s = r.at, r.ad, r.v, r.c, r.e, r.s
  arrived(h, 1)
end

local function born(r)
  local h = {key = r.hop, depth = r.depth, parent = r.parent}
  h.size, h.kids, h.page = 1, 0, page_of(r.hop)
  h.marked = clashes(r.hop)
  r.as_hop = not h.marked and not r.ambiguous
  h.capped = h.depth == 1023 and depth(h.parent) == 1023
  h.conflict, h.stray = false, false
  -- One that went in this same call leaves what must still be taken out of the store.
  local gone = graves[r.hop]
  if gone then h.led, h.rooted = gone.led, gone.rooted else h.new = true end
  hops[r.hop] = h
  add('n', 1)
  add('w' .. pack('>I2', h.depth), 1)
  add('1', 1)
  add('2', 1)
  if h.capped then add('c', 1) end
  stand(h, r)
  attach(h)
  parents[#parents + 1] = r.hop
end

local function differ(h, yes)
  if h.conflict ~= yes then
    h.conflict, h.dirty = yes, true
    add('x', yes and 1 or -1)
  end
end

local function under(h, parent)
  if h.parent == parent then return end
  detach(h)
  if h.capped then add('c', -1) end
  h.parent = parent
  h.capped = h.depth == 1023 and depth(parent) == 1023
  if h.capped then add('c', 1) end
  attach(h)
end

-- The hop's first form is kept, since the open that made it may be stored as a reference to it.
local function follow(h, r)
  if not h.init then
    h.init = {}
    place(h.init, h)
  end
  h.dirty = true
  arrived(h, -1)
  stand(h, r)
  under(h, r.parent)
end

local function enter(r)
  local h = hop(r.hop)
  if not h then return born(r) end
  if r.parent ~= h.parent then differ(h, true) end
  if earlier(r, h) then follow(h, r) end
end

-- The children of a hop that is removed, which is rare: hops one depth deeper that name it.
local function children(key)
  local found, from = {}, (depth(key) + 1) * 16
  local first = page_name(DIR, pack('>I2', from) .. string.rep('\0', 7))
  local names = call('ZRANGEBYLEX', DIR, '(' .. first, '(' .. pack('>I2', from + 16))
  names[#names + 1] = first
  for i, raw in ipairs(fetch(BODY, names)) do
    if raw and string.find(raw, key, 1, true) then
      for at in each_record(page(names[i]), hop_size) do hop(sub(raw, at, at + 8)) end
    end
  end
  for _, h in pairs(hops) do
    if h and h.parent == key and not hangs(h) then found[h.key] = h end
  end
  return found
end

local function gone(h)
  local left = h.kids > 0 and children(h.key) or {}
  for _, child in pairs(left) do detach(child) end
  differ(h, false)
  arrived(h, -1)
  detach(h)
  add('n', -1)
  add('w' .. pack('>I2', h.depth), -1)
  add('1', -1)
  add('2', -1)
  if h.capped then add('c', -1) end
  graves[h.key], hops[h.key], h.gone = h, false, true
  if refs[sub(h.key, 1, 4)] == h.key then refs[sub(h.key, 1, 4)] = nil end
  for _, child in pairs(left) do attach(child) end
end

-- The hop stands by the opens it has: after one of them moved to another hop or changed its parent. Of
-- very many (nobody reads a page so often) not all are looked at: then it stays in conflict if it was.
local function review(h)
  local first, named = nil, {}
  local list, whole = opens_of(h)
  for _, r in ipairs(list) do
    if not first or earlier(r, first) then first = r end
    named[r.parent] = true
  end
  return first, named, whole
end

-- `old` is an open's content before an earlier open of the same id, now in `r`, replaced it.
local function displace(old, r)
  local h = hop(old.hop)
  if old.hop == r.hop then
    if earlier(r, h) then follow(h, r) end
    if old.parent == r.parent then return end
  elseif old.parent == h.parent and earlier(h, old) then
    return -- one of several that say the same
  end
  local first, named, whole = review(h)
  if old.hop ~= r.hop and not earlier(h, old) then
    if not first then return gone(h) end
    follow(h, first)
  end
  named[h.parent] = nil
  if whole or next(named) then differ(h, next(named) ~= nil) end
end
