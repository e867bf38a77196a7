package hub

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

func TestFaultsThatCannotBe(t *testing.T) {
	for want, faults := range map[string]Faults{
		"duplicate: ":    {Duplicate: -0.1},
		"reorder: ":      {Reorder: 2},
		"wrong-secret: ": {WrongSecret: math.NaN()},
		"delay: ":        {Delay: -1},
		"fail-first: ":   {FailFirst: -1},
		"types: ":        {Future: emitter.Future{Types: 7}},
	} {
		if h, err := New(Options{Faults: faults}); err == nil {
			h.Close()
			t.Errorf("%+v is taken", faults)
		} else if !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: %v", faults, err)
		}
	}
}

func TestFaultsAreOfTheSeed(t *testing.T) {
	f := Faults{Duplicate: 0.3, Reorder: 0.3, Delay: time.Minute, WrongSecret: 0.3}
	const many = 5000
	secret := &Webhook{Secret: "s3cret"}
	var met struct{ duplicated, reordered, wrong, same int }
	var longest, sum time.Duration
	for number := range uint64(many) {
		drawn := f.plan(1, number, secret)
		if drawn != f.plan(1, number, secret) {
			t.Fatalf("the plan of %d differs from itself", number)
		}
		own := drawn.Delay
		if drawn.Reordered {
			met.reordered++
			own -= heldBack
		}
		if drawn.Duplicated {
			met.duplicated++
		}
		if drawn.WrongSecret {
			met.wrong++
		}
		if drawn == f.plan(2, number, secret) {
			met.same++
		}
		if other := (&Faults{Duplicate: 0.3}).plan(1, number, secret); other.Duplicated != drawn.Duplicated {
			t.Fatalf("the other faults change whether %d is a duplicate", number)
		}
		longest, sum = max(longest, own), sum+own
	}
	for name, n := range map[string]int{"duplicate": met.duplicated, "reorder": met.reordered, "wrong-secret": met.wrong} {
		if n < many/4 || n > many/3+many/50 {
			t.Errorf("%s: %d of %d", name, n, many)
		}
	}
	if mean := sum / many; longest > time.Minute || mean < 28*time.Second || mean > 32*time.Second {
		t.Errorf("delays are %v at most, and %v on average", longest, mean)
	}
	if met.same > 0 {
		t.Errorf("another seed has %d of the same fates", met.same)
	}
}

func TestAcceptedDeliveryIsMadeAgain(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{Duplicate: 1}})
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	first := r.arrivals()
	if len(first) != 1 {
		t.Fatalf("one that was not accepted arrived %d times", len(first))
	}
	r.handler.answers(always(200))
	r.Advance(time.Minute)
	twice := r.arrivals()
	if len(twice) != 2 {
		t.Fatalf("%d arrived, want 2", len(twice))
	}
	for _, a := range twice {
		if string(a.body) != string(first[0].body) || a.header.Get("Webhook-Id") != first[0].header.Get("Webhook-Id") {
			t.Errorf("it differs from the first: %s", a.body)
		}
	}
	d := r.Deliveries(Query{})[0]
	if d.State != activity.Delivered || len(d.Attempts) != 3 || !slices.Equal(d.Attempts[2].Faults, []activity.Fault{"duplicate"}) || !d.Attempts[2].Accepted || d.Attempts[1].Faults != nil {
		t.Errorf("the activity: %+v", d)
	}
	if !slices.Equal(d.Faults, []activity.Fault{"duplicate"}) {
		t.Errorf("it is subject to %v", d.Faults)
	}
}

func TestDuplicateDecidesNothing(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{Duplicate: 1}, SuspendAfter: 1})
	id := r.watch("user:mock-user")
	seen := map[string]bool{}
	r.handler.answers(func(a arrival) int {
		if id := a.header.Get("Webhook-Id"); !seen[id] {
			seen[id] = true
			return 200
		}
		return 409 // as a handler answers that knows duplicates
	})
	r.happens("repo.update")
	if arrived := r.arrivals(); len(arrived) != 2 {
		t.Fatalf("%d arrived", len(arrived))
	}
	d := r.Deliveries(Query{})[0]
	if d.State != activity.Delivered || d.Attempts[1].Status != 409 {
		t.Errorf("the activity: %+v", d)
	}
	r.db.View(func(s *domain.State) {
		if w := s.Webhook(id); w.Disabled != activity.Enabled {
			t.Errorf("the webhook is %s for it", w.Disabled)
		}
	})
}

