-- Each request has a body and a Webhook-Id of its own, made as cheaply as can be: ids of
-- the same length in a text that stays. It is written as a whole, for wrk.format builds it
-- anew from a table of headers each time, which costs more.

local random, format = math.random, string.format
local number = 0
local template

local body = '{"event":{"action":"create","scope":"discussion.comment"},"repo":{"type":"model","name":"ada/plain-ocean",' ..
  '"id":"66f1d0c2a18d8c54065b7e10","private":false,"url":{"web":"https://huggingface.co/ada/plain-ocean",' ..
  '"api":"https://huggingface.co/api/models/ada/plain-ocean"},"headSha":"%08x8d1b3c5e7f90a2c4e6f8091b%08x",' ..
  '"owner":{"id":"66f1d0c2a18d8c54065b7e11"}},"discussion":{"id":"66f1d0c2%016x",' ..
  '"title":"A question about the weights, and what it does on another machine",' ..
  '"url":{"web":"https://huggingface.co/ada/plain-ocean/discussions/17"},"status":"open","author":{"id":"66f1d0c2a18d8c54065b7e12"},' ..
  '"num":17,"isPullRequest":false},"comment":{"id":"66f1d0c3%016x","author":{"id":"66f1d0c2a18d8c54065b7e13"},' ..
  '"content":"It fails to load, %08x: it did so before","hidden":false},' ..
  '"webhook":{"id":"66f1d0c2a18d8c54065b7e14","version":3}}'

function init(args)
  math.randomseed(os.time())
  template = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port ..
    "\r\nUser-Agent: hubhook\r\nContent-Type: application/json\r\nX-Webhook-Secret: " .. os.getenv("PEERS_SECRET") ..
    "\r\nWebhook-Id: %08x-0000-4000-8000-%012x\r\nContent-Length: " .. #format(body, 0, 0, 0, 0, 0) .. "\r\n\r\n" .. body
end

function request()
  number = number + 1
  local chance = random(0, 0x7fffffff)
  return format(template, chance, number, chance, number, number, number, chance)
end

function done(summary, latency, requests)
  local errors = summary.errors
  local out = assert(io.open(os.getenv("PEERS_OUT"), "w"))
  out:write(format('{"sent":%d,"failed":%d,"p50":%.3f,"p90":%.3f,"p95":%.3f,"p99":%.3f}\n', summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
  out:close()
end
