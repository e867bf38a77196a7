package reports_test

import (
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports"
)

// runs are reports of every kind, by the names of the files that they are kept in.
func runs() map[string]*reports.Report {
	return map[string]*reports.Report{
		"report": sample(), "hostile": spiteful(), "passed": passed(), "interrupted": interrupted(), "nothing": None(),
	}
}

// spite is what a handler would answer that wants a page to call people, to link
// elsewhere, or to show what is its own.
var spite = strings.Join([]string{
	"</pre></code></details><script>alert(1)</script><img src=x onerror=alert(1)>",
	"```\n# all is well\n````\n|a|b|\n|---|---|\n`` ` | @everyone and #1, GH-2, octo/cat#3",
	"[click](http://evil.example) ![](http://evil.example/x.png) <http://evil.example> http://evil.example www.evil.example me@evil.example",
	"*_~~ $x$ \\ &lt; ]]> \x00\x1b[2J\r\u202e\u2028 \xff\xfe {0} [^1]: x",
}, "\n")

// spiteful is a run of which all that can be said by others is spite.
func spiteful() *reports.Report {
	r := sample()
	r.Target.URL = "http://127.0.0.1:8000/`|<b>@everyone?[x](http://evil.example)"
	for i := range r.Checks {
		check := &r.Checks[i]
		check.Title, check.Why, check.Fix = check.Title+" "+spite, spite, spite
		if check.Status != reports.Passed {
			check.Reason, check.Observations = spite, nil
		} else {
			check.Warning = spite
		}
		if check.Status == reports.Error {
			_, check.Trace, _ = strings.Cut(spite, "\n")
		}
		check.Rerun, check.Replay = check.Rerun+" "+spite, "hubhook replay "+spite
		for j := range check.Exchanges {
			x := &check.Exchanges[j]
			x.What, x.Curl, x.Response.Body.Text = spite, "curl "+spite, spite
		}
	}
	return r
}

func passed() *reports.Report {
	r := &reports.Report{
		Tool: reports.Tool{Name: "hubhook", Version: "v1.2.3"}, Target: reports.Target{URL: "http://127.0.0.1:8000/webhook"},
		Seed: 1<<64 - 1, Strict: true, Started: time.Date(2026, 11, 1, 12, 0, 0, 5e6, time.UTC), DurationMs: 40,
		Verdict: reports.Passed, Sent: 1,
		Checks: []reports.Check{{
			ID: "PAY-01a", Area: "payload", Level: "MAY", Title: "accepts it", Spec: "https://example.org/spec", Status: reports.Passed,
			Exchanges: []reports.Exchange{{What: "repo.update", Request: reports.Request{Method: "POST"}}}, Sent: 1,
		}},
	}
	r.Count()
	return r
}

// interrupted is a run that ended before its second check.
func interrupted() *reports.Report {
	r := passed()
	r.Strict, r.Verdict = false, reports.Inconclusive
	r.Checks = append(r.Checks, reports.Check{
		ID: "PAY-01b", Area: "payload", Level: "MUST", Title: "accepts that", Spec: "https://example.org/spec",
		Status: reports.Inconclusive, Reason: "not tried: the run was interrupted",
		Observations: []reports.Observation{{"not tried", "the run was interrupted"}},
	})
	r.Count()
	return r
}

// None is a run in which nothing was accepted.
func None() *reports.Report {
	r := interrupted()
	r.Verdict, r.Problem = reports.Failed, "no delivery was accepted at all, so nothing was judged. The last answer: 404 Not Found"
	for i := range r.Checks {
		r.Checks[i].Status, r.Checks[i].Reason = reports.Failed, "came back: 404 Not Found"
		r.Checks[i].Observations = []reports.Observation{{"came back", "404 Not Found"}}
	}
	r.Count()
	return r
}