func TestFaultsDoNotCountTowardsTheQuota(t *testing.T) {
	r := newRig(t, Options{Quota: 2, QuotaCounts: CountAttempts, Faults: Faults{Duplicate: 1, WrongSecret: 1}})
	r.watch("user:mock-user")
	for range 3 {
		r.happens("repo.update")
		r.waitIdle()
	}
	var states []activity.State
	for _, d := range r.Deliveries(Query{}) {
		states = append(states, d.State)
	}
	if !slices.Equal(states, []activity.State{activity.Withheld, activity.Delivered, activity.Delivered}) {
		t.Errorf("the last is first in %v", states)
	}
}

// Options.Changed is called once for each attempt, those of faults
// included.
func TestLatestAttemptsAreAllInTurn(t *testing.T) {
	var mu sync.Mutex
	var attempts []Attempt
	r := newRig(t, Options{
		Faults: Faults{FailFirst: 1, WrongSecret: 1, Duplicate: 1},
		Changed: func(d Delivery) {
			mu.Lock()
			defer mu.Unlock()
			attempts = append(attempts, d.Latest()...)
		},
	})
	id := r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.waitIdle()
	r.Advance(12 * time.Second)
	r.waitIdle()
	r.handler.answers(always(200))
	r.Advance(70 * time.Second)
	r.waitIdle()
	d := r.Deliveries(Query{})[0]
	if _, err := r.Replay(t.Context(), id, d.ID); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if d = r.Deliveries(Query{})[0]; len(d.Attempts) != 6 || !reflect.DeepEqual(attempts, d.Attempts) {
		t.Errorf("changes of\n%+v\nof\n%+v", attempts, d.Attempts)
	}
}

func TestFirstAttemptsAreNotSent(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{FailFirst: 2, WrongSecret: 1}})
	r.watch("user:mock-user")
	r.happens("repo.update")
	for _, wait := range []time.Duration{0, 12 * time.Second} {
		r.Advance(wait)
		if arrived := r.arrivals(); len(arrived) != 0 {
			t.Fatalf("%d arrived too early", len(arrived))
		}
	}
	r.Advance(70 * time.Second)
	if arrived := r.arrivals(); len(arrived) != 2 { // one of them with a wrong secret
		t.Fatalf("%d arrived", len(arrived))
	}
	d := r.Deliveries(Query{})[0]
	if d.State != activity.Delivered || len(d.Attempts) != 4 || !slices.Equal(d.Faults, []activity.Fault{"fail first", "wrong secret"}) {
		t.Fatalf("the activity: %+v", d)
	}
	for _, a := range d.Attempts[:2] {
		if a.Accepted || !strings.HasPrefix(a.Error, "not sent, on purpose") || !slices.Equal(a.Faults, []activity.Fault{"fail first"}) {
			t.Errorf("an attempt that was kept back: %+v", a)
		}
	}
}

func TestSomebodySendsAWrongSecretBefore(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{WrongSecret: 1}, SuspendAfter: 3})
	id := r.watch("user:mock-user")
	accept := false
	r.handler.answers(func(a arrival) int {
		switch {
		case a.header.Get("X-Webhook-Secret") != "s3cret":
			return 401
		case accept:
			return 200
		}
		return 500
	})
	r.happens("repo.update")
	if arrived := r.arrivals(); len(arrived) != 2 || arrived[0].header.Get("X-Webhook-Secret") == "s3cret" || arrived[0].header.Get("X-Webhook-Secret") == "" || string(arrived[0].body) != string(arrived[1].body) {
		t.Fatalf("arrived: %v", arrived)
	}
	d := r.Deliveries(Query{})[0]
	if d.State != activity.Pending || len(d.Attempts) != 2 || !slices.Equal(d.Attempts[0].Faults, []activity.Fault{"wrong secret"}) || d.Attempts[0].Status != 401 {
		t.Fatalf("the activity: %+v", d)
	}
	failures := func() (n int, disabled activity.Disabled) {
		r.db.View(func(s *domain.State) { n, disabled = s.WebhookStats(id).Failures, s.Webhook(id).Disabled })
		return n, disabled
	}
	if n, _ := failures(); n != 1 {
		t.Errorf("%d failures are counted, want that of the Hub alone", n)
	}
	// The retry comes when the first of the waits has passed, and alone.
	r.Advance(12 * time.Second)
	if arrived := r.arrivals(); len(arrived) != 1 || arrived[0].header.Get("X-Webhook-Secret") != "s3cret" {
		t.Fatalf("the retry: %v", arrived)
	}
	if n, disabled := failures(); n != 2 || disabled != activity.Enabled {
		t.Errorf("%d failures, and the webhook is %q", n, disabled)
	}
	r.Advance(70 * time.Second)
	r.waitIdle()
	if n, disabled := failures(); n != 3 || disabled != activity.Suspended {
		t.Errorf("%d failures, and the webhook is %q, want it suspended", n, disabled)
	}
}

