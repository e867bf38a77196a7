package hub

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

func TestRepoAndDiscussionAreShown(t *testing.T) {
	r := newRig(t, Options{})
	r.showsDiscussion("A title", "hello\nthere")
	r.page("/mock-user/demo").has(t, "mock-user/demo", "weights/A title", "2.0 KiB", "LFS", "refs/heads/main", "branch", "tag", "#1", "A title", "alice, 2 comments", "open")
	s := r.page("/mock-user/demo/discussions/1")
	s.has(t, "A title #1", "hello there", "This comment is hidden", "changed the title from", "changed the status to closed", "pushed")
	if strings.Contains(s.text, "what was hidden") {
		t.Error("a hidden comment is shown")
	}
	for kind, path := range map[string]string{"dataset": "/datasets/me/y", "space": "/spaces/me/z", "bucket": "/buckets/me/b"} {
		err := r.db.Update(func(tx *domain.Tx) error {
			repo := &domain.Repo{ID: tx.NewID(), Type: kind, Name: strings.SplitN(path, "/", 3)[2], Visibility: "private", Objects: map[string]domain.File{"an/object": {Size: 7}}, Secrets: []string{"A_NAME"}}
			tx.SaveRepo(repo)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r.page(path).has(t, kind, "private", "an/object", "7 B", "A_NAME")
	}
}

func TestCallsAreShown(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.fail(404, "GET", "/api/settings/webhooks/unknown", nil)
	r.page("/_mock/calls").has(t, "create_webhook", "POST /api/settings/webhooks", "get_webhook", "404", "2 shown of 2")
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	r := newRig(t, Options{})
	r.showsDiscussion("A title", "hello")
	for _, path := range []string{
		"/nobody/nothing", "/datasets/mock-user/demo", "/mock-user/demo/discussions/2", "/mock-user/demo/discussions/x", "/mock-user/demo/discussions/99999999999999999999",
		"/_mock/deliveries/unknown", "/_mock/deliveries/unknown/payload", "/_mock/webhooks/unknown", "/_mock/webhooks/unknown/delete", "/a/b/c/d", "/_mock/", "//", "/%2e%2e/x", "/_mock/page.html",
	} {
		if s := r.open(path); s.status != 404 {
			t.Errorf("%s: %d", path, s.status)
		} else {
			s.has(t, "404", "Not Found", "To the activity")
		}
	}
}

func TestMethodsAreThoseOfTheForms(t *testing.T) {
	r := newRig(t, Options{})
	for path, allowed := range map[string]string{"/": "GET", "/_mock/webhooks": "GET, POST", "/_mock/clock": "POST", "/_mock/page.css": "GET", "/_mock/calls": "GET"} {
		s := r.submit("PUT", path, url.Values{})
		if s.status != 405 || s.header.Get("Allow") != allowed {
			t.Errorf("PUT %s: %d, allowed are %q", path, s.status, s.header.Get("Allow"))
		}
	}
	if s := r.submit("HEAD", "/", nil); s.status != 200 || s.text != "" {
		t.Errorf("HEAD: %d %q", s.status, s.text)
	}
}

func TestPagesMayDoNothingElse(t *testing.T) {
	r := newRig(t, Options{})
	for _, path := range []string{"/", "/nobody/nothing", "/_mock/page.js"} {
		head := r.open(path).header
		policy := head.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s has the policy %q, without %s", path, policy, part)
			}
		}
		if head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, head)
		}
	}
	if kept := r.open("/").header.Get("Cache-Control"); kept != "no-store" {
		t.Errorf("a page may be kept: %s", kept)
	}
}

func TestAssetsAreKeptUntilTheyChange(t *testing.T) {
	r := newRig(t, Options{})
	s := r.page("/")
	link := value(s.element("rel", "stylesheet"), "href")
	now := r.open(link)
	if now.status != 200 || !strings.Contains(now.header.Get("Cache-Control"), "immutable") || now.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s: %d %v", link, now.status, now.header)
	}
	if old := r.open("/_mock/page.css?v=old"); old.header.Get("Cache-Control") != "no-cache" || old.header.Get("ETag") == "" {
		t.Errorf("one of another version: %v", old.header)
	}
	request, _ := http.NewRequest("GET", r.url+"/_mock/page.js", nil)
	request.Header.Set("If-None-Match", r.open("/_mock/page.js").header.Get("ETag"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != 304 {
		t.Errorf("what is known is sent again: %d", response.StatusCode)
	}
}
