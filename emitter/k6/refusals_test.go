package k6_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

// scriptAborted and scriptThrew are exit codes of k6.
const scriptAborted, scriptThrew = 108, 107

// What would send one delivery twice, or fail in every iteration, ends a test before
// anything is sent, and says what to do.
func TestTestsThatCannotBeRightAreEndedAtOnce(t *testing.T) {
	const (
		shared  = "a: { executor: 'shared-iterations', iterations: 8, vus: 2 }"
		seeded  = "seed: 1"
		half    = "--execution-segment=0:1/2"
		halves  = "--execution-segment-sequence=0,1/2,1"
		without = ""
	)
	for name, c := range map[string]struct {
		hub, scenarios string
		args           []string
		env            string
		want           string
	}{
		"a segment without a seed":      {without, shared, []string{half, halves}, "", "an execution segment needs a seed, the same for all instances"},
		"a seed that is set to nothing": {"seed: __ENV.HUBHOOK_SEED", shared, []string{half, halves}, "HUBHOOK_SEED=", "an execution segment needs a seed"},
		"a segment without a sequence":  {seeded, shared, []string{half}, "", "--execution-segment needs the whole --execution-segment-sequence"},
		"half a sequence":               {seeded, shared, []string{half, "--execution-segment-sequence=0,1/2"}, "", "from 0 to 1, such as 0,1/2,1"},
		"VUs that cannot be shared": {
			seeded, "a: { executor: 'per-vu-iterations', iterations: 8, vus: 3 }", []string{half, halves}, "",
			"per-vu-iterations with 3 VUs cannot be shared evenly among the segments 0,1/2,1",
		},
		"an executor that k6 cannot share": {
			seeded, "a: { executor: 'externally-controlled', vus: 2, maxVUs: 2, duration: '5s' }", []string{half, halves}, "",
			"k6 cannot share externally-controlled among execution segments: use shared-iterations",
		},
		"no secret":        {seeded, shared, nil, "HUBHOOK_SECRET=", "no secret is given: set secret"},
		"no URL":           {seeded, shared, nil, "HUBHOOK_URL=", "no url is given: set url"},
		"an odd scenario":  {seeded + ", scenarios: ['b']", shared, nil, "", `there is no scenario "b", but a`},
		"another scenario": {seeded + ", scenarios: ['b']", shared + ", b: { executor: 'shared-iterations', startTime: '5s' }", nil, "", `in the scenario "a": it is not one of scenarios, b`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			k := newK6(t, r.url, c.env)
			code, out := k.run(append([]string{"run", "--quiet", "--address", "", k.write(sending(c.hub, c.scenarios))}, c.args...)...)
			out = strings.ReplaceAll(out, `\"`, `"`)
			if code != scriptAborted || !strings.Contains(out, "test aborted: hubhook: ") || !strings.Contains(out, c.want) {
				t.Errorf("exit code %d, wanted %d and %q: %s", code, scriptAborted, c.want, out)
			}
			if len(r.got()) > 0 {
				t.Errorf("%d deliveries were sent", len(r.got()))
			}
			checkSecret(t, out)
		})
	}
}

// A delivery cannot be asked for where nothing numbers it, or no more often than it
// was said.
func TestDeliveriesThatHaveNoNumberAreRefused(t *testing.T) {
	const begin = `
		import http from 'k6/http'
		import { Hub } from 'k6/x/hubhook'
		const hub = new Hub({ url: __ENV.HUBHOOK_URL, secret: __ENV.HUBHOOK_SECRET, seed: 1 })
	`
	for name, c := range map[string]struct {
		script, want string
		code         int
	}{
		"a second one in an iteration": {`export default function () { hub.delivery(); hub.delivery() }`, "makes 1 in an iteration, and was called once more: keep what it gave, or say perIteration: 2", scriptAborted},
		"in setup":                     {`export function setup() { hub.delivery() } export default function () {}`, "say which one, hub.delivery(number)", scriptAborted},
		"a part of a number":           {`export default function () { hub.delivery(1.5) }`, "1.5 is no whole number", scriptAborted},
		"less than none":               {`export default function () { hub.delivery(-1) }`, "-1 is no whole number", scriptAborted},
		"too large to be exact":        {`export default function () { hub.delivery(2 ** 53) }`, "9007199254740992 is no whole number from 0 to 9007199254740991", scriptAborted},
		"a text":                       {`export default function () { hub.delivery('1') }`, "1 is no whole number", scriptAborted},
		"outside of functions":         {`hub.delivery(1); export default function () {}`, "is called in functions that k6 runs", scriptThrew},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newK6(t, newReceiver(t).url)
			code, out := k.run("run", "--quiet", "--address", "", k.write(begin+c.script))
			if code != c.code || !strings.Contains(out, c.want) || strings.Contains(out, "TypeError") {
				t.Errorf("exit code %d, wanted %d and %q: %s", code, c.code, c.want, out)
			}
		})
	}
}

