package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// rig is a Hub at an address, and a handler to deliver to.
type rig struct {
	*Hub
	t       *testing.T
	url     string
	handler *recorder
}

// newRig makes a Hub with a frozen clock, unless the options say otherwise.
func newRig(t *testing.T, o Options) *rig {
	t.Helper()
	if o.Seed == 0 {
		o.Seed = 1
	}
	o.Frozen = o.TimeScale == 0
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &rig{Hub: h, t: t, url: server.URL, handler: newRecorder(t)}
}

// reply is a response of the API.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send calls the API. A body that is a string is sent as it is, others as JSON.
func (r *rig) send(method, path string, body any) reply {
	r.t.Helper()
	var text []byte
	switch body := body.(type) {
	case nil:
	case string:
		text = []byte(body)
	default:
		var err error
		if text, err = json.Marshal(body); err != nil {
			r.t.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, r.url+path, bytes.NewReader(text))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer hf_test")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, answer}
}

// call calls the API, and expects success and JSON.
func (r *rig) call(method, path string, body any) map[string]any {
	r.t.Helper()
	answer := r.send(method, path, body)
	if answer.status/100 != 2 {
		r.t.Fatalf("%s %s: %d %s", method, path, answer.status, answer.body)
	}
	var object map[string]any
	if err := json.Unmarshal(answer.body, &object); err != nil {
		r.t.Fatalf("%s %s: %v in %s", method, path, err, answer.body)
	}
	return object
}

// fail calls the API, and expects an error with a status; it returns the message.
func (r *rig) fail(status int, method, path string, body any) string {
	r.t.Helper()
	answer := r.send(method, path, body)
	var object struct{ Error string }
	if err := json.Unmarshal(answer.body, &object); err != nil || object.Error == "" {
		r.t.Fatalf("%s %s: no error in %s", method, path, answer.body)
	}
	if answer.status != status {
		r.t.Fatalf("%s %s: %d %s, wanted %d", method, path, answer.status, answer.body, status)
	}
	return object.Error
}

// watch registers a webhook for the handler, with the secret "s3cret", and returns its
// id. What is watched is written "user:mock-user", "model:me/x".
func (r *rig) watch(watched ...string) string {
	r.t.Helper()
	var list []Watched
	for _, w := range watched {
		kind, name, _ := strings.Cut(w, ":")
		list = append(list, Watched{Type: kind, Name: name})
	}
	answer := r.call("POST", "/api/settings/webhooks", map[string]any{"url": r.handler.url, "watched": list, "secret": "s3cret"})
	return answer["webhook"].(map[string]any)["id"].(string)
}

// waitIdle waits until nothing is under way.
func (r *rig) waitIdle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	if err := r.Idle(ctx); err != nil {
		r.t.Fatalf("not idle: %v", err)
	}
}

// arrivals waits until nothing is under way, and returns what has arrived since the
// last call.
func (r *rig) arrivals() []arrival {
	r.t.Helper()
	r.waitIdle()
	return r.handler.take()
}

// recorder is a handler that keeps what arrives.
type recorder struct {
	url string

	mu      sync.Mutex
	arrived []arrival
	answer  func(arrival) int // 200 where nil
}

// arrival is a request that came to a handler.
type arrival struct {
	header  http.Header
	body    []byte
	payload map[string]any
}

func newRecorder(t *testing.T) *recorder {
	in := &recorder{}
	server := httptest.NewServer(http.HandlerFunc(in.serve))
	t.Cleanup(server.Close)
	in.url = server.URL + "/webhook"
	return in
}

func (in *recorder) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a := arrival{header: r.Header, body: body}
	json.Unmarshal(body, &a.payload)
	in.mu.Lock()
	in.arrived = append(in.arrived, a)
	answer := in.answer
	in.mu.Unlock()
	status := http.StatusOK
	if answer != nil {
		status = answer(a)
	}
	w.WriteHeader(status)
}

// answers sets the handler's status from now on.
func (in *recorder) answers(status func(arrival) int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.answer = status
}

func (in *recorder) take() []arrival {
	in.mu.Lock()
	defer in.mu.Unlock()
	taken := in.arrived
	in.arrived = nil
	return taken
}

// shape names the payload of an arrival.
func (a arrival) shape() string {
	event, _ := a.payload["event"].(map[string]any)
	return event["scope"].(string) + "." + event["action"].(string)
}

// at reads a value of the payload by its path: "repo.url.web".
func (a arrival) at(path string) any { return at(a.payload, path) }

// at reads a value by its path.
func at(v any, path string) any {
	for _, name := range strings.Split(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// kinds counts the rows of a state by their kinds.
func kinds(s *domain.State) map[string]int {
	n := map[string]int{}
	for key := range stateRows(s) {
		kind, _, _ := strings.Cut(key, " ")
		n[kind]++
	}
	return n
}

func (r *rig) repos() (n int) {
	r.db.View(func(s *domain.State) { n = s.RepoCount() })
	return n
}
