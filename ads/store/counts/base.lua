-- One share's fold: what every part of the library uses. The parts are joined in the order
-- walk, rank, base, coded, cells, late, pages, news, leaves, packed, opens, tree, hops, events, main. Nothing is
-- written before the flushes.
--
-- The store keeps the library, because every call of a script would make its functions anew: a third of the
-- time of a call with one event. So the state of a call is set when the call begins (`each_call`), part by part.
local each_call, begin_all
do
  local begins = {}
  function each_call(begin) begins[#begins + 1] = begin end

  function begin_all()
    for _, begin in ipairs(begins) do begin() end
  end
end

-- KEYS: HEAD NAMES DIR BODY FORWARD BRANCH PROFILE STRAY WAIT, then buckets of opens, newest first.
-- ARGV: segment, now, events (packed), contexts (msgpack), ads (msgpack), seconds that a bucket is kept,
-- the most strays adopted or waiting events given up in one call, the last sequence that the caller
-- believes was applied, the day of the newest bucket, the most that are ranked, to how many the ranks are
-- cut then, the number of readers up to which nothing is ranked.
-- Times are milliseconds since 2020-01-01T00:00Z, so that five bytes hold them.
local KEYS, HEAD, NAMES, DIR, BODY, FORWARD, BRANCH, PROFILE, STRAY, WAIT
local FIXED, BUCKETS = 9, nil
local SEGMENT, NOW, EVENTS, CONTEXTS, ADS, KEPT_SECONDS, MOST, BELIEVED, NEWEST, RANKED, LEFT, UNRANKED
local function called(keys, argv)
  KEYS, BUCKETS = keys, #keys - FIXED
  HEAD, NAMES, DIR, BODY, FORWARD, BRANCH, PROFILE, STRAY, WAIT = unpack(keys, 1, FIXED)
  SEGMENT, NOW, EVENTS, CONTEXTS, ADS = argv[1], tonumber(argv[2]), argv[3], cmsgpack.unpack(argv[4]), cmsgpack.unpack(argv[5])
  KEPT_SECONDS, MOST, BELIEVED, NEWEST = argv[6], tonumber(argv[7]), tonumber(argv[8]), tonumber(argv[9])
  RANKED, LEFT, UNRANKED = tonumber(argv[10]), tonumber(argv[11]), tonumber(argv[12])
  begin_all()
end

local HOUR, DAY = 3600000, 86400000
local call, floor, char = redis.call, math.floor, string.char
local pack = struct.pack

-- A hop's depth is in its id.
local function depth(key)
  local one, two = byte(key, 1, 2)
  return one * 16 + floor(two / 16)
end

-- Figures of a cell, by position; one to seven are also the kinds of events. The dimensions' cells
-- hold the first eight.
local OPEN, VIEW, READ, TAP = 1, 2, 3, 4
local READERS, REPEATED, PENDING, NO_OPEN, FORWARDED, FIGURES = 8, 9, 10, 11, 19, 19

-- Reading and writing many fields at once: a command costs more than what it carries.
local fetch, write, flush_writes
do
  local AT_ONCE = 1000
  local writes
  each_call(function() writes = {HSET = {}, HDEL = {}, ZADD = {}, ZREM = {}} end)

  function fetch(key, fields)
    local values = {}
    for from = 1, #fields, AT_ONCE do
      local part = call('HMGET', key, unpack(fields, from, math.min(from + AT_ONCE - 1, #fields)))
      for i, value in ipairs(part) do values[from + i - 1] = value end
    end
    return values
  end

  function write(command, key, ...)
    local list = writes[command][key]
    if not list then
      list = {}
      writes[command][key] = list
    end
    for _, value in ipairs({...}) do list[#list + 1] = value end
  end

  function flush_writes()
    for command, lists in pairs(writes) do
      for key, list in pairs(lists) do
        for from = 1, #list, AT_ONCE do
          call(command, key, unpack(list, from, math.min(from + AT_ONCE - 1, #list)))
        end
      end
    end
  end
end

-- The last sequence applied; parents whose waiting children are not all home; buckets and their size; how
-- many readers there were; the turns of `main`.
local mark, queue, kept, had_readers, had_turns
-- Whether hops and branches are ranked by size: in a small share whoever asks reads them all.
local ranked
-- The sizes below which hops and branches are not ranked.
local floors
-- What was forgotten stays so: the share, all under some ads (their numbers, a byte each), some days.
local forgotten, forgotten_ads, forgotten_days
-- What is to be added to plain numbers, by field.
local head
each_call(function()
  local known = call('HMGET', HEAD, 'm' .. SEGMENT, 'q', 'b', 'z', 'y', 'F', 'B', 'k', 'n', 'R', 'e' .. SEGMENT)
  mark, queue, kept, had_readers = tonumber(known[1] or '0'), known[2] or '', known[3] or '', tonumber(known[9] or '0')
  ranked, had_turns = known[10], known[11]
  floors = {[FORWARD] = tonumber(known[6] or '0'), [BRANCH] = tonumber(known[7] or '0')}
  forgotten, forgotten_ads, forgotten_days = known[4], {}, {}
  for at = 1, #(known[5] or '') do forgotten_ads[byte(known[5], at)] = true end
  for at = 1, #(known[8] or ''), 2 do forgotten_days[unpack_('>I2', known[8], at)] = true end
  head = {}
end)

local function add(field, by)
  head[field] = (head[field] or 0) + by
end

local function flush_numbers(key, numbers)
  local fields = {}
  for field, by in pairs(numbers) do
    if by ~= 0 then fields[#fields + 1] = field end
  end
  local values = fetch(key, fields)
  for i, field in ipairs(fields) do
    local value = tonumber(values[i] or '0') + numbers[field]
    if value ~= 0 then write('HSET', key, field, string.format('%d', value)) else write('HDEL', key, field) end
  end
end

-- Texts are kept as small numbers, per dimension; 0 is "" and whatever came after the last number.
-- Those that this call may need are read together. '#' has the last number.
local index, spell
do
  local MOST_NAMES = {a = 255, v = 255, c = 255, e = 255, o = 4095}
  local names, spelled
  each_call(function()
    names, spelled = {}, nil
    local fields = {'#a', '#v', '#c', '#e', '#o'}
    for _, ad in ipairs(ADS) do fields[#fields + 1] = 'a' .. ad end
    for _, context in ipairs(CONTEXTS) do
      for i, dimension in ipairs({'v', 'c', 'e', 'o'}) do fields[#fields + 1] = dimension .. context[i] end
    end
    for i, value in ipairs(#EVENTS > 0 and fetch(NAMES, fields) or {}) do
      if value then names[fields[i]] = tonumber(value) end
    end
  end)

  function index(dimension, text)
    if text == '' then return 0 end
    local field = dimension .. text
    if not names[field] then
      local last = '#' .. dimension
      local number = (names[last] or 0) + 1
      if number > MOST_NAMES[dimension] then return 0 end
      names[last], names[field] = number, number
      write('HSET', NAMES, last, number, field, number)
      if spelled then spelled[dimension .. number] = text end
    end
    return names[field]
  end

  -- The text of a number; only the rare comparison of two rivals needs it.
  function spell(dimension, number)
    if number == 0 then return '' end
    if not spelled then
      spelled = {}
      local all = call('HGETALL', NAMES)
      for i = 1, #all, 2 do spelled[sub(all[i], 1, 1) .. all[i + 1]] = sub(all[i], 2) end
      for field, number in pairs(names) do spelled[sub(field, 1, 1) .. number] = sub(field, 2) end
    end
    return spelled[dimension .. number] or ''
  end
end
