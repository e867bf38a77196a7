package hub

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/store"
)

// ailing is a database whose writes can be made to fail.
type ailing struct {
	domain.Records
	mu   sync.Mutex
	ill  error
	held chan struct{} // as long as it is open, nothing comes of a write; nil: it does
}

func (a *ailing) Commit(changes []store.Change) error {
	a.mu.Lock()
	held := a.held
	a.mu.Unlock()
	if held != nil {
		<-held
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ill != nil {
		return a.ill
	}
	return a.Records.Commit(changes)
}

func (a *ailing) be(ill error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ill = ill
}

// refuse makes writes fail from now on, but not before the function is
// called.
func (a *ailing) refuse() (now func()) {
	held := make(chan struct{})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ill, a.held = errors.New("disk full"), held
	return func() { close(held) }
}

// newAilingRig is a rig whose database can fail.
func newAilingRig(t *testing.T, o Options) (*rig, *ailing) {
	o.DB = filepath.Join(t.TempDir(), "hub.db")
	a := &ailing{}
	o.wrap = func(stored domain.Records) domain.Records {
		a.Records = stored
		return a
	}
	return newRig(t, o), a
}

func TestFailedWriteIsRolledBack(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	kept := r.watch("user:mock-user")
	disk.be(errors.New("disk full"))
	r.fail(http.StatusInsufficientStorage, "POST", "/api/settings/webhooks", map[string]any{"url": r.handler.url, "watched": []Watched{{Type: "user", Name: "x"}}})
	r.fail(http.StatusInsufficientStorage, "POST", "/api/settings/webhooks/"+kept+"/disable", nil)
	r.fail(http.StatusInsufficientStorage, "DELETE", "/api/settings/webhooks/"+kept, nil)
	if list := string(r.send("GET", "/api/settings/webhooks", nil).body); len(r.Webhooks()) != 1 || r.Webhooks()[0].ID != kept || r.Webhooks()[0].Disabled != activity.Enabled {
		t.Fatalf("after what was refused: %s", list)
	}
	disk.be(nil)
	r.call("POST", "/api/settings/webhooks/"+kept+"/disable", nil)
}

func TestUnwrittenEventIsNotDelivered(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	r.watch("user:mock-user")
	disk.be(errors.New("disk full"))
	if err := r.db.Update(func(tx *domain.Tx) error { return tx.Publish(somethingHappens) }); !errors.Is(err, domain.ErrStorage) {
		t.Fatalf("the error is %v", err)
	}
	if arrived := r.arrivals(); len(arrived) != 0 || len(r.Deliveries(Query{})) != 0 {
		t.Fatalf("%d arrived of an event that was refused", len(arrived))
	}
}

// What came of an attempt is a fact, whatever the disk takes: it is not forgotten, and
// written when that is possible again.
func TestAttemptsOutliveADiskThatIsFull(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.arrivals()
	disk.be(errors.New("disk full"))
	r.handler.answers(always(200))
	r.Advance(time.Minute)
	if arrived := r.arrivals(); len(arrived) != 1 {
		t.Fatalf("%d arrived", len(arrived))
	}
	if d := r.Deliveries(Query{})[0]; d.State != activity.Delivered || len(d.Attempts) != 2 {
		t.Fatalf("the delivery: %+v", d)
	}
	r.Advance(time.Hour)
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Fatalf("%d arrived again", len(arrived))
	}
	disk.be(nil)
	r.watch("user:somebody")
	again := reopened(t, r)
	if d := again.Deliveries(Query{})[0]; d.State != activity.Delivered || len(d.Attempts) != 2 {
		t.Fatalf("after a restart: %+v", d)
	}
}

func TestCloseRetriesFailedWrites(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.arrivals()
	r.handler.answers(always(200))
	disk.be(errors.New("disk full"))
	r.Advance(time.Minute)
	r.arrivals()
	disk.be(nil)
	again := reopened(t, r)
	if d := again.Deliveries(Query{})[0]; d.State != activity.Delivered || len(d.Attempts) != 2 {
		t.Fatalf("after a restart: %+v", d)
	}
}

// reopened is a Hub with the database of another one, which is closed.
func reopened(t *testing.T, r *rig) *rig {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return newRig(t, Options{DB: r.options.DB, Retries: r.options.Retries})
}

