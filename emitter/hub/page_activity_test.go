package hub

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

func TestFirstPageShowsHowToBegin(t *testing.T) {
	r := newRig(t, Options{})
	r.page("/").has(t, "Begin here", "HF_ENDPOINT="+r.url, "hf webhooks create", "There is none yet")
	r.watch("user:mock-user")
	r.page("/").has(t, "Waiting for the first event", "0 of 1,000", "enabled", "never")
}

func TestActivityShowsDeliveries(t *testing.T) {
	r := newRig(t, Options{Quota: 2, Start: time.Date(2026, 5, 4, 10, 20, 30, 0, time.UTC)})
	id := r.watch("user:mock-user")
	r.handler.answers(always(503))
	r.showsDiscussion("A title", "hello there")
	r.page("/").has(t, "10:20:30", "discussion.comment. create", "mock-user/demo #1", "503 Service Unavailable", "pending", "1 attempt", "next in ", "1 of 2")
	r.handler.answers(always(200))
	r.Advance(time.Minute)
	r.waitIdle()
	r.happens("repo.update")
	r.happens("repo.create")
	r.waitIdle()
	r.page("/").has(t, "200 OK", "delivered", "2 attempts", "withheld", "rate-limited", "2 of 2", "room again at 5 May 10:20")
	r.page("/_mock/webhooks").has(t, "user mock-user", "2 of 2")
	r.page("/_mock/webhooks/"+id).has(t, id, "discussion.comment. create", "rate-limited")
}

func TestActivityIsSearchedAndFiltered(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("user:mock-user")
	r.showsDiscussion("A title", "a needle in it")
	r.happens("repo.update")
	r.waitIdle()
	for query, shown := range map[string]string{
		"q=needle": "discussion.comment. create", "event=discussion": "discussion.comment. create", "event=repo.update": "repo. update",
		"state=delivered&event=repo": "repo. update", "webhook=" + id + "&q=NEEDLE": "discussion.comment. create", "repo=mock-user/demo&event=repo": "repo. update",
	} {
		s := r.page("/?" + query)
		if s.has(t, shown); len(rowsOf(s)) != 1 {
			t.Errorf("%s shows %d deliveries", query, len(rowsOf(s)))
		}
	}
	for _, query := range []string{"q=haystack", "state=failed", "webhook=nobody", "event=repo.move", "repo=me/x"} {
		r.page("/?"+query).has(t, "No delivery is like that", "Show all 2")
	}
	if s := r.open("/?q=" + strings.Repeat("x", 513)); s.status != 400 {
		t.Errorf("too long a search: %d", s.status)
	}
}

// rowsOf are the paths of the deliveries in a list.
func rowsOf(s sheet) (paths []string) {
	for n := range s.root.Descendants() {
		if href := value(n, "href"); n.Data == "a" && strings.HasPrefix(href, "/_mock/deliveries/") {
			paths = append(paths, href)
		}
	}
	return paths
}

func TestActivityIsLeafedThrough(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	for range 2*50 + 7 {
		r.happens("repo.update")
	}
	r.waitIdle()
	var there, back []string
	path, last := "/?event=repo", ""
	for path != "" {
		last = path
		s := r.page(path)
		there = append(there, rowsOf(s)...)
		if path = ""; s.element("rel", "next") != nil {
			path = "/" + value(s.element("rel", "next"), "href")
		}
	}
	for path = last; path != ""; {
		s := r.page(path)
		back = append(rowsOf(s), back...)
		if path = ""; s.element("rel", "prev") != nil {
			path = "/" + value(s.element("rel", "prev"), "href")
		}
	}
	if len(there) != 2*50+7 || len(slices.Compact(slices.Sorted(slices.Values(there)))) != len(there) {
		t.Errorf("%d deliveries on the way there", len(there))
	}
	if !slices.Equal(there, back) {
		t.Errorf("%d deliveries on the way back, in another order", len(back))
	}
}

func TestDeliveryIsShownInFull(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.showsDiscussion("A title", "hello there")
	d := r.Deliveries(Query{})[0]
	path := "/_mock/deliveries/" + d.ID
	s := r.page(path)
	s.has(t, "POST "+r.handler.url, "Webhook-Id", d.WebhookIDHeader, "X-Webhook-Secret •••", "500 Internal Server Error", `"hello there"`,
		"valid by the schema discussion.comment.create", "curl -sS", "Next attempt in ", "The answer has no body")
	if raw := r.open(path + "/payload"); raw.header.Get("Content-Type") != "application/json" || !strings.Contains(raw.text, "hello there") {
		t.Errorf("the payload: %v %s", raw.header, raw.text)
	}
	r.handler.answers(always(202))
	if s := r.submit("POST", path+"/replay", url.Values{}); s.status != 303 || s.header.Get("Location") != path+"?note=replayed" {
		t.Fatalf("replay: %d %s", s.status, s.header.Get("Location"))
	}
	r.page(path+"?note=replayed").has(t, "attempted once more", "202 Accepted", "replay", "delivered")
}

func TestDeliveryOfJobShowsItsEnvironment(t *testing.T) {
	r := newRig(t, Options{})
	err := r.db.Update(func(tx *domain.Tx) error {
		d := &Delivery{Number: tx.NextNumber(), ID: tx.NewID(), RegistrationID: tx.NewID(), Shape: "repo.update", Scope: "repo", Action: "update", RepoType: "model", RepoName: "me/x", State: activity.Failed,
			Attempts: []Attempt{{At: tx.Now, Error: "the command ended with 3"}}, Faults: []activity.Fault{"delay"},
			Job: &activity.Job{Source: "me/job", Env: []activity.Field{{Name: "WEBHOOK_REPO_TYPE", Value: "model"}}, Ran: true, Exit: 3, Out: "Traceback"}}
		tx.SaveDelivery(d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.page("/_mock/deliveries/"+r.Deliveries(Query{})[0].ID).has(t, "WEBHOOK_REPO_TYPE model", "ended with 3", "Traceback", "me/job", "It is forgotten", "(deleted)", "delay")
}
