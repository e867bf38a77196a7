package hub

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEffectsAreThoseOfCallsAlone(t *testing.T) {
	r := newRig(t, Options{AutoCreate: true})
	r.send("GET", "/api/models/some/repo", nil)
	r.fail(http.StatusBadRequest, "POST", "/api/models/another/repo/discussions/3/comment", map[string]any{"comment": ""})
	r.send("POST", "/api/models/a-third/repo/paths-info/main", map[string]any{})
	if effects := r.Effects(); len(effects) != 0 {
		t.Errorf("calls that changed nothing had effects: %v", effects)
	}
	r.call("POST", "/api/models/another/repo/discussions/3/comment", map[string]any{"comment": "Thanks"})
	if effects := r.Effects(); len(effects) != 1 || effects["comment_discussion"] != 1 {
		t.Errorf("the effects of a comment: %v", effects)
	}
	if err := r.Reset(); err != nil {
		t.Fatal(err)
	}
	if effects := r.Effects(); len(effects) != 0 {
		t.Errorf("after a reset there are effects: %v", effects)
	}
}

// answering runs a function when a response begins.
type answering struct {
	*httptest.ResponseRecorder
	begins func()
}

func (a answering) WriteHeader(status int) {
	a.begins()
	a.ResponseRecorder.WriteHeader(status)
}

func TestCallIsListedWhenItIsAnswered(t *testing.T) {
	r := newRig(t, Options{})
	for _, c := range []struct {
		path   string
		status int
	}{{"/api/whoami-v2", 200}, {"/api/models/no/repo", 404}} {
		request := httptest.NewRequest("GET", "http://127.0.0.1"+c.path, nil)
		request.Header.Set("Authorization", "Bearer hf_test")
		r.ServeHTTP(answering{httptest.NewRecorder(), func() {
			calls := r.Calls()
			if n := len(calls); n == 0 || calls[n-1].Path != c.path || calls[n-1].Status != c.status {
				t.Errorf("when %s is answered, the calls are %v", c.path, calls)
			}
		}}, request)
	}
}

func TestCallsAreKeptAsFarAsThereAreAny(t *testing.T) {
	r := newRig(t, Options{KeepCalls: math.MaxInt})
	r.send("GET", "/api/models/"+strings.Repeat("x", 10_000)+"/refs", nil)
	if calls := r.Calls(); len(calls) != 1 || len(calls[0].Path) > 2000 {
		t.Errorf("%d calls are kept, of the first %d bytes of the path", len(calls), len(calls[0].Path))
	}
}
