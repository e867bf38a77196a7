package reports_test

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
)

// checked is a report of one run in which checks came out so.
func checked(seed uint64, checks ...reports.Check) *reports.Report {
	r := &reports.Report{
		Tool: reports.Tool{Name: "hubhook", Version: "v1.2.3"}, Target: reports.Target{URL: "http://127.0.0.1:8000/webhook"}, Seed: seed,
		Started: time.Date(2026, 11, int(seed), 12, 30, 0, 0, time.UTC), DurationMs: 1234, Sent: 99, Verdict: reports.Passed, Checks: checks,
	}
	for _, check := range checks {
		if check.FailsRun(r.Strict) {
			r.Verdict = reports.Failed
		}
	}
	return r
}

// came is a check of a level that came out so; the area follows from the ID.
func came(id, level string, status reports.Status) reports.Check {
	area := map[string]string{"SEC": "secret", "PAY": "payload", "RTY": "retry"}[id[:3]]
	check := reports.Check{ID: id, Area: area, Level: level, Title: "does what " + id + " asks for", Status: status}
	if status != reports.Passed {
		check.Reason = "sent:      repo.update\ncame back: what makes it " + string(status)
	}
	return check
}

func known(check reports.Check) reports.Check {
	check.Known = true
	return check
}

func compare(o reports.CompareOptions, list ...*reports.Report) *reports.Comparison {
	names := []string{"a", "b", "c", "d"}
	return reports.Compare(list, names[:len(list)], o)
}

const must, should, may = "MUST", "SHOULD", "MAY"

func TestWhatBecameOfACheck(t *testing.T) {
	const passed, failed, open, skipped, fault = reports.Passed, reports.Failed, reports.Inconclusive, reports.Skipped, reports.Error
	const notRun = reports.NotRun
	for _, c := range []struct {
		before, after reports.Status
		change        reports.Change
		regression    bool
	}{
		{passed, passed, reports.StayedSame, false},
		{passed, failed, reports.GotWorse, true},
		{passed, open, reports.GotWorse, true},
		{passed, fault, reports.GotWorse, true},
		{passed, skipped, reports.ChangedOtherwise, false},
		{passed, notRun, reports.WentGone, false},
		{failed, passed, reports.GotBetter, false},
		{failed, failed, reports.StayedSame, false},
		{failed, open, reports.ChangedOtherwise, false},
		{failed, skipped, reports.ChangedOtherwise, false},
		{failed, notRun, reports.WentGone, false},
		{open, passed, reports.GotBetter, false},
		{open, failed, reports.GotWorse, false},
		{open, fault, reports.ChangedOtherwise, false},
		{skipped, failed, reports.GotWorse, false},
		{skipped, passed, reports.GotBetter, false},
		{notRun, passed, reports.CameNew, false},
		{notRun, failed, reports.CameNew, false},
	} {
		t.Run(string(c.before)+" then "+string(c.after), func(t *testing.T) {
			list := []*reports.Report{checked(1), checked(2)}
			for i, status := range []reports.Status{c.before, c.after} {
				if status != notRun {
					list[i].Checks = []reports.Check{came("SEC-01", must, status)}
				}
			}
			got := compare(reports.CompareOptions{All: true}, list...)
			row := got.Rows[0]
			if row.Changes[0] != c.change || row.Regression != c.regression {
				t.Errorf("%s, a regression: %t; want %s, %t", row.Changes[0], row.Regression, c.change, c.regression)
			}
			if got.Steps[0].Counts[c.change] != 1 || (got.Regressed() != "") != c.regression {
				t.Errorf("counts %v, regressed %q", got.Steps[0].Counts, got.Regressed())
			}
			listed := compare(reports.CompareOptions{}, list...).Rows
			if want := c.change != reports.StayedSame; (len(listed) == 1) != want {
				t.Errorf("%d rows without --all", len(listed))
			}
		})
	}
}

