package hub

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
)

var crashes = flag.Int("crashes", 6, "how often the Hub is killed in the test of crashes")

// crashDB names the database to a Hub that runs in a process of its own, to be killed.
const crashDB = "HUBHOOK_TEST_CRASH_DB"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashDB); path != "" {
		serveToBeKilled(path)
		return
	}
	os.Exit(m.Run())
}

// serveToBeKilled serves a Hub whose time passes fast, prints its address, and once it
// is asked to by a line, delivers all that is pending and says so.
func serveToBeKilled(path string) {
	h, err := New(Options{DB: path, TimeScale: 1000, Quota: 1e9, SuspendAfter: -1, KeepDeliveries: 1e6, Seed: 3, Retries: delivery.AssumedRetries()})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	server := httptest.NewServer(h)
	fmt.Println(server.URL)
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return
	}
	for len(h.Deliveries(Query{State: activity.Pending, Limit: 1})) > 0 {
		h.Advance(time.Minute)
		h.Idle(h.ctx)
	}
	fmt.Println("all delivered")
	io.Copy(io.Discard, os.Stdin)
	server.Close()
	h.Close()
}

// victim is a Hub in a process of its own.
type victim struct {
	url     string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startVictim(t *testing.T, path string) *victim {
	t.Helper()
	v := &victim{process: exec.Command(os.Args[0])}
	v.process.Env = append(os.Environ(), crashDB+"="+path)
	v.process.Stderr = os.Stderr
	in, err := v.process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := v.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.process.Start(); err != nil {
		t.Fatal(err)
	}
	v.in, v.out = in, bufio.NewReader(out)
	line, err := v.out.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "http") {
		t.Fatalf("after a crash the Hub does not start: %s %v", line, err)
	}
	v.url = strings.TrimSpace(line)
	return v
}

func (v *victim) kill() {
	v.process.Process.Kill()
	v.process.Wait()
}

// do calls the API, and reports whether it was acknowledged.
func (v *victim) do(method, path string, body any) (map[string]any, bool) {
	text, _ := json.Marshal(body)
	request, _ := http.NewRequest(method, v.url+path, bytes.NewReader(text))
	request.Header.Set("Authorization", "Bearer x")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, false
	}
	defer response.Body.Close()
	var answer map[string]any
	err = json.NewDecoder(response.Body).Decode(&answer)
	return answer, err == nil && response.StatusCode/100 == 2
}

// witness is a handler that notes what arrived, and fails now and then.
type witness struct {
	mu      sync.Mutex
	chance  *rand.Rand
	ids     map[string]map[string]int // Webhook-Ids by the comment's words, and how often each came
	words   map[string]string         // by Webhook-Id
	arrived int
}

func (w *witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	var dump struct {
		Event   struct{ Scope, Action string }
		Comment struct{ Content string }
	}
	json.NewDecoder(r.Body).Decode(&dump)
	w.mu.Lock()
	defer w.mu.Unlock()
	if dump.Event.Scope == "discussion.comment" {
		id, text := r.Header.Get("Webhook-Id"), dump.Comment.Content
		if w.ids[text] == nil {
			w.ids[text] = map[string]int{}
		}
		w.ids[text][id]++
		w.words[id] = text
		w.arrived++
	}
	if w.chance.IntN(10) == 0 {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
}

// Whatever the moment at which the Hub is killed: every event that it acknowledged is
// delivered, with one Webhook-Id, and no event is delivered that has not happened.
func TestNothingIsLostInACrash(t *testing.T) {
	if testing.Short() {
		*crashes = min(*crashes, 2)
	}
	const writers = 8
	chance := rand.New(rand.NewPCG(1, 2))
	w := &witness{chance: rand.New(rand.NewPCG(3, 4)), ids: map[string]map[string]int{}, words: map[string]string{}}
	handler := httptest.NewServer(w)
	defer handler.Close()
	path := filepath.Join(t.TempDir(), "hub.db")
	var acknowledged sync.Map
	var sent, acks atomic.Int64
	const repo = "/api/models/mock-user/demo"

	v := startVictim(t, path)
	for _, call := range []struct {
		path string
		body map[string]any
	}{
		{"/api/repos/create", map[string]any{"name": "demo"}},
		{repo + "/discussions", map[string]any{"title": "A title", "description": "d", "pullRequest": false}},
		{"/api/settings/webhooks", map[string]any{"url": handler.URL, "watched": []Watched{{Type: "user", Name: "mock-user"}}}},
	} {
		if answer, ok := v.do("POST", call.path, call.body); !ok {
			t.Fatalf("%s: %v", call.path, answer)
		}
	}
	t.Log("crash  acknowledged  unanswered  arrived")
	for crash := range *crashes {
		before, sentBefore := acks.Load(), sent.Load()
		fatal := before + 1 + int64(chance.IntN(400))
		var done sync.WaitGroup
		var kill sync.Once
		for range writers {
			done.Go(func() {
				for {
					text := fmt.Sprintf("comment %d", sent.Add(1))
					if _, ok := v.do("POST", repo+"/discussions/1/comment", map[string]any{"comment": text}); !ok {
						return
					}
					acknowledged.Store(text, true)
					if acks.Add(1) >= fatal {
						kill.Do(v.kill)
					}
				}
			})
		}
		done.Wait()
		w.mu.Lock()
		arrived := w.arrived
		w.mu.Unlock()
		ok := acks.Load() - before
		t.Logf("%5d  %12d  %10d  %7d", crash+1, ok, sent.Load()-sentBefore-ok, arrived)
		http.DefaultClient.CloseIdleConnections()
		v = startVictim(t, path)
	}

	fmt.Fprintln(v.in, "deliver")
	if line, err := v.out.ReadString('\n'); err != nil || line != "all delivered\n" {
		t.Fatalf("in the end: %q %v", line, err)
	}
	there := v.comments(t, repo)
	v.in.Close()
	v.process.Wait()

	again, doubtful := 0, 0
	acknowledged.Range(func(text, _ any) bool {
		if len(w.ids[text.(string)]) == 0 {
			t.Errorf("%s was acknowledged, and never arrived", text)
		}
		return true
	})
	for text, ids := range w.ids {
		if len(ids) != 1 {
			t.Errorf("%s arrived with %d Webhook-Ids: %v", text, len(ids), ids)
		}
		if !there[text] {
			t.Errorf("%s arrived, and has not happened", text)
		}
		if _, ok := acknowledged.Load(text); !ok {
			doubtful++
		}
		for id, n := range ids {
			again += n - 1
			if w.words[id] != text {
				t.Errorf("the Webhook-Id %s was used twice", id)
			}
		}
	}
	t.Logf("%d crashes: %d events acknowledged; %d more that were written as their answer was cut off; %d arrivals, of which %d are repetitions",
		*crashes, acks.Load(), doubtful, w.arrived, again)
}

// comments are the words that the discussion has in the end.
func (v *victim) comments(t *testing.T, repo string) map[string]bool {
	t.Helper()
	answer, ok := v.do("GET", repo+"/discussions/1?diff=1", nil)
	if !ok {
		t.Fatalf("the discussion: %v", answer)
	}
	there := map[string]bool{}
	for _, e := range answer["events"].([]any) {
		if text, ok := at(e, "data.latest.raw").(string); ok {
			there[text] = true
		}
	}
	return there
}
