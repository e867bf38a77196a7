package k6_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

// Two instances that share a test send each Webhook-Id once, and together what one
// sends alone, byte for byte.
func TestSegmentsSendTogetherWhatOneSendsAlone(t *testing.T) {
	const hub = `seed: 7, future: 'all', webhooks: 20, mix: 'repo.content=6,discussion.comment=3'`
	for name, scenario := range map[string]string{
		"shared-iterations":        `executor: 'shared-iterations', iterations: 301, vus: 5`,
		"per-vu-iterations":        `executor: 'per-vu-iterations', iterations: 60, vus: 4`,
		"two scenarios, named two": `executor: 'shared-iterations', iterations: 100, vus: 2 }, b: { executor: 'shared-iterations', iterations: 100, vus: 3`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alone, shared := newReceiver(t), newReceiver(t)
			script := sending(hub, "a: { "+scenario+" }")
			newK6(t, alone.url).script(script)
			for _, out := range segments(newK6(t, shared.url), script, "0", "1/2", "1") {
				if !strings.HasPrefix(out, "exit code 0") {
					t.Error(out)
				}
			}
			whole, together := alone.bodies(t), shared.bodies(t)
			if len(whole) < 200 || !maps.Equal(whole, together) {
				t.Errorf("alone it sends %d deliveries, in segments %d, or others", len(whole), len(together))
			}
		})
	}
}

// Whatever executor numbers the iterations, and however unequal segments are, no number
// comes twice, and each is what the emitter makes of it.
func TestEveryExecutorNumbersDeliveriesOnce(t *testing.T) {
	for name, settings := range map[string]string{
		"shared-iterations":     `iterations: 100, vus: 4`,
		"per-vu-iterations":     `iterations: 20, vus: 6`,
		"constant-vus":          `vus: 4, duration: '1s'`,
		"ramping-vus":           `startVUs: 3, stages: [{ target: 6, duration: '1s' }], gracefulRampDown: '5s'`,
		"constant-arrival-rate": `rate: 100, duration: '1s', preAllocatedVUs: 5, maxVUs: 20`,
		"ramping-arrival-rate":  `startRate: 50, stages: [{ target: 150, duration: '1s' }], preAllocatedVUs: 5, maxVUs: 20`,
	} {
		t.Run(name, func(t *testing.T) {
			r := newReceiver(t)
			script := sending("seed: '7', webhooks: 3, limit: 1e9", fmt.Sprintf("a: { executor: '%s', %s }", name, settings))
			for _, out := range segments(newK6(t, r.url), script, "0", "1/3", "1/2", "1") {
				if !strings.HasPrefix(out, "exit code 0") {
					t.Error(out)
				}
			}
			if len(r.bodies(t)) == 0 {
				t.Error("no delivery came")
			}
			checkMade(t, r.got(), 3)
		})
	}
}

// checkMade finds what is not what the emitter makes of the number 7.
func checkMade(t *testing.T, requests []received, webhooks int) {
	t.Helper()
	ids := emitter.WebhookIDs(7, webhooks)
	generator, err := emitter.New(emitter.Options{Seed: 7, WebhookIDs: ids})
	if err != nil {
		t.Fatal(err)
	}
	numbered, err := generator.Indexed(emitter.FeedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range requests {
		number, err := strconv.ParseUint(r.number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		webhook := int(number % uint64(webhooks))
		body, err := numbered.Append(nil, emitter.Recipient{Index: number, Webhook: webhook})
		if err != nil {
			t.Fatal(err)
		}
		if id := string(numbered.AppendID(nil, number)); id != r.id || string(body) != r.body || r.webhook != ids[webhook] {
			t.Errorf("number %d is %s for %s: %s\nwanted %s for %s: %s", number, r.id, r.webhook, r.body, id, ids[webhook], body)
		}
	}
}

// Several deliveries of one iteration, and those of several scenarios, have numbers
// that leave none out.
func TestNumbersOfIterationsAndScenariosAreDense(t *testing.T) {
	r := newReceiver(t)
	newK6(t, r.url).script(`
		import http from 'k6/http'
		import { Hub } from 'k6/x/hubhook'
		const hub = new Hub({ url: __ENV.HUBHOOK_URL, secret: __ENV.HUBHOOK_SECRET, seed: 7, perIteration: 2, scenarios: ['b', 'a'] })
		const of = (exec) => ({ exec, executor: 'shared-iterations', iterations: 25, vus: 2 })
		export const options = { scenarios: { a: of('two'), b: of('two'), c: of('none') } }
		export function none() {}
		export function two() {
			for (let i = 0; i < 2; i++) {
				const d = hub.delivery()
				http.post(d.url, d.body, { ...d.params, headers: { ...d.headers, 'X-Number': d.number, 'X-Webhook': d.webhook } })
			}
		}`)
	numbers := map[string]bool{}
	for _, request := range r.got() {
		numbers[request.number] = true
	}
	for number := range 100 {
		if !numbers[strconv.Itoa(number)] {
			t.Errorf("number %d was not sent", number)
		}
	}
	if len(r.got()) != 100 {
		t.Errorf("%d deliveries came", len(r.got()))
	}
	checkMade(t, r.got(), 1)
}