// What binds makes a regression, and what was last judged is what counts.
func TestWhatIsARegression(t *testing.T) {
	passed := func(level string) *reports.Report { return checked(1, came("SEC-01", level, reports.Passed)) }
	failed := func(level string) *reports.Report { return checked(2, came("SEC-01", level, reports.Failed)) }
	strict := func(r *reports.Report) *reports.Report {
		r.Strict = true
		return r
	}
	unsettled := checked(3, came("SEC-01", must, reports.Inconclusive))
	knownFailure := checked(4, known(came("SEC-01", must, reports.Failed)))
	for _, c := range []struct {
		name string
		list []*reports.Report
		want bool
	}{
		{"a MUST", []*reports.Report{passed(must), failed(must)}, true},
		{"a SHOULD", []*reports.Report{passed(should), failed(should)}, false},
		{"a SHOULD, strictly", []*reports.Report{passed(should), strict(failed(should))}, true},
		{"a SHOULD, strictly before alone", []*reports.Report{strict(passed(should)), failed(should)}, false},
		{"a SHOULD that became a MUST", []*reports.Report{passed(should), failed(must)}, true},
		{"a MAY", []*reports.Report{passed(may), strict(failed(may))}, false},
		{"a known failure", []*reports.Report{passed(must), knownFailure}, false},
		{"a known failure no more on the list", []*reports.Report{knownFailure, failed(must)}, false},
		{"after a run that was cut short", []*reports.Report{passed(must), unsettled, failed(must)}, true},
		{"after a run without it", []*reports.Report{passed(must), checked(3), failed(must)}, true},
		{"one that is old", []*reports.Report{passed(must), failed(must), failed(must)}, false},
		{"one that is mended", []*reports.Report{passed(must), failed(must), passed(must)}, false},
		{"no verdict any more", []*reports.Report{passed(must), unsettled, unsettled}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := compare(reports.CompareOptions{}, c.list...)
			if (len(got.Regressions) == 1) != c.want || (got.Regressed() != "") != c.want {
				t.Errorf("regressions %v, %q; want one: %t", got.Regressions, got.Regressed(), c.want)
			}
		})
	}
}

func ids(rows []reports.ComparedCheck) (list []string) {
	for _, row := range rows {
		list = append(list, row.ID)
	}
	return list
}

