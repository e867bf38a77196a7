package hub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

// fires triggers something, and returns the deliveries of the response.
func (r *rig) fires(shape string, more map[string]any) []any {
	r.t.Helper()
	body := map[string]any{"shape": shape}
	for name, value := range more {
		body[name] = value
	}
	return r.call("POST", "/_mock/v1/trigger", body)["deliveries"].([]any)
}

func TestMockDescribesItself(t *testing.T) {
	r := newRig(t, Options{Token: "hf_own-token", Users: map[string]string{"hf_another": "ada"}, Seed: 7, Quota: 12})
	request, _ := http.NewRequest("GET", r.url+"/_mock/v1/", nil)
	if answer, err := http.DefaultClient.Do(request); err != nil || answer.StatusCode != http.StatusUnauthorized {
		t.Fatalf("without the Hub's token: %v %v", answer, err)
	}
	for _, path := range []string{"/_mock/v1/", "/_mock/v1"} {
		request, _ := http.NewRequest("GET", r.url+path, nil)
		request.SetBasicAuth("", "hf_own-token")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var answered map[string]any
		if err := json.NewDecoder(answer.Body).Decode(&answered); err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v %v", path, answer.Status, err)
		}
		text := fmt.Sprint(answered)
		if strings.Contains(text, "hf_") {
			t.Errorf("a token is shown: %s", text)
		}
		for _, wanted := range []string{"seed:7", "/_mock/v1/trigger", "name:quota value:12", "name:retries value:10s,1m,5m,30m,2h", "discussion.comment.create", "assumed:true"} {
			if !strings.Contains(text, wanted) {
				t.Errorf("%s lacks %q: %s", path, wanted, text)
			}
		}
	}
}

func TestEveryCallThatIsListedIsThere(t *testing.T) {
	r := newRig(t, Options{})
	for _, listed := range r.call("GET", "/_mock/v1/", nil)["calls"].([]any) {
		path := at(listed, "path").(string)
		if strings.Contains(path, "{") || strings.HasSuffix(path, "/events") {
			continue // these have tests of their own
		}
		answer := r.send(at(listed, "method").(string), path+"?nonsense=1", nil)
		if answer.status != http.StatusBadRequest || !strings.Contains(string(answer.body), "nonsense") {
			t.Errorf("%s with a parameter that nobody knows: %d %s", path, answer.status, answer.body)
		}
	}
}

func TestMockCallsThatCannotBe(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.fires("repo.update", nil)
	r.waitIdle()
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		says         string
	}{
		{"GET", "/_mock/v1/deliveries?sate=failed", nil, 400, `did you mean "state"`},
		{"GET", "/_mock/v1/deliveries?state=fine", nil, 400, "pending"},
		{"GET", "/_mock/v1/deliveries?limit=0", nil, 400, "limit"},
		{"GET", "/_mock/v1/deliveries?limit=1001", nil, 400, "1000"},
		{"GET", "/_mock/v1/deliveries?after=-1", nil, 400, "after"},
		{"GET", "/_mock/v1/deliveries?before=99999999999999999999", nil, 400, "before"},
		{"GET", "/_mock/v1/deliveries?q=1;2", nil, 400, "query"},
		{"GET", "/_mock/v1/deliveries?q=%zz", nil, 400, "query"},
		{"GET", "/_mock/v1/deliveries?q=a&q=b", nil, 400, "2 times"},
		{"GET", "/_mock/v1/deliveries/9999", nil, 404, "9999"},
		{"GET", "/_mock/v1/deliveries/nothing/curl", nil, 404, "nothing"},
		{"GET", "/_mock/v1/deliveries/1/nothing", nil, 404, "no such call"},
		{"PUT", "/_mock/v1/clock", nil, 405, "PUT"},
		{"GET", "/_mock/v1/nothing", nil, 404, "no such call"},
		{"POST", "/_mock/v1/clock", map[string]any{"advance": "-1s"}, 400, "advance"},
		{"POST", "/_mock/v1/clock", map[string]any{"advance": "soon"}, 400, "1h30m"},
		{"POST", "/_mock/v1/clock", map[string]any{"advance": 5}, 400, "advance"},
		{"POST", "/_mock/v1/clock", map[string]any{}, 400, "advance"},
		{"POST", "/_mock/v1/clock", map[string]any{"advance": "2000000h"}, 400, "2099"},
		{"POST", "/_mock/v1/clock", map[string]any{"advance": "next"}, 409, "no attempt"},
		{"POST", "/_mock/v1/idle?timeout=-1s", nil, 400, "timeout"},
		{"POST", "/_mock/v1/idle?timeout=11m", nil, 400, "10m"},
		{"GET", "/_mock/v1/wait?timeout=1ms&state=failed", nil, 408, "within 1ms"},
		{"POST", "/_mock/v1/adopt", "nonsense", 400, "payload"},
		{"POST", "/_mock/v1/adopt", "[]", 400, "payload"},
		{"POST", "/_mock/v1/adopt", `{"repo":{"type":"model","name":"a b"}}`, 400, "repo.name"},
		{"POST", "/_mock/v1/trigger", "{}", 400, "shape"},
		{"POST", "/_mock/v1/trigger", "{} {}", 400, "no JSON"},
		{"POST", "/_mock/v1/trigger", "[]", 400, "array"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "repository": "ada/x"}, 400, "repository"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "num": "1"}, 400, "num"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "discusion.create"}, 400, `did you mean "discussion.create"`},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.explode"}, 400, "unknown shape"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "repo": "a/b/c"}, 400, "owner/name"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "repo": "../x"}, 400, "owner/name"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "type": "models"}, 400, "bucket"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "count": 1001}, 400, "1000"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "webhook": "none"}, 404, "none"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "discussion.update", "num": 12}, 404, "12"},
		{"POST", "/_mock/v1/trigger", map[string]any{"shape": "discussion.create", "type": "bucket"}, 400, "no discussions"},
	} {
		if says := r.fail(c.status, c.method, c.path, c.body); !strings.Contains(says, c.says) {
			t.Errorf("%s %s: %q, without %q", c.method, c.path, says, c.says)
		}
	}
	if list := r.Deliveries(Query{}); len(list) != 1 {
		t.Errorf("refused calls left %d deliveries", len(list)-1)
	}
}

