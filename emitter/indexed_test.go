package emitter_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/schemas"
)

func numbered(t testing.TB, o emitter.Options, f emitter.FeedOptions) *emitter.Indexed {
	t.Helper()
	n, err := generator(t, o).Indexed(f)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// made is a delivery of a number: its Webhook-Id and its payload.
func made(t testing.TB, n *emitter.Indexed, to emitter.Recipient) string {
	t.Helper()
	text, err := n.Append(append(n.AppendID(nil, to.Index), ' '), to)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Several machines that make a part of the numbers each make together what one
// would, in whatever order, and at the same time.
func TestIndexedIsDeterministic(t *testing.T) {
	const count, machines = 600, 3
	options := emitter.Options{Seed: 7, Future: emitter.SomeFuture()}
	mix := emitter.FeedOptions{Mix: []emitter.Weight{{Name: "repo.content", Weight: 5}, {Name: "discussion.comment", Weight: 3}}}
	var alone, together [count]string
	for i, one := 0, numbered(t, options, mix); i < count; i++ {
		alone[i] = made(t, one, emitter.Recipient{Index: uint64(i)})
	}
	var all sync.WaitGroup
	for machine := range machines {
		part := numbered(t, options, mix)
		all.Go(func() {
			for i := count - 1 - machine; i >= 0; i -= machines {
				together[i] = made(t, part, emitter.Recipient{Index: uint64(i)})
			}
		})
	}
	all.Wait()
	ids := map[string]bool{}
	for i := range alone {
		if alone[i] != together[i] {
			t.Fatalf("number %d is %s\nelsewhere %s", i, alone[i], together[i])
		}
		ids[alone[i][:36]] = true
	}
	if len(ids) != count {
		t.Errorf("%d deliveries have %d Webhook-Ids", count, len(ids))
	}
}

// A mix is one by the weights, and the future is in it.
func TestIndexedFollowsTheMix(t *testing.T) {
	n := numbered(t, emitter.Options{Future: emitter.Future{Scopes: 0.5}}, emitter.FeedOptions{Mix: []emitter.Weight{{Name: "repo.update", Weight: 3}, {Name: "discussion.update", Weight: 1}}})
	const count = 4000
	repo, narrowed := 0, 0
	for number := range uint64(count) {
		shape := delivery.ShapeOf([]byte(made(t, n, emitter.Recipient{Index: number})[37:]))
		if strings.HasPrefix(shape, "repo.") {
			repo++
		}
		if shape != "repo.update" && shape != "discussion.update" {
			narrowed++
		}
	}
	if repo < count*70/100 || repo > count*80/100 || narrowed < count*45/100 || narrowed > count*55/100 {
		t.Errorf("of %d, %d tell of repos (wanted three in four), %d of narrowed scopes (wanted half)", count, repo, narrowed)
	}
}

// Without a mix, all that the Hub sends today comes in turn, and is valid.
func TestIndexedIsValid(t *testing.T) {
	n := numbered(t, emitter.Options{Seed: 3}, emitter.FeedOptions{})
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		t.Fatal(err)
	}
	shapes := map[string]bool{}
	for number := range uint64(100) {
		text := []byte(made(t, n, emitter.Recipient{Index: number})[37:])
		shape, found := problems(t, set, text)
		if shapes[shape] = true; len(found) > 0 {
			t.Errorf("%v: %s", found, text)
		}
	}
	for _, shape := range set.Shapes() {
		if !shape.Narrowed && !shapes[shape.Name] {
			t.Errorf("one hundred payloads tell of no %s", shape.Name)
		}
	}
}

// Each of several webhooks gets payloads that name it and are the same but for that.
func TestIndexedIsForTheNamedWebhook(t *testing.T) {
	ids := emitter.WebhookIDs(7, 3)
	n := numbered(t, emitter.Options{Seed: 7, WebhookIDs: ids}, emitter.FeedOptions{})
	first := made(t, n, emitter.Recipient{Index: 5})
	for i, id := range ids {
		text := made(t, n, emitter.Recipient{Index: 5, Webhook: i})
		if got := gjson.Get(text[37:], "webhook.id").Str; got != id {
			t.Errorf("webhook %d has the id %s, wanted %s", i, got, id)
		}
		if !bytes.Equal([]byte(text), bytes.ReplaceAll([]byte(first), []byte(ids[0]), []byte(id))) {
			t.Errorf("for webhook %d it is %s, for the first %s", i, text, first)
		}
	}
	if alone := made(t, numbered(t, emitter.Options{Seed: 7}, emitter.FeedOptions{}), emitter.Recipient{Index: 5}); alone != first {
		t.Errorf("alone, the first webhook gets %s, among others %s", alone, first)
	}
	if _, err := n.Append(nil, emitter.Recipient{Webhook: 3}); err == nil {
		t.Error("a webhook that there is not gets a payload")
	}
}

func TestIndexedIsNoStory(t *testing.T) {
	if _, err := generator(t, emitter.Options{}).Indexed(emitter.FeedOptions{Story: true}); err == nil {
		t.Error("a story is told out of order")
	}
}

func BenchmarkNumbered(b *testing.B) {
	n := numbered(b, emitter.Options{Seed: 7}, emitter.FeedOptions{})
	number := uint64(0)
	benchmark(b, func(dst []byte) ([]byte, error) {
		number++
		return n.Append(n.AppendID(dst, number), emitter.Recipient{Index: number})
	})
}
