package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/emitter/hub/internal/scenario"
)

func TestNumbersThatAreTooLongNameNothing(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.call("POST", "/api/repos/create", map[string]any{"name": "demo"})
	r.call("POST", "/api/models/mock-user/demo/discussions", map[string]any{"title": "A title", "description": ""})
	r.waitIdle()
	number := r.Deliveries(Query{})[0].Number
	r.call("GET", fmt.Sprintf("%s/deliveries/%d", router.MockRoot, number), nil)
	const turn = 1_000_000_000_000 // after which keys begin anew
	r.fail(http.StatusNotFound, "GET", fmt.Sprintf("%s/deliveries/%d", router.MockRoot, number+turn), nil)
	r.fail(http.StatusNotFound, "GET", fmt.Sprintf("/api/models/mock-user/demo/discussions/%d", 1+turn), nil)
}

func TestReplayThatIsGivenUpIsNoFailure(t *testing.T) {
	r := newRig(t, Options{SuspendAfter: 1})
	id := r.watch("user:mock-user")
	r.happens("repo.update")
	r.arrivals()
	ctx, giveUp := context.WithCancel(t.Context())
	ended := make(chan struct{})
	defer close(ended)
	r.handler.answers(func(arrival) int {
		giveUp()
		<-ended
		return http.StatusOK
	})
	d := r.Deliveries(Query{})[0]
	if _, err := r.Replay(ctx, id, d.ID); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if now := r.Deliveries(Query{})[0]; len(now.Attempts) != 1 || r.Webhooks()[0].Disabled != activity.Enabled {
		t.Errorf("the webhook is %q, after %+v", r.Webhooks()[0].Disabled, now)
	}
}

func TestNothingIsLeftOfADeletedWebhook(t *testing.T) {
	r := newRig(t, Options{QuotaCounts: CountAttempts, Retries: delivery.Retries{Waits: []time.Duration{time.Minute}}})
	id := r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.arrivals()
	arrived, answer := make(chan struct{}), make(chan int)
	r.handler.answers(func(arrival) int {
		close(arrived)
		return <-answer
	})
	r.Advance(2 * time.Minute)
	<-arrived
	r.call("DELETE", "/api/settings/webhooks/"+id, nil)
	answer <- http.StatusOK
	r.waitIdle()
	r.db.View(func(s *domain.State) {
		for key := range stateRows(s) {
			if strings.HasPrefix(key, "standing ") {
				t.Errorf("there is %s", key)
			}
		}
	})
}

func TestTriggerOfTooManyDeliveriesMakesNone(t *testing.T) {
	r := newRig(t, Options{})
	err := r.db.Update(func(tx *domain.Tx) error {
		for range scenario.MaxDeliveries/activity.MaxTriggers + 1 {
			if err := tx.AddWebhook(&Webhook{URL: r.handler.url, Watched: []Watched{{Type: "user", Name: "mock-user"}}, Disabled: activity.Suspended}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.fail(http.StatusBadRequest, "POST", router.MockRoot+"/trigger", map[string]any{"shape": "repo.update", "count": activity.MaxTriggers})
	if n := len(r.Deliveries(Query{})); n != 0 {
		t.Errorf("there are %d deliveries", n)
	}
}

func TestImportIsBounded(t *testing.T) {
	r := newRig(t, Options{})
	r.fill(func(tx *domain.Tx) {
		for n := range domain.MaxRepos {
			tx.SaveRepo(&domain.Repo{ID: fmt.Sprintf("%024x", n), Type: "model", Name: fmt.Sprintf("bob/%d", n)})
		}
	})
	payload := `{"event":{"scope":"repo","action":"update"},"repo":{"type":"model","name":"ada/x","id":"ffffffffffffffffffffffff"}}`
	if answer := r.send("POST", router.MockRoot+"/adopt", payload); answer.status != http.StatusForbidden || r.repos() != domain.MaxRepos {
		t.Errorf("with so many repos it is %d %s", answer.status, answer.body)
	}
}

func TestPendingDeliveriesAreNotForgotten(t *testing.T) {
	r := newRig(t, Options{Quota: 1e9, SuspendAfter: -1, KeepDeliveries: 1})
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	const many = 3 * domain.PruneSlack
	r.fires("repo.update", map[string]any{"count": many})
	r.waitIdle()
	r.handler.answers(always(200))
	r.fires("repo.update", map[string]any{"count": many})
	r.waitIdle()
	pending, done := len(r.Deliveries(Query{State: activity.Pending})), len(r.Deliveries(Query{State: activity.Delivered}))
	if pending != many || done != many {
		t.Errorf("%d are pending and %d are done", pending, done)
	}
	r.happens("repo.update")
	r.waitIdle()
	if pending, done = len(r.Deliveries(Query{State: activity.Pending})), len(r.Deliveries(Query{State: activity.Delivered})); pending != many || done != 1 {
		t.Errorf("then %d are pending and %d are done", pending, done)
	}
}

func TestHubIsClosedTwiceAtOnce(t *testing.T) {
	r, _ := newAilingRig(t, Options{})
	r.watch("user:mock-user")
	other := make(chan error)
	go func() { other <- r.Close() }()
	if err := errors.Join(r.Close(), <-other); err != nil {
		t.Error(err)
	}
}

func TestOldPayloadsMakeRoom(t *testing.T) {
	r := newRig(t, Options{KeepBytes: 4000}) // some payloads
	r.watch("user:mock-user")
	for range 20 {
		r.happens("repo.update")
		r.arrivals()
	}
	list := r.Deliveries(Query{})
	if len(list) < 3 || len(list) > 12 || list[0].Number < list[len(list)-1].Number || list[0].State != activity.Delivered {
		t.Fatalf("%d deliveries are kept", len(list))
	}
	size, payloads := 0, 0
	r.db.View(func(s *domain.State) {
		for key, value := range stateRows(s) {
			if strings.HasPrefix(key, "payload ") {
				size, payloads = size+len(value), payloads+1
			}
		}
	})
	if size > 4000+list[0].Size || payloads != len(list) {
		t.Errorf("%d bytes of %d payloads are kept", size, payloads)
	}
}
