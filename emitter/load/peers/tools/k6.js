// Each request has a body and a Webhook-Id of its own, and is as long as those of the
// others.
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
const first = ['ada', 'boris', 'clara', 'dmitri', 'elena', 'farid', 'greta', 'hugo'];
const second = ['plain-ocean', 'quiet-river', 'tiny-llama', 'large-owl', 'warm-comet', 'blue-finch', 'swift-fox', 'old-oak'];
const third = ['A question about the weights', 'It fails to load', 'The licence is not named', 'A typo in the model card'];

const hex = (digits) => Math.floor(Math.random() * 16 ** digits).toString(16).padStart(digits, '0');
const one = (list) => list[Math.floor(Math.random() * list.length)];
const id = (number) => hex(12) + number.toString(16).padStart(12, '0');

export default function () {
  const number = exec.scenario.iterationInTest;
  const name = `${one(first)}/${one(second)}`;
  const web = `https://huggingface.co/${name}`;
  const num = 1 + Math.floor(Math.random() * 200);
  params.headers['Webhook-Id'] = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${number.toString(16).padStart(12, '0')}`;
  http.post(env.PEERS_URL, JSON.stringify({
    event: { action: 'create', scope: 'discussion.comment' },
    repo: {
      type: 'model', name, id: id(number), private: false,
      url: { web, api: `https://huggingface.co/api/models/${name}` },
      headSha: hex(10) + hex(10) + hex(10) + hex(10), owner: { id: id(number) },
    },
    discussion: {
      id: id(number), title: `${one(third)}, and what it does on the other machine`, url: { web: `${web}/discussions/${num}` },
      status: 'open', author: { id: id(number) }, num, isPullRequest: false,
    },
    comment: { id: id(number), author: { id: id(number) }, content: `${one(third)}: it was not so before, and it is no more`, hidden: false },
    webhook: { id: id(number), version: 3 },
  }), params);
}

export function handleSummary(data) {
  return { [env.PEERS_OUT]: JSON.stringify(data) };
}
