// Each request has a body and a Webhook-Id of its own, made as cheaply as can be: ids of
// the same length in a text that stays, which JSON.stringify would write anew each time.
import http from 'k6/http';
import exec from 'k6/execution';

const env = __ENV;
const rate = Number(env.PEERS_RATE);
const vus = Number(env.PEERS_VUS);
const duration = env.PEERS_DURATION;

export const options = {
  discardResponseBodies: true,
  summaryTrendStats: ['p(50)', 'p(90)', 'p(95)', 'p(99)'],
  scenarios: {
    load: rate > 0
      ? { executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration, preAllocatedVUs: vus, maxVUs: vus }
      : { executor: 'constant-vus', vus, duration },
  },
};

const params = { headers: { 'Content-Type': 'application/json', 'User-Agent': 'hubhook', 'X-Webhook-Secret': env.PEERS_SECRET, 'Webhook-Id': '' } };

const body = (chance, number) => `{"event":{"action":"create","scope":"discussion.comment"},"repo":{"type":"model","name":"ada/plain-ocean",\
"id":"66f1d0c2a18d8c54065b7e10","private":false,"url":{"web":"https://huggingface.co/ada/plain-ocean",\
"api":"https://huggingface.co/api/models/ada/plain-ocean"},"headSha":"${chance}8d1b3c5e7f90a2c4e6f8091b${chance}",\
"owner":{"id":"66f1d0c2a18d8c54065b7e11"}},"discussion":{"id":"66f1d0c20000${number}",\
"title":"A question about the weights, and what it does on another machine",\
"url":{"web":"https://huggingface.co/ada/plain-ocean/discussions/17"},"status":"open","author":{"id":"66f1d0c2a18d8c54065b7e12"},\
"num":17,"isPullRequest":false},"comment":{"id":"66f1d0c30000${number}","author":{"id":"66f1d0c2a18d8c54065b7e13"},\
"content":"It fails to load, ${chance}: it did so before","hidden":false},\
"webhook":{"id":"66f1d0c2a18d8c54065b7e14","version":3}}`;

export default function () {
  const chance = Math.floor(Math.random() * 0x100000000).toString(16).padStart(8, '0');
  const number = exec.scenario.iterationInTest.toString(16).padStart(12, '0');
  params.headers['Webhook-Id'] = `${chance}-0000-4000-8000-${number}`;
  http.post(env.PEERS_URL, body(chance, number), params);
}

export function handleSummary(data) {
  return { [env.PEERS_OUT]: JSON.stringify(data) };
}
