-- Each request has a body and a Webhook-Id of its own. It is written as a whole, for
-- wrk.format builds a table of headers anew each time, which costs twice as much.

local random, format = math.random, string.format
local head, tail
local number = 0

local body = '{"event":{"action":"create","scope":"discussion.comment"},"repo":{"type":"model","name":"%s/%s",' ..
  '"id":"%08x%08x%08x","private":false,"url":{"web":"https://huggingface.co/%s/%s",' ..
  '"api":"https://huggingface.co/api/models/%s/%s"},"headSha":"%08x%08x%08x%08x%08x",' ..
  '"owner":{"id":"%08x%08x%08x"}},"discussion":{"id":"%08x%08x%08x","title":"%s, and what it does on the other machine",' ..
  '"url":{"web":"https://huggingface.co/%s/%s/discussions/%d"},"status":"open","author":{"id":"%08x%08x%08x"},' ..
  '"num":%d,"isPullRequest":false},"comment":{"id":"%08x%08x%08x","author":{"id":"%08x%08x%08x"},' ..
  '"content":"%s: it was not so before, and it is no more","hidden":false},"webhook":{"id":"%08x%08x%08x","version":3}}'

local first = { "ada", "boris", "clara", "dmitri", "elena", "farid", "greta", "hugo" }
local second = { "plain-ocean", "quiet-river", "tiny-llama", "large-owl", "warm-comet", "blue-finch", "swift-fox", "old-oak" }
local third = { "A question about the weights", "It fails to load", "The licence is not named", "A typo in the model card" }

function init(args)
  math.randomseed(os.time())
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port ..
    "\r\nUser-Agent: hubhook\r\nContent-Type: application/json\r\nX-Webhook-Secret: " .. os.getenv("PEERS_SECRET") .. "\r\n"
end

local function word() return random(0, 0x7fffffff) end

function request()
  number = number + 1
  local user, repo, num = first[random(8)], second[random(8)], random(200)
  local text = format(body, user, repo, word(), word(), number, user, repo, user, repo,
    word(), word(), word(), word(), number, word(), word(), word(), word(), word(), number, third[random(4)],
    user, repo, num, word(), word(), word(), num, word(), word(), number, word(), word(), word(), third[random(4)],
    word(), word(), word())
  return head .. format("Webhook-Id: %08x-%04x-4%03x-8%03x-%04x%08x\r\nContent-Length: %d\r\n\r\n",
    word(), random(0, 0xffff), random(0, 0xfff), random(0, 0xfff), random(0, 0xffff), number, #text) .. text
end

function done(summary, latency, requests)
  local errors = summary.errors
  local out = assert(io.open(os.getenv("PEERS_OUT"), "w"))
  out:write(format('{"sent":%d,"failed":%d,"p50":%.3f,"p90":%.3f,"p95":%.3f,"p99":%.3f}\n', summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
  out:close()
end
