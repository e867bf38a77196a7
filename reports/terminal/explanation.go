package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// WriteExplanations writes explanations for a person to read.
func WriteExplanations(w io.Writer, list []reports.Explanation, o Options) error {
	return render(w, o, func(t *printer) {
		for i, e := range list {
			if i > 0 {
				t.line("\n%s\n", faint.Render(strings.Repeat("─", t.width)))
			}
			t.explanation(e)
		}
	})
}

func (t *printer) explanation(e reports.Explanation) {
	t.titles(e)
	t.section("why")
	t.hanging("  ", wording.UpperFirst(e.Why)+".")
	t.section("what the documentation says")
	if e.SpecSays != "" {
		t.hanging("  ", e.SpecSays)
	}
	t.line("  %s", e.Spec)
	t.section("how to reproduce it")
	t.reproduce(e)
	t.section("how to mend it")
	t.howToFix(e)
	t.section("seen in")
	t.mutants(e)
}

func (t *printer) titles(e reports.Explanation) {
	title := fmt.Sprintf("%s that have all else in common", english.Plural(len(e.Checks), "check", ""))
	if !isTable(e) {
		title = e.Checks[0].Title
	}
	t.hanging(bold.Render(e.ID)+" ", title)
	t.hanging("", fmt.Sprintf("%s, %s: %s", e.Area, e.Level, e.LevelMeaning))
	if !isTable(e) {
		return
	}
	t.section("what a right handler does")
	for _, check := range e.Checks {
		t.entry(check.ID, check.Title)
	}
}

func (t *printer) entry(id, text string) {
	t.hanging("  "+bold.Render(fmt.Sprintf("%-8s", id))+" ", text)
}

func (t *printer) reproduce(e reports.Explanation) {
	for _, need := range e.Needs {
		t.hanging("  ", "It needs "+needText(need)+".")
	}
	for _, check := range e.Checks {
		switch {
		case isTable(e):
			t.entry(check.ID, dryRunLine(check))
		case check.Sent == 0:
			t.hanging("  ", dryRunLine(check))
		default:
			for i, step := range check.Steps {
				t.hanging(faint.Render(fmt.Sprintf("  %2d. ", i+1)), stepText(step))
			}
		}
	}
	for _, check := range e.Checks {
		if check.Curl != "" {
			t.curlCommand(e, check)
			break // of a table, one shows how
		}
	}
	t.line("  %s", faint.Render("with hubhook, and nothing else:"))
	t.block(e.Rerun)
}

func (t *printer) curlCommand(e reports.Explanation, check reports.ExplainedCheck) {
	of := ""
	if isTable(e) {
		of = check.ID + ", "
	}
	t.line("  %s", faint.Render(fmt.Sprintf("%sstep %d by hand, with the secret in $HUBHOOK_SECRET:", of,
		check.DecisiveStep)))
	if len(check.Curl) > wording.MaxCurl {
		t.block(fmt.Sprintf("# the command has %d KiB: hubhook explain %s --json writes it", len(check.Curl)>>10, check.ID))
	} else {
		t.block(check.Curl)
	}
	if check.Repeated {
		t.hanging("  ", "Run it more than once: a retry has the same Webhook-Id and the same bytes.")
	}
}

func (t *printer) howToFix(e reports.Explanation) {
	switch {
	case e.Fix != "":
		t.hanging("  ", e.Fix)
	case len(e.Examples) == 0:
		t.hanging("  ", "As the right handlers do: fixtures/handlers has them in several languages.")
	}
	for i, example := range e.Examples {
		if i > 0 || e.Fix != "" {
			t.line("")
		}
		t.code(example)
	}
}

func (t *printer) code(example reports.Example) {
	t.line("  %s%s %s", bold.Render(example.Language), faint.Render(", from a handler that passes:"), example.File)
	t.line("  %s %s", faint.Render("the whole file:"), example.Whole)
	for i, part := range example.Parts {
		if len(example.Parts) > 1 {
			if i > 0 {
				t.line("")
			}
			t.line("  %s", faint.Render("· "+part.Topic))
		}
		t.block(strings.ReplaceAll(part.Code, "\t", "    "))
	}
}

func (t *printer) mutants(e reports.Explanation) {
	if len(e.Mutants) == 0 {
		text := "No mutant of the built-in handler fails it."
		if e.Proof != "" {
			text = "No mutant: it " + e.Proof + "."
		}
		t.hanging("  ", text)
		return
	}
	width := 0
	for _, mutant := range e.Mutants {
		width = max(width, len(mutant.Name))
	}
	for _, mutant := range e.Mutants {
		text := mutant.Title
		if failing := among(mutant.Fails, e.Checks); len(failing) < len(e.Checks) {
			text += " (" + strings.Join(failing, ", ") + ")"
		}
		t.hanging("  "+bold.Render(fmt.Sprintf("%-*s", width, mutant.Name))+"  ", text)
	}
	t.line("  %s", faint.Render("to see it fail:"))
	t.block(e.Mutants[0].Run)
}

func isTable(e reports.Explanation) bool { return len(e.Checks) > 1 }

func needText(n reports.Need) string {
	text := n.What
	if n.Flag != "" {
		text += " (" + n.Flag + ")"
	}
	if n.How != "" {
		text += ": " + n.How
	}
	return text
}

func stepText(s reports.Step) string {
	if s.Times > 1 {
		return fmt.Sprintf("%s (%d times)", s.What, s.Times)
	}
	return s.What
}

func dryRunLine(e reports.ExplainedCheck) string {
	if e.Sent == 0 {
		return "What it sends cannot be shown here: " + e.Reason
	}
	var steps []string
	for _, step := range e.Steps {
		steps = append(steps, stepText(step))
	}
	return strings.Join(steps, "; ")
}

func among(ids []string, checks []reports.ExplainedCheck) (list []string) {
	for _, id := range ids {
		if slices.ContainsFunc(checks, func(c reports.ExplainedCheck) bool { return c.ID == id }) {
			list = append(list, id)
		}
	}
	return list
}
