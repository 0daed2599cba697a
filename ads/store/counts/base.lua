-- One share's fold: what every part of the script leans on. The parts are joined in the order
-- base, cells, opens, pages, tree, hops, events, main. Nothing is written before `flush`: a call
-- that finds a day it was not given keys for answers with the days it needs, and has done nothing.
--
-- KEYS: HEAD NAMES DIR PAGES FORWARD BRANCH PROFILE STRAY WAIT ARRIVE, then BUCKETS times opens,
-- BUCKETS times ids (newest first), then a cells and a reads key for each of DAYS.
-- ARGV: segment, now, events (packed), contexts (msgpack), ads (msgpack), BUCKETS, seconds that a
-- bucket is kept, DAYS (msgpack), most strays adopted or waiting events given up in one call, the
-- sequence that the caller believes was applied last.
-- Times are milliseconds since 2020-01-01T00:00Z, so that five bytes hold them.
local HEAD, NAMES, DIR, PAGES, FORWARD, BRANCH, PROFILE, STRAY, WAIT, ARRIVE = unpack(KEYS, 1, 10)
local SEGMENT, NOW, EVENTS = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local CONTEXTS, ADS = cmsgpack.unpack(ARGV[4]), cmsgpack.unpack(ARGV[5])
local BUCKETS, KEPT_SECONDS = tonumber(ARGV[6]), ARGV[7]
local DAYS, MOST, BELIEVED = cmsgpack.unpack(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])

local HOUR, DAY = 3600000, 86400000
local call, floor, char, byte, sub = redis.call, math.floor, string.char, string.byte, string.sub
local pack, unpack_ = struct.pack, struct.unpack

-- Figures of a cell, by position; one to seven are also the kinds of events. The dimensions' cells
-- hold the first eight.
local OPEN, VIEW, READ, TAP, CLOSE = 1, 2, 3, 4, 7
local READERS, REPEATED, PENDING, NO_OPEN, FIGURES = 8, 9, 10, 11, 18

-- What is to be added to plain numbers of the head, by field.
local head = {}
local function add(field, by)
  head[field] = (head[field] or 0) + by
end

-- Texts are kept as small numbers, per dimension; 0 is "" and whatever came after the last number.
local MOST_NAMES = {a = 255, v = 255, c = 255, e = 255, o = 65535}
local names, fresh, spelled = {}, {}, nil
local function index(dimension, text)
  if text == '' then return 0 end
  local field = dimension .. text
  if not names[field] then
    local known = tonumber(call('HGET', NAMES, field) or nil)
    if not known then
      local last = '#' .. dimension
      names[last] = names[last] or tonumber(call('HGET', NAMES, last) or '0')
      known = 0
      if names[last] < MOST_NAMES[dimension] then
        known = names[last] + 1
        names[last], fresh[last], fresh[field] = known, known, known
      end
    end
    names[field] = known
    if spelled and known > 0 then spelled[dimension .. known] = text end
  end
  return names[field]
end

-- The text of a number; only the rare comparison of two rivals needs it.
local function spell(dimension, number)
  if number == 0 then return '' end
  if not spelled then
    spelled = {}
    local all = call('HGETALL', NAMES)
    for i = 1, #all, 2 do spelled[sub(all[i], 1, 1) .. all[i + 1]] = sub(all[i], 2) end
    for field, number in pairs(fresh) do spelled[sub(field, 1, 1) .. number] = sub(field, 2) end
  end
  return spelled[dimension .. number] or ''
end
