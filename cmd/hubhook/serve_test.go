package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub"
	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// served is a Hub that `hubhook serve` runs.
type served struct {
	url string
	out *bufio.Reader
	end func() error // ends it as a signal does
}

func serve(t *testing.T, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	cmd := newServe(cli.Streams{Out: writer, Err: io.Discard})
	cmd.SetArgs(append([]string{"--listen", "127.0.0.1:0"}, args...))
	ended := make(chan error, 1)
	go func() {
		err := cmd.ExecuteContext(ctx)
		writer.CloseWithError(io.EOF)
		ended <- err
	}()
	s := &served{out: bufio.NewReader(reader)}
	s.end = sync.OnceValue(func() error {
		cancel()
		go io.Copy(io.Discard, s.out)
		return <-ended
	})
	t.Cleanup(func() { s.end() })
	line, err := s.out.ReadString('\n')
	_, rest, found := strings.Cut(line, " is at ")
	if err != nil || !found {
		t.Fatalf("serve says %q: %v", line, err)
	}
	s.url, _, _ = strings.Cut(rest, ": ")
	return s
}

// says requires that the next line has some parts.
func (s *served) says(t *testing.T, parts ...string) string {
	t.Helper()
	line, err := s.out.ReadString('\n')
	for _, part := range parts {
		if err != nil || !strings.Contains(line, part) {
			t.Fatalf("serve says %q, without %q: %v", line, part, err)
		}
	}
	return line
}

