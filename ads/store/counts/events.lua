-- Events: each is judged by its open and its id, then counted once.
local waiting
each_call(function() waiting = {} end)

-- Whether a day has passed without the event's open.
local function waits(r, e)
  return not r.at or r.at >= e.at + DAY
end

local function member(r, e)
  return pack('c6BB', r.o, e.kind * 8 + e.slot, e.ad) .. (e.id or '')
end

local function apply(r, e, by)
  if waits(r, e) then
    tally(e.at, e.ad, e.late and NO_OPEN or PENDING, by)
    if not e.late then waiting[member(r, e)] = by > 0 and e.at or false end
    return
  end
  figure(e.at, e.ad, r, e.kind, by)
  if e.slot > 0 then bump(e.at, e.ad, 's', e.slot, e.kind, by) end
  if e.kind == READ then read_(e.at, e.ad, e.ms, e.pct, by) end
end

local function apply_all(r, others, by)
  for _, e in pairs(r.hung) do apply(r, e, by) end
  for _, x in ipairs(others) do
    apply(r, x, by)
    x.dirty = true
  end
end

local FACTS = {'at', 'ad', 'v', 'c', 'e', 's', 'hop', 'parent', 'depth'}
local function copy(from, to)
  for _, name in ipairs(FACTS) do to[name] = from[name] end
  return to
end

local function open(ev)
  local r = record(ev.o)
  if r.at and not earlier(ev, r) then return tally(ev.at, ev.ad, REPEATED, 1) end
  local old, others = r.at and copy(r, {}), others_of(r)
  apply_all(r, others, -1)
  copy(ev, r)
  r.dirty, r.as_hop, r.ids, r.others = true, false, {}, #others > 0
  apply_all(r, others, 1)
  figure(r.at, r.ad, r, OPEN, 1)
  if old then
    figure(old.at, old.ad, old, OPEN, -1)
    tally(old.at, old.ad, REPEATED, 1)
    displace(old, r)
    if old.hop == r.hop then return end
  end
  enter(r)
end

-- Of two views of a slot, or two readings, the one in the earlier hour counts; in the same hour, the one of
-- the ad that sorts first. So the time within the hour need not be kept. The earliest decides whether the
-- open came within a day. A reading keeps the largest values of all.
local function joined(e, ev)
  local here, there = floor(e.at / HOUR), floor(ev.at / HOUR)
  local first, other = e, ev
  if there < here or (there == here and ev.ad ~= e.ad and sorts(spell('a', ev.ad), spell('a', e.ad))) then first, other = ev, e end
  local at = there == here and math.min(e.at, ev.at) or first.at
  local both = {kind = e.kind, slot = e.slot, at = at, ad = first.ad, late = e.late}
  if e.kind == READ then both.ms, both.pct = math.max(e.ms, ev.ms), math.max(e.pct, ev.pct) end
  return both, other
end

local function hang(ev)
  local r, name = record(ev.o), hook(ev)
  local e = r.hung[name]
  local both, other = ev, nil
  if e then
    both, other = joined(e, ev)
    tally(other.at, other.ad, REPEATED, 1)
    if same(both, e, {'at', 'ad', 'ms', 'pct'}) then return end
    apply(r, e, -1)
    both.late = both.late and both.at == e.at
  end
  r.hung[name], r.dirty = both, true
  apply(r, both, 1)
end

local once
do
  local function precedes(ev, x, r)
    if ev.at ~= x.at then return ev.at < x.at end
    return sorts(ev.o .. spell('a', ev.ad) .. '\0' .. ev.slot, r.o .. spell('a', x.ad) .. '\0' .. x.slot)
  end

  local function bind(x, ev)
    local r = record(ev.o)
    x.o, x.slot, x.at, x.ad, x.late, x.dirty = ev.o, ev.slot, ev.at, ev.ad, false, true
    if r.at then
      if not r.others then r.others, r.dirty = true, true end
    else
      r.ids[#r.ids + 1], r.dirty = x.id, true
    end
    apply(r, x, 1)
  end

  local function unbind(x, r)
    apply(r, x, -1)
    for place_, id in ipairs(r.ids) do
      if id == x.id then
        table.remove(r.ids, place_)
        r.dirty = true
        return
      end
    end
  end

  -- What is counted once per id.
  function once(ev)
    local x = thing(ev.id)
    if not x then
      x = {id = ev.id, kind = ev.kind}
      things[ev.id] = x
      return bind(x, ev)
    end
    -- An event that is kept longer than its open was counted, and is not counted again.
    local r = x.o and record(x.o)
    if not r or not precedes(ev, x, r) then return tally(ev.at, ev.ad, REPEATED, 1) end
    tally(x.at, x.ad, REPEATED, 1)
    unbind(x, r)
    bind(x, ev)
  end
end

local function late(o, tag, id)
  local e, r = id and thing(id), record(o)
  if id then
    if e then e.late, e.dirty = true, true end
    return
  end
  e = r.hung[floor(tag / 8) == READ and READING or tag % 8]
  if e then e.late, r.dirty = true, true end
end

-- Refuses events that have waited for a day, as no_open; true if more are due than one call may do.
local function give_up()
  local due = call('ZRANGEBYSCORE', WAIT, '-inf', NOW - DAY, 'WITHSCORES', 'LIMIT', 0, MOST)
  for i = 1, #due, 2 do
    local o, tag, ad = unpack_('c6BB', due[i])
    local at, id = tonumber(due[i + 1]), #due[i] > 8 and sub(due[i], 9) or nil
    tally(at, ad, PENDING, -1)
    tally(at, ad, NO_OPEN, 1)
    waiting[due[i]] = false
    late(o, tag, id)
  end
  return #due == 2 * MOST
end

local function flush_waiting()
  for name, at in pairs(waiting) do
    if at then write('ZADD', WAIT, at, name) else write('ZREM', WAIT, name) end
  end
end
