package reports_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	xhtml "golang.org/x/net/html"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
)

// Each check is in the page once, and whatever leads somewhere gets there, with a
// script and without.
func TestPageOfAReportIsWhole(t *testing.T) {
	for name, r := range variousReports() {
		page := reportPage(t, r)
		for way, list := range map[string][]*xhtml.Node{"unscripted": unscripted(t, page), "unfolded": unfolded(t, page)} {
			ids, checks := map[string]int{}, 0
			for _, node := range list {
				if id := attribute(node, "id"); id != "" {
					ids[id]++
					if !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`).MatchString(id) {
						t.Errorf("%s, %s: %q is no valid id", name, way, id)
					}
				}
				if hasClass(node, "check") {
					checks++
				}
			}
			if checks != len(r.Checks) {
				t.Errorf("%s, %s: %d checks, not %d", name, way, checks, len(r.Checks))
			}
			for id, n := range ids {
				if n != 1 {
					t.Errorf("%s, %s: #%s stands there %d times", name, way, id, n)
				}
			}
			for _, node := range list {
				wanted := append(strings.Fields(attribute(node, "aria-labelledby")), attribute(node, "data-same"), attribute(node, "data-mends"))
				if to, inside := strings.CutPrefix(attribute(node, "href"), "#"); inside {
					wanted = append(wanted, to)
				}
				for _, id := range wanted {
					if id != "" && ids[id] != 1 {
						t.Errorf("%s, %s: %s leads to #%s, which is nowhere", name, way, node.Data, id)
					}
				}
			}
		}
	}
}

func TestPageLeadsToChecksAndToTables(t *testing.T) {
	inside := map[string][]string{}
	for _, node := range unscripted(t, reportPage(t, sampleWithExamples())) {
		if id := attribute(node, "id"); id != "" && (hasClass(node, "table") || hasClass(node, "told")) {
			for inner := range node.Descendants() {
				if hasClass(inner, "told") {
					inside[id] = append(inside[id], attribute(inner, "id"))
				}
			}
			if hasClass(node, "told") && inside[id] == nil {
				inside[id] = []string{}
			}
		}
	}
	for id, want := range map[string][]string{"SEC-03": {}, "PAY-01a": {}, "PAY-02": {}, "PAY-01": {"PAY-01a", "PAY-01b"}} {
		if diff := cmp.Diff(want, inside[id]); diff != "" {
			t.Errorf("#%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestPageCountsByAreaAndLevel(t *testing.T) {
	var cells [][]string
	for _, node := range unscripted(t, reportPage(t, sample())) {
		if node.Data != "table" || !hasClass(node, "grid") {
			continue
		}
		for row := range node.Descendants() {
			if row.Data != "tr" {
				continue
			}
			var texts []string
			for cell := row.FirstChild; cell != nil; cell = cell.NextSibling {
				texts = append(texts, strings.Join(strings.Fields(textOf(cell)), " "))
			}
			cells = append(cells, texts)
		}
	}
	want := [][]string{
		{"", "MUST", "SHOULD", "all"},
		{"secret", "✗2 failed ?1 inconclusive ✓1 passed –1 skipped", "", "✗2 failed ?1 inconclusive ✓1 passed –1 skipped"},
		{"retry", "~1 failed as known ✓1 passed", "✗1 failed ?1 inconclusive", "✗1 failed ~1 failed as known ?1 inconclusive ✓1 passed"},
		{"transport", "!1 fault of hubhook", "", "!1 fault of hubhook"},
		{"all", "✗2 failed ~1 failed as known !1 fault of hubhook ?1 inconclusive ✓2 passed –1 skipped", "✗1 failed ?1 inconclusive", "✗3 failed ~1 failed as known !1 fault of hubhook ?2 inconclusive ✓2 passed –1 skipped"},
	}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What is to be fixed first comes first: a cause before what comes of it, and a MUST
// before a SHOULD, in whatever order they were tried.
func TestPageSaysWhatToMendFirst(t *testing.T) {
	failed := func(id, level string, first ...string) reports.Check {
		return reports.Check{ID: id, Area: "a", Level: level, Status: reports.Failed, FixFirst: first}
	}
	for name, c := range map[string]struct {
		checks  []reports.Check
		problem string
		want    []string
	}{
		"levels":         {checks: []reports.Check{failed("A-1", "MAY"), failed("A-2", "SHOULD"), failed("A-3", "MUST")}, want: []string{"A-3 MUST", "A-2 SHOULD", "A-1 MAY"}},
		"causes":         {checks: []reports.Check{failed("A-1", "MUST", "A-2"), failed("A-2", "SHOULD"), failed("A-3", "MUST", "A-1")}, want: []string{"A-2 SHOULD most likely gone with it: A-1, A-3"}},
		"passed":         {checks: []reports.Check{failed("A-1", "MUST", "A-9")}, want: []string{"A-1 MUST"}},
		"a circle":       {checks: []reports.Check{failed("A-1", "MUST", "A-2"), failed("A-2", "MUST", "A-1")}, want: []string{"A-1 MUST most likely gone with it: A-2"}},
		"nothing judged": {checks: []reports.Check{failed("A-1", "MUST"), failed("A-2", "MUST")}, problem: "nobody listens", want: []string{"A-1 MUST"}},
		"known":          {checks: []reports.Check{{ID: "A-1", Level: "MUST", Status: reports.Failed, Known: true}}},
	} {
		var got []string
		for _, node := range unscripted(t, reportPage(t, &reports.Report{Verdict: reports.Failed, Checks: c.checks, Problem: c.problem})) {
			if node.Data == "li" && hasClass(node.Parent, "causes") {
				got = append(got, strings.Join(strings.Fields(textOf(node)), " "))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A check that took less than can be shown took some time nevertheless.
func TestPageTellsNoCheckThatTookNoTime(t *testing.T) {
	r := &reports.Report{Checks: []reports.Check{{ID: "A-1", Area: "a", Level: "MUST", Status: reports.Passed}}}
	if !strings.Contains(written(t, html.WriteReport, r), "under 1ms") {
		t.Error("the page does not say how long it took")
	}
}

func TestPageSaysHowTheRunEnded(t *testing.T) {
	strict := sampleWithExamples()
	strict.Strict = true
	unjudged := nothingJudged()
	down, away := sampleWithExamples(), sampleWithExamples()
	down.Problem = "the handler went down"
	away.Problem, away.NotTried = down.Problem, 3
	advice := &reports.Report{Verdict: reports.Passed, Checks: []reports.Check{{ID: "RTY-09", Level: "SHOULD", Status: reports.Failed}}}
	for want, r := range map[string]*reports.Report{
		"Failed exit code 1: 2 MUST failed, 1 known failure passed":                                         sampleWithExamples(),
		"Failed exit code 1: 2 MUST failed, 1 SHOULD failed, 1 known failure passed (strict)":               strict,
		"Failed exit code 2: there was nothing to judge":                                                    unjudged,
		"Failed exit code 1: the handler went down":                                                         down,
		"Failed exit code 2: not all could be tried":                                                        away,
		"Inconclusive exit code 2: not all could be judged":                                                 interruptedPage(),
		"Passed exit code 0: no MUST failed":                                                                {Verdict: reports.Passed},
		"Passed exit code 0: no MUST failed; what failed is advice, and a SHOULD counts with --strict only": advice,
	} {
		got := ofClass(unscripted(t, reportPage(t, r)), "verdict")
		if len(got) != 1 || !strings.HasSuffix(strings.ToLower(got[0]), strings.ToLower(want)) {
			t.Errorf("the page says %q, not %q", got, want)
		}
	}
	for words, r := range map[string]*reports.Report{
		"the run was interrupted": interruptedPage(), "! no delivery was accepted at all": unjudged, "1 check could not be judged by a fault of hubhook": sample(),
		"SEC-01 no difference seen, which proves none": sample(), "✗ RTY-02 is listed as a known failure and passes now": sample(), "No check was made": {},
	} {
		text := ""
		for _, node := range unscripted(t, reportPage(t, r)) {
			if node.Data == "body" {
				text = strings.Join(strings.Fields(textOf(node)), " ")
			}
		}
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
}

// The decisive exchange comes first, and what differs from the first request is marked.
func TestPageMarksDifferences(t *testing.T) {
	request := func(body string, headers ...reports.Header) reports.Exchange {
		return reports.Exchange{What: "a request", Request: reports.Request{Method: "POST", URL: "http://h/", Headers: headers, Body: reports.Body{Text: body, Bytes: int64(len(body))}}}
	}
	one := request(`{"a":1,"b":{"c":[1,2],"gone":true},"d":"x","e":0}`, reports.Header{Name: "Webhook-Id", Value: "1"}, reports.Header{Name: "Secret", Value: "s"})
	two := request(`{"a":1,"b":{"c":[1,3]},"d":"x","e":0,"new, \"one\"":{}}`, reports.Header{Name: "webhook-id", Value: "1"}, reports.Header{Name: "Extra", Value: "x"})
	two.Decisive = true
	same := request(one.Request.Body.Text, one.Request.Headers...)
	r := &reports.Report{Checks: []reports.Check{{ID: "A-1", Status: reports.Failed, Exchanges: []reports.Exchange{one, two, same}}}}
	list := unscripted(t, reportPage(t, r))
	marks := map[string][]string{}
	for _, node := range list {
		if slices.Contains([]string{"ins", "del", "mark"}, node.Data) {
			marks[node.Data] = append(marks[node.Data], strings.TrimSpace(textOf(node)))
		}
	}
	want := map[string][]string{
		"mark": {"webhook-id: 1", "3"},
		"ins":  {"Extra: x", `"new, \"one\"": {}`},
		"del":  {"Secret: s", "$/b/gone: true"},
	}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2", "1", "3"}, ofClass(list, "number")); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	wantWords := []string{
		"Beside request 1: webhook-id differs; Extra only here; Secret is missing; body: 1 only here, 1 missing, 1 with another value",
		"Beside request 1: the same body, byte for byte",
	}
	if diff := cmp.Diff(wantWords, ofClass(list, "compared")); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// Whatever a body is, it is shown as what it is, in bounds.
func TestPageShowsBodies(t *testing.T) {
	for name, c := range map[string]struct {
		body reports.Body
		want string
	}{
		"none":      {reports.Body{}, "no body"},
		"JSON":      {reports.Body{Text: `{"a":[1]}`, Bytes: 9}, "body, 9 bytes{\n  \"a\": [\n    1\n  ]\n}"},
		"no JSON":   {reports.Body{Text: "{a}", Bytes: 3}, "body, 3 bytes{a}"},
		"binary":    {reports.Body{Text: base64.StdEncoding.EncodeToString([]byte("\x1f\x8bA")), Base64: true, Bytes: 3}, "body, 3 bytes (no UTF-8: the first 3 bytes, in hexadecimal digits)00000000  1f 8b 41                                          |..A|\n"},
		"unseen":    {reports.Body{Text: "a\x00\u202eb\u00a0c\n\td", Bytes: 10}, "body, 10 bytes" + `a\x00\u202eb\u00a0c` + "\n\td"},
		"truncated": {reports.Body{Text: `{"a":`, Bytes: 99, Truncated: true}, `body, 99 bytes (the beginning, as much as was kept){"a":`},
		"deep":      {reports.Body{Text: strings.Repeat("[", 1000) + strings.Repeat("]", 1000), Bytes: 2000}, "body, 2,000 bytes" + strings.Repeat("[", 1000) + strings.Repeat("]", 1000)},
		"long":      {reports.Body{Text: strings.Repeat("é", 20_000), Bytes: 40_000}, "body, 40,000 bytes (the beginning: --json FILE writes more)" + strings.Repeat("é", 8<<10)},
	} {
		r := &reports.Report{Checks: []reports.Check{{ID: "A-1", Exchanges: []reports.Exchange{{Request: reports.Request{Body: c.body}}}}}}
		for _, node := range unscripted(t, reportPage(t, r)) {
			if node.Data != "section" || node.FirstChild.Data != "h5" || textOf(node.FirstChild) != "request" {
				continue
			}
			if got := strings.TrimPrefix(textOf(node), "request \n"); strings.TrimPrefix(textOf(node), "request ") != c.want {
				t.Errorf("%s: %q, not %q", name, got, c.want)
			}
		}
	}
}

// Example code is in the page once, for all checks that it fixes; each of them links to it.
func TestPageHasCodeOnce(t *testing.T) {
	page := reportPage(t, sampleWithExamples())
	for _, code := range []string{"func first() {}", "if a &lt; b &amp;&amp; &#34;c&#34; != d {}", "app.use(refuse)"} {
		if n := strings.Count(page, code); n != 1 {
			t.Errorf("%q stands there %d times", code, n)
		}
	}
	if n := strings.Count(page, `data-mends="mend-refuse"`); n != 2 {
		t.Errorf("%d checks lead to the code", n)
	}
	bare := sampleWithExamples()
	bare.Examples = nil
	if strings.Contains(reportPage(t, bare), `id="code"`) {
		t.Error("code is promised where there is none")
	}
}

// Every exchange is a mark in the timeline, one that several checks look at once: of the
// check that failed by it.
func TestTimelineHasAMarkForEachExchange(t *testing.T) {
	var marks []string
	for _, node := range unscripted(t, reportPage(t, sampleWithExamples())) {
		if node.Data == "a" && node.Parent.Data == "svg" {
			marks = append(marks, attribute(node, "href")+" "+attribute(node.LastChild, "class")+" "+attribute(node.LastChild, "x"))
		}
	}
	if diff := cmp.Diff([]string{"#SEC-01 plain 1.62%", "#SEC-03 told 0.81%"}, marks); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if page := reportPage(t, sample()); strings.Contains(page, "The run over time") {
		t.Error("a run is drawn of which no times are known")
	}
	odd := sampleWithExamples()
	for i, v := range []float64{math.NaN(), math.Inf(1), -1, 1e300} {
		odd.Checks[1].Exchanges[0].StartedMs, odd.Checks[1].Exchanges[1].DurationMs = v, v
		odd.DurationMs = int64(i - 1)
		page := reportPage(t, odd)
		if wrong := regexp.MustCompile(`NaN|[+-]Inf|height="-`).FindString(page); wrong != "" {
			t.Errorf("%v: the page says %s", v, wrong)
		}
	}
}

// largeReport has checks with four large exchanges each.
func largeReport(checks int) *reports.Report {
	r := &reports.Report{Verdict: reports.Failed, DurationMs: 60_000}
	headers := []reports.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Webhook-Id", Value: "6c0e2a1f-7d52-4b0e-9a43-d1b0c1f1a2e7"}}
	for range 10 {
		headers = append(headers, reports.Header{Name: "X-Long", Value: strings.Repeat("<", 1000)})
	}
	for i := range checks {
		check := reports.Check{
			ID: fmt.Sprintf("SEC-%d", i), Area: "secret", Level: "MUST", Status: reports.Failed, Sent: 4,
			Title: "refuses a wrong secret", Reason: "came back: " + strings.Repeat("word ", 100), Example: "refuse", Rerun: "hubhook check --only SEC-1",
		}
		for j := range 4 {
			text := `{"id":"` + fmt.Sprint(i, j) + `","values":[` + strings.Repeat(`{"a":"<b>&"},`, 4000) + `0]}`
			body := reports.Body{Text: text, Bytes: int64(len(text))}
			check.Exchanges = append(check.Exchanges, reports.Exchange{
				What: "repo.update", StartedMs: float64(i*400 + j), DurationMs: 3, Curl: "curl " + text,
				Request:  reports.Request{Method: "POST", URL: "http://127.0.0.1:8000/webhook", Headers: headers, Body: body},
				Response: &reports.Response{Status: 200, Headers: headers, Body: body},
			})
		}
		r.Checks = append(r.Checks, check)
	}
	r.Examples = map[string][]reports.Example{"refuse": {{Language: "Go", Parts: []reports.Part{{Code: strings.Repeat("code\n", 500)}}}}}
	r.Count()
	return r
}

// However large what was sent and came back is, the page can be opened, and passed on.
func TestPageOfALargeReportStaysSmall(t *testing.T) {
	if n := len(reportPage(t, largeReport(150))); n > 3_000_000 {
		t.Errorf("%d bytes", n)
	}
}

func BenchmarkWriteHTML(b *testing.B) {
	r := largeReport(150)
	for b.Loop() {
		if err := html.WriteReport(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
