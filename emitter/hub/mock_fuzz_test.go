package hub

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/control"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// FuzzMock calls the mock's own API with anything: it never fails by a fault of its own,
// and says in JSON what is wrong.
func FuzzMock(f *testing.F) {
	for _, m := range (&control.Control{}).Routes() {
		path := strings.ReplaceAll(strings.TrimPrefix(m.Path, router.MockRoot), "{delivery}", "1")
		f.Add(m.Method, path, "timeout=0s", `{"shape":"discussion.comment.update","count":3,"advance":"1h"}`)
		f.Add(m.Method, path, "", `{"event":{"scope":"repo","action":"move"},"repo":{"type":"model","name":"a/b","id":"0123456789abcdef01234567"},"movedTo":{"name":"a/c"}}`)
	}
	f.Add("GET", "/wait", "q=x&timeout=1ns", "")
	f.Add("POST", "/trigger", "", `{"shape":"repo.config.*","repo":"a/b","type":"space","private":true,"num":-1}`)
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		h, err := New(Options{Seed: 1, Frozen: true, Start: newYear, NoRetries: true})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		// A Job that nobody runs is a handler without a network.
		if _, err := h.AddWebhook(Webhook{JobID: "job", Watched: []Watched{{Type: "user", Name: "a"}, {Type: "user", Name: DefaultUser}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Trigger(Trigger{Shape: "discussion.create"}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // whoever waits gives up at once
		request := httptest.NewRequestWithContext(ctx, "GET", "http://localhost/", strings.NewReader(body))
		request.Method, request.URL = method, &url.URL{Scheme: "http", Host: "localhost", Path: router.MockRoot + path, RawQuery: query}
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, request)
		switch {
		case answer.Code >= 500:
			t.Errorf("%d %s", answer.Code, answer.Body)
		case answer.Code >= 400:
			var object map[string]any
			if err := json.Unmarshal(answer.Body.Bytes(), &object); err != nil || object["error"] == "" {
				t.Errorf("%d %q: %v", answer.Code, answer.Body, err)
			}
		}
	})
}
