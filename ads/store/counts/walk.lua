-- Sequences of records in a text: finding one, putting one in; and hops' records in the pages that DIR lists.
local sub, byte, unpack_ = string.sub, string.byte, struct.unpack
local FIRST = string.rep('\0', 9)
-- A hop's flags.
local H = {CONFLICT = 1, STRAY = 2, MARKED = 4, INIT = 8, SMALL = 16, BIG = 32, NARROW = 64, PARENT = 128}

local function has(flags, flag)
  return flags % (2 * flag) >= flag
end

local hop_size
do
  -- By flags, as they are met: a call sees a few of the 256, and is made anew each time.
  local sizes = {}
  function hop_size(raw, at)
    local f = byte(raw, at + 9)
    local size = sizes[f]
    if not size then
      size = 15 + (has(f, H.NARROW) and 3 or 6) + (has(f, H.PARENT) and 9 or 0)
        + (has(f, H.SMALL) and 2 or 0) + (has(f, H.BIG) and 6 or 0) + (has(f, H.INIT) and 20 or 0)
      sizes[f] = size
    end
    return size
  end
end

-- The places where the records begin, in order.
local function each_record(raw, size)
  local following = 1
  return function()
    local at = following
    if at > #raw then return nil end
    following = at + size(raw, at)
    return at
  end
end

-- Where the next record that begins so stands, looked for from the record at `at` on; nil if there
-- is none. What is found inside of a record is not it.
local function seek(raw, start, size, at)
  at = at or 1
  -- Ids of hops begin alike, and with bytes that are everywhere.
  local skipped = size == hop_size and 2 or 0
  local telling = skipped > 0 and sub(start, 3) or start
  local hit = string.find(raw, telling, at + skipped, true)
  while hit do
    while at + skipped < hit do at = at + size(raw, at) end
    if at + skipped == hit and (skipped == 0 or sub(raw, at, at + 1) == sub(start, 1, 2)) then return at end
    hit = string.find(raw, telling, math.max(at + skipped, hit + 1), true)
  end
  return nil
end

-- The page with the record in place of the one that begins so, or appended; with nil, that one is removed.
local function spliced(raw, start, size, record)
  local at = seek(raw, start, size)
  if not at then return raw .. (record or '') end
  return sub(raw, 1, at - 1) .. (record or '') .. sub(raw, at + size(raw, at))
end

-- The page that has a hop or would have it.
local function page_name(dir, key)
  return redis.call('ZREVRANGEBYLEX', dir, '[' .. key, '-', 'LIMIT', 0, 1)[1] or FIRST
end

-- A hop's record, '' if there is none; a frozen share has only the records at 'F'.
local function hop_record(dir, body, key)
  for _, field in ipairs({page_name(dir, key), 'F'}) do
    local raw = redis.call('HGET', body, field) or ''
    local at = seek(raw, key, hop_size)
    if at then return sub(raw, at, at + hop_size(raw, at) - 1) end
  end
  return ''
end
