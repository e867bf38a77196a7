package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/hubhook/hubhook/reports/safetext"
)

// known lists the failures that are known.
func (t *terminal) known(checks []Check) {
	t.title("known failures: they do not fail the run", checks)
	for _, check := range checks {
		t.hanging("  "+knownSign.String()+" ", check.ID+": "+safetext.Line(check.Reason))
	}
}

// outdated lists the checks that are known to fail, and do not.
func (t *terminal) outdated(checks []Check) {
	t.title("known failures that pass now: they fail the run", checks)
	for _, check := range checks {
		t.hanging("  "+statusSign(Failed).String()+" ", outdatedText(check))
	}
}

// faults tells of the checks that went wrong by a fault of this tool, apart from
// what the handler is to blame for.
func (t *terminal) faults(checks []Check) {
	t.title("could not be judged, by a fault of hubhook: please report it", checks)
	for _, check := range checks {
		t.heading(check)
		what, trace := check.Fault()
		t.hanging("  ", what)
		if trace != "" {
			t.line("  %s", faint.Render("where: --json FILE writes it"))
		}
		if check.Rerun != "" {
			t.block(check.Rerun)
		}
	}
}

// notes tells what was not proven by what passed.
func (t *terminal) notes(checks []Check) {
	t.title("passed, with a reservation", checks)
	for _, check := range checks {
		t.hanging("  "+statusSign(Passed).String()+" ", check.ID+": "+check.Warning)
	}
}

// title stands above a list; it does not where the list is empty.
func (t *terminal) title(text string, checks []Check) {
	if len(checks) > 0 {
		t.line("\n%s", bold.Render(text))
	}
}

// unsettled tells why checks have no verdict, each reason once.
func (t *terminal) unsettled(title string, checks []Check) {
	t.title(title, checks)
	byReason := map[string][]string{}
	for _, check := range checks {
		byReason[check.Reason] = append(byReason[check.Reason], check.ID)
	}
	for _, check := range checks {
		ids := byReason[check.Reason]
		if ids[0] != check.ID {
			continue
		}
		t.hanging("  "+statusSign(check.Status).String()+" ", safetext.TruncateList(ids, mostIDs)+": "+check.Reason)
	}
}

// mostIDs is how many IDs a line lists.
const mostIDs = 12

// failedIDs lists what failed by level, for who wants to run it again.
func (t *terminal) failedIDs(r *Report) {
	for _, level := range Levels() {
		var ids []string
		for _, check := range r.Filter(func(c Check) bool { return c.failedAnew() && c.Level == level }) {
			ids = append(ids, check.ID)
		}
		if len(ids) > 0 {
			t.hanging("  "+styles[Failed].Render(fmt.Sprintf("%d %s failed:", len(ids), level))+" ", strings.Join(ids, " "))
		}
	}
}

// verdictLine says what comes of it, and why what failed does not count.
func verdictLine(r *Report) string {
	verdict := "verdict: " + string(r.Verdict)
	if r.Strict {
		verdict += " (strict)"
	}
	switch {
	case r.Problem != "":
		verdict += ": " + r.Problem
	case r.Verdict == Passed:
		verdict += reservations(r)
	}
	return verdict
}

// reservations are why a run that passed is not all well.
func reservations(r *Report) (words string) {
	if lesser := len(r.Filter(func(c Check) bool { return c.failedAnew() && !c.FailsRun(r.Strict) })); lesser > 0 {
		words = ": no MUST failed; what failed counts with --strict only"
	}
	if open := len(r.Filter(func(c Check) bool { return c.Status == Inconclusive && c.Level == "MUST" })); open > 0 {
		words += fmt.Sprintf(", with %d MUST still open", open)
	}
	return words
}

// summary counts, and says what comes of it all.
func (t *terminal) summary(r *Report) {
	painted := countedByStatus(r, func(status Status, text string) string { return styles[status].Render(text) })
	t.line("\n%s in %v: %s", english.Plural(len(r.Checks), "check", ""), duration(r), painted)
	if !r.unjudged() {
		t.failedIDs(r)
		t.mendLanguages(r)
	}
	t.line("%s", styles[r.Verdict].Render(plain(verdictLine(r))))
}

// mendLanguages says where there is code that does it right, and in which languages.
func (t *terminal) mendLanguages(r *Report) {
	var languages []string
	for _, name := range slices.Sorted(maps.Keys(r.Examples)) {
		for _, mend := range r.Examples[name] {
			if language := strings.ToLower(mend.Language); !slices.Contains(languages, language) {
				languages = append(languages, language)
			}
		}
	}
	if len(languages) > 0 {
		t.hanging("  ", "how to mend it, in code: hubhook explain ID --lang "+oneOf(languages))
	}
}

// oneOf offers one of several words.
func oneOf(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// countedByStatus says how many checks have which verdict; those that none has are left
// out.
func countedByStatus(r *Report, paint func(Status, string) string) string {
	var parts []string
	counts := byStatus(r.Checks)
	for _, status := range Statuses() {
		if n := counts[status]; n > 0 {
			parts = append(parts, paint(status, fmt.Sprintf("%d %s", n, status))+known(r, status))
		}
	}
	return strings.Join(parts, ", ")
}

// duration is how long a run took, as people say it.
func duration(r *Report) time.Duration {
	return (time.Duration(r.DurationMs) * time.Millisecond).Round(100 * time.Millisecond)
}

// known says how many of the failures are known.
func known(r *Report, status Status) string {
	n := len(r.Filter(Check.failedAsKnown))
	if status != Failed || n == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d known)", n)
}
