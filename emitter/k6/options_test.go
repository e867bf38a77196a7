package k6_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/js/modulestest"
	"go.k6.io/k6/lib"
	"go.k6.io/k6/lib/executor"
	"go.k6.io/k6/lib/types"

	extension "github.com/hubhook/hubhook/emitter/k6"
	"github.com/hubhook/hubhook/schemas"
)

// vu is a VU in a scenario of its own, whose iterations are counted by hand.
type vu struct {
	*modulestest.Runtime
	iteration uint64
}

func newVU(t testing.TB) *vu {
	v := &vu{Runtime: modulestest.NewRuntime(t)}
	v.VU.CtxField = lib.WithScenarioState(context.Background(), &lib.ScenarioState{Name: "a", Executor: "shared-iterations"})
	return v
}

// hub makes a Hub as a script does.
func (v *vu) hub(t testing.TB, options string) error {
	t.Helper()
	module := extension.New().NewModuleInstance(v.VU)
	if err := v.VU.RuntimeField.Set("Hub", module.Exports().Named["Hub"]); err != nil {
		t.Fatal(err)
	}
	_, err := v.VU.RuntimeField.RunString("var hub = new Hub(" + options + ")")
	return err
}

// begin ends the code outside of functions, and begins what makes the delivery of
// an iteration.
func (v *vu) begin(t testing.TB) func() *sobek.Object {
	t.Helper()
	config := executor.NewSharedIterationsConfig("a")
	config.MaxDuration = types.NullDuration{}
	v.MoveToVUContext(&lib.State{
		Logger:                  logrus.New(),
		Options:                 lib.Options{Scenarios: lib.ScenarioConfigs{"a": config}},
		GetScenarioGlobalVUIter: func() uint64 { return v.iteration },
	})
	run, err := v.VU.RuntimeField.RunString("(() => hub.delivery())")
	if err != nil {
		t.Fatal(err)
	}
	call, _ := sobek.AssertFunction(run)
	return func() *sobek.Object {
		made, err := call(sobek.Undefined())
		if err != nil {
			t.Fatal(err)
		}
		v.iteration++
		return made.ToObject(v.VU.RuntimeField)
	}
}

// A mistake in the options is thrown where the Hub is made, in words that name the
// option.
func TestMistakesInOptionsAreThrown(t *testing.T) {
	for options, want := range map[string]string{
		``:                                    "new Hub takes an object, such as {",
		`'http://127.0.0.1'`:                  "new Hub takes an object, such as {",
		`[1]`:                                 "the options of new Hub are an object",
		`{ sead: 1 }`:                         `unknown option "sead": did you mean seed?`,
		`{ zzzzzzzz: 1 }`:                     `unknown option "zzzzzzzz": there are url, secret,`,
		`{ URL: 'x' }`:                        `unknown option "URL": did you mean url?`,
		`{ url: 'localhost/webhook' }`:        "url is not one of http://host/path or https://host/path",
		`{ url: 'http://a?secret=b' }`:        "url holds ?secret=…: leave it out, and say secret and secretIn: 'query'",
		`{ url: 7 }`:                          "url: expected a string, found a number",
		`{ webhooks: '5' }`:                   "webhooks: expected a whole number, found a string",
		`{ webhooks: 1.5 }`:                   "webhooks: expected a whole number, found a number",
		`{ webhooks: 70000 }`:                 "webhooks: 70000 is not between 1 and 65536",
		`{ webhooks: -1 }`:                    "webhooks: -1 is not between 1 and 65536",
		`{ limit: -1 }`:                       "limit: -1 is not between 1 and 1000000000",
		`{ perIteration: -2 }`:                "perIteration: -2 is not between 1 and 1000000",
		`{ shapes: 'repo.update' }`:           "shapes: expected a list of strings, found a string",
		`{ shapes: ['repo.updat'] }`:          "repo.updat",
		`{ shapes: ['x'], mix: 'y=1' }`:       "shapes are either named, to be taken in turn, or mixed by weights",
		`{ mix: 'repo.content' }`:             `mix: "repo.content" is no part of a mix`,
		`{ future: 'tomorrow' }`:              `future: unknown part of the future "tomorrow"`,
		`{ secretIn: 'body' }`:                `secretIn: unknown place for the secret "body"`,
		`{ secret: 'ü' }`:                     "secret: character 1 cannot stand in a header",
		`{ seed: 'seven' }`:                   `seed: "seven" is no whole number from 0 to 18446744073709551615`,
		`{ seed: -1 }`:                        "seed: -1 is no whole number",
		`{ seed: 2 ** 60 }`:                   "seed: a number over 9007199254740991 is not exact in JavaScript: write it in quotes",
		`{ headers: { 'webhook-id': 'a' } }`:  "headers: Webhook-Id is another one for each delivery",
		`{ headers: { a: 1 } }`:               "expected a string, found a number",
		`{ seed: 7 }); new Hub({ seed: '7' }`: "two Hubs of one seed would send the same Webhook-Ids: name the stream of this one",
		`{}); new Hub({}`:                     "two Hubs of one seed would send the same Webhook-Ids",
	} {
		if err := newVU(t).hub(t, options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("new Hub(%s): %v, wanted %q", options, err, want)
		}
	}
}

