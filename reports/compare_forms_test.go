package reports_test

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/reports/terminal"
)

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
		return func(w io.Writer) error { return terminal.WriteComparison(w, c, terminal.Options{Width: width}) }
	}
	for name, write := range map[string]func(io.Writer) error{
		"compare_two.txt":    terminal(two, 0),
		"compare_all.txt":    terminal(whole, 100),
		"compare_alike.txt":  terminal(alike, 0),
		"compare_three.txt":  terminal(three, 0),
		"compare_narrow.txt": terminal(three, 40),
		"compare_three.md":   func(w io.Writer) error { return markdown.WriteComparison(w, three) },
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
	if err := terminal.WriteComparison(&out, reports.Compare(list, names, reports.CompareOptions{}), terminal.Options{}); err != nil {
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

func TestComparisonIsColoredOnlyWhereItCanBe(t *testing.T) {
	for profile, colored := range map[colorprofile.Profile]bool{colorprofile.NoTTY: false, colorprofile.TrueColor: true} {
		var out bytes.Buffer
		if err := terminal.WriteComparison(&out, compare(reports.CompareOptions{}, sampleReports()...), terminal.Options{Profile: profile}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != colored {
			t.Errorf("%v: colored is %t", profile, got)
		}
	}
}

// The page has a cell for each verdict, tells each reason, needs nothing from elsewhere
// and no script.
func TestComparisonPage(t *testing.T) {
	c := compare(reports.CompareOptions{}, sampleReports()...)
	var out bytes.Buffer
	if err := html.WriteComparison(&out, c); err != nil {
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
			return terminal.WriteComparison(w, c, terminal.Options{})
		},
		"markdown": markdown.WriteComparison,
		"html":     html.WriteComparison,
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
