-- Sends the requests of a file (length, bytes, length, bytes, …) one after another, in a loop.
local requests, at, pause = {}, 0, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  pause = tonumber(args[2])
  while true do
    local head = file:read(4)
    if not head then break end
    local a, b, c, d = head:byte(1, 4)
    requests[#requests + 1] = file:read(a + b * 256 + c * 65536 + d * 16777216)
  end
  at = math.random(#requests)
  if pause > 0 then
    delay = function() return math.random(1, 2 * pause) end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    'JSON {"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "wrong": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    e.status + e.connect + e.read + e.write + e.timeout))
end