// Whatever the options are, they make a Hub or an error of one line, without the secret.
func FuzzOptions(f *testing.F) {
	for _, text := range []string{
		`{}`, `null`, `[]`, `"a"`, `1e999`, `{"seed":1e21}`, `{"seed":"007"}`, `{"seed":"\u00e9"}`, `{"seed":{}}`, `{"seed":[1]}`, `{"seed":true}`,
		`{"url":"http://me:correct-horse@a/","secret":"correct-horse"}`, `{"url":"%zz://correct-horse","secret":"correct-horse"}`,
		`{"secret":"correct-horse","secretIn":"body"}`, `{"webhooks":65536,"limit":1000000000}`, `{"webhooks":-0.0}`,
		`{"headers":{"":""},"scenarios":[null]}`, `{"shapes":["repo.*"],"mix":null,"future":"scopes=0.5"}`, `{"__proto__":1}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := newVU(t)
		if err := v.VU.RuntimeField.Set("text", text); err != nil {
			t.Fatal(err)
		}
		if _, err := v.VU.RuntimeField.RunString("JSON.parse(text)"); err != nil {
			return
		}
		err := v.hub(t, "JSON.parse(text)")
		if err == nil {
			return
		}
		var o struct{ Secret, URL string }
		_ = json.Unmarshal([]byte(text), &o) // what is of another type is not there
		const word = "correct-horse"
		hidden := strings.Count(o.Secret+o.URL, word) == strings.Count(text, word)
		if message := err.Error(); !strings.Contains(message, "hubhook: ") || hidden && strings.Contains(message, word) {
			t.Errorf("new Hub(%s): %v", text, err)
		}
	})
}

// A Hub is made outside of functions, for one that is made in each iteration would
// count anew.
func TestAHubIsMadeOutsideOfFunctions(t *testing.T) {
	v := newVU(t)
	if err := v.hub(t, "{ url: 'http://127.0.0.1/', secretIn: 'none' }"); err != nil {
		t.Fatal(err)
	}
	v.begin(t)
	if _, err := v.VU.RuntimeField.RunString("new Hub({})"); err == nil || !strings.Contains(err.Error(), "make a Hub outside of functions") {
		t.Errorf("a Hub in a function: %v", err)
	}
}

// An executor of which nobody has seen how it numbers iterations is not trusted.
func TestAnExecutorThatIsNotKnownIsRefused(t *testing.T) {
	v := newVU(t)
	v.VU.CtxField = lib.WithScenarioState(context.Background(), &lib.ScenarioState{Name: "a", Executor: "tomorrows"})
	if err := v.hub(t, "{ url: 'http://127.0.0.1/', secretIn: 'none' }"); err != nil {
		t.Fatal(err)
	}
	v.begin(t)
	_, err := v.VU.RuntimeField.RunString("hub.delivery()")
	if err == nil || !strings.Contains(err.Error(), `the executor tomorrows of the scenario "a" is not known to number iterations without repeating itself: use one of shared-iterations, `) {
		t.Errorf("the executor of tomorrow: %v", err)
	}
}

// What http.post gets beside URL and body is what the Hub does: it waits so long, and
// takes no redirect for success.
func TestParamsAreThoseOfTheHub(t *testing.T) {
	v := newVU(t)
	if err := v.hub(t, "{ url: 'http://127.0.0.1/', secret: 'a', seed: 7, shapes: ['repo.update'], headers: { 'user-agent': 'mine', 'X-More': 'b' } }"); err != nil {
		t.Fatal(err)
	}
	d := v.begin(t)()
	text, err := d.Get("params").ToObject(v.VU.RuntimeField).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var params any
	if err := json.Unmarshal(text, &params); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"headers": map[string]any{
			"Content-Type": "application/json", "User-Agent": "mine", "Webhook-Id": d.Get("id").String(),
			"X-More": "b", "X-Webhook-Secret": "a",
		},
		"tags":      map[string]any{"shape": "repo.update"},
		"redirects": 0.0, "timeout": "30s",
	}
	if difference := cmp.Diff(want, params); difference != "" {
		t.Error(difference)
	}
}

// What a script changes in a delivery is in no other.
func TestADeliveryMayBeChanged(t *testing.T) {
	v := newVU(t)
	if err := v.hub(t, "{ url: 'http://127.0.0.1/', secret: 'a', seed: 7, perIteration: 2 }"); err != nil {
		t.Fatal(err)
	}
	v.begin(t)
	got, err := v.VU.RuntimeField.RunString(`
		const first = hub.delivery(), second = hub.delivery()
		first.headers['X-Mine'] = 'b'
		first.tags.mine = 1
		delete first.headers['X-Webhook-Secret']
		JSON.stringify([
			{ ...first.params.headers }['X-Mine'], first.params.tags.mine, 'X-Webhook-Secret' in first.params.headers,
			Object.keys(second.headers).length, Object.keys(second.tags).length, first.headers['Webhook-Id'] === second.id,
		])`)
	if err != nil {
		t.Fatal(err)
	}
	if want := `["b",1,false,4,1,false]`; got.String() != want {
		t.Errorf("there is %s, wanted %s", got, want)
	}
}

// What is not set in the environment is not there, and is no mistake before a delivery
// is to be made.
func TestOptionsThatAreUndefinedAreNotGiven(t *testing.T) {
	v := newVU(t)
	if err := v.hub(t, `{ url: undefined, secret: undefined, seed: undefined, headers: { a: undefined }, limit: null, mix: '' }`); err != nil {
		t.Fatal(err)
	}
	quota, err := v.VU.RuntimeField.RunString("hub.quota")
	if err != nil || quota.String() != "Infinity" {
		t.Errorf("the quota is %v, %v", quota, err)
	}
}

// Hubs of one seed and different streams share nothing.
func TestStreamsShareNothing(t *testing.T) {
	seen := map[string]string{}
	for _, stream := range []string{"", "b", "c"} {
		v := newVU(t)
		if err := v.hub(t, `{ url: 'http://127.0.0.1/', secretIn: 'none', seed: 7, webhooks: 4, stream: '`+stream+`' }`); err != nil {
			t.Fatal(err)
		}
		delivery := v.begin(t)
		for range 4 {
			d := delivery()
			for _, name := range []string{"id", "webhook"} {
				value := d.Get(name).String()
				if other, twice := seen[value]; twice {
					t.Errorf("the %s %s is of the streams %q and %q", name, value, other, stream)
				}
				seen[value] = stream
			}
		}
	}
}

// Payloads are what the Hub is known to send, and the tags that metrics get are few
// even where shapes are not.
func TestDeliveriesAreValid(t *testing.T) {
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for future, reading := range map[string]schemas.Reading{"": schemas.Strict, "all": schemas.Open} {
		v := newVU(t)
		if err := v.hub(t, `{ url: 'http://127.0.0.1/', secretIn: 'none', seed: 7, future: '`+future+`' }`); err != nil {
			t.Fatal(err)
		}
		delivery, tags := v.begin(t), map[string]bool{}
		for range 500 {
			d := delivery()
			doc, err := schemas.Decode([]byte(d.Get("body").String()))
			if err != nil {
				t.Fatal(err)
			}
			judged, err := set.Judge(doc, reading)
			if err != nil || len(judged.Problems) > 0 {
				t.Errorf("%s: %v %v", d.Get("body"), judged.Problems, err)
			}
			tags[d.Get("tags").ToObject(v.VU.RuntimeField).Get("shape").String()] = true
		}
		if most := 2 * len(set.Shapes()); len(tags) < 5 || len(tags) > most {
			t.Errorf("there are %d shapes in tags, %v", len(tags), tags)
		}
	}
}

func BenchmarkDelivery(b *testing.B) {
	for name, options := range map[string]string{
		"header": `secret: 's3cret', webhooks: 500, limit: 1e9`,
		"query":  `secret: 's3cret', secretIn: 'query', mix: 'repo.content=6,discussion.comment=3', future: 'all'`,
	} {
		b.Run(name, func(b *testing.B) {
			v := newVU(b)
			if err := v.hub(b, `{ url: 'http://127.0.0.1/webhook', seed: 7, `+options+` }`); err != nil {
				b.Fatal(err)
			}
			delivery := v.begin(b)
			b.ReportAllocs()
			for b.Loop() {
				delivery()
			}
		})
	}
}