func TestDeliveriesGoOnAfterARestart(t *testing.T) {
	r, _ := newAilingRig(t, Options{})
	id := r.watch("user:mock-user")
	r.handler.answers(always(503))
	r.happens("repo.update")
	first := r.arrivals()
	r.Advance(time.Second)

	again := reopened(t, r)
	if got := again.call("GET", "/api/settings/webhooks/"+id, nil); at(got, "webhook.secret") != "s3cret" || at(got, "webhook.url") != r.handler.url {
		t.Fatalf("the webhook after a restart: %v", got)
	}
	r.handler.answers(always(200))
	again.Advance(15 * time.Second)
	again.waitIdle()
	second := r.handler.take()
	if len(second) != 1 || second[0].header.Get("Webhook-Id") != first[0].header.Get("Webhook-Id") || string(second[0].body) != string(first[0].body) {
		t.Fatalf("after a restart came: %v", second)
	}
	if d := again.Deliveries(Query{})[0]; d.State != activity.Delivered || len(d.Attempts) != 2 {
		t.Fatalf("after a restart: %+v", d)
	}
	// Ids go on where they were.
	if other := again.watch("user:x"); other == id {
		t.Fatalf("the id %s came twice", id)
	}
}

func TestResetForgetsEverythingForGood(t *testing.T) {
	r, _ := newAilingRig(t, Options{})
	r.watch("user:mock-user")
	r.happens("repo.update")
	r.arrivals()
	if err := r.Reset(); err != nil {
		t.Fatal(err)
	}
	again := reopened(t, r)
	for _, hub := range []*rig{r, again} {
		if len(hub.Webhooks()) != 0 || len(hub.Deliveries(Query{})) != 0 {
			t.Errorf("after a reset there is something left")
		}
	}
}

// comes waits for something to hold.
func (r *rig) comes(holds func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	if err := r.until(ctx, holds); err != nil {
		r.t.Fatal(err)
	}
}

// disabling disables a webhook, and returns once that has happened but for the disk. The
// function waits for the answer.
func (r *rig) disabling(id string) (answered func() int) {
	status := make(chan int, 1)
	go func() { status <- r.send("POST", "/api/settings/webhooks/"+id+"/disable", nil).status }()
	for r.Webhooks()[0].Disabled != activity.DisabledByUser {
		runtime.Gosched()
	}
	return func() int { return <-status }
}

func TestDeliveryGoesOnAfterFailedQuotaWrite(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	id := r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.arrivals()
	r.handler.answers(always(200))

	refuse := disk.refuse()
	answered := r.disabling(id)
	r.Advance(time.Minute) // the second attempt is due, and not made
	r.comes(r.dispatcher.IsIdle)
	refuse()
	if status := answered(); status != http.StatusInsufficientStorage {
		t.Fatalf("disabling: %d", status)
	}
	if arrived := r.arrivals(); len(arrived) != 1 || r.Deliveries(Query{})[0].State != activity.Delivered {
		t.Fatalf("%d arrived of what nothing withholds: %+v", len(arrived), r.Deliveries(Query{})[0])
	}
}

func TestAttemptIsKeptAfterEarlierFailedWrite(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	id := r.watch("user:mock-user")
	arrived, answer := make(chan struct{}), make(chan int)
	r.handler.answers(func(arrival) int {
		close(arrived)
		return <-answer
	})
	r.happens("repo.update")
	<-arrived
	r.settleWrites()

	refuse := disk.refuse()
	answered := r.disabling(id)
	answer <- http.StatusOK
	r.comes(func() bool { return r.Deliveries(Query{})[0].State == activity.Delivered })
	refuse()
	if status := answered(); status != http.StatusInsufficientStorage {
		t.Fatalf("disabling: %d", status)
	}
	r.waitIdle()
	if d := r.Deliveries(Query{})[0]; d.State != activity.Delivered || len(d.Attempts) != 1 {
		t.Fatalf("what came of the attempt is forgotten: %+v", d)
	}
}

// settleWrites waits until nothing is to be written.
func (r *rig) settleWrites() {
	r.t.Helper()
	r.comes(func() bool { return r.db.IsIdle(func() bool { return true }) })
}