func TestTablesFold(t *testing.T) {
	table := func(a, b, c reports.Status) *reports.Report {
		return checked(1, came("PAY-01a", must, a), came("PAY-01b", must, b), came("PAY-01c", must, c), came("PAY-02", must, a))
	}
	const passed, failed = reports.Passed, reports.Failed
	for _, c := range []struct {
		name   string
		before *reports.Report
		after  *reports.Report
		all    bool
		want   []string
	}{
		{"alike", table(passed, passed, passed), table(failed, failed, failed), false, []string{"PAY-01", "PAY-02"}},
		{"alike, and all are listed", table(passed, passed, passed), table(failed, failed, failed), true, []string{"PAY-01a", "PAY-01b", "PAY-01c", "PAY-02"}},
		{"one differs", table(passed, passed, passed), table(passed, failed, passed), false, []string{"PAY-01b"}},
		{"two differ", table(passed, passed, passed), table(passed, failed, failed), false, []string{"PAY-01b", "PAY-01c"}},
		{"all, each otherwise", table(passed, failed, passed), table(failed, passed, failed), false, []string{"PAY-01a", "PAY-01b", "PAY-01c", "PAY-02"}},
		{"a run without it", checked(1, came("SEC-01", must, passed)), table(passed, passed, passed), false, []string{"SEC-01", "PAY-01", "PAY-02"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := compare(reports.CompareOptions{All: c.all}, c.before, c.after)
			if diff := cmp.Diff(c.want, ids(got.Rows)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	got := compare(reports.CompareOptions{}, table(passed, passed, passed), table(failed, failed, failed))
	if want := "4 regressions in b: PAY-01 (3), PAY-02"; got.Regressed() != want {
		t.Errorf("%q, want %q", got.Regressed(), want)
	}
}

func TestReportsAreNamedByTheirFiles(t *testing.T) {
	for _, c := range []struct{ files, want []string }{
		{[]string{"before.json", "runs/after.json"}, []string{"before", "after"}},
		{[]string{"main/report.json", "mine/report.json"}, []string{"main/report", "mine/report"}},
		{[]string{"x/main/report.json", "y/main/report.json", "z.json"}, []string{"x/main/report", "y/main/report", "z"}},
		{[]string{"a.json", "./a.json", "a.json"}, []string{"a", "a (2)", "a (3)"}},
		{[]string{"a.json", "a (2).json", "a.json"}, []string{"a", "a (2)", "a (3)"}},
		{[]string{"/r/a.json", "r/a.json", "a.json"}, []string{"/r/a", "r/a", "a"}},
		{[]string{"report", "report.xml"}, []string{"report", "report.xml"}},
	} {
		if diff := cmp.Diff(c.want, reports.ComparedNames(c.files)); diff != "" {
			t.Errorf("%v: -want +got:\n%s", c.files, diff)
		}
	}
}

func TestLatencyIsThatOfCompleteAnswers(t *testing.T) {
	answered := &reports.Response{Status: 200}
	x := func(started, took float64, response *reports.Response, fault string) reports.Exchange {
		return reports.Exchange{StartedMs: started, DurationMs: took, Response: response, Error: fault}
	}
	fast, slow := came("SEC-01", must, reports.Passed), came("SEC-02", must, reports.Passed)
	fast.Exchanges = []reports.Exchange{x(0, 1, answered, ""), x(1, 2, answered, ""), x(2, 9000, nil, "time-out"), x(3, 8000, answered, "cut")}
	slow.Exchanges = []reports.Exchange{x(1, 2, answered, ""), x(4, 300, answered, "")} // the first is the one above
	got := compare(reports.CompareOptions{}, checked(1, fast, slow), checked(2))
	if diff := cmp.Diff(&reports.ComparedLatency{Answers: 3, MedianMs: 2, SlowestMs: 300, Slowest: "SEC-02"}, got.Reports[0].Latency); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.Reports[1].Latency != nil {
		t.Errorf("without answers: %+v", got.Reports[1].Latency)
	}
}

func TestNotesExplainDifferences(t *testing.T) {
	newer := checked(1, came("SEC-01", must, reports.Failed))
	newer.Tool.Version = "v2.0.0"
	strict := checked(1, came("SEC-01", must, reports.Passed))
	strict.Strict = true
	passed := func(seed uint64) *reports.Report { return checked(seed, came("SEC-01", must, reports.Passed)) }
	for _, c := range []struct {
		name string
		list []*reports.Report
		want []string
	}{
		{"nothing differs but the seed", []*reports.Report{passed(1), passed(2)}, []string{}},
		{"versions", []*reports.Report{passed(1), newer}, []string{"the versions of hubhook differ (v1.2.3, v2.0.0)"}},
		{"seeds", []*reports.Report{passed(7), checked(8, came("SEC-01", must, reports.Failed)), passed(7)}, []string{"the seeds differ (7, 8): payloads are other ones"}},
		{"sets", []*reports.Report{passed(1), checked(1, came("SEC-01", must, reports.Passed), came("SEC-02", must, reports.Passed))}, []string{"the sets of checks differ: 1 check is not in all reports"}},
		{"strictness", []*reports.Report{passed(1), strict}, []string{"not all are strict: whether a SHOULD that failed is a regression hangs on the last one"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, compare(reports.CompareOptions{}, c.list...).Notes); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// foreignText is text that would break a page, a table, a terminal or its reader's eyes.
const foreignText = "<script>alert(1)</script> | `code` \\| **bold** [x](javascript:1) @everyone #1 \x1b[2J \u202e\u2066 \u0085 &lt;"

// sampleReports have each kind of change, and each verdict.
func sampleReports() []*reports.Report {
	const passed, failed = reports.Passed, reports.Failed
	rogue := came("RTY-02", should, failed)
	rogue.Title, rogue.Reason = foreignText, foreignText
	answered := came("SEC-05", must, failed)
	answered.Exchanges = []reports.Exchange{{DurationMs: 1.25, Response: &reports.Response{Status: 202}}, {StartedMs: 2, DurationMs: 300, Response: &reports.Response{Status: 202}}}
	before := checked(7,
		came("SEC-01", must, passed), came("SEC-02", must, passed), came("SEC-03", must, failed), came("SEC-04", must, failed), answered,
		came("PAY-01a", must, passed), came("PAY-01b", must, passed), came("PAY-02a", may, passed), came("PAY-02b", may, passed), came("RTY-01", must, passed),
	)
	after := checked(8,
		came("SEC-01", must, passed), came("SEC-02", must, failed), came("SEC-03", must, passed), came("SEC-04", must, reports.Skipped), known(answered),
		came("PAY-01a", must, failed), came("PAY-01b", must, failed), came("PAY-02a", may, passed), came("PAY-02b", may, failed), rogue,
	)
	after.Tool.Version, after.Target.URL = "v1.3.0", "http://127.0.0.1:8000/"+foreignText
	last := checked(9, came("SEC-01", must, reports.Error), came("SEC-02", must, reports.Inconclusive), came("SEC-03", must, passed), came("PAY-02b", may, passed), came("RTY-01", must, passed))
	last.Problem, last.Verdict = "no delivery was accepted at all", failed
	return []*reports.Report{before, after, last}
}

func TestComparisonsAreAsTheyWere(t *testing.T) {
	runs := sampleReports()
	two := compare(reports.CompareOptions{}, runs[:2]...)
	three := compare(reports.CompareOptions{}, runs...)
	whole := compare(reports.CompareOptions{All: true}, runs[:2]...)
	alike := compare(reports.CompareOptions{}, runs[0], runs[0])
	terminal := func(c *reports.Comparison, width int) func(io.Writer) error {
		return func(w io.Writer) error { return reports.WriteComparison(w, c, reports.TerminalOptions{Width: width}) }
	}
	for name, write := range map[string]func(io.Writer) error{
		"compare_two.txt":    terminal(two, 0),
		"compare_all.txt":    terminal(whole, 100),
		"compare_alike.txt":  terminal(alike, 0),
		"compare_three.txt":  terminal(three, 0),
		"compare_narrow.txt": terminal(three, 40),
		"compare_three.md":   func(w io.Writer) error { return reports.WriteComparisonMarkdown(w, three) },
		"compare_two.json":   func(w io.Writer) error { return reports.WriteComparisonJSON(w, two) },
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, write) })
	}
}

// The columns of more reports than a line has room for are in several blocks.
func TestManyReportsFitTheWidth(t *testing.T) {
	var list []*reports.Report
	var names []string
	for i := range 30 {
		status := []reports.Status{reports.Passed, reports.Failed}[i%2]
		list = append(list, checked(uint64(i+1), came("SEC-01", must, status)))
		names = append(names, string(rune('A'+i)))
	}
	var out bytes.Buffer
	if err := reports.WriteComparison(&out, reports.Compare(list, names, reports.CompareOptions{}), reports.TerminalOptions{}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("a line of %d columns: %q", n, line)
		}
	}
	shown := 0
	for _, row := range regexp.MustCompile(`(?m)^  SEC-01 .*$`).FindAllString(out.String(), -1) {
		shown += strings.Count(row, "✓") + strings.Count(row, "✗")
	}
	if shown != len(list) {
		t.Errorf("%d verdicts are shown, want %d:\n%s", shown, len(list), out.String())
	}
}

func TestComparisonIsColouredOnlyWhereItCanBe(t *testing.T) {
	for profile, coloured := range map[colorprofile.Profile]bool{colorprofile.NoTTY: false, colorprofile.TrueColor: true} {
		var out bytes.Buffer
		if err := reports.WriteComparison(&out, compare(reports.CompareOptions{}, sampleReports()...), reports.TerminalOptions{Profile: profile}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != coloured {
			t.Errorf("%v: coloured is %t", profile, got)
		}
	}
}

// The page has a cell for each verdict, tells each reason, needs nothing from elsewhere
// and no script.
func TestComparisonPage(t *testing.T) {
	c := compare(reports.CompareOptions{}, sampleReports()...)
	var out bytes.Buffer
	if err := reports.WriteComparisonHTML(&out, c); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	if got, want := strings.Count(page, `<span class="mark `), len(c.Rows)*len(c.Reports); got != want {
		t.Errorf("%d verdicts, want %d", got, want)
	}
	reasons := 0
	for _, row := range c.Rows {
		for _, cell := range row.Cells {
			if cell.Reason != "" {
				reasons++
			}
		}
	}
	if got := strings.Count(page, `" tabindex="0"><span aria-hidden`); got != reasons {
		t.Errorf("%d verdicts can be gone to, and %d have a reason", got, reasons)
	}
	if foreign := regexp.MustCompile(`(?i)(src|href)=|url\(|@import|<script|ZgotmplZ`).FindString(page); foreign != "" {
		t.Errorf("the page has %q", foreign)
	}
	for _, part := range []string{"default-src 'none'; style-src 'unsafe-inline';", "prefers-color-scheme: dark", "@media print", "SEC-02, b: failed; got worse", "a regression", "&lt;script&gt;alert(1)"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

// writers are all forms of a comparison.
func writers() map[string]func(io.Writer, *reports.Comparison) error {
	return map[string]func(io.Writer, *reports.Comparison) error{
		"terminal": func(w io.Writer, c *reports.Comparison) error {
			return reports.WriteComparison(w, c, reports.TerminalOptions{})
		},
		"markdown": reports.WriteComparisonMarkdown,
		"html":     reports.WriteComparisonHTML,
		"json":     reports.WriteComparisonJSON,
	}
}

// unseen are characters that no form may hold as they are.
var unseen = regexp.MustCompile(`[^\P{C}\n]|[\x{2028}\x{2029}]`)

func TestHostileTextIsEscapedInAllForms(t *testing.T) {
	list := sampleReports()[:2]
	c := reports.Compare(list, []string{foreignText, "b" + foreignText}, reports.CompareOptions{All: true})
	for form, write := range writers() {
		var out bytes.Buffer
		if err := write(&out, c); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if got := unseen.FindString(text); got != "" {
			t.Errorf("%s holds %q", form, got)
		}
		if form == "html" && strings.Contains(text, "<script") {
			t.Error("the page holds a script")
		}
		if form == "markdown" {
			checkMarkdownTables(t, text)
		}
		if form == "json" && !json.Valid(out.Bytes()) {
			t.Error("the JSON is none")
		}
	}
}

// checkMarkdownTables finds a line of a table with another number of cells than its
// head, and markup in a cell that is no code.
func checkMarkdownTables(t *testing.T, text string) {
	t.Helper()
	bar := regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*\|`) // one that is not escaped
	markup := regexp.MustCompile(`<script| \*\*bold| \[x| @everyone`)
	cells := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			cells = 0
			continue
		}
		parts := bar.Split(line, -1)
		if cells != 0 && len(parts) != cells {
			t.Errorf("%d cells, and the head has %d: %s", len(parts), cells, line)
		}
		cells = len(parts)
		for _, part := range parts {
			if !strings.HasPrefix(part, " `") && markup.MatchString(part) {
				t.Errorf("a cell marks up: %s", part)
			}
		}
	}
}

// What comes from anywhere is refused, or compared and written in all forms.
func FuzzComparison(f *testing.F) {
	for _, r := range []*reports.Report{checked(1), checked(2, came("SEC-01", must, reports.Failed), came("PAY-01a", may, reports.Error))} {
		var out bytes.Buffer
		if err := reports.WriteJSON(&out, r); err != nil {
			f.Fatal(err)
		}
		f.Add(out.Bytes(), out.String()[:9])
	}
	f.Add([]byte(`{"verdict":"error","started":"9999-12-31T23:59:59-10:00","durationMs":-9223372036854775808,"checks":[{"id":"a","status":"passed","exchanges":[{"durationMs":-1,"response":{}},{"durationMs":1e308,"response":{}}]}]}`), "x\x00")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		r, err := reports.ReadJSON(bytes.NewReader(text))
		if err != nil {
			if unseen.MatchString(err.Error()) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("not fit for one line: %q", err)
			}
			return
		}
		for _, list := range [][]*reports.Report{{checked(1), r}, {r, checked(2, came("SEC-01", must, reports.Passed)), r}} {
			names := slices.Repeat([]string{name}, len(list))
			c := reports.Compare(list, names, reports.CompareOptions{All: len(list) == 2})
			for form, write := range writers() {
				var out bytes.Buffer
				if err := write(&out, c); err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				if got := unseen.FindString(out.String()); got != "" {
					t.Fatalf("%s holds %q", form, got)
				}
			}
		}
	})
}

// A text of any length costs no more than what is shown of it.
func TestLongTextIsCut(t *testing.T) {
	check := came("SEC-01", must, reports.Failed)
	check.Reason = "why: " + strings.Repeat("\x1b", 1<<20)
	check.Title = strings.Repeat("ß", 1<<20)
	c := compare(reports.CompareOptions{}, checked(1), checked(2, check))
	for form, write := range writers() {
		if form == "json" {
			continue // which is for machines, and holds all
		}
		var out bytes.Buffer
		if err := write(&out, c); err != nil {
			t.Fatal(err)
		}
		if text := out.String(); len(text) > 20_000 || strings.Count(text, "…") < 2 {
			t.Errorf("%s: %d bytes", form, len(text))
		}
	}
}