func TestClockIsAdvancedToTheNextAttempt(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := newRig(t, Options{Start: start})
	clock := func(answer map[string]any) time.Time {
		now, err := time.Parse(time.RFC3339Nano, answer["now"].(string))
		if err != nil || answer["timeScale"] != 0.0 {
			t.Fatalf("%v: %v", answer, err)
		}
		return now
	}
	if now := clock(r.call("GET", "/_mock/v1/clock", nil)); !now.Equal(start) {
		t.Fatalf("it is %v", now)
	}
	if now := clock(r.call("POST", "/_mock/v1/clock", map[string]any{"advance": "1h30m"})); !now.Equal(start.Add(90 * time.Minute)) {
		t.Fatalf("it is %v", now)
	}
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.fires("repo.update", nil)
	attempts := len(r.arrivals())
	for range delivery.AssumedRetries().Waits {
		due := r.call("POST", "/_mock/v1/idle", nil)["nextDue"]
		now := r.call("POST", "/_mock/v1/clock", map[string]any{"advance": "next"})["now"]
		if due != now {
			t.Errorf("due at %v, advanced to %v", due, now)
		}
		attempts += len(r.arrivals())
	}
	if attempts != 6 {
		t.Errorf("%d attempts", attempts)
	}
	if answer := r.call("POST", "/_mock/v1/idle?timeout=1m", nil); answer["idle"] != true || answer["nextDue"] != nil {
		t.Errorf("at the end: %v", answer)
	}
	r.fail(409, "POST", "/_mock/v1/clock", map[string]any{"advance": "next"})
}

func TestIdleAndWaitAnswerWhenItHasHappened(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	r.handler.answers(func(arrival) int { <-held; return 204 })
	fired := r.fires("discussion.comment.create", nil)[0]
	pending := r.call("GET", "/_mock/v1/wait?state=pending&event=discussion", nil)
	if at(pending, "delivery.id") != at(fired, "id") {
		t.Errorf("waited for %v, not %v", pending, fired)
	}
	r.fail(408, "POST", "/_mock/v1/idle?timeout=1ms", nil)
	r.fail(409, "POST", "/_mock/v1/clock", map[string]any{"advance": "next"}) // what is due already is not next
	r.fail(408, "GET", "/_mock/v1/wait?state=delivered&timeout=1ms", nil)

	const waiters = 8
	answers := make(chan reply)
	for i := range waiters {
		go func() {
			if i%2 == 0 {
				answers <- r.send("GET", "/_mock/v1/wait?state=delivered&repo=MOCK-user/demo&timeout=1m", nil)
			} else {
				answers <- r.send("POST", "/_mock/v1/idle?timeout=1m", nil)
			}
		}()
	}
	release()
	for range waiters {
		if answer := <-answers; answer.status != 200 {
			t.Errorf("%d %s", answer.status, answer.body)
		}
	}
}

