package hub

import (
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// always is a handler's answer.
func always(status int) func(arrival) int { return func(arrival) int { return status } }

// somethingHappens is an event of a repo that nobody else knows of.
var somethingHappens = domain.Event{Shape: "repo.update", Repo: &domain.Repo{ID: domain.UserID("a repo"), Type: "model", Name: "mock-user/demo"}}

// happens has such an event happen.
func (r *rig) happens(shape string) {
	r.t.Helper()
	err := r.db.Update(func(tx *domain.Tx) error {
		tx.URL = r.url
		e := somethingHappens
		e.Shape = shape
		return tx.Publish(e)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestDeliveryIsRetriedUntilItIsAccepted(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	first := r.arrivals()
	if len(first) != 1 || first[0].shape() != "repo.update" || first[0].header.Get("X-Webhook-Secret") != "s3cret" || first[0].at("webhook.id") != id {
		t.Fatalf("arrived: %v", first)
	}
	r.Advance(5 * time.Second)
	if early := r.arrivals(); len(early) != 0 {
		t.Fatalf("%d arrived too early", len(early))
	}
	r.handler.answers(always(204))
	r.Advance(7 * time.Second)
	again := r.arrivals()
	if len(again) != 1 || again[0].header.Get("Webhook-Id") != first[0].header.Get("Webhook-Id") || string(again[0].body) != string(first[0].body) {
		t.Fatalf("the retry: %v", again)
	}
	d := r.Deliveries(Query{})
	if len(d) != 1 || d[0].State != activity.Delivered || len(d[0].Attempts) != 2 || d[0].Attempts[0].Status != 500 {
		t.Fatalf("the activity: %+v", d)
	}
}
