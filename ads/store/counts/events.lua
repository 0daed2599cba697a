-- Events: judged against what is known of their open and their id, then counted once.
local waiting = {}

-- Whether its open has not come within a day of it.
local function waits(r, e)
  return not r.at or r.at >= e.at + DAY
end

local function member(r, e)
  return pack('c8BB', r.o, e.kind * 8 + e.slot, e.ad) .. (e.id or '')
end

local function apply(r, e, by)
  if waits(r, e) then
    tally(e.at, e.ad, e.late and NO_OPEN or PENDING, by)
    if not e.late then waiting[member(r, e)] = by > 0 and e.at or false end
    return
  end
  figure(e.at, e.ad, r, e.kind, by)
  if e.slot > 0 then bump(e.at, e.ad, 's', char(e.slot), e.kind, by) end
  if e.kind == READ then read_(e.at, e.ad, e.ms, e.pct, by) end
end

local function apply_all(r, by)
  for _, e in ipairs(r.list) do apply(r, e, by) end
end

local FACTS = {'at', 'ad', 'v', 'c', 'e', 's', 'hop', 'parent', 'depth'}
local function copy(from, to)
  for _, name in ipairs(FACTS) do to[name] = from[name] end
  return to
end

local function open(ev)
  local r = record(ev.o)
  if r.at and not earlier(ev, r) then return tally(ev.at, ev.ad, REPEATED, 1) end
  local old = r.at and copy(r, {})
  apply_all(r, -1)
  copy(ev, r)
  r.dirty = true
  apply_all(r, 1)
  figure(r.at, r.ad, r, OPEN, 1)
  if old then
    figure(old.at, old.ad, old, OPEN, -1)
    tally(old.at, old.ad, REPEATED, 1)
    displace(old, r)
    if old.hop == r.hop then return end
  end
  enter(r)
end

-- The entry that this event repeats, with its record and its place there; nil if it is new.
local function twin(ev)
  local o = ev.o
  if ev.id8 then o = owner(ev.id8) end
  if not o then return nil end
  local r = record(o)
  for place, e in ipairs(r.list) do
    local same = e.kind == ev.kind and (ev.kind ~= VIEW or e.slot == ev.slot)
    if same and e.id == ev.id then return r, e, place end
  end
  -- The id outlived its open: it was counted, and is not counted again.
  if ev.id8 then return r end
  return nil
end

local function precedes(ev, e, r)
  if ev.at ~= e.at then return ev.at < e.at end
  return sorts(ev.o .. spell('a', ev.ad) .. '\0' .. ev.slot, r.o .. spell('a', e.ad) .. '\0' .. e.slot)
end

local function enlist(ev, r)
  local e = {kind = ev.kind, slot = ev.slot, at = ev.at, ad = ev.ad, ms = ev.ms, pct = ev.pct, id = ev.id}
  r.list[#r.list + 1], r.dirty = e, true
  if ev.id8 then own(ev.id8, r.o) end
  return e
end

local function replace(ev, r, e, place)
  tally(e.at, e.ad, REPEATED, 1)
  apply(r, e, -1)
  table.remove(r.list, place)
  r.dirty = true
  local r2 = record(ev.o)
  local e2 = enlist(ev, r2)
  if ev.kind == READ then e2.ms, e2.pct = math.max(e.ms, ev.ms), math.max(e.pct, ev.pct) end
  apply(r2, e2, 1)
end

local function raise(ev, r, e)
  if ev.ms <= e.ms and ev.pct <= e.pct then return end
  apply(r, e, -1)
  e.ms, e.pct, r.dirty = math.max(e.ms, ev.ms), math.max(e.pct, ev.pct), true
  apply(r, e, 1)
end

local function further(ev)
  local r, e, place = twin(ev)
  if not r then
    r = record(ev.o)
    return apply(r, enlist(ev, r), 1)
  end
  if e and precedes(ev, e, r) then return replace(ev, r, e, place) end
  tally(ev.at, ev.ad, REPEATED, 1)
  if e and ev.kind == READ then raise(ev, r, e) end
end

-- Waiting events whose day is over become no_open; true if more than one call may do are due.
local function give_up()
  local due = call('ZRANGEBYSCORE', WAIT, '-inf', NOW - DAY, 'WITHSCORES', 'LIMIT', 0, MOST)
  for i = 1, #due, 2 do
    local o, tag, ad = unpack_('c8BB', due[i])
    local at, id = tonumber(due[i + 1]), #due[i] > 10 and sub(due[i], 11) or nil
    tally(at, ad, PENDING, -1)
    tally(at, ad, NO_OPEN, 1)
    waiting[due[i]] = false
    local r = record(o)
    for _, e in ipairs(r.list) do
      if e.kind * 8 + e.slot == tag and e.id == id then e.late, r.dirty = true, true end
    end
  end
  return #due == 2 * MOST
end

local function flush_waiting()
  for name, at in pairs(waiting) do
    if at then write('ZADD', WAIT, at, name) else write('ZREM', WAIT, name) end
  end
end