func TestWaitingEndsWithTheHub(t *testing.T) {
	r := newRig(t, Options{})
	answered := make(chan reply)
	go func() { answered <- r.send("GET", "/_mock/v1/wait?state=failed&timeout=5m", nil) }()
	r.stop()
	if answer := <-answered; answer.status != http.StatusServiceUnavailable {
		t.Errorf("%d %s", answer.status, answer.body)
	}
}

func TestDeliveriesAreFilteredByQuery(t *testing.T) {
	r := newRig(t, Options{})
	webhook := r.watch("user:mock-user", "user:ada")
	r.fires("repo.create", map[string]any{"repo": "ada/first"})
	r.fires("discussion.comment.create", map[string]any{"repo": "ada/first"})
	r.waitIdle()
	r.handler.answers(always(400))
	r.fires("discussion.create", map[string]any{"repo": "mock-user/second"})
	r.waitIdle()
	all := r.Deliveries(Query{})
	for _, c := range []struct {
		query string
		total int
		first uint64
	}{
		{"", 3, all[0].Number},
		{"event=discussion", 2, all[0].Number},
		{"event=discussion.comment", 1, all[1].Number},
		{"event=discussion.comment.create", 1, all[1].Number},
		{"event=disc", 0, 0},
		{"repo=ADA/first", 2, all[1].Number},
		{"state=pending", 1, all[0].Number},
		{"state=delivered&event=repo", 1, all[2].Number},
		{"webhook=" + webhook, 3, all[0].Number},
		{"webhook=000000000000000000000000", 0, 0},
		{"webhookId=" + all[1].WebhookIDHeader, 1, all[1].Number},
		{"q=SECOND", 1, all[0].Number},
		{fmt.Sprintf("after=%d", all[1].Number), 1, all[0].Number},
		{fmt.Sprintf("before=%d", all[1].Number), 1, all[2].Number},
		{"limit=1", 3, all[0].Number},
	} {
		answer := r.call("GET", "/_mock/v1/deliveries?"+c.query, nil)
		list := answer["deliveries"].([]any)
		if answer["total"] != float64(c.total) || len(list) > 0 && at(list[0], "number") != float64(c.first) {
			t.Errorf("%s: %v in all, %v", c.query, answer["total"], list)
		}
		if want := c.total; c.query == "limit=1" && len(list) != 1 || c.query != "limit=1" && len(list) != want {
			t.Errorf("%s: %d are listed", c.query, len(list))
		}
	}
}

