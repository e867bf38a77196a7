package hub

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/control"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// listens is a client of the events that reads them one by one.
func (r *rig) listens() (next func() string, leave func()) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(r.t.Context())
	request, _ := http.NewRequestWithContext(ctx, "GET", r.url+"/_mock/v1/events", nil)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream" || answer.Header.Get("Cache-Control") != "no-store" {
		r.t.Fatalf("%s %v", answer.Status, answer.Header)
	}
	lines := bufio.NewScanner(answer.Body)
	return func() string {
			for lines.Scan() {
				if line := lines.Text(); strings.HasPrefix(line, "data: ") {
					return line
				}
			}
			return ""
		}, func() {
			cancel()
			answer.Body.Close()
		}
}

func TestEventStreamHasChanges(t *testing.T) {
	r := newRig(t, Options{})
	next, leave := r.listens()
	defer leave()
	before := next()
	if !strings.HasPrefix(before, `data: {"version":`) {
		t.Fatalf("at once: %s", before)
	}
	version := r.db.Watchers.Count()
	if r.call("GET", "/_mock/v1/deliveries", nil); r.db.Watchers.Count() != version {
		t.Error("to look is a change: a page would wake itself")
	}
	r.watch("user:mock-user")
	if after := next(); after == before || after == "" {
		t.Errorf("before %q, after %q", before, after)
	}
}

func TestEventsEndWithTheHub(t *testing.T) {
	r := newRig(t, Options{})
	next, leave := r.listens()
	defer leave()
	next()
	r.stop()
	if line := next(); line != "" {
		t.Errorf("it goes on: %s", line)
	}
}

func TestTooManyMayNotListen(t *testing.T) {
	r := newRig(t, Options{})
	for range domain.MaxListeners {
		next, leave := r.listens()
		defer leave()
		next()
	}
	r.fail(http.StatusTooManyRequests, "GET", "/_mock/v1/events", nil)
}

// stream is an answer that is written little by little.
type stream struct {
	*httptest.ResponseRecorder
	wrote chan string
}

func (s stream) Write(b []byte) (int, error) {
	s.wrote <- string(b)
	return len(b), nil
}

func TestEventsAreFewAndTheHeartBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := New(Options{Frozen: true})
		if err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(t.Context())
		request := httptest.NewRequestWithContext(ctx, "GET", "http://localhost/_mock/v1/events", nil)
		s := stream{httptest.NewRecorder(), make(chan string)}
		done := make(chan struct{})
		go func() {
			h.ServeHTTP(s, request)
			close(done)
		}()
		<-s.wrote
		for range 1000 {
			h.db.Watchers.Notify()
		}
		began := time.Now()
		if line := <-s.wrote; !strings.HasPrefix(line, "data: ") || time.Since(began) != control.EventGap {
			t.Errorf("%q after %v", line, time.Since(began))
		}
		began = time.Now()
		if line := <-s.wrote; !strings.HasPrefix(line, ": ") || time.Since(began) != control.EventGap+control.Heartbeat {
			t.Errorf("%q after %v", line, time.Since(began))
		}
		leave()
		<-done
		if n := h.db.Watchers.Listeners(); n != 0 {
			t.Errorf("%d listen still", n)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
}
