package k6_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// checkSecret finds the secret in what was written, in any of its forms.
func checkSecret(t *testing.T, out string) {
	t.Helper()
	for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(strconv.Quote(secret), `"`), `cret&`, `cret%26`, `cret\u0026`} {
		if at := strings.Index(out, form); at >= 0 {
			t.Errorf("the secret was written, as …%s…", out[max(0, at-100):min(len(out), at+100)])
			return
		}
	}
}

// The secret goes where it belongs, and nowhere else: not into metrics, not into logs
// of requests that failed, and not where k6 logs everything.
func TestTheSecretIsWrittenNowhere(t *testing.T) {
	nobody := "http://127.0.0.1:1/webhook"
	r := newReceiver(t)
	for name, c := range map[string]struct{ url, in, post, args string }{
		"in a header":                           {r.url, "header", "d.url, d.body, d.params", "--http-debug=full"},
		"in the query":                          {r.url, "query", "d.url, d.body, d.params", "--http-debug=full"},
		"in the query, without tags":            {r.url, "query", "d.url, d.body, { headers: d.headers }", "-v"},
		"in the query, as a string":             {r.url, "query", "d.url.url, d.body, d.params", "-v"},
		"in the query, and nobody listens":      {nobody, "query", "d.url, d.body, d.params", "-v"},
		"in the query, and failures are thrown": {nobody, "query", "d.url, d.body, d.params", "--throw"},
		"in the query of a URL that has one":    {r.url + "?tenant=a", "query", "d.url, d.body, d.params", "-v"},
		"in the query, by other users":          {strings.Replace(r.url, "//", "//me:pass-word@", 1), "query", "d.url, d.body, d.params", "-v"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newK6(t, c.url)
			file := k.write(`
				import http from 'k6/http'
				import { Hub } from 'k6/x/hubhook'
				const hub = new Hub({ url: __ENV.HUBHOOK_URL, secret: __ENV.HUBHOOK_SECRET, secretIn: '` + c.in + `' })
				export default function () {
					const d = hub.delivery()
					console.log(http.post(` + c.post + `).status, JSON.stringify(d))
				}`)
			before := len(r.got())
			_, out := k.run("run", "--address", "", "--iterations", "3", "--out", "json=metrics", "--summary-mode=full", c.args, file)
			_, logged := k.run("run", "--address", "", "--iterations", "3", "--log-output", "file=log", c.args, file)
			checkSecret(t, out)
			checkSecret(t, logged)
			for _, name := range []string{"metrics", "log"} {
				text, err := os.ReadFile(filepath.Join(k.dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if checkSecret(t, string(text)); len(text) == 0 {
					t.Errorf("%s is empty", name)
				}
				if c.in == "query" && name == "metrics" && !strings.Contains(string(text), `"url":"http://127.0.0.1:`) {
					t.Error("no metric tells of a URL")
				}
			}
			if c.url == nobody {
				if !strings.Contains(out, "connection refused") {
					t.Errorf("the log does not tell of what failed: %s", out)
				}
				return
			}
			for _, request := range r.got()[before:] {
				header, query := secret, ""
				if c.in == "query" {
					header, query = "", "secret="+url.QueryEscape(secret)
				}
				if request.secret != header || !strings.HasSuffix(request.query, query) || strings.Contains(c.url, "tenant") && request.query != "tenant=a&"+query {
					t.Errorf("the secret came in the header as %q, in the query as %q", request.secret, request.query)
				}
			}
			if len(r.got())-before != 6 {
				t.Errorf("%d deliveries came", len(r.got())-before)
			}
		})
	}
}

// A random seed is logged once, so that the run can be repeated.
func TestASeedThatIsDrawnIsToldOnce(t *testing.T) {
	r := newReceiver(t)
	const scenarios = "a: { executor: 'shared-iterations', iterations: 12, vus: 4 }"
	_, rest, found := strings.Cut(newK6(t, r.url).script(sending("", scenarios)), "the seed is ")
	seed, rest, _ := strings.Cut(rest, ";")
	if !found || strings.Contains(rest, "the seed is ") {
		t.Fatalf("the seed is told other than once: %s", rest)
	}
	again := newReceiver(t)
	if out := newK6(t, again.url).script(sending("seed: '"+seed+"'", scenarios)); strings.Contains(out, "the seed is ") {
		t.Errorf("a seed that is given is told: %s", out)
	}
	first, second := r.bodies(t), again.bodies(t)
	for id, body := range first {
		if second[id] != body {
			t.Errorf("with the seed that was told, %s is %q, was %q", id, second[id], body)
		}
	}
	if len(first) != 12 {
		t.Errorf("%d deliveries came", len(first))
	}
}