func TestDeliveryIsShownWithoutItsSecret(t *testing.T) {
	r := newRig(t, Options{UserAgent: "the-mock"})
	added, err := r.AddWebhook(Webhook{
		URL: strings.Replace(r.handler.url, "http://", "http://me:passw0rd@", 1) + "?secret=inTheURL&key=k3y", Secret: "s3cret-h",
		Watched: []Watched{{Type: "user", Name: "mock-user"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	id := at(r.fires("discussion.comment.create", nil)[0], "id").(string)
	arrived := r.arrivals()[0]
	shown := r.call("GET", "/_mock/v1/deliveries/"+id, nil)
	byNumber := r.send("GET", fmt.Sprintf("/_mock/v1/deliveries/%v", shown["number"]), nil)
	for _, secret := range []string{"inTheURL", "passw0rd", "k3y", "s3cret-h"} {
		if strings.Contains(string(byNumber.body), secret) {
			t.Errorf("%s is shown: %s", secret, byNumber.body)
		}
	}
	header := fmt.Sprint(at(shown, "request.header"))
	for _, wanted := range []string{"the-mock", arrived.header.Get("Webhook-Id"), "X-Webhook-Secret value:" + mask.Placeholder} {
		if !strings.Contains(strings.ReplaceAll(header, "name:", ""), wanted) {
			t.Errorf("the header lacks %q: %s", wanted, header)
		}
	}
	if at(shown, "schema.valid") != true || at(shown, "schema.schema") != "discussion.comment.create" {
		t.Errorf("judged: %v", shown["schema"])
	}
	if at(shown, "payload.repo.name") != "mock-user/demo" || shown["webhook"] != added.ID || at(shown, "request.method") != "POST" {
		t.Errorf("shown: %v", shown)
	}

	payload := r.send("GET", "/_mock/v1/deliveries/"+id+"/payload", nil)
	if string(payload.body) != string(arrived.body) || payload.header.Get("Content-Type") != "application/json" {
		t.Errorf("the payload differs: %s", payload.body)
	}
	fixture := r.send("GET", "/_mock/v1/deliveries/"+id+"/fixture", nil)
	if string(fixture.body) != shown["fixture"] || !strings.HasPrefix(string(fixture.body), "{\n  \"event\": {\n") ||
		!strings.Contains(fixture.header.Get("Content-Disposition"), `"discussion.comment.create.json"`) {
		t.Errorf("fixture: %s", fixture.body)
	}
	curl := r.send("GET", "/_mock/v1/deliveries/"+id+"/curl", nil)
	if string(curl.body) != shown["curl"] || !strings.HasPrefix(string(curl.body), "curl ") ||
		!strings.Contains(string(curl.body), `"X-Webhook-Secret: $HUBHOOK_SECRET"`) || !strings.Contains(curl.header.Get("Content-Type"), "text/plain") {
		t.Errorf("curl: %s", curl.body)
	}
}

func TestDeliveryOfAWebhookThatIsGoneIsShown(t *testing.T) {
	r := newRig(t, Options{})
	webhook := r.watch("user:mock-user")
	id := at(r.fires("repo.update", nil)[0], "id").(string)
	r.waitIdle()
	r.call("DELETE", "/api/settings/webhooks/"+webhook, nil)
	shown := r.call("GET", "/_mock/v1/deliveries/"+id, nil)
	if at(shown, "request.url") != r.handler.url || !strings.Contains(shown["curl"].(string), delivery.DefaultHandlerURL) {
		t.Errorf("shown: %v", shown)
	}
	r.fail(404, "POST", "/_mock/v1/deliveries/"+id+"/replay", nil)
}

func TestReplayByTheMocksAPI(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	id := at(r.fires("repo.update", nil)[0], "id").(string)
	first := r.arrivals()[0]
	r.handler.answers(always(418))
	answer := r.call("POST", "/_mock/v1/deliveries/"+id+"/replay", nil)
	if at(answer, "attempt.status") != 418.0 || at(answer, "attempt.replay") != true {
		t.Errorf("answer: %v", answer)
	}
	if again := r.arrivals(); len(again) != 1 || string(again[0].body) != string(first.body) {
		t.Errorf("arrived: %v", again)
	}
}

func TestCallsOfTheAPIAreListed(t *testing.T) {
	r := newRig(t, Options{KeepCalls: 2})
	r.watch("user:mock-user")
	r.send("GET", "/api/settings/webhooks/none", nil)
	r.call("GET", "/_mock/v1/clock", nil)
	r.send("GET", "/api/settings/webhooks", nil)
	answer := r.call("GET", "/_mock/v1/calls", nil)
	calls := answer["calls"].([]any)
	if answer["total"] != 3.0 || len(calls) != 2 || at(calls[0], "number") != 2.0 || at(calls[0], "name") != "get_webhook" || at(calls[0], "status") != 404.0 {
		t.Fatalf("calls: %v", answer)
	}
	later := r.call("GET", "/_mock/v1/calls?after=2", nil)["calls"].([]any)
	if len(later) != 1 || at(later[0], "path") != "/api/settings/webhooks" {
		t.Errorf("later calls: %v", later)
	}
}

func TestResetForgetsEverything(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.fires("discussion.comment.create", nil)
	r.waitIdle()
	r.call("POST", "/_mock/v1/reset", nil)
	r.db.View(func(s *domain.State) {
		for kind, n := range kinds(s) {
			if kind != "meta" {
				t.Errorf("%d of %s are left", n, kind)
			}
		}
	})
	if calls := r.Calls(); len(calls) != 0 {
		t.Errorf("calls are left: %v", calls)
	}
	if n := r.call("GET", "/_mock/v1/deliveries", nil)["total"]; n != 0.0 {
		t.Errorf("%v deliveries are left", n)
	}
	r.watch("user:mock-user")
	if fired := r.fires("repo.update", nil); len(fired) != 1 {
		t.Errorf("afterwards: %v", fired)
	}
}
