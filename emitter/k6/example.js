// Deliveries of 500 webhooks at a constant rate, none of which gets more than the Hub
// would send it in 24 hours:
//
//   HUBHOOK_URL=http://127.0.0.1:8000/webhook HUBHOOK_SECRET=… k6 run example.js
//
// It runs on several machines as it is: set HUBHOOK_SEED to the same number on each.
import http from 'k6/http'
import { Hub } from 'k6/x/hubhook'

const hub = new Hub({
  url: __ENV.HUBHOOK_URL,
  secret: __ENV.HUBHOOK_SECRET,
  seed: __ENV.HUBHOOK_SEED,
  mix: 'repo.content=6,discussion.comment=3,discussion=1',
  webhooks: 500,
})

// To the Hub, 2xx alone is success.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }))

export const options = {
  discardResponseBodies: true,
  scenarios: {
    hub: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 100), // a second, of all machines together
      duration: __ENV.DURATION || '30s',
      preAllocatedVUs: 100, // enough for the rate times the slowest answer, or iterations are dropped
      maxVUs: 1000,
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.001'],
    http_req_duration: ['p(99)<500'],
    'http_req_duration{shape:repo.content.update}': ['p(99)<500'], // also shown on its own
    dropped_iterations: ['count==0'], // else k6 sent less than it was told to, and its latencies flatter
  },
}

export default function () {
  const d = hub.delivery()
  http.post(d.url, d.body, d.params)
}
