-- The change log of the tree: which hop gained a child, in the order of folding, so that an outline need not
-- be made from the tree again. It is kept of shares whose tree somebody has read (see `level`). BODY holds its
-- newest part at 'j': the number of all entries ever, a checksum over all, and the entries since the last full
-- sheet. An entry is the hop that gained a child and that hop's parent. Some full sheets are kept. A change
-- that no entry can express, a branch that moves, skips a sheet: a reader who misses it begins anew.
local news = {}
do
  local SHEET, ENTRY = 32, 18
  local entries
  each_call(function() entries, news.moved = {}, false end)

  local function sheet(number)
    return 'jj' .. pack('>I4', number)
  end

  -- One goes when one comes: so many are left as hold a fiftieth of the readers, two thousand at most.
  local function after(number)
    local most = floor(math.min(had_readers / 50, 2000) / SHEET) + 1
    write('HDEL', BODY, sheet(math.max(number - most, 0)))
    return number + 1
  end

  function news.tell(parent, hanging)
    entries[#entries + 1] = parent.key .. (hanging and FIRST or parent.parent)
  end

  function news.flush()
    local raw = (#entries > 0 or news.moved) and call('HGET', BODY, 'j')
    if not raw then return end
    local count, sum = unpack_('>I4I4', raw)
    local tail = sub(raw, 9)
    local number = floor(count / SHEET)
    for _, entry in ipairs(entries) do sum = (sum * 65599 + unpack_('>I4', entry, 6)) % 2 ^ 32 end
    tail, count = tail .. table.concat(entries), count + #entries
    while #tail >= SHEET * ENTRY do
      write('HSET', BODY, sheet(number), sub(tail, 1, SHEET * ENTRY))
      tail, number = sub(tail, SHEET * ENTRY + 1), after(number)
    end
    if news.moved then
      number = after(after(number))
      tail, count = '', number * SHEET
    end
    write('HSET', BODY, 'j', pack('>I4I4', count, sum) .. tail)
  end
end
