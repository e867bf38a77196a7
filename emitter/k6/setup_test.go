package k6_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.k6.io/k6/cmd"
)

// asK6 has the binary of the tests be k6 with the extension.
const asK6 = "HUBHOOK_TEST_AS_K6"

func TestMain(m *testing.M) {
	if os.Getenv(asK6) != "" {
		cmd.Execute()
		return
	}
	os.Exit(m.Run())
}

// secret has what escapes differ on.
const secret = `s3 "cret&<x>`

// receiver is a handler that notes what it gets.
type receiver struct {
	url string

	mu       sync.Mutex
	requests []received
}

type received struct {
	id, number, webhook string
	secret, query       string
	header              http.Header
	body                string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL + "/webhook"
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h := request.Header
	r.requests = append(r.requests, received{
		id: h.Get("Webhook-Id"), number: h.Get("X-Number"), webhook: h.Get("X-Webhook"),
		secret: h.Get("X-Webhook-Secret"), query: request.URL.RawQuery, header: h, body: string(body),
	})
	w.WriteHeader(http.StatusAccepted)
}

// got are the requests so far.
func (r *receiver) got() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// bodies are what came, by Webhook-Id. That one comes twice is a fault.
func (r *receiver) bodies(t *testing.T) map[string]string {
	t.Helper()
	bodies := map[string]string{}
	for _, request := range r.got() {
		if _, twice := bodies[request.id]; twice {
			t.Errorf("the Webhook-Id %s came twice", request.id)
		}
		bodies[request.id] = request.body
	}
	return bodies
}

// k6 is a run of k6.
type k6 struct {
	t   *testing.T
	dir string
	env []string
}

// newK6 is one in an environment that has the handler's URL and the secret.
func newK6(t *testing.T, url string, env ...string) *k6 {
	dir := t.TempDir()
	env = append([]string{
		asK6 + "=1", "HOME=" + dir, "NO_COLOR=1", "K6_NO_USAGE_REPORT=true",
		"HUBHOOK_URL=" + url, "HUBHOOK_SECRET=" + secret,
	}, env...)
	return &k6{t, dir, env}
}

// write writes a script.
func (k *k6) write(script string) string {
	k.t.Helper()
	file := filepath.Join(k.dir, "script.js")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return file
}

// run runs a command of k6, and returns its exit code and output.
func (k *k6) run(args ...string) (int, string) {
	k.t.Helper()
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	var out bytes.Buffer
	run := exec.CommandContext(k.t.Context(), self, args...)
	run.Env, run.Dir, run.Stdout, run.Stderr = k.env, k.dir, &out, &out
	err = run.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		k.t.Fatal(err)
	}
	return run.ProcessState.ExitCode(), out.String()
}

// script runs a script that should end well.
func (k *k6) script(script string, args ...string) string {
	k.t.Helper()
	code, out := k.run(append([]string{"run", "--quiet", "--address", "", k.write(script)}, args...)...)
	if code != 0 {
		k.t.Fatalf("exit code %d: %s", code, out)
	}
	return out
}

// segments runs a script in as many processes as there are segments, at once, and
// gives what each wrote.
func segments(k *k6, script string, bounds ...string) []string {
	out := make([]string, len(bounds)-1)
	file := k.write(script)
	var all sync.WaitGroup
	for i := range out {
		all.Go(func() {
			code, text := k.run("run", "--quiet", "--address", "", "--execution-segment", bounds[i]+":"+bounds[i+1],
				"--execution-segment-sequence", strings.Join(bounds, ","), file)
			out[i] = fmt.Sprintf("exit code %d: %s", code, text)
		})
	}
	all.Wait()
	return out
}

// sending is a script that sends a delivery in each iteration, with its number in a
// header. Options of its Hub and scenarios are as JavaScript has them.
func sending(hub, scenarios string) string {
	return fmt.Sprintf(`
		import http from 'k6/http'
		import { Hub } from 'k6/x/hubhook'
		const hub = new Hub({ url: __ENV.HUBHOOK_URL, secret: __ENV.HUBHOOK_SECRET, %s })
		export const options = { scenarios: { %s } }
		export default function () {
			const d = hub.delivery()
			http.post(d.url, d.body, { ...d.params, headers: { ...d.headers, 'X-Number': d.number, 'X-Webhook': d.webhook } })
		}`, hub, scenarios)
}
