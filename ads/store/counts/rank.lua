-- Ranks the forwarders and branches of a share that is no longer small, or whose hops are dropped, and notes
-- the branches' widths; from then on the fold keeps both up to date.
local rank_all
do
  -- What a hop's record says of its place in the tree.
  local function tree_facts(raw, at)
    local function depth_of(key)
      return byte(key, 1) * 16 + math.floor(byte(key, 2) / 16)
    end
    local flags, h = byte(raw, at + 9), {key = sub(raw, at, at + 8), size = 1, kids = 0, parent = ''}
    local behind = at + (has(flags, H.NARROW) and 18 or 21)
    if has(flags, H.PARENT) then h.parent, behind = sub(raw, behind, behind + 8), behind + 9 end
    if has(flags, H.SMALL) then h.size, h.kids = byte(raw, behind, behind + 1) end
    if has(flags, H.BIG) then h.size, h.kids = struct.unpack('>I3I3', raw, behind) end
    h.depth = depth_of(h.key)
    h.hangs = h.depth == 1 or has(flags, H.STRAY) or (h.depth == 1023 and depth_of(h.parent) == 1023)
    return h
  end

  -- Every hop, shallow ones first.
  local function all_hops(dir, body)
    local names, found = redis.call('ZRANGE', dir, 0, -1), {}
    names[#names + 1] = FIRST
    for _, name in ipairs(names) do
      local raw = redis.call('HGET', body, name) or ''
      for at in each_record(raw, hop_size) do found[#found + 1] = tree_facts(raw, at) end
    end
    table.sort(found, function(a, b) return a.depth < b.depth end)
    return found
  end

  function rank_all(head, dir, body, forward, branch, profile)
    if redis.call('HGET', head, 'R') then return end
    local top, wide = {}, {}
    for _, h in ipairs(all_hops(dir, body)) do
      if h.kids > 0 then redis.call('ZADD', forward, h.size - 1, h.key) end
      if h.hangs then
        top[h.key] = h
        if h.size > 1 then
          redis.call('ZADD', branch, h.size, h.key)
          wide[h.key] = {}
        end
      else
        local first = top[h.parent]
        local widths, below = wide[first.key], h.depth - first.depth
        top[h.key], widths[below] = first, (widths[below] or 0) + 1
      end
    end
    for key, widths in pairs(wide) do redis.call('HSET', profile, key, cmsgpack.pack(widths)) end
    redis.call('HSET', head, 'R', 1)
  end
end
