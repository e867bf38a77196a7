package terminal

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// WriteReport writes a report for a person to read.
func WriteReport(w io.Writer, r *reports.Report, o Options) error {
	return render(w, o, func(t *printer) {
		t.all = o.All
		t.report(r)
	})
}

func (t *printer) report(r *reports.Report) {
	t.head("hubhook check", r.Target, r.Tool, r.Seed)
	if r.Unjudged() { // the others say no more than the first
		if failed := r.Filter(reports.Check.FailedUnexpectedly); len(failed) > 0 {
			t.failure(failed[0])
		}
		t.summary(r)
		return
	}
	for _, area := range r.Areas() {
		t.area(area, r.InArea(area))
	}
	t.failures(r)
	t.list("known failures: they do not fail the run", knownSign, r.Filter(reports.Check.FailedAsKnown),
		func(c reports.Check) string { return c.ID + ": " + safetext.Line(c.Reason) })
	t.list("known failures that pass now: they fail the run", statusSign(reports.Failed),
		r.Filter(reports.Check.PassedUnexpectedly), wording.Outdated)
	t.list("passed, with a reservation", statusSign(reports.Passed), r.Filter(reports.Check.PassedWithWarning),
		func(c reports.Check) string { return c.ID + ": " + c.Warning })
	t.unsettled("inconclusive: neither verdict can be given", r.WithStatus(reports.Inconclusive))
	t.unsettled("skipped", r.WithStatus(reports.Skipped))
	t.faults(r.WithStatus(reports.Error))
	t.summary(r)
}

// area lists the checks of an area; passed and skipped ones are only counted unless all
// are wanted.
func (t *printer) area(name string, checks []reports.Check) {
	counts := map[reports.Status]int{}
	t.line("\n%s", bold.Render(name))
	for _, check := range checks {
		if !t.all && !check.Known && (check.Status == reports.Passed || check.Status == reports.Skipped) {
			counts[check.Status]++
			continue
		}
		level := faint.Render(fmt.Sprintf("%-6s", check.Level))
		t.hanging(fmt.Sprintf("  %s %-8s %s ", verdictSign(check.Status, check.Known), check.ID, level), check.Title)
	}
	for _, status := range []reports.Status{reports.Passed, reports.Skipped} {
		if n := counts[status]; n > 0 {
			t.line("  %s %d %s", statusSign(status).String(), n, status)
		}
	}
}

func (t *printer) failures(r *reports.Report) {
	var derived []reports.Check
	shown := map[string]bool{}
	for _, check := range r.FixOrder() {
		if !t.all && slices.ContainsFunc(check.FixFirst, func(id string) bool { return shown[id] }) {
			derived = append(derived, check)
			continue
		}
		t.failure(check)
		shown[check.ID] = true
	}
	t.derived(derived)
}

// derived lists the failures whose cause is shown above, by that cause.
func (t *printer) derived(checks []reports.Check) {
	t.listTitle("most likely gone with the first of the line, once that is mended", checks)
	cause := func(c reports.Check) string { return strings.Join(c.FixFirst, ", ") }
	for _, group := range wording.GroupBy(checks, cause) {
		t.hanging("  "+bold.Render(cause(group[0]))+" → ", strings.Join(wording.IDs(group), " "))
	}
}

func (t *printer) failure(check reports.Check) {
	t.heading(check)
	root := len(check.FixFirst) == 0 // what is said of the cause is said there
	isHint := func(o reports.Observation) bool { return o.Label == reports.HintLabel }
	if root { // what is overlooked most often comes first
		t.observations(check, isHint)
	}
	t.labelled("why", check.Why)
	if check.Fix != "" && root {
		t.labelled("mend", check.Fix)
	}
	t.observations(check, func(o reports.Observation) bool { return !isHint(o) })
	if !root {
		t.labelled("first", "mend "+strings.Join(check.FixFirst, ", ")+", most likely the same cause")
		t.line("  %shubhook explain %s", label("more"), check.ID)
		return
	}
	t.line("  %s%s", label("see"), check.Spec)
	if x, ok := check.DecisiveExchange(); ok {
		t.line("  %s", faint.Render(wording.HowToReproduce(x)))
		t.block(wording.ShownCurl(x.Curl))
	}
	if check.Replay != "" {
		t.line("  %s", faint.Render("send it again:"))
		t.block(check.Replay)
	}
	if check.Rerun != "" {
		t.line("  %s", faint.Render("this check alone, with the secret in $HUBHOOK_SECRET:"))
		t.block(check.Rerun)
	}
	t.line("  %shubhook explain %s", label("more"), check.ID)
}

