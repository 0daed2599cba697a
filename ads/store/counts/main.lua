-- The call itself: skips what the segment's mark says was applied, folds the rest, and writes all of it
-- together with the mark.
local turn, flush_turns
do
  -- By ad, the sequences from which this segment's events were ended, no more, again, in turn. An
  -- expired ticket is that, whatever was active.
  local EXPIRED, ENDED = 12, 13
  local turns, turned
  each_call(function() turns, turned = had_turns and cmsgpack.unpack(had_turns) or {}, false end)

  function turn(seq, ad, refused)
    local list = turns[ad]
    if refused == EXPIRED or (refused == ENDED) == (list ~= nil and #list % 2 == 1) then return end
    list = list or {}
    list[#list + 1], turns[ad], turned = seq, list, true
  end

  function flush_turns()
    if turned then write('HSET', HEAD, 'e' .. SEGMENT, cmsgpack.pack(turns)) end
  end
end

local fold_all
do
  local FIELDS, WIDE = '>I8I8I2BBc6c9c9I2BI4Bc5', 57

  local indexed, numbered
  each_call(function() indexed, numbered = {}, {} end)

  local function dimensions(ev, which)
    local c, known_ = CONTEXTS[which], indexed[which]
    if not known_ then
      known_ = {index('v', c[1]), index('c', c[2]), index('e', c[3]), index('o', c[4])}
      indexed[which] = known_
    end
    ev.v, ev.c, ev.e, ev.s = unpack(known_)
  end

  local function event(at)
    local ev, ad, refused, context = {}, nil, nil, nil
    ev.seq, ev.at, ad, refused, ev.kind, ev.o, ev.hop, ev.parent, context, ev.slot, ev.ms, ev.pct, ev.id =
      unpack_(FIELDS, EVENTS, at)
    if forgotten then return nil end
    numbered[ad] = numbered[ad] or index('a', ADS[ad])
    ev.ad = numbered[ad]
    if forgotten_ads[ev.ad] then return nil end
    turn(ev.seq, ADS[ad], refused)
    if ev.kind <= READ then ev.id = nil end
    if ev.kind == READ then ev.ms = rounded(ev.ms) end
    if ev.kind == OPEN and refused == 0 then
      dimensions(ev, context)
      ev.depth = depth(ev.hop)
      if ev.depth == 1 then ev.parent = '' end
    end
    return ev, refused
  end

  local function fold(at)
    local ev, refused = event(at)
    if not ev then return end
    if refused > 0 then
      tally(ev.at, ev.ad, refused, 1)
    elseif ev.kind == OPEN then
      open(ev)
    elseif ev.id then
      once(ev)
    else
      hang(ev)
    end
  end

  local function expect_all()
    local places = {[OPENS] = {}, [IDS] = {}}
    for at = 1, #EVENTS, WIDE do
      local kind = byte(EVENTS, at + 19)
      places[OPENS][sub(EVENTS, at + 20, at + 22)] = true
      if kind > READ then places[IDS][sub(EVENTS, at + 52, at + 54)] = true end
    end
    expect(places)
  end

  -- The number of events folded, and the last sequence.
  function fold_all()
    local folded, last = 0, mark
    if not forgotten then expect_all() end
    for at = 1, #EVENTS, WIDE do
      local seq = unpack_('>I8', EVENTS, at)
      if seq > mark then
        fold(at)
        folded, last = folded + 1, math.max(last, seq)
      end
    end
    return folded, last
  end
end

local function fold(keys, argv)
  called(keys, argv)
  -- The store went back to an earlier state: the missing events must be folded again first.
  if mark < BELIEVED then return {-2} end

  local more = not forgotten and give_up()
  local folded, last = fold_all()
  more = (not forgotten and adopt_all()) or more

  spread_groups()
  note_late()
  flush_cells()
  flush_opens()
  flush_tree()
  news.flush()
  flush_pages()
  flush_waiting()
  flush_numbers(HEAD, head)
  if last > mark then write('HSET', HEAD, 'm' .. SEGMENT, last) end
  flush_turns()
  flush_writes()
  raise_floors()
  if forgotten then call('EXPIRE', HEAD, KEPT_SECONDS) end
  flush_buckets()
  -- From so many readers on, the largest are ranked, since reading all would take too long.
  if not ranked and had_readers + (head.n or 0) > UNRANKED then
    rank_all(HEAD, DIR, BODY, FORWARD, BRANCH, PROFILE)
  end
  return {folded, more and 1 or 0, late_hours, told_late()}
end
