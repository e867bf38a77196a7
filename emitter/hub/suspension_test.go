package hub

import (
	"slices"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
)

func TestWebhookIsSuspendedAndEnabledAgain(t *testing.T) {
	r := newRig(t, Options{SuspendAfter: 3, Retries: delivery.Retries{Waits: []time.Duration{time.Minute, time.Minute}}})
	id := r.watch("user:mock-user")
	disabled := func() any { return at(r.call("GET", "/api/settings/webhooks/"+id, nil), "webhook.disabled") }
	r.handler.answers(always(404))
	r.happens("repo.update")
	r.waitIdle()
	r.Advance(30 * time.Second)
	r.happens("repo.create")
	r.waitIdle()
	if disabled() != false {
		t.Fatalf("after two failures it is disabled: %v", disabled())
	}
	r.Advance(31 * time.Second)
	if arrived := r.arrivals(); len(arrived) != 3 || disabled() != "suspended-after-failure" {
		t.Fatalf("after %d failures it is disabled: %v", len(arrived), disabled())
	}
	r.happens("repo.delete")
	r.Advance(time.Hour)
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Fatalf("%d arrived while it was suspended", len(arrived))
	}
	for _, d := range r.Deliveries(Query{}) {
		if d.State != activity.Withheld || d.Reason != activity.WebhookSuspended {
			t.Errorf("%s is %s %s", d.Shape, d.State, d.Reason)
		}
	}
	r.handler.answers(always(200))
	r.call("POST", "/api/settings/webhooks/"+id+"/enable", nil)
	r.happens("repo.update")
	if arrived := r.arrivals(); len(arrived) != 1 || disabled() != false {
		t.Fatalf("%d arrived after it was enabled", len(arrived))
	}
}

func TestOneAcceptedDeliveryForgivesFailures(t *testing.T) {
	r := newRig(t, Options{SuspendAfter: 2, NoRetries: true})
	id := r.watch("user:mock-user")
	for _, status := range []int{500, 200, 500, 200, 500} {
		r.handler.answers(always(status))
		r.happens("repo.update")
		r.waitIdle()
	}
	if got := r.call("GET", "/api/settings/webhooks/"+id, nil); at(got, "webhook.disabled") != false {
		t.Fatalf("it is disabled: %v", got)
	}
}

func TestDeliveryIsGivenUp(t *testing.T) {
	r := newRig(t, Options{Retries: delivery.Retries{Waits: []time.Duration{time.Minute}}})
	r.watch("user:mock-user")
	r.handler.answers(always(302))
	r.happens("repo.update")
	for range 5 {
		r.waitIdle()
		r.Advance(time.Hour)
	}
	if arrived := r.arrivals(); len(arrived) != 2 {
		t.Fatalf("%d arrived, wanted one and one retry", len(arrived))
	}
	if d := r.Deliveries(Query{})[0]; d.State != activity.Failed || !d.Due.IsZero() {
		t.Fatalf("it is %+v", d)
	}
}

func TestSuspensionReportsEachDeliveryOnce(t *testing.T) {
	for name, c := range map[string]struct {
		retries delivery.Retries
		want    []activity.State
	}{
		"given up":   {delivery.Retries{}, []activity.State{activity.Pending, activity.Failed}},
		"to be made": {delivery.Retries{Waits: []time.Duration{time.Hour}}, []activity.State{activity.Pending, activity.Pending, activity.Withheld}},
	} {
		t.Run(name, func(t *testing.T) {
			changes := make(chan activity.State, 10)
			r := newRig(t, Options{SuspendAfter: 1, Retries: c.retries, NoRetries: len(c.retries.Waits) == 0, Changed: func(d Delivery) { changes <- d.State }})
			r.watch("user:mock-user")
			r.handler.answers(always(500))
			r.happens("repo.update")
			r.waitIdle()
			var states []activity.State
			for range c.want {
				states = append(states, <-changes)
			}
			if !slices.Equal(states, c.want) {
				t.Errorf("the delivery changed to %v, wanted %v", states, c.want)
			}
			if d := r.Deliveries(Query{})[0]; d.State != c.want[len(c.want)-1] || !d.Due.IsZero() {
				t.Errorf("it is %s, due at %v", d.State, d.Due)
			}
		})
	}
}
