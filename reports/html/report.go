package html

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
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

// WriteReport writes a report as a page. It cuts long bodies and commands, so that the page
// stays small whatever a handler answers; reports.WriteJSON has all of them.
func WriteReport(w io.Writer, r *reports.Report) error {
	return writePage(w, "report", reportHTML, newReportPage(r))
}

type reportPage struct {
	*reports.Report
	Policy             string
	Style              template.CSS
	Script             template.JS
	Made, Exit, Notice string // Notice is empty if all is well
	Facts              []pageFact
	Grid               pageGrid
	Causes             []pageCause
	Lists              []pageList
	Timeline           *pageTimeline
	Kinds              []pageTally
	Levels             []string
	Sections           []pageSection
	Examples           []pageExamples
}

type pageFact struct{ Label, Value, Note string }

// A pageRef is a check with its place in the page and its verdict.
type pageRef struct {
	reports.Check
	Anchor, Sign, Kind, Words string
}

type pageList struct {
	Title  string
	Checks []pageRef
}

func newReportPage(r *reports.Report) reportPage {
	b := newPageBuilder(r)
	return reportPage{
		Report: r, Policy: pagePolicy(), Style: template.CSS(reportCSS), Script: template.JS(reportJS),
		Made: origin(r.Tool, r.Seed, r.Started), Exit: exitWords(r), Notice: noticeWords(r),
		Facts: facts(r), Grid: gridOf(r, b), Kinds: tallyOf(r.Checks), Levels: levelsIn(r),
		Causes: b.causes(), Lists: b.lists(), Sections: b.sections(), Examples: b.examples(), Timeline: b.timeline(),
	}
}

// pagePolicy allows the page's own script and style, and nothing else.
func pagePolicy() string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
		hashOf(reportCSS), hashOf(reportJS))
}

// hashOf names a text in a Content-Security-Policy.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func exitWords(r *reports.Report) string {
	switch {
	case r.JudgedNothing():
		return "exit code 2: there was nothing to judge"
	case r.NotTried > 0:
		return "exit code 2: not all could be tried"
	case r.Problem != "":
		return "exit code 1: the handler went down"
	case r.Verdict == reports.Inconclusive:
		return "exit code 2: not all could be judged"
	case r.Verdict == reports.Failed:
		return "exit code 1: " + failingWords(r)
	}
	words := "exit code 0: no MUST failed"
	if r.Strict {
		words = "exit code 0: no MUST and no SHOULD failed"
	}
	if lesser := r.Filter(reports.Check.FailedUnexpectedly); len(lesser) > 0 {
		words += "; what failed is advice"
		if !r.Strict {
			words += ", and a SHOULD counts with --strict only"
		}
	}
	return words
}

func failingWords(r *reports.Report) string {
	var parts []string
	for _, level := range levelsIn(r) {
		n := len(r.Filter(func(c reports.Check) bool {
			return c.Level == level && c.FailedUnexpectedly() && c.FailsRun(r.Strict)
		}))
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s failed", n, wording.Escape(level)))
		}
	}
	if n := len(r.Filter(reports.Check.PassedUnexpectedly)); n > 0 {
		parts = append(parts, english.Plural(n, "known failure", "")+" passed")
	}
	words := strings.Join(parts, ", ")
	if r.Strict {
		words += " (strict)"
	}
	return words
}

// noticeWords warns that the verdict does not cover everything.
func noticeWords(r *reports.Report) string {
	switch {
	case r.Summary.Error > 0:
		return english.Plural(r.Summary.Error, "check", "") + " could not be judged by a fault of hubhook: please report it"
	case r.Verdict == reports.Inconclusive && r.Problem == "":
		return "the run was interrupted: what was not tried by then is inconclusive"
	}
	return ""
}

func facts(r *reports.Report) []pageFact {
	started := ""
	if !r.Started.IsZero() {
		started = "from " + r.Started.UTC().Format("2006-01-02 15:04:05 MST")
	}
	list := []pageFact{
		{"checks", wording.Number(uint64(len(r.Checks))), wording.CountByStatus(r, wording.Unpainted)},
		{"requests sent", wording.Number(uint64(max(r.Sent, 0))), "by all checks together"},
		{"took", wording.Elapsed(float64(r.DurationMs)), started},
		{"seed", fmt.Sprint(r.Seed), "sends the same payloads again"},
	}
	if r.Tool.Version != "" {
		list = append(list, pageFact{"version", wording.Escape(r.Tool.Version), "of " + wording.Escape(r.Tool.Name)})
	}
	return list
}

// A pageCause is a failure to fix, and those with probably the same cause.
type pageCause struct {
	pageRef
	Also []pageRef
}

// causes returns the failures in the order in which to fix them, MUST first, each with
// those that depend on it. For a handler that accepts nothing it is only the first, since
// the others say no more.
func (b *pageBuilder) causes() (list []pageCause) {
	failed := b.report.Filter(reports.Check.FailedUnexpectedly)
	slices.SortStableFunc(failed, func(a, b reports.Check) int { return levelRank(a.Level) - levelRank(b.Level) })
	if b.report.Unjudged() && len(failed) > 1 {
		failed = failed[:1]
	}
	byID := map[string]reports.Check{}
	for _, check := range failed {
		byID[check.ID] = check
	}
	at := map[string]int{}
	for _, check := range failed {
		if rootOf(check, byID) == check.ID {
			at[check.ID] = len(list)
			list = append(list, pageCause{pageRef: b.ref(check)})
		}
	}
	for _, check := range failed {
		if root := rootOf(check, byID); root != check.ID {
			cause := &list[at[root]]
			cause.Also = append(cause.Also, b.ref(check))
		}
	}
	return list
}

