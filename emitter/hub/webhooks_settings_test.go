package hub

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/control"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

const settings = "/api/settings/webhooks"

// Each function of the official Python client, with what it sends and needs back.
func TestWebhookSettings(t *testing.T) {
	watched := []any{map[string]any{"type": "model", "name": "me/x"}, map[string]any{"type": "org", "name": "acme"}}
	all := []any{"repo", "discussion"}
	made := func(t *testing.T, body map[string]any) (*rig, string, map[string]any) {
		r := newRig(t, Options{})
		w := r.call("POST", settings, body)["webhook"].(map[string]any)
		return r, settings + "/" + w["id"].(string), w
	}
	usual := map[string]any{"url": "http://localhost:1/hook", "watched": watched, "secret": "s3cret"}
	is := func(t *testing.T, got map[string]any, want map[string]any) {
		t.Helper()
		for name, value := range want {
			if diff := cmp.Diff(value, got[name]); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
	t.Run("create_webhook", func(t *testing.T) {
		_, _, w := made(t, usual)
		if len(w["id"].(string)) != 24 {
			t.Errorf("its id is %v", w["id"])
		}
		is(t, w, map[string]any{"url": "http://localhost:1/hook", "watched": watched, "secret": "s3cret", "domains": all, "disabled": false, "job": nil, "lastTriggerAt": nil})
	})
	t.Run("create_webhook with a job", func(t *testing.T) {
		_, _, w := made(t, map[string]any{"jobSourceId": "687f911eaea852de79c4a50a", "watched": watched, "domains": []string{"discussions"}})
		is(t, w, map[string]any{"url": nil, "domains": []any{"discussion"}, "secret": nil, "job": map[string]any{"jobSourceId": "687f911eaea852de79c4a50a"}})
	})
	t.Run("list_webhooks", func(t *testing.T) {
		r, _, w := made(t, usual)
		var list []map[string]any
		if answer := r.send("GET", settings, nil); json.Unmarshal(answer.body, &list) != nil || len(list) != 1 {
			t.Fatalf("a bare array of one is wanted: %s", answer.body)
		}
		is(t, list[0], w)
	})
	t.Run("get_webhook", func(t *testing.T) {
		r, one, w := made(t, usual)
		is(t, r.call("GET", one, nil)["webhook"].(map[string]any), w)
		r.fail(http.StatusNotFound, "GET", settings+"/0123456789abcdef01234567", nil)
	})
	t.Run("update_webhook", func(t *testing.T) {
		r, one, _ := made(t, usual)
		updated := func(body map[string]any) map[string]any { return r.call("POST", one, body)["webhook"].(map[string]any) }
		// The client sends an empty list when nothing is set to be watched.
		is(t, updated(map[string]any{"watched": []any{}, "url": "http://localhost:2/"}), map[string]any{"url": "http://localhost:2/", "watched": watched, "secret": "s3cret", "domains": all})
		is(t, updated(map[string]any{"watched": watched[:1], "domains": []string{"discussions"}, "secret": ""}),
			map[string]any{"watched": watched[:1], "domains": []any{"discussion"}, "secret": nil})
	})
	t.Run("enable_webhook, disable_webhook", func(t *testing.T) {
		r, one, _ := made(t, usual)
		is(t, r.call("POST", one+"/disable", nil)["webhook"].(map[string]any), map[string]any{"disabled": true})
		is(t, r.call("POST", one+"/enable", nil)["webhook"].(map[string]any), map[string]any{"disabled": false})
	})
	t.Run("delete_webhook", func(t *testing.T) {
		r, one, _ := made(t, usual)
		r.call("DELETE", one, nil)
		r.fail(http.StatusNotFound, "GET", one, nil)
	})
}

// A disabled webhook receives nothing, not even what was pending.
func TestDisabledWebhookReceivesNothing(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.arrivals()
	r.call("POST", settings+"/"+id+"/disable", nil)
	r.happens("repo.update")
	r.Advance(domain.PruneSlack * 1e9)
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Errorf("%d arrived at a webhook that is disabled", len(arrived))
	}
	if d := r.Deliveries(Query{}); len(d) != 1 || d[0].State != activity.Withheld || d[0].Reason != activity.WebhookDisabled {
		t.Errorf("the activity: %+v", d)
	}
}

func TestWebhooksThatCannotBe(t *testing.T) {
	for name, body := range map[string]string{
		"no URL":                 `{"watched": []}`,
		"a URL and a job":        `{"watched": [], "url": "http://x", "jobSourceId": "j"}`,
		"a URL that is none":     `{"watched": [], "url": "x"}`,
		"another scheme":         `{"watched": [], "url": "file:///etc/passwd"}`,
		"a URL that is too long": `{"watched": [], "url": "http://x/` + strings.Repeat("x", domain.MaxURL) + `"}`,
		"nothing watched":        `{"url": "http://x"}`,
		"an unknown type":        `{"watched": [{"type": "cat", "name": "x"}], "url": "http://x"}`,
		"no name":                `{"watched": [{"type": "model"}], "url": "http://x"}`,
		"an unknown domain":      `{"watched": [], "url": "http://x", "domains": ["weather"]}`,
		"a secret beyond ASCII":  `{"watched": [], "url": "http://x", "secret": "é"}`,
		"a secret with a break":  `{"watched": [], "url": "http://x", "secret": "a\r\nX: y"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{})
			r.fail(http.StatusBadRequest, "POST", settings, body)
			if n := len(r.Webhooks()); n != 0 {
				t.Errorf("%d webhooks are there", n)
			}
		})
	}
	t.Run("where sources disagree, in strict mode", func(t *testing.T) {
		r := newRig(t, Options{Strict: true})
		id := r.watch("user:x")
		r.fail(http.StatusBadRequest, "POST", settings, `{"watched": [], "url": "http://x", "domains": ["discussions"]}`)
		r.fail(http.StatusBadRequest, "POST", settings+"/"+id, `{"watched": []}`)
	})
}

// Users see only their own webhooks.
func TestWebhooksAreTheirUsers(t *testing.T) {
	r := newRig(t, Options{Users: map[string]string{"hf_test": "ann"}})
	id := r.watch("user:x")
	request, err := http.NewRequest("GET", r.url+settings+"/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer another")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("another user sees it: %s", answer.Status)
	}
}

func TestRegisteredOnceOverRestarts(t *testing.T) {
	o := Options{DB: filepath.Join(t.TempDir(), "hub.db"), Webhooks: []Webhook{{URL: "http://localhost:1/hook?token=secret", Watched: []Watched{{Type: "user", Name: "x"}}}}}
	for range 2 {
		h, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		if list := h.Webhooks(); len(list) != 1 || strings.Contains(list[0].URL, "secret") {
			t.Errorf("registered are %+v", list)
		}
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestResetRegistersTheWebhooksOfTheStartAnew(t *testing.T) {
	r := newRig(t, Options{Webhooks: []Webhook{{URL: "http://localhost:1/hook", Watched: []Watched{{Type: "user", Name: "x"}}}}})
	r.watch("user:y")
	if err := r.Reset(); err != nil {
		t.Fatal(err)
	}
	if list := r.Webhooks(); len(list) != 1 || list[0].URL != "http://localhost:1/hook" {
		t.Errorf("after a reset there are %+v", list)
	}
}

// Whatever is sent to the settings, the answer is JSON, and no fault of ours.
func FuzzWebhookSettings(f *testing.F) {
	for _, seed := range []string{"", "{}", "[]", `{"url":"http://x","watched":[{"type":"model","name":"a/b"}]}`, `{"watched":[],"jobSourceId":"x"}`, `{"watched":null}`, "{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := newRig(t, Options{})
		id := r.watch("user:x")
		for _, route := range routesOf("/webhooks") {
			path := strings.NewReplacer("{id}", id, "{log}", "x").Replace(route.Path)
			answer := r.send(route.Method, path, body)
			if answer.status >= 500 || !json.Valid(answer.body) {
				t.Errorf("%s %s: %d %s", route.Method, path, answer.status, answer.body)
			}
		}
	})
}

// Each call has a test that names it.
func TestEachCallHasATest(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	for _, route := range slices.Concat(api.New(nil, false, nil).Routes(), (&control.Control{}).Routes()) {
		if !strings.Contains(tests.String(), route.Name) {
			t.Errorf("no test names %s: %s %s", route.Name, route.Method, route.Path)
		}
	}
}
