package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dustin/go-humanize/english"
	"github.com/hubhook/hubhook/reports/safetext"
)

// longestMarkdown is how much of a report is written as Markdown, in bytes: GitHub shows
// no summary of a step that is longer than 1 MiB.
const longestMarkdown = 900 << 10

// WriteMarkdown writes a report as Markdown, for the summary of a CI job: the verdict,
// the counts, and what failed in the order in which it is best mended. Of a report that
// is longer than a summary may be it writes what comes first, and says so.
func WriteMarkdown(w io.Writer, r *Report) error {
	m := &markdownReport{shown: map[string]string{}}
	m.head(r)
	m.failures(r)
	m.list("Known failures that pass now: they fail the run", outdatedMarkdown(r))
	m.list("Known failures: they do not fail the run", knownMarkdown(r))
	m.list("Could not be judged, by a fault of hubhook: please report it", faultsMarkdown(r))
	m.list("Inconclusive: neither verdict can be given", unsettledMarkdown(r, Inconclusive))
	m.list("Passed, with a reservation", notesMarkdown(r))
	if skipped := unsettledMarkdown(r, Skipped); len(skipped) > 0 {
		m.add("\n" + folded(fmt.Sprintf("%d skipped", r.Summary.Skipped), strings.Join(skipped, "")))
	}
	if m.full {
		fmt.Fprint(&m.out, "\n_The report is cut here, for a summary may have no more than 1 MiB: `--json FILE` writes all of it._\n")
	}
	_, err := w.Write(m.out.Bytes())
	return err
}

// markdownReport makes the text of a report.
type markdownReport struct {
	out   bytes.Buffer
	full  bool              // a piece found no room
	shown map[string]string // the check at which a mend's code is shown, by the mend's name
}

// add adds a piece, whole or not at all: markup that was begun is ended. After one that
// is left out come no others.
func (m *markdownReport) add(piece string) {
	m.full = m.full || m.out.Len()+len(piece) > longestMarkdown
	if !m.full {
		m.out.WriteString(piece)
	}
}

// list adds items under a heading; nothing where there are none.
func (m *markdownReport) list(title string, items []string) {
	for i, item := range items {
		if i == 0 {
			item = "\n### " + title + "\n\n" + item
		}
		m.add(item)
	}
}

// head is what is read first.
func (m *markdownReport) head(r *Report) {
	var head strings.Builder
	fmt.Fprintf(&head, "## %s hubhook check: %s\n\n", Mark(r.Verdict), cmp.Or(r.Verdict, "no verdict"))
	fmt.Fprintf(&head, "%s\n\n", prose(upperFirst(verdictLine(r))))
	fmt.Fprintf(&head, "%s in %v: %s. %s, %s, seed %d.\n",
		english.Plural(len(r.Checks), "check", ""), duration(r), countedByStatus(r, unpainted),
		codeMarkdown(cut(r.Target.URL, longestProse)), prose(r.Tool.Name+" "+r.Tool.Version), r.Seed)
	m.add(head.String())
	if len(r.Checks) > 0 {
		m.add(tableMarkdown(r))
	}
}

func unpainted(_ Status, text string) string { return text }

func upperFirst(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return strings.ToUpper(text[:size]) + text[size:]
}

// tableMarkdown counts verdicts by area and level; those that no check has are left out.
func tableMarkdown(r *Report) string {
	var table strings.Builder
	counts := byStatus(r.Checks)
	columns := slices.DeleteFunc(Statuses(), func(s Status) bool { return counts[s] == 0 })
	table.WriteString("\n| area | level |")
	for _, status := range columns {
		fmt.Fprintf(&table, " %s %s |", Mark(status), status)
	}
	table.WriteString("\n|---|---|" + strings.Repeat("--:|", len(columns)) + "\n")
	for _, area := range r.Areas() {
		for _, level := range Levels() {
			checks := r.Filter(func(c Check) bool { return c.Area == area && c.Level == level })
			if len(checks) > 0 {
				fmt.Fprintf(&table, "| %s | %s |%s\n", prose(area), level, cells(byStatus(checks), columns))
			}
		}
	}
	return table.String()
}

func cells(counts map[Status]int, columns []Status) string {
	var row strings.Builder
	for _, status := range columns {
		if n := counts[status]; n > 0 {
			fmt.Fprintf(&row, " %d", n)
		}
		row.WriteString(" |")
	}
	return row.String()
}

// outdatedMarkdown, knownMarkdown, faultsMarkdown and notesMarkdown have an item for
// each check.
func outdatedMarkdown(r *Report) (items []string) {
	for _, check := range r.Filter(func(c Check) bool { return c.Known && c.Status == Passed }) {
		items = append(items, "- "+prose(outdatedText(check))+"\n")
	}
	return items
}

func knownMarkdown(r *Report) (items []string) {
	for _, check := range r.Filter(Check.failedAsKnown) {
		items = append(items, fmt.Sprintf("- **%s** %s: %s\n", prose(check.ID), prose(check.Title), codeMarkdown(cut(check.Reason, longestProse))))
	}
	return items
}

func faultsMarkdown(r *Report) (items []string) {
	for _, check := range r.WithStatus(Error) {
		what, _ := check.Fault()
		items = append(items, fmt.Sprintf("- **%s** %s: %s\n", prose(check.ID), prose(check.Title), codeMarkdown(cut(what, longestProse))))
	}
	return items
}

func notesMarkdown(r *Report) (items []string) {
	for _, check := range r.Filter(func(c Check) bool { return c.Warning != "" && c.Status == Passed }) {
		items = append(items, fmt.Sprintf("- **%s** %s\n", prose(check.ID), prose(check.Warning)))
	}
	return items
}

// unsettledMarkdown tells why checks have no verdict, and what would settle it, each
// reason once.
func unsettledMarkdown(r *Report, status Status) (items []string) {
	for _, group := range byReason(r.WithStatus(status)) {
		items = append(items, fmt.Sprintf("- **%s** %s\n", prose(safetext.TruncateList(idsOf(group), mostIDs)), prose(group[0].Reason)))
	}
	return items
}
