package hub

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// FuzzDiscussionCalls makes any call with anything in it. What is refused changes
// nothing; nothing is a fault of ours.
func FuzzDiscussionCalls(f *testing.F) {
	routes := routesOf("/discussions")
	for i := range routes {
		f.Add(uint8(i), "1", "", "", []byte(`{"title":"A title","description":"","pullRequest":true,"comment":"x","content":"x","status":"closed","pinned":true}`))
		f.Add(uint8(i), "2", "x", "p=1&type=pull_request&status=open", []byte(`{"title":null,"comment":{},"status":[]}`))
		f.Add(uint8(i), "3", "", "", []byte("{\"status\":\"open\",\"comment\":\"\xff\\ud800\",\"title\":\"\\u0000\\u0000\\u0000\"}"))
		f.Add(uint8(i), "-1", "../..", "%zz&p=1e9", []byte("\x00"))
	}
	h, err := New(Options{Seed: 1, Frozen: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { h.Close() })
	f.Fuzz(func(t *testing.T, route uint8, num, comment, query string, body []byte) {
		made := routes[int(route)%len(routes)]
		id := h.fuzzed(t)
		if comment == "" {
			comment = id
		}
		path := strings.NewReplacer(
			"{type}", "models", "{repo}", "mock-user/demo", "{num}", url.PathEscape(num), "{comment}", url.PathEscape(comment),
		).Replace(made.Path)
		before := h.records(t)
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, &http.Request{
			Method: made.Method, Host: "localhost", URL: &url.URL{Path: decodedPath(path), RawPath: path, RawQuery: query},
			Header: http.Header{"Authorization": {"Bearer hf_test"}}, Body: io.NopCloser(bytes.NewReader(body)),
		})
		var object map[string]any
		if err := json.Unmarshal(answer.Body.Bytes(), &object); err != nil || answer.Code >= 500 {
			t.Fatalf("%s %s: %d %s", made.Method, path, answer.Code, answer.Body)
		}
		if text, _ := object["error"].(string); answer.Code >= 400 && (text == "" || h.records(t) != before) {
			t.Fatalf("%s %s: %d %s; something was changed, or nothing was said", made.Method, path, answer.Code, answer.Body)
		}
		if changes := made.Method != http.MethodGet; answer.Code < 300 && changes != (h.records(t) != before) {
			t.Fatalf("%s %s: %d %s; what is kept was changed, or was not", made.Method, path, answer.Code, answer.Body)
		}
	})
}

func decodedPath(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return plain
}

// fuzzed makes a Hub new: with a discussion, an open pull request, a draft, and a
// webhook that is owed deliveries which are not made. It returns the id of the first
// comment.
func (h *Hub) fuzzed(t *testing.T) (id string) {
	t.Helper()
	err := h.db.Update(func(tx *domain.Tx) error {
		tx.Clear()
		w := Webhook{User: "mock-user", URL: "http://127.0.0.1:9", Watched: []Watched{{Type: "user", Name: "mock-user"}}, Disabled: activity.Suspended}
		if err := tx.AddWebhook(&w); err != nil {
			return err
		}
		r, err := tx.CreateRepo(&domain.Repo{ID: strings.Repeat("f", 24), Type: "model", Name: "mock-user/demo", Visibility: "public"}, "mock-user", map[string][]byte{})
		if err != nil {
			return err
		}
		tx.URL = "http://localhost"
		for _, d := range []domain.Discussion{{Title: "A discussion"}, {Title: "A pull request", Pull: true, Status: domain.StatusOpen}, {Title: "A draft", Pull: true}} {
			after, opened, err := tx.OpenDiscussion(r, d, "The first comment.")
			if err != nil {
				return err
			}
			if r = after; d.Title == "A discussion" {
				id = tx.Entries(r.ID, opened.Num)[0].ID
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
