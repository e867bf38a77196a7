// Package markdown renders reports as Markdown, for the summary of a CI job or a comment.
// Nothing that a handler answered is markup in it.
package markdown

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// maxMarkdown limits what is written, in bytes: GitHub shows no job summary above 1
// MiB.
const maxMarkdown = 900 << 10

// WriteReport writes a report for the summary of a CI job: the verdict, the counts, and what
// failed in the order in which to fix it. What a summary has no room for is cut, and it says
// so.
func WriteReport(w io.Writer, r *reports.Report) error {
	m := &printer{shown: map[string]string{}}
	m.head(r)
	m.failures(r)
	m.list("Known failures that pass now: they fail the run", items(r.Filter(reports.Check.PassedUnexpectedly),
		func(c reports.Check) string { return wording.EscapeMarkdown(wording.Outdated(c)) }))
	m.list("Known failures: they do not fail the run", items(r.Filter(reports.Check.FailedAsKnown),
		func(c reports.Check) string { return titled(c) + ": " + codeExcerpt(c.Reason) }))
	m.list("Could not be judged, by a fault of hubhook: please report it", items(r.WithStatus(reports.Error),
		func(c reports.Check) string { return titled(c) + ": " + codeExcerpt(c.Fault()) }))
	m.list("Inconclusive: neither verdict can be given", unsettledItems(r, reports.Inconclusive))
	m.list("Passed, with a reservation", items(r.Filter(reports.Check.PassedWithWarning), func(c reports.Check) string {
		return fmt.Sprintf("**%s** %s", wording.EscapeMarkdown(c.ID), wording.EscapeMarkdown(c.Warning))
	}))
	if skipped := unsettledItems(r, reports.Skipped); len(skipped) > 0 {
		m.add("\n" + wording.FoldMarkdown(fmt.Sprintf("%d skipped", r.Summary.Skipped), strings.Join(skipped, "")))
	}
	if m.full {
		fmt.Fprint(&m.out, "\n_The report is cut here, for a summary may have no more than 1 MiB: `--json FILE` writes all of it._\n")
	}
	_, err := w.Write(m.out.Bytes())
	return err
}

type printer struct {
	out   bytes.Buffer
	full  bool              // a piece found no room
	shown map[string]string // the check that shows an example's code, by the example's name
}

// add appends a piece as a whole or not at all, so that no markup is left open. After one
// that does not fit come no others.
func (m *printer) add(piece string) {
	m.full = m.full || m.out.Len()+len(piece) > maxMarkdown
	if !m.full {
		m.out.WriteString(piece)
	}
}

func (m *printer) list(title string, items []string) {
	for i, item := range items {
		if i == 0 {
			item = "\n### " + title + "\n\n" + item
		}
		m.add(item)
	}
}

func (m *printer) head(r *reports.Report) {
	var head strings.Builder
	fmt.Fprintf(&head, "## %s hubhook check: %s\n\n", wording.Mark(r.Verdict), cmp.Or(r.Verdict, "no verdict"))
	fmt.Fprintf(&head, "%s\n\n", wording.EscapeMarkdown(wording.UpperFirst(wording.VerdictLine(r))))
	fmt.Fprintf(&head, "%s in %v: %s. %s, %s, seed %d.\n",
		english.Plural(len(r.Checks), "check", ""), wording.Duration(r), wording.CountByStatus(r, wording.Unpainted),
		codeExcerpt(r.Target.URL), wording.EscapeMarkdown(r.Tool.Name+" "+r.Tool.Version), r.Seed)
	m.add(head.String())
	if len(r.Checks) > 0 {
		m.add(countsTable(r))
	}
}

func countsTable(r *reports.Report) string {
	var table strings.Builder
	counts := reports.StatusCounts(r.Checks)
	columns := slices.DeleteFunc(reports.Statuses(), func(s reports.Status) bool { return counts[s] == 0 })
	table.WriteString("\n| area | level |")
	for _, status := range columns {
		fmt.Fprintf(&table, " %s %s |", wording.Mark(status), status)
	}
	table.WriteString("\n|---|---|" + strings.Repeat("--:|", len(columns)) + "\n")
	for _, area := range r.Areas() {
		for _, level := range reports.Levels() {
			checks := r.Filter(func(c reports.Check) bool { return c.Area == area && c.Level == level })
			if len(checks) > 0 {
				fmt.Fprintf(&table, "| %s | %s |%s\n", wording.EscapeMarkdown(area), level,
					cells(reports.StatusCounts(checks), columns))
			}
		}
	}
	return table.String()
}

