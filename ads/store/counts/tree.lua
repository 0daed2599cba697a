-- The tree's edges and the figures kept over them: each hop's readers below it, the sums of sizes
-- and of their squares (structural virality), the branches and their widths by depth. An edge
-- always leads one depth up, so no cycle can form; a hop whose parent has not been seen (a stray)
-- and a capped one hang from the sharer's link.
local profiles, queued
each_call(function() profiles, queued = {}, nil end)

local function hangs(h)
  return h.depth == 1 or h.capped or h.stray
end

local attach, detach
do
  -- Readers below a branch's first hop by depth, from the next one on; false once a subtree has left the
  -- branch, whose widths are not known: whoever reads the figures counts them anew.
  local function profile(top)
    local known = profiles[top.key]
    if known == nil then
      local raw = call('HGET', PROFILE, top.key)
      known = {}
      if raw == '!' then known = false elseif raw then known = cmsgpack.unpack(raw) end
      profiles[top.key] = known
    end
    return known
  end

  -- Adds `by` readers to all ancestors of h; returns the first hop of its branch.
  local function climb(h, by)
    while not hangs(h) do
      h = hop(h.parent)
      add('1', by)
      add('2', by * (2 * h.size + by))
      h.size, h.dirty = h.size + by, true
    end
    return h
  end

  local function widen(top, h)
    if not ranked then return end
    local wide, more = profile(top), h.size > 1 and profile(h) or (h.size == 1 and {} or false)
    if not wide or not more then
      profiles[top.key] = false
    else
      local below = h.depth - top.depth
      wide[below] = (wide[below] or 0) + 1
      for i, count in ipairs(more) do wide[below + i] = (wide[below + i] or 0) + count end
    end
    if h.size > 1 then profiles[h.key] = {} end
  end

  local function narrow(top, h)
    if not ranked then return end
    local wide, below = profile(top), h.depth - top.depth
    if wide and h.size == 1 then
      wide[below] = wide[below] - 1
      if wide[below] == 0 then wide[below] = nil end
    else
      profiles[top.key] = false
      if h.size > 1 then profiles[h.key] = false end
    end
  end

  function attach(h)
    h.dirty = true
    if h.depth == 1 or h.capped then return end
    local parent = hop(h.parent)
    if not parent then
      h.stray = true
      add('o', 1)
      strays[h.parent .. h.key] = true
      kin[h.parent] = kin[h.parent] or {}
      table.insert(kin[h.parent], h.key)
      return
    end
    h.stray = false
    parent.kids = parent.kids + 1
    if h.size == 1 then news.tell(parent, hangs(parent)) else news.moved = true end
    widen(climb(h, h.size), h)
  end

  function detach(h)
    h.dirty = true
    if h.stray then
      h.stray = false
      add('o', -1)
      strays[h.parent .. h.key] = false
    elseif not hangs(h) then
      local parent = hop(h.parent)
      parent.kids, news.moved = parent.kids - 1, true
      narrow(climb(h, -h.size), h)
    end
  end
end

local adopt_all
do
  local function home(key, parent)
    local h = hop(key)
    if h and h.stray and h.parent == parent then
      detach(h)
      attach(h)
    end
  end

  -- Attaches hops that waited for this parent, at most `most` of those in the store; returns how many, and
  -- whether more are left.
  local function adopt(parent, most)
    if not hop(parent) then return 0, false end
    for _, key in ipairs(kin[parent] or {}) do home(key, parent) end
    local to = '(' .. parent .. string.rep('\255', 10)
    local left = call('ZRANGEBYLEX', STRAY, '[' .. parent, to, 'LIMIT', 0, most + 1)
    for i = 1, math.min(#left, most) do home(sub(left[i], 10), parent) end
    return math.min(#left, most), #left > most
  end

  -- Parents that came in this call, and parents with too many waiting hops for one call (noted in the head).
  function adopt_all()
    local asked = queue .. table.concat(parents)
    if asked == '' or (not next(kin) and call('EXISTS', STRAY) == 0) then return false end
    local rest, left = {}, MOST
    for at = 1, #asked, 9 do
      local parent = sub(asked, at, at + 8)
      local adopted, more = adopt(parent, left)
      left = left - adopted
      if more then rest[#rest + 1] = parent end
    end
    rest = table.concat(rest)
    if rest ~= queue then queued = rest end
    return rest ~= ''
  end
end

local flush_tree
do
  -- The ranks have all whose size is at the floor or above.
  local function rank(key, h, size, belongs, was)
    if belongs and size >= floors[key] then
      write('ZADD', key, size, h.key)
    elseif was then
      write('ZREM', key, h.key)
    end
  end

  function flush_tree()
    for _, h in ipairs(ranked and touched() or {}) do
      rank(FORWARD, h, h.size - 1, h.kids > 0 and not h.gone, h.led)
      rank(BRANCH, h, h.size, h.size > 1 and hangs(h) and not h.gone, h.rooted)
    end
    if queued then write('HSET', HEAD, 'q', queued) end
    for key, wide in pairs(profiles) do
      local h = hop(key)
      if not (h and not h.gone and h.size > 1 and hangs(h)) then
        write('HDEL', PROFILE, key)
      else
        write('HSET', PROFILE, key, wide and cmsgpack.pack(wide) or '!')
      end
    end
    for edge, waits in pairs(strays) do
      if waits then write('ZADD', STRAY, 0, edge) else write('ZREM', STRAY, edge) end
    end
  end
end

-- After the writes: if too many are ranked, the smaller ones are dropped, and the floor rises above them. One
-- that grows to the floor is ranked again, since every change of a size passes here.
local function raise_floors()
  for field, key in pairs(ranked and {F = FORWARD, B = BRANCH} or {}) do
    if call('ZCARD', key) > RANKED then
      local floor_ = tonumber(call('ZREVRANGE', key, LEFT - 1, LEFT - 1, 'WITHSCORES')[2])
      if floor_ > floors[key] then
        call('ZREMRANGEBYSCORE', key, '-inf', '(' .. floor_)
        call('HSET', HEAD, field, floor_)
      end
    end
  end
end
