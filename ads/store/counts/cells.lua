-- Cells: figures of one hour by one dimension, and how long and how far opens were read.
local cells, reads, arrivals = {}, {}, {}

local function bump(at, ad, dimension, key, figure, by)
  local hour = floor(at / HOUR)
  local day = floor(hour / 24)
  local field = char(ad, hour % 24) .. dimension .. key
  cells[day] = cells[day] or {}
  local cell = cells[day][field]
  if not cell then
    cell = {}
    cells[day][field] = cell
  end
  cell[figure] = (cell[figure] or 0) + by
end

-- What the ledger alone knows of: repeated, pending, refused.
local function tally(at, ad, figure, by)
  bump(at, ad, 'T', '', figure, by)
end

-- A figure in the totals and in each dimension of its open (`c`). Gathered by the whole context
-- first: most events of a call share theirs with others.
local GROUP = '>I3BI2BBBI2'
local groups = {}
local function figure(at, ad, c, which, by)
  local key = pack(GROUP, floor(at / HOUR), ad, c.depth, c.v, c.c, c.e, c.s)
  local group = groups[key]
  if not group then
    group = {}
    groups[key] = group
  end
  group[which] = (group[which] or 0) + by
end

-- Unknown keys have no cell: they are what the totals have left.
local function spread_groups()
  for key, group in pairs(groups) do
    local hour, ad, deep, v, c, e, s = unpack_(GROUP, key)
    for which, by in pairs(group) do
      bump(hour * HOUR, ad, 'T', '', which, by)
      bump(hour * HOUR, ad, 'd', pack('>I2', deep), which, by)
      if v > 0 then bump(hour * HOUR, ad, 'v', char(v), which, by) end
      if c > 0 then bump(hour * HOUR, ad, 'c', char(c), which, by) end
      if e > 0 then bump(hour * HOUR, ad, 'e', char(e), which, by) end
      if s > 0 then bump(hour * HOUR, ad, 'o', pack('>I2', s), which, by) end
    end
  end
end

-- Reading times are kept to four significant digits: exact below ten seconds.
local function rounded(ms)
  local unit = 1
  while ms / unit >= 10000 do unit = unit * 10 end
  return floor(ms / unit + 0.5) * unit
end

local function read_(at, ad, ms, pct, by)
  local hour = floor(at / HOUR)
  local day, start = floor(hour / 24), char(ad, hour % 24)
  reads[day] = reads[day] or {}
  for _, field in ipairs({start .. 'm' .. pack('>I4', rounded(ms)), start .. 'p' .. char(pct)}) do
    reads[day][field] = (reads[day][field] or 0) + by
  end
end

-- Arrivals of readers, by second: for the time after which half of them were here.
local function arrive(at, by)
  local hour, second = floor(at / HOUR), floor(at % HOUR / 1000)
  add('h' .. pack('>I3', hour), by)
  arrivals[hour] = arrivals[hour] or {}
  arrivals[hour][second] = (arrivals[hour][second] or 0) + by
end

local declared = {}
for i, day in ipairs(DAYS) do
  declared[day] = {cells = KEYS[10 + 2 * BUCKETS + 2 * i - 1], reads = KEYS[10 + 2 * BUCKETS + 2 * i]}
end

-- Days that are touched but were not given keys for.
local function undeclared()
  local missing = {}
  for day in pairs(cells) do
    if not declared[day] then missing[#missing + 1] = day end
  end
  return missing
end

local function summed(field, raw, more)
  local cell, any = raw and cmsgpack.unpack(raw) or {}, false
  for i = 1, sub(field, 3, 3) == 'T' and FIGURES or READERS do
    cell[i] = (cell[i] or 0) + (more[i] or 0)
    any = any or cell[i] ~= 0
  end
  return any and cmsgpack.pack(cell)
end

local function flush_day(key, more)
  local fields = {}
  for field in pairs(more) do fields[#fields + 1] = field end
  local values = fetch(key, fields)
  for i, field in ipairs(fields) do
    local cell = summed(field, values[i], more[field])
    if cell then write('HSET', key, field, cell) else write('HDEL', key, field) end
  end
end

local function flush_cells()
  for day, more in pairs(cells) do
    local noted = 'D' .. pack('>I2', day)
    flush_day(declared[day].cells, more)
    if not names[noted] then write('HSET', NAMES, noted, 1) end
  end
  for day, numbers in pairs(reads) do flush_numbers(declared[day].reads, numbers) end
end

local function flush_arrivals()
  for hour, more in pairs(arrivals) do
    local field, seconds = pack('>I3', hour), {}
    local raw = call('HGET', ARRIVE, field) or ''
    for at = 1, #raw, 5 do
      local second, count = unpack_('>I2I3', raw, at)
      more[second] = (more[second] or 0) + count
    end
    for second, count in pairs(more) do
      if count > 0 then seconds[#seconds + 1] = second end
    end
    table.sort(seconds)
    for i, second in ipairs(seconds) do seconds[i] = pack('>I2I3', second, more[second]) end
    if seconds[1] then write('HSET', ARRIVE, field, table.concat(seconds)) else write('HDEL', ARRIVE, field) end
  end
end
