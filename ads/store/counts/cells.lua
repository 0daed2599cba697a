-- Cells: figures of one hour by one dimension, and counts of values: reading times ('m'), how far readers
-- read ('p'), the seconds in which readers came ('a', under no ad). Each day and dimension is a field of
-- BODY: a sequence of sections by hour and ad; a long section has a field of its own.
-- Changes are first gathered by their whole context (`groups`): most events of a call share it with others.
local cells
each_call(function() cells = {} end)

local section
do
  local by_hour
  each_call(function() by_hour = {} end)

  local function new_section(hour, ad, dimension)
    -- Events of an ad or a day that was forgotten change nothing.
    if forgotten_ads[ad] or forgotten_days[floor(hour / 24)] then return {} end
    local name = pack('>I2', floor(hour / 24)) .. dimension
    local place = (hour % 24) * 256 + ad
    cells[name] = cells[name] or {}
    cells[name][place] = cells[name][place] or {}
    return cells[name][place]
  end

  function section(at, ad, dimension)
    local hour = floor(at / HOUR)
    local key = hour * 256 + ad
    local of_hour = by_hour[key]
    if not of_hour then
      of_hour = {}
      by_hour[key] = of_hour
    end
    local found = of_hour[dimension]
    if not found then
      found = new_section(hour, ad, dimension)
      of_hour[dimension] = found
    end
    return found
  end
end

local function cell_of(at, ad, dimension, key)
  local into = section(at, ad, dimension)
  local found = into[key]
  if not found then
    found = {}
    into[key] = found
  end
  return found
end

local function bump(at, ad, dimension, key, figure, by)
  local into = cell_of(at, ad, dimension, key)
  into[figure] = (into[figure] or 0) + by
end

-- Figures of the ledger alone: repeated, pending, refused.
local function tally(at, ad, figure, by)
  bump(at, ad, 'T', 0, figure, by)
end

local figure, spread_groups
do
  local groups
  each_call(function() groups = {} end)

  -- A figure in the totals and in each dimension of its open (`c`).
  function figure(at, ad, c, which, by)
    local key = pack('>I3BI2BBBI2', floor(at / HOUR), ad, c.depth, c.v, c.c, c.e, c.s)
    local group = groups[key]
    if not group then
      group = {at = at, ad = ad, T = 0, d = c.depth, v = c.v, c = c.c, e = c.e, o = c.s, by = {}}
      groups[key] = group
    end
    group.by[which] = (group.by[which] or 0) + by
  end

  -- Unknown keys have no cell: they are the totals' rest.
  function spread_groups()
    local dimensions = {'T', 'd', 'v', 'c', 'e', 'o'}
    for _, group in pairs(groups) do
      for _, dimension in ipairs(dimensions) do
        local key = group[dimension]
        local into = (key > 0 or dimension == 'T') and cell_of(group.at, group.ad, dimension, key)
        for which, by in pairs(into and group.by or {}) do into[which] = (into[which] or 0) + by end
      end
      if group.d > 1 and group.by[READERS] then bump(group.at, group.ad, 'T', 0, FORWARDED, group.by[READERS]) end
    end
  end
end

local function one_more(at, ad, dimension, value, by)
  local into = section(at, ad, dimension)
  into[value] = (into[value] or 0) + by
end

-- Reading times are kept to four significant digits: exact below ten seconds. They are written as
-- those digits, and how often to take them by ten, in the upper bits: in order of the times.
local function rounded(ms)
  local unit = 1
  while ms / unit >= 10000 do unit = unit * 10 end
  return floor(ms / unit + 0.5) * unit
end

local function time_code(ms)
  local tens = 0
  while ms >= 10000 do ms, tens = ms / 10, tens + 1 end
  return tens * 16384 + ms
end

local function read_(at, ad, ms, pct, by)
  one_more(at, ad, 'm', time_code(ms), by)
  one_more(at, ad, 'p', pct, by)
end

-- Arrivals of readers, by second: for the time after which half of them were here.
local function arrive(at, by)
  add('h' .. pack('>I2', floor(at / DAY)), by)
  one_more(at, 0, 'a', floor(at % HOUR / 1000), by)
end

local flush_cells
do
  -- Longer sections get a field of their own. With more readings than this in an hour, only three digits
  -- are kept, so that a section never has more than a few thousand values.
  local LONG, PRECISE, FEW, HALVED, AWAY, COARSE, WHOLE_DAY = 1500, 4096, 64, 128, 64, 32, 24
  local COUNTS = {m = true, p = true, a = true}

  -- A section begins with its hour, and whether it stands elsewhere, has coarse values (or slim cells), or
  -- figures in half bytes (of slim ones: few keys; of reading times: few, and plain); then ad and length.
  local function cut_sections(raw)
    local list, at = {}, 1
    while at <= #raw do
      local s, length = {}, nil
      s.flags, s.ad, at = unpack_('BB', raw, at)
      s.hour, s.away, s.coarse = s.flags % 32, has(s.flags, AWAY), has(s.flags, COARSE)
      s.halved = has(s.flags, HALVED)
      length, at = coded.read_number(raw, at)
      s.raw, at = sub(raw, at, at + length - 1), at + length
      list[#list + 1] = s
    end
    return list
  end

  local function change(name, s, more)
    local dimension, field = sub(name, 3, 3), name .. char(s.hour, s.ad)
    local raw = s.away and call('HGET', BODY, field) or s.raw
    if COUNTS[dimension] then
      local sums, total = coded.add_counts(raw, more, s.coarse, s.halved)
      if dimension == 'm' and total > PRECISE and not s.coarse then
        s.coarse = true
        sums = coded.add_counts(raw, more, true, s.halved)
      end
      s.halved = dimension == 'm' and total <= FEW
      raw = coded.write_counts(sums, s.halved)
    else
      raw = coded.add_figures(s, raw, more, dimension)
    end
    if #raw > LONG then write('HSET', BODY, field, raw) elseif s.away then write('HDEL', BODY, field) end
    s.away, s.empty = #raw > LONG, raw == ''
    s.raw = s.away and '' or raw
  end

  local function join_sections(list)
    local parts = {}
    for _, s in ipairs(list) do
      if not s.empty then
        local flags = s.hour + (s.coarse and COARSE or 0) + (s.away and AWAY or 0) + (s.halved and HALVED or 0)
        parts[#parts + 1] = char(flags, s.ad) .. coded.number(#s.raw) .. s.raw
      end
    end
    return table.concat(parts)
  end

  local function flush_field(name, more)
    local list, found = cut_sections(call('HGET', BODY, name) or ''), {}
    for _, s in ipairs(list) do found[s.hour * 256 + s.ad] = s end
    for place, by in pairs(more) do
      -- A day whose hours were put together has the rest of them in one section too.
      local s = found[WHOLE_DAY * 256 + place % 256] or found[place]
      if not s then
        s = {hour = floor(place / 256), ad = place % 256, raw = ''}
        list[#list + 1] = s
      end
      change(name, s, by)
    end
    local raw = join_sections(list)
    if raw == '' then write('HDEL', BODY, name) else write('HSET', BODY, name, raw) end
  end

  -- Which days have cells stands in BODY at 'D'.
  function flush_cells()
    local days, noted = call('HGET', BODY, 'D') or '', {}
    for at = 1, #days, 2 do noted[sub(days, at, at + 1)] = true end
    local before_ = #days
    for name, more in pairs(cells) do
      flush_field(name, more)
      local day = sub(name, 1, 2)
      if not noted[day] then days, noted[day] = days .. day, true end
    end
    if #days > before_ then write('HSET', BODY, 'D', days) end
  end
end