// rootOf returns the failure to fix before another: itself if there is none, the smallest
// ID if they form a circle.
func rootOf(check reports.Check, failed map[string]reports.Check) string {
	seen := map[string]bool{}
	for at := check; ; {
		seen[at.ID] = true
		i := slices.IndexFunc(at.FixFirst, func(id string) bool { _, there := failed[id]; return there })
		if i < 0 {
			return at.ID
		}
		if seen[at.FixFirst[i]] {
			return slices.Min(slices.Collect(maps.Keys(seen)))
		}
		at = failed[at.FixFirst[i]]
	}
}

func (b *pageBuilder) lists() (lists []pageList) {
	for _, l := range []struct {
		title  string
		wanted func(reports.Check) bool
		words  func(reports.Check) string
	}{
		{"Listed as known failures, and pass now: they fail the run", reports.Check.PassedUnexpectedly,
			func(reports.Check) string { return wording.OutdatedNote }},
		{"Known failures: they do not fail the run", reports.Check.FailedAsKnown,
			func(c reports.Check) string { return safetext.Line(c.Reason) }},
		{"Not judged, by a fault of hubhook: please report it",
			func(c reports.Check) bool { return c.Status == reports.Error }, reports.Check.Fault},
		{"Passed, with a reservation", reports.Check.PassedWithWarning,
			func(c reports.Check) string { return c.Warning }},
	} {
		list := pageList{Title: l.title}
		for _, check := range b.report.Filter(l.wanted) {
			ref := b.ref(check)
			ref.Words = safetext.Line(l.words(check))
			if check.PassedUnexpectedly() {
				ref.Kind, ref.Sign = "outdated", wording.Mark(reports.Failed)
			}
			list.Checks = append(list.Checks, ref)
		}
		if len(list.Checks) > 0 {
			lists = append(lists, list)
		}
	}
	return lists
}

type pageGrid struct {
	Levels []string
	Rows   []pageGridRow
}

type pageGridRow struct {
	Area, Anchor string // both are empty in the last row, which is of all areas
	Cells        []pageGridCell
}

// A pageGridCell is empty if there is no such check. The last of a row is of all levels,
// and has no Level.
type pageGridCell struct {
	Level   string
	Tallies []pageTally
}

type pageTally struct {
	Kind, Sign, Words string
	Count             int
}

// kinds returns the verdicts as a page shows them, what needs attention first. A known
// failure is a kind of its own.
func kinds() []pageTally {
	return []pageTally{
		{Kind: "failed", Sign: wording.Mark(reports.Failed), Words: "failed"},
		{Kind: "known", Sign: wording.KnownMark, Words: "failed as known"},
		{Kind: "error", Sign: wording.Mark(reports.Error), Words: "fault of hubhook"},
		{Kind: "inconclusive", Sign: wording.Mark(reports.Inconclusive), Words: "inconclusive"},
		{Kind: "passed", Sign: wording.Mark(reports.Passed), Words: "passed"},
		{Kind: "skipped", Sign: wording.Mark(reports.Skipped), Words: "skipped"},
	}
}

func kindOf(check reports.Check) pageTally {
	name := string(check.Status)
	if check.FailedAsKnown() {
		name = "known"
	}
	all := kinds()
	if i := slices.IndexFunc(all, func(k pageTally) bool { return k.Kind == name }); i >= 0 {
		return all[i]
	}
	return pageTally{Kind: "error", Sign: wording.Mark(reports.Error), Words: wording.Escape(name)}
}

func tallyOf(checks []reports.Check) (list []pageTally) {
	for _, kind := range kinds() {
		for _, check := range checks {
			if kindOf(check).Kind == kind.Kind {
				kind.Count++
			}
		}
		if kind.Count > 0 {
			list = append(list, kind)
		}
	}
	return list
}

// levelsIn returns the levels of a report, MUST first and unknown ones last.
func levelsIn(r *reports.Report) (list []string) {
	for _, check := range r.Checks {
		if !slices.Contains(list, check.Level) {
			list = append(list, check.Level)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return levelRank(a) - levelRank(b) })
	return list
}

func levelRank(level string) int {
	if i := slices.Index(reports.Levels(), level); i >= 0 {
		return i
	}
	return len(reports.Levels())
}

func gridOf(r *reports.Report, b *pageBuilder) pageGrid {
	list := levelsIn(r)
	grid := pageGrid{Levels: list}
	for _, area := range r.Areas() {
		grid.Rows = append(grid.Rows, pageGridRow{area, b.areas[area], gridCells(list, r.InArea(area))})
	}
	grid.Rows = append(grid.Rows, pageGridRow{Cells: gridCells(list, r.Checks)})
	return grid
}

func gridCells(levels []string, checks []reports.Check) (cells []pageGridCell) {
	for _, level := range levels {
		some := slices.DeleteFunc(slices.Clone(checks), func(c reports.Check) bool { return c.Level != level })
		cells = append(cells, pageGridCell{level, tallyOf(some)})
	}
	return append(cells, pageGridCell{"", tallyOf(checks)})
}