// post calls the Hub's API.
func (s *served) post(t *testing.T, path, body string) string {
	t.Helper()
	request, err := http.NewRequest("POST", s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode/100 != 2 {
		t.Fatalf("%s: %s %s %v", path, response.Status, answer, err)
	}
	return string(answer)
}

func TestServeDeliversAndLogs(t *testing.T) {
	t.Setenv(flags.SecretVariable, scriptSecret)
	handler := startHandler(t, "")
	db := filepath.Join(t.TempDir(), "hub.db")
	s := serve(t, "--to", handler.URL, "--db", db)
	s.post(t, "/api/repos/create", `{"name": "demo"}`)
	s.says(t, "repo.create mock-user/demo: 202 in ")
	if err := s.end(); err != nil {
		t.Fatalf("it ended with %v", err)
	}

	// The webhook of --to is there once, however often it is asked for.
	again := serve(t, "--to", handler.URL, "--db", db)
	var list []any
	request, _ := http.NewRequest("GET", again.url+"/api/settings/webhooks", nil)
	request.Header.Set("Authorization", "Bearer any")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil || len(list) != 1 {
		t.Fatalf("the webhooks are %v: %v", list, err)
	}
	again.post(t, "/api/models/mock-user/demo/discussions", `{"title": "A title", "description": "d", "pullRequest": false}`)
	if line, err := again.out.ReadString('\n'); err != nil || !strings.Contains(line, "discussion.create mock-user/demo#1: 202 in ") {
		t.Fatalf("serve says %q: %v", line, err)
	}
}

// bot answers each new comment with one of its own.
type bot struct {
	forgets bool // which deliveries it has handled

	mu   sync.Mutex
	seen map[string]bool
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var payload struct {
		Event      struct{ Scope, Action string }
		Discussion struct{ URL struct{ API string } }
	}
	if r.Header.Get(delivery.SecretHeader) != scriptSecret {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if json.Unmarshal(body, &payload) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	known := b.seen[r.Header.Get(delivery.IDHeader)]
	b.seen[r.Header.Get(delivery.IDHeader)] = true
	b.mu.Unlock()
	if payload.Event.Scope != "discussion.comment" || payload.Event.Action != "create" || known && !b.forgets {
		return
	}
	request, err := http.NewRequest("POST", payload.Discussion.URL.API+"/comment", bytes.NewReader([]byte(`{"comment": "Thank you!"}`)))
	if err != nil {
		return
	}
	request.Header.Set("Authorization", "Bearer hf_bot")
	request.Header.Set("Content-Type", "application/json")
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
	}
}

// A bot is judged by what it does on the Hub.
func TestCheckSeesWhatABotDoesOnTheHub(t *testing.T) {
	t.Setenv(flags.SecretVariable, scriptSecret)
	for _, test := range []struct {
		forgets bool
		exit    int
		says    string
	}{{false, cli.ExitPassed, "1 passed"}, {true, cli.ExitFailed, "RTY-09"}} {
		t.Run(fmt.Sprintf("forgets=%v", test.forgets), func(t *testing.T) {
			handler := httptest.NewServer(&bot{forgets: test.forgets, seen: map[string]bool{}})
			defer handler.Close()
			var out, err bytes.Buffer
			exit := run([]string{"check", handler.URL, "--hub=127.0.0.1:0", "--only", "RTY-09", "--strict", "--quiet"}, cli.Streams{Out: &out, Err: &err})
			if exit != test.exit || !strings.Contains(out.String(), test.says) {
				t.Errorf("exit code %d, wanted %d\n%s%s", exit, test.exit, &out, &err)
			}
		})
	}
}

func TestActivityLines(t *testing.T) {
	at := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	attempt := func(made ...hub.Attempt) []hub.Attempt {
		for i := range made {
			made[i].At, made[i].Latency = at.Add(time.Second), 2*time.Millisecond
		}
		return made
	}
	for name, c := range map[string]struct {
		delivery hub.Delivery
		want     string
	}{
		"not attempted":   {hub.Delivery{State: activity.Pending}, ""},
		"accepted":        {hub.Delivery{State: activity.Delivered, Attempts: attempt(hub.Attempt{Status: 202, Accepted: true})}, "08:00:01  repo.update me/demo: 202 in 2ms"},
		"to be retried":   {hub.Delivery{State: activity.Pending, Due: at.Add(time.Minute), Attempts: attempt(hub.Attempt{Status: 500})}, "08:00:01  repo.update me/demo: 500 in 2ms, again at 08:01:00"},
		"given up":        {hub.Delivery{State: activity.Failed, Attempts: attempt(hub.Attempt{Error: "refused"})}, "08:00:01  repo.update me/demo: refused in 2ms, given up"},
		"without an end":  {hub.Delivery{State: activity.Failed, Attempts: attempt(hub.Attempt{Status: 200, Error: "the answer is too long"})}, "08:00:01  repo.update me/demo: 200, but the answer is too long in 2ms, given up"},
		"not sent":        {hub.Delivery{State: activity.Pending, Due: at.Add(time.Minute), Attempts: attempt(hub.Attempt{Error: "not sent", Faults: []activity.Fault{activity.FaultFailFirst}})}, "08:00:01  repo.update me/demo: not sent, again at 08:01:00"},
		"made again":      {hub.Delivery{State: activity.Delivered, Attempts: attempt(hub.Attempt{Status: 202}, hub.Attempt{Status: 200, Faults: []activity.Fault{activity.FaultDuplicate}})}, "08:00:01  repo.update me/demo: 202 in 2ms\n08:00:01  repo.update me/demo: 200 in 2ms, once more on purpose"},
		"foreign before":  {hub.Delivery{State: activity.Failed, Attempts: attempt(hub.Attempt{Error: "not sent"}, hub.Attempt{Status: 401, Faults: []activity.Fault{activity.FaultWrongSecret}}, hub.Attempt{Status: 500})}, "08:00:01  repo.update me/demo: 401 in 2ms, with a wrong secret on purpose\n08:00:01  repo.update me/demo: 500 in 2ms, given up"},
		"replayed":        {hub.Delivery{State: activity.Withheld, Reason: activity.RateLimited, Attempts: attempt(hub.Attempt{Status: 500, Replay: true})}, "08:00:01  repo.update me/demo: 500 in 2ms, a replay"},
		"withheld":        {hub.Delivery{State: activity.Withheld, Reason: activity.RateLimited}, "08:00:00  repo.update me/demo: not delivered, rate-limited"},
		"withheld midway": {hub.Delivery{State: activity.Withheld, Reason: activity.WebhookSuspended, Attempts: attempt(hub.Attempt{Status: 500})}, "08:00:01  repo.update me/demo: no further attempt, webhook suspended"},
	} {
		c.delivery.Created = at
		if got := strings.Join(activityLines(c.delivery, "repo.update me/demo"), "\n"); got != c.want {
			t.Errorf("%s: %q, wanted %q", name, got, c.want)
		}
	}
}

// If there are several webhooks, a line names the one that it is about, without what may be a
// secret in its URL.
func TestActivityNamesTheWebhookOfSeveral(t *testing.T) {
	t.Setenv(flags.SecretVariable, scriptSecret)
	one, other := startHandler(t, "").URL, startHandler(t, "").URL
	db := filepath.Join(t.TempDir(), "hub.db")
	s := serve(t, "--to", one, "--db", db, "--faults", "wrong-secret")
	s.says(t, "faults, with seed ")
	s.post(t, "/api/repos/create", `{"name": "demo"}`)
	s.says(t, "repo.create mock-user/demo: 403 in ", ", with a wrong secret on purpose")
	s.says(t, "repo.create mock-user/demo: 202 in ")
	s.post(t, "/api/settings/webhooks", `{"url": "`+other+`?token=n0b0dys", "watched": [{"type": "user", "name": "mock-user"}], "domains": ["repo"]}`)
	s.post(t, "/_mock/v1/trigger", `{"shape": "repo.update"}`)
	named := map[string]bool{}
	for range 3 {
		line := s.says(t, "repo.update mock-user/demo to ")
		_, rest, _ := strings.Cut(line, " to ")
		name, _, _ := strings.Cut(rest, ": ")
		named[name] = true
		if strings.Contains(line, "n0b0dys") {
			t.Errorf("a secret is told: %s", line)
		}
	}
	if len(named) != 2 {
		t.Errorf("webhooks are named %v", named)
	}
}

func TestWebhookOfToWatchesTheUser(t *testing.T) {
	t.Setenv(flags.SecretVariable, scriptSecret)
	s := serve(t, "--to", startHandler(t, "").URL, "--user", "me")
	s.post(t, "/api/repos/create", `{"name": "demo"}`)
	s.says(t, "repo.create me/demo: 202 in ")
}

// The help names each fault as the flag reads it.
func TestFaultsOfTheHelp(t *testing.T) {
	usage := newServe(cli.Streams{}).Flags().Lookup("faults").Usage
	_, list, found := strings.Cut(usage, "`LIST` of ")
	faults, err := hub.ParseFaults(strings.ReplaceAll(list, ", ", ","))
	if !found || err != nil || strings.Count(faults.String(), "=") != len(hub.FaultKinds()) {
		t.Errorf("%q is %v: %v", list, faults, err)
	}
}
