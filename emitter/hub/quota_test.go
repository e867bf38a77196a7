package hub

import (
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

func TestQuotaSlides(t *testing.T) {
	r := newRig(t, Options{Quota: 3})
	r.watch("user:mock-user")
	for range 2 {
		r.happens("repo.update")
	}
	r.Advance(12 * time.Hour)
	for range 3 {
		r.happens("repo.update")
	}
	if arrived := r.arrivals(); len(arrived) != 3 {
		t.Fatalf("%d arrived of a quota of 3", len(arrived))
	}
	withheld := r.Deliveries(Query{State: activity.Withheld})
	if len(withheld) != 2 || withheld[0].Reason != activity.RateLimited || len(withheld[0].Attempts) != 0 {
		t.Fatalf("withheld are %+v", withheld)
	}
	r.Advance(12 * time.Hour) // the first two are a day old
	for range 3 {
		r.happens("repo.update")
	}
	if arrived := r.arrivals(); len(arrived) != 2 {
		t.Fatalf("%d arrived where two of three had left the window", len(arrived))
	}
}

func TestWhatCountsTowardsTheQuota(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		arrive  int // of three events, the first of which fails twice
	}{
		{"triggers alone", Options{Quota: 3}, 5},
		{"attempts", Options{Quota: 3, QuotaCounts: CountAttempts}, 3},
		{"nothing is withheld", Options{Quota: 1, OverQuota: Deliver}, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, test.options)
			r.watch("user:mock-user")
			r.handler.answers(always(500))
			r.happens("repo.update")
			r.waitIdle()
			r.Advance(12 * time.Second)
			r.waitIdle()
			r.handler.answers(always(200))
			r.Advance(2 * time.Minute)
			r.waitIdle()
			for range 2 {
				r.happens("repo.update")
			}
			if arrived := r.arrivals(); len(arrived) != test.arrive {
				t.Errorf("%d arrived, wanted %d", len(arrived), test.arrive)
			}
		})
	}
}

func TestWithheldCanBeReplayed(t *testing.T) {
	r := newRig(t, Options{Quota: 1})
	id := r.watch("user:mock-user")
	r.happens("repo.update")
	r.happens("repo.update")
	r.arrivals()
	d := r.Deliveries(Query{State: activity.Withheld})[0]
	if answer := r.call("POST", "/api/settings/webhooks/"+id+"/replay/"+d.ID, nil); answer["status"] != 200.0 {
		t.Fatalf("the replay: %v", answer)
	}
	if arrived := r.arrivals(); len(arrived) != 1 || arrived[0].header.Get("Webhook-Id") != d.WebhookIDHeader {
		t.Fatalf("arrived: %v", arrived)
	}
	if d = r.Deliveries(Query{})[0]; d.State != activity.Delivered || !d.Attempts[0].Replay {
		t.Fatalf("after the replay: %+v", d)
	}
}
