-- The encodings in a section: whole numbers, counts of values, cells of figures (`sections.py` reads them).
local coded = {}
do
  -- Whole numbers, seven bits a byte, the lowest first.
  local function number(value)
    if value < 128 then return char(value) end
    local text = ''
    while value >= 128 do
      text, value = text .. char(128 + value % 128), floor(value / 128)
    end
    return text .. char(value)
  end

  local function read_number(raw, at)
    local value, power, digit = 0, 1, byte(raw, at)
    while digit >= 128 do
      value, power, at = value + (digit - 128) * power, power * 128, at + 1
      digit = byte(raw, at)
    end
    return value + digit * power, at + 1
  end

  -- Values that rise, as the step from the one before doubled, plus one if a count follows that is
  -- not one. Of few values plainly: the step from the one before (the first from -1), where there is
  -- none how many more of that there are.
  local function read_counts(raw, plain)
    local at, value, found, step = 1, plain and -1 or 0, {}, nil
    while at <= #raw do
      local count = 1
      step, at = read_number(raw, at)
      if plain then
        value = value + step
        if step == 0 then count, at = read_number(raw, at) end
      else
        value = value + floor(step / 2)
        if step % 2 == 1 then count, at = read_number(raw, at) end
      end
      found[value] = (found[value] or 0) + count
    end
    return found
  end

  -- Coarse times: the last of their four digits is rounded away.
  local function grain(code)
    if code % 16384 < 1000 then return code end
    local tens, digits = floor(code / 16384), floor(code % 16384 / 10 + 0.5) * 10
    if digits < 10000 then return tens * 16384 + digits end
    return (tens + 1) * 16384 + 1000
  end

  local function add_counts(raw, more, coarse, plain)
    local sums, total = {}, 0
    for _, counts in ipairs({read_counts(raw, plain), more}) do
      for each, by in pairs(counts) do
        if coarse then each = grain(each) end
        sums[each], total = (sums[each] or 0) + by, total + by
      end
    end
    return sums, total
  end

  local function write_counts(sums, plain)
    local values, parts, before_ = {}, {}, plain and -1 or 0
    for value, count in pairs(sums) do
      if count > 0 then values[#values + 1] = value end
    end
    table.sort(values)
    for i, value in ipairs(values) do
      local step, count = value - before_, sums[value]
      if plain then
        parts[i] = number(step) .. (count > 1 and '\0' .. number(count - 1) or '')
      else
        parts[i] = count == 1 and number(2 * step) or number(2 * step + 1) .. number(count)
      end
      before_ = value
    end
    return table.concat(parts)
  end

  -- Figures in half bytes, less one; of fifteen and more what is above sixteen follows behind them.
  local function halves(list)
    local small, large = {}, {}
    for i = 1, #list, 2 do
      local one, two = math.min(list[i] - 1, 15), math.min((list[i + 1] or 1) - 1, 15)
      small[#small + 1] = char(one * 16 + two)
    end
    for _, figure in ipairs(list) do
      if figure > 15 then large[#large + 1] = number(figure - 16) end
    end
    return table.concat(small) .. table.concat(large)
  end

  local function read_halves(raw, at, count)
    local list, behind = {}, at + floor((count + 1) / 2)
    for i = 1, count do
      local both, figure = byte(raw, at + floor((i - 1) / 2)), nil
      figure = i % 2 == 1 and floor(both / 16) or both % 16
      if figure == 15 then figure, behind = read_number(raw, behind) else figure = figure - 15 end
      list[i] = figure + 16
    end
    return list, behind
  end

  local function read_whole(raw, at, count)
    local list = {}
    for i = 1, count do list[i], at = read_number(raw, at) end
    return list, at
  end

  -- Its key, which figures it has as bits (a byte of them, or three in the totals), the figures.
  local function read_bits(raw, at, wide, halved)
    local read, key, bits, which, figures, list = halved and read_halves or read_whole, nil, nil, {}, {}, nil
    key, at = read_number(raw, at)
    bits, at = unpack_(wide and '<I3' or 'B', raw, at)
    for i = 1, wide and FIGURES or READERS do
      if bits % 2 == 1 then which[#which + 1] = i end
      bits = floor(bits / 2)
    end
    list, at = read(raw, at, #which)
    for i, each in ipairs(which) do figures[each] = list[i] end
    return key, figures, at
  end

  local function write_bits(key, figures, wide)
    local bits, values = 0, {}
    for i = 1, wide and FIGURES or READERS do
      if (figures[i] or 0) > 0 then bits, values[#values + 1] = bits + 2 ^ (i - 1), figures[i] end
    end
    return number(key) .. pack(wide and '<I3' or 'B', bits) .. halves(values)
  end

  -- A cell of a quiet hour: key and figures as one number in three bytes, a digit each in these bases (of
  -- variants and devices there are few, with more in each). Of a digit that is the largest in its base
  -- the rest stands behind them.
  local MANY, FEW = {24, 8, 16, 8, 3, 3, 3, 3, 8}, {4, 12, 20, 12, 4, 4, 4, 4, 5}
  local FEW_KEYS = {v = true, e = true}
  local function write_slim(key, figures, bases)
    local all, behind = 0, ''
    for i, base in ipairs(bases) do
      local digit = i == 1 and key or figures[i - 1] or 0
      all = all * base + math.min(digit, base - 1)
      if digit >= base - 1 then behind = behind .. number(digit - base + 1) end
    end
    return pack('>I3', all) .. behind
  end

  local function read_slim(raw, at, bases)
    local digits, all, more = {}, unpack_('>I3', raw, at), nil
    at = at + 3
    for i = #bases, 1, -1 do
      digits[i], all = all % bases[i], floor(all / bases[i])
    end
    for i, base in ipairs(bases) do
      if digits[i] == base - 1 then
        more, at = read_number(raw, at)
        digits[i] = digits[i] + more
      end
    end
    return table.remove(digits, 1), digits, at
  end

  -- The cells' figures, and how each was written, by key.
  local function cells_of(raw, s, wide)
    local at, found, written = 1, {}, {}
    while at <= #raw do
      local from, key, figures = at, nil, nil
      if s.coarse then
        key, figures, at = read_slim(raw, at, s.halved and FEW or MANY)
      else
        key, figures, at = read_bits(raw, at, wide, s.halved)
      end
      found[key], written[key] = figures, sub(raw, from, at - 1)
    end
    return found, written
  end

  local function join_cells(found, written, how, write_)
    local parts = {}
    for key, figures in pairs(found) do
      local text = written[key]
      if not text then
        local any = 0
        for _, figure in pairs(figures) do any = math.max(any, figure) end
        text = any > 0 and write_(key, figures, how)
      end
      if text then parts[#parts + 1] = text end
    end
    return table.concat(parts), #parts
  end

  -- Slim as long as hardly a figure is too large for it. What does not change stays as it was written.
  local function add_figures(s, raw, more, dimension)
    local wide, few = dimension == 'T', FEW_KEYS[dimension]
    local found, written = cells_of(raw, s, wide)
    for key, by in pairs(more) do
      local figures = found[key] or {}
      for each, times in pairs(by) do figures[each] = (figures[each] or 0) + times end
      found[key], written[key] = figures, nil
    end
    if not wide and (s.coarse or raw == '') then
      local slim, count = join_cells(found, written, few and FEW or MANY, write_slim)
      s.coarse, s.halved = #slim <= 4 * count, few
      if s.coarse then return slim end
      s.halved = false
    end
    if not s.halved then written = {} end
    s.halved = true
    return (join_cells(found, written, wide, write_bits))
  end

  coded.number, coded.read_number, coded.add_counts = number, read_number, add_counts
  coded.write_counts, coded.add_figures = write_counts, add_figures
end