// A delivery that is asked for by its number is that one, wherever.
func TestADeliveryCanBeAskedForByNumber(t *testing.T) {
	r := newReceiver(t)
	newK6(t, r.url).script(`
		import http from 'k6/http'
		import hubhook from 'k6/x/hubhook'
		const hub = new hubhook.Hub({ url: __ENV.HUBHOOK_URL, secret: __ENV.HUBHOOK_SECRET, seed: 7 })
		function send(number) {
			const d = hub.delivery(number)
			http.post(d.url, d.body, { headers: { ...d.headers, 'X-Number': d.number, 'X-Webhook': d.webhook } })
		}
		export function setup() { send(11) }
		export default function () { send(5); send(5) }
	`)
	checkMade(t, r.got(), 1)
	if len(r.got()) != 3 || r.got()[0].number != "11" || r.got()[1].id != r.got()[2].id {
		t.Errorf("there came %v", r.got())
	}
}

// No webhook gets more than its quota, and who shares a test agrees on where it ends.
func TestTheQuotaEndsATest(t *testing.T) {
	const scenario = "a: { executor: 'shared-iterations', iterations: 60, vus: 4 }"
	for name, c := range map[string]struct {
		hub, want string
		each      map[string]int // triggers of the first webhooks, by their id
		segments  []string
	}{
		"of several webhooks":        {"webhooks: 3, limit: 5", "the quota is used up: all 3 webhooks have as many triggers as the Hub allows in 24 hours, 5;", used(3, 5), []string{"0", "1"}},
		"of several, in two parts":   {"webhooks: 3, limit: 5", "the quota is used up: all 3 webhooks have", used(3, 5), []string{"0", "1/2", "1"}},
		"of one":                     {"limit: 5", "the quota is used up: the webhook has as many triggers", used(1, 5), []string{"0", "1"}},
		"none, where none was asked": {"", "exit code 0", used(1, 60), []string{"0", "1"}},
		"the Hub's own is not near":  {"webhooks: 4", "exit code 0", used(4, 15), []string{"0", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			for _, out := range segments(newK6(t, r.url), sending("seed: 7, "+c.hub, scenario), c.segments...) {
				if !strings.Contains(out, c.want) {
					t.Errorf("wanted %q: %s", c.want, out)
				}
			}
			had := map[string]int{}
			for _, request := range r.got() {
				had[request.webhook]++
			}
			// What is under way when a test is ended may not be sent.
			for id, count := range had {
				if count > c.each[id] {
					t.Errorf("webhook %s had %d triggers, wanted %d at most", id, count, c.each[id])
				}
			}
			if strings.HasPrefix(c.want, "exit code 0") && fmt.Sprint(had) != fmt.Sprint(c.each) {
				t.Errorf("webhooks had %v, wanted %v", had, c.each)
			}
			if len(had) != len(c.each) {
				t.Errorf("%d webhooks had deliveries, wanted %d", len(had), len(c.each))
			}
		})
	}
}

// used are n triggers for each of the webhooks of the seed 7.
func used(webhooks, each int) map[string]int {
	by := map[string]int{}
	for _, id := range emitter.WebhookIDs(7, webhooks) {
		by[id] = each
	}
	return by
}