func TestAcceptedWrongSecretIsNoDelivery(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{WrongSecret: 1}, NoRetries: true, SuspendAfter: 1})
	id := r.watch("user:mock-user")
	r.handler.answers(func(a arrival) int {
		if a.header.Get("X-Webhook-Secret") == "s3cret" {
			return 500
		}
		return 200
	})
	r.happens("repo.update")
	r.waitIdle()
	d := r.Deliveries(Query{})[0]
	if d.State != activity.Failed || len(d.Attempts) != 2 || !d.Attempts[0].Accepted {
		t.Errorf("the activity: %+v", d)
	}
	r.db.View(func(s *domain.State) {
		if w := s.Webhook(id); w.Disabled != activity.Suspended {
			t.Errorf("the webhook is %q, want it suspended", w.Disabled)
		}
	})
}

func TestWrongSecretFaultWithoutSecret(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{WrongSecret: 1}})
	r.register(map[string]any{"url": r.handler.url})
	r.happens("repo.update")
	if arrived := r.arrivals(); len(arrived) != 1 || arrived[0].header.Values("X-Webhook-Secret") != nil {
		t.Errorf("arrived: %v", arrived)
	}
	if d := r.Deliveries(Query{})[0]; d.Faults != nil {
		t.Errorf("it is subject to %v", d.Faults)
	}
}

func TestReplayMeetsNoFaults(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{Duplicate: 1, WrongSecret: 1, FailFirst: 9}, NoRetries: true})
	id := r.watch("user:mock-user")
	r.happens("repo.update")
	r.waitIdle()
	d := r.Deliveries(Query{})[0]
	if made, err := r.Replay(t.Context(), id, d.ID); err != nil || !made.Replay || !made.Accepted || made.Faults != nil {
		t.Errorf("the replay: %+v, %v", made, err)
	}
	if arrived := r.arrivals(); len(arrived) != 1 {
		t.Errorf("%d arrived", len(arrived))
	}
}

func TestLaterDeliveriesOvertake(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{Reorder: 0.5}})
	r.watch("user:mock-user")
	const many = 20
	for range many {
		r.happens("repo.update")
	}
	held := map[string]bool{}
	for _, d := range r.Deliveries(Query{}) {
		held[d.WebhookIDHeader] = slices.Equal(d.Faults, []activity.Fault{"reorder"})
	}
	at := r.arrivals()
	r.Advance(time.Second)
	later := r.arrivals()
	if len(at) == 0 || len(later) == 0 || len(at)+len(later) != many {
		t.Fatalf("%d arrived at once, %d later", len(at), len(later))
	}
	for _, a := range at {
		if held[a.header.Get("Webhook-Id")] {
			t.Error("one that is held back was not")
		}
	}
	for _, a := range later {
		if !held[a.header.Get("Webhook-Id")] {
			t.Error("one was held back for nothing")
		}
	}
}

func TestDeliveriesComeLater(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{Delay: time.Minute}})
	r.watch("user:mock-user")
	const many = 20
	for range many {
		r.happens("repo.update")
	}
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Fatalf("%d arrived at once", len(arrived))
	}
	r.Advance(30 * time.Second)
	early := len(r.arrivals())
	r.Advance(30 * time.Second)
	late := len(r.arrivals())
	if early == 0 || late == 0 || early+late != many {
		t.Errorf("%d arrived in half a minute, %d in the next", early, late)
	}
}