func (t *printer) heading(check reports.Check) {
	t.line("")
	t.hanging(fmt.Sprintf("%s %s ", verdictSign(check.Status, check.Known), bold.Render(check.ID+" "+check.Level)),
		check.Title)
}

// observations writes the wanted lines of a reason, their labels in a column.
func (t *printer) observations(check reports.Check, wanted func(reports.Observation) bool) {
	for _, o := range check.Lines() {
		switch {
		case !wanted(o):
		case o.Label != "":
			t.labelled(wording.Label(o), strings.TrimSpace(o.Text))
		default:
			t.hanging("  ", o.Text)
		}
	}
}

func (t *printer) list(title string, sign sign, checks []reports.Check, text func(reports.Check) string) {
	t.listTitle(title, checks)
	for _, check := range checks {
		t.hanging("  "+sign.String()+" ", text(check))
	}
}

// faults lists the checks that went wrong by a fault of hubhook, apart from what the
// handler is to blame for.
func (t *printer) faults(checks []reports.Check) {
	t.listTitle("could not be judged, by a fault of hubhook: please report it", checks)
	for _, check := range checks {
		t.heading(check)
		t.hanging("  ", check.Fault())
		if check.Trace != "" {
			t.line("  %s", faint.Render("where: --json FILE writes it"))
		}
		if check.Rerun != "" {
			t.block(check.Rerun)
		}
	}
}

// unsettled lists why checks have no verdict, each reason once.
func (t *printer) unsettled(title string, checks []reports.Check) {
	t.listTitle(title, checks)
	for _, group := range wording.GroupByReason(checks) {
		t.hanging("  "+statusSign(group[0].Status).String()+" ",
			safetext.TruncateList(wording.IDs(group), wording.MaxIDs)+": "+group[0].Reason)
	}
}

// failedIDs lists what failed by level, to copy into --only.
func (t *printer) failedIDs(r *reports.Report) {
	for _, level := range reports.Levels() {
		ids := wording.IDs(r.Filter(func(c reports.Check) bool { return c.FailedUnexpectedly() && c.Level == level }))
		if len(ids) > 0 {
			t.hanging("  "+statusStyle(reports.Failed).Render(fmt.Sprintf("%d %s failed:", len(ids), level))+" ",
				strings.Join(ids, " "))
		}
	}
}

func (t *printer) summary(r *reports.Report) {
	painted := wording.CountByStatus(r, func(status reports.Status, text string) string {
		return statusStyle(status).Render(text)
	})
	t.line("\n%s in %v: %s", english.Plural(len(r.Checks), "check", ""), wording.Duration(r), painted)
	if !r.Unjudged() {
		t.failedIDs(r)
		t.exampleLanguages(r)
	}
	t.line("%s", statusStyle(r.Verdict).Render(wording.Escape(wording.VerdictLine(r))))
}

func (t *printer) exampleLanguages(r *reports.Report) {
	var languages []string
	for _, name := range slices.Sorted(maps.Keys(r.Examples)) {
		for _, example := range r.Examples[name] {
			if language := strings.ToLower(example.Language); !slices.Contains(languages, language) {
				languages = append(languages, language)
			}
		}
	}
	if len(languages) > 0 {
		t.hanging("  ", "how to mend it, in code: hubhook explain ID --lang "+english.WordSeries(languages, "or"))
	}
}
