package reports

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/hubhook/hubhook/reports/safetext"
)

// The parts of the page of a report. Style and script are parts of their own so that
// the page can name their hashes, and allow no others.
var (
	//go:embed report.html
	reportHTML string
	//go:embed report.css
	reportCSS string
	//go:embed report.js
	reportJS string
)

// WriteHTML writes a report as one page that needs nothing else: no network, no other
// file. It is whole without scripts, too. Bodies and commands that are long are cut, so
// that the page stays small whatever a handler answers; WriteJSON has all of them.
func WriteHTML(w io.Writer, r *Report) error {
	return writePage(w, "report", reportHTML, newReportPage(r))
}

// reportPage is a report as its page wants it.
type reportPage struct {
	Policy                string
	Style                 template.CSS
	Script                template.JS
	URL, Made             string
	Verdict, Sign         string
	Exit, Problem, Notice string // Problem and Notice are empty where all is well
	Unjudged              bool
	Facts                 []pageFact
	Grid                  pageGrid
	Causes                []pageCause
	Lists                 []pageList
	Timeline              *pageTimeline
	Kinds                 []pageTally
	Levels                []string
	Areas                 []pageSection
	Mends                 []pageMends
}

type pageFact struct{ Label, Value, Note string }

// pageRef leads to a check.
type pageRef struct{ ID, Anchor, Level, Title, Sign, Kind, Words string }

// pageList is of checks that have something in common.
type pageList struct {
	Title  string
	Checks []pageRef
}

func newReportPage(r *Report) reportPage {
	b := newPageBuilder(r)
	page := reportPage{
		Policy: pagePolicy(), Style: template.CSS(reportCSS), Script: template.JS(reportJS),
		URL: plain(r.Target.URL), Made: origin(r.Tool, r.Seed, r.Started),
		Verdict: plain(string(r.Verdict)), Sign: Mark(r.Verdict), Exit: exitWords(r), Problem: safetext.Line(r.Problem), Unjudged: r.unjudged(), Notice: noticeWords(r),
		Facts: facts(r), Grid: gridOf(r, b), Kinds: tallyOf(r.Checks), Levels: plainAll(levelsIn(r)),
		Causes: b.causes(), Lists: b.lists(), Areas: b.sections(), Mends: b.mends(),
	}
	page.Timeline = b.timeline()
	return page
}

// pagePolicy lets the page run its own script and style, and nothing else.
func pagePolicy() string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hashOf(reportCSS), hashOf(reportJS))
}

// hashOf names a text in a Content-Security-Policy.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// exitWords say with which code the run ended, and why.
func exitWords(r *Report) string {
	switch {
	case r.judgedNothing():
		return "exit code 2: there was nothing to judge"
	case r.NotTried > 0:
		return "exit code 2: not all could be tried"
	case r.Problem != "":
		return "exit code 1: the handler went down"
	case r.Verdict == Inconclusive:
		return "exit code 2: not all could be judged"
	case r.Verdict == Failed:
		return "exit code 1: " + failingWords(r)
	}
	words := "exit code 0: no MUST failed"
	if r.Strict {
		words = "exit code 0: no MUST and no SHOULD failed"
	}
	if lesser := r.Filter(Check.failedAnew); len(lesser) > 0 {
		words += "; what failed is advice"
		if !r.Strict {
			words += ", and a SHOULD counts with --strict only"
		}
	}
	return words
}

// failingWords count what fails the run.
func failingWords(r *Report) string {
	var parts []string
	for _, level := range levelsIn(r) {
		n := len(r.Filter(func(c Check) bool { return c.Level == level && c.failedAnew() && c.FailsRun(r.Strict) }))
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s failed", n, plain(level)))
		}
	}
	if n := len(r.Filter(Check.isOutdated)); n > 0 {
		parts = append(parts, english.Plural(n, "known failure", "")+" passed")
	}
	words := strings.Join(parts, ", ")
	if r.Strict {
		words += " (strict)"
	}
	return words
}

// noticeWords say that a verdict is not about all that it might be.
func noticeWords(r *Report) string {
	switch {
	case r.Summary.Error > 0:
		return english.Plural(r.Summary.Error, "check", "") + " could not be judged by a fault of hubhook: please report it"
	case r.Verdict == Inconclusive && r.Problem == "":
		return "the run was interrupted: what was not tried by then is inconclusive"
	}
	return ""
}

func facts(r *Report) []pageFact {
	list := []pageFact{
		{"checks", number(uint64(len(r.Checks))), countedByStatus(r, unpainted)},
		{"requests sent", number(uint64(max(r.Sent, 0))), "by all checks together"},
		{"took", clock(float64(r.DurationMs)), startedWords(r)},
		{"seed", fmt.Sprint(r.Seed), "sends the same payloads again"},
	}
	if r.Tool.Version != "" {
		list = append(list, pageFact{"version", plain(r.Tool.Version), "of " + plain(r.Tool.Name)})
	}
	return list
}

func startedWords(r *Report) string {
	if r.Started.IsZero() {
		return ""
	}
	return "from " + r.Started.UTC().Format("2006-01-02 15:04:05 MST")
}
