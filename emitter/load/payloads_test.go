package load

import (
	"net/url"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load/internal/client"
)

func generator(t testing.TB, o emitter.Options) *emitter.Generator {
	t.Helper()
	g, err := emitter.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// sent collects what a run sends, in the order in which it does.
type sent struct {
	ids, bodies []string
	webhooks    []int
}

func (s *sent) Room() int                { return 7 }
func (s *sent) NewClient() client.Client { return s }
func (s *sent) Abort()                   {}
func (s *sent) Close()                   {}
func (s *sent) Do(p *client.Request) client.Result {
	s.ids, s.bodies, s.webhooks = append(s.ids, string(p.ID)), append(s.bodies, string(p.Text[p.BodyStart:])), append(s.webhooks, p.Webhook)
	return client.Result{Status: 500}
}

// collected is what one connection sends of a plan.
func collected(t *testing.T, o Options) *sent {
	t.Helper()
	o.To.URL = &url.URL{Scheme: "http", Host: "handler.test"}
	o.Connections = 1
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s := &sent{}
	if err := newEngine(o, s).run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// What comes back has the Webhook-Id and the bytes of what failed, whether it is made
// anew or was kept.
func TestRetriesAreTheSameBytes(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 7})
	story, err := g.Feed(emitter.FeedOptions{Story: true})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := g.Indexed(emitter.FeedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, payloads := range map[string]Payloads{"numbered": FromIndexed(alone), "a story": FromFeed(story)} {
		plan, err := AtOnce(50)
		if err != nil {
			t.Fatal(err)
		}
		s := collected(t, Options{Plan: plan, Payloads: payloads, Retries: delivery.AssumedRetries(), TimeScale: 1e6})
		first := map[string]string{}
		for i, id := range s.ids {
			if body, again := first[id]; again && body != s.bodies[i] {
				t.Fatalf("%s: %s is %s\nand then %s", name, id, body, s.bodies[i])
			}
			first[id] = s.bodies[i]
		}
		if len(first) != 50 || len(s.ids) != 50*6 {
			t.Errorf("%s: %d attempts at %d deliveries, wanted six at each of 50", name, len(s.ids), len(first))
		}
	}
}

// Each webhook's deliveries name it, and carry its secret.
func TestWebhooksAreToldApart(t *testing.T) {
	ids := emitter.WebhookIDs(7, 3)
	alone, err := generator(t, emitter.Options{Seed: 7, WebhookIDs: ids}).Indexed(emitter.FeedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := AtOnce(30)
	if err != nil {
		t.Fatal(err)
	}
	if plan, err = Spread(plan, 3, 5); err != nil {
		t.Fatal(err)
	}
	s := collected(t, Options{Plan: plan, Payloads: FromIndexed(alone), Webhooks: 3, Secrets: []string{"one", "two", "three"}})
	if len(s.bodies) != 15 {
		t.Errorf("%d deliveries, wanted 5 for each of 3", len(s.bodies))
	}
	for i, body := range s.bodies {
		if got := gjson.Get(body, "webhook.id").Str; got != ids[s.webhooks[i]] {
			t.Errorf("delivery %d has the secret of webhook %d and the id %s", i, s.webhooks[i], got)
		}
	}
}
