package hub

import (
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/store"
)

// ailing is a database that can be told to take nothing.
type ailing struct {
	records
	mu  sync.Mutex
	ill error
}

func (a *ailing) Commit(changes []store.Change) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ill != nil {
		return a.ill
	}
	return a.records.Commit(changes)
}

func (a *ailing) be(ill error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ill = ill
}

// newAilingRig is a rig whose database can fail.
func newAilingRig(t *testing.T, o Options) (*rig, *ailing) {
	o.DB = filepath.Join(t.TempDir(), "hub.db")
	r := newRig(t, o)
	r.mu.Lock() // no change is under way
	defer r.mu.Unlock()
	a := &ailing{records: r.writer.store}
	r.writer.store = a
	return r, a
}

func TestWhatTheDiskDoesNotTakeHasNotHappened(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	kept := r.watch("user:mock-user")
	disk.be(errors.New("disk full"))
	r.fail(http.StatusInsufficientStorage, "POST", "/api/settings/webhooks", map[string]any{"url": r.handler.url, "watched": []Watched{{"user", "x"}}})
	r.fail(http.StatusInsufficientStorage, "POST", "/api/settings/webhooks/"+kept+"/disable", nil)
	r.fail(http.StatusInsufficientStorage, "DELETE", "/api/settings/webhooks/"+kept, nil)
	if list := string(r.send("GET", "/api/settings/webhooks", nil).body); len(r.state.webhooks.rows) != 1 || r.state.webhooks.rows[kept].Disabled != Enabled {
		t.Fatalf("after what was refused: %s", list)
	}
	disk.be(nil)
	r.call("POST", "/api/settings/webhooks/"+kept+"/disable", nil)
}

func TestWhatIsNotWrittenIsNotDelivered(t *testing.T) {
	r, disk := newAilingRig(t, Options{})
	r.watch("user:mock-user")
	disk.be(errors.New("disk full"))
	if err := r.change(func(tx *tx) error { return tx.tell(somethingHappens) }); !errors.Is(err, errStorage) {
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
	if d := r.Deliveries(Query{})[0]; d.State != Delivered || len(d.Attempts) != 2 {
		t.Fatalf("the delivery: %+v", d)
	}
	r.Advance(time.Hour)
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Fatalf("%d arrived again", len(arrived))
	}
	disk.be(nil)
	r.watch("user:somebody")
	again := reopened(t, r)
	if d := again.Deliveries(Query{})[0]; d.State != Delivered || len(d.Attempts) != 2 {
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
	again.settle()
	second := r.handler.take()
	if len(second) != 1 || second[0].header.Get("Webhook-Id") != first[0].header.Get("Webhook-Id") || string(second[0].body) != string(first[0].body) {
		t.Fatalf("after a restart came: %v", second)
	}
	if d := again.Deliveries(Query{})[0]; d.State != Delivered || len(d.Attempts) != 2 {
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
		if len(hub.state.webhooks.rows) != 0 || len(hub.Deliveries(Query{})) != 0 {
			t.Errorf("after a reset there is something left")
		}
	}
}