func cells(counts map[reports.Status]int, columns []reports.Status) string {
	var row strings.Builder
	for _, status := range columns {
		if n := counts[status]; n > 0 {
			fmt.Fprintf(&row, " %d", n)
		}
		row.WriteString(" |")
	}
	return row.String()
}

func items(checks []reports.Check, text func(reports.Check) string) (items []string) {
	for _, check := range checks {
		items = append(items, "- "+text(check)+"\n")
	}
	return items
}

func titled(c reports.Check) string {
	return fmt.Sprintf("**%s** %s", wording.EscapeMarkdown(c.ID), wording.EscapeMarkdown(c.Title))
}

func codeExcerpt(text string) string {
	return wording.CodeMarkdown(wording.CutBytes(text, wording.MaxProse))
}

func unsettledItems(r *reports.Report, status reports.Status) (items []string) {
	for _, group := range wording.GroupByReason(r.WithStatus(status)) {
		items = append(items, fmt.Sprintf("- **%s** %s\n",
			wording.EscapeMarkdown(safetext.TruncateList(wording.IDs(group),
				wording.MaxIDs)), wording.EscapeMarkdown(group[0].Reason)))
	}
	return items
}

// failures lists what failed; for a handler that accepts nothing only the first, since the
// others say no more.
func (m *printer) failures(r *reports.Report) {
	failed := r.FixOrder()
	if r.Unjudged() && len(failed) > 1 {
		failed = failed[:1]
	}
	for _, check := range failed {
		m.failure(check, r.Examples[check.Example])
	}
}

// failure shows a failed check in full, or briefly if it has the cause of another.
func (m *printer) failure(check reports.Check, examples []reports.Example) {
	var text strings.Builder
	fmt.Fprintf(&text, "\n### %s %s %s: %s\n\n", wording.Mark(reports.Failed), wording.EscapeMarkdown(check.ID),
		wording.EscapeMarkdown(check.Level), wording.EscapeMarkdown(check.Title))
	labelled(&text, "Why", check.Why)
	root := len(check.FixFirst) == 0
	if !root {
		labelled(&text, "First", "mend "+strings.Join(check.FixFirst, ", ")+", most likely the same cause.")
	} else if check.Fix != "" {
		labelled(&text, "Mend", check.Fix)
	}
	fmt.Fprintf(&text, "%s", wording.FenceMarkdown("text", wording.CutBytes(check.Reason, wording.MaxReason)))
	fmt.Fprintf(&text, "\n%s, or %s\n", wording.LinkMarkdown("What asks for it", check.Spec),
		wording.CodeMarkdown("hubhook explain "+check.ID))
	if root {
		text.WriteString(reproduceCommands(check))
		m.examples(&text, check, examples)
	}
	m.add(text.String())
}

func labelled(text *strings.Builder, label, value string) {
	fmt.Fprintf(text, "**%s** %s\n\n", label, wording.EscapeMarkdown(value))
}

func reproduceCommands(check reports.Check) string {
	var lines []string
	if x, ok := check.DecisiveExchange(); ok && x.Curl != "" {
		lines = append(lines, "# "+wording.HowToReproduce(x)+"\n"+wording.ShownCurl(x.Curl))
	}
	if check.Replay != "" {
		lines = append(lines, "# send it again\n"+check.Replay)
	}
	if check.Rerun != "" {
		lines = append(lines, "# this check alone\n"+check.Rerun)
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n" + wording.FoldMarkdown("Reproduce it", wording.FenceMarkdown("sh", strings.Join(lines, "\n\n")))
}

// examples shows the code once if several checks failed for lack of the same.
func (m *printer) examples(text *strings.Builder, check reports.Check, examples []reports.Example) {
	if len(examples) == 0 {
		return
	}
	if at, shown := m.shown[check.Example]; shown {
		fmt.Fprintf(text, "\nCode that does it right stands at %s.\n", wording.EscapeMarkdown(at))
		return
	}
	m.shown[check.Example] = check.ID
	for _, example := range examples {
		fmt.Fprintf(text, "\n%s", wording.FoldMarkdown("How "+wording.EscapeMarkdown(example.Language)+" does it right",
			wording.ExampleMarkdown(example)))
	}
}
