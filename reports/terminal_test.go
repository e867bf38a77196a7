package reports_test

import (
	"io"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/terminal"
)

// A hint is about what is overlooked most often: it stands above all that is told of a
// failure, and stays away where another failure is to be mended first.
func TestHintsComeFirst(t *testing.T) {
	failed := came("SEC-02", must, reports.Failed)
	failed.Why, failed.Fix = "anyone could act as the Hub", "answer 401"
	failed.Observations = []reports.Observation{{"sent", "it"}, {"came back", "200"}, {reports.HintLabel, "the status tells"}}
	text := written(t, func(w io.Writer, r *reports.Report) error {
		return terminal.WriteReport(w, r, terminal.Options{})
	}, checked(7, failed))
	at := -1
	for _, label := range []string{"\n  hint:", "\n  why:", "\n  mend:", "\n  sent:", "\n  came back:"} {
		next := strings.Index(text, label)
		if next <= at || strings.Count(text, label) != 1 {
			t.Errorf("%q does not stand once, after what comes before it:\n%s", label, text)
		}
		at = next
	}
}

// Whoever wants code finds out once in which languages there is some.
func TestLanguagesOfMendsAreToldOnce(t *testing.T) {
	r := checked(7, came("SEC-02", must, reports.Failed), came("SEC-03", must, reports.Failed))
	write := func(w io.Writer, r *reports.Report) error {
		return terminal.WriteReport(w, r, terminal.Options{})
	}
	if text := written(t, write, r); strings.Contains(text, "--lang") {
		t.Errorf("languages are told where there is no code:\n%s", text)
	}
	r.Examples = map[string][]reports.Example{"a": {{Language: "Go"}, {Language: "Express"}}, "b": {{Language: "FastAPI"}, {Language: "Go"}}}
	if text := written(t, write, r); strings.Count(text, "  how to mend it, in code: hubhook explain ID --lang go, express or fastapi\n") != 1 {
		t.Errorf("languages are not told, or not once:\n%s", text)
	}
}

// A run that passed is not all well where a MUST could not be judged.
func TestPassedSaysWhatStaysOpen(t *testing.T) {
	open := reports.Check{ID: "SCP-05", Level: "MUST", Status: reports.Inconclusive}
	lesser := reports.Check{ID: "RTY-09", Level: "SHOULD", Status: reports.Inconclusive}
	for want, checks := range map[string][]reports.Check{
		"verdict: passed, with 1 MUST still open\n": {open, lesser},
		"verdict: passed\n":                         {lesser},
	} {
		var out strings.Builder
		err := terminal.WriteReport(&out, &reports.Report{Verdict: reports.Passed, Checks: checks}, terminal.Options{})
		if err != nil || !strings.HasSuffix(out.String(), want) {
			t.Errorf("%v; it does not end with %q:\n%s", err, want, &out)
		}
	}
}

// A report that is read may have any label.
func TestLabelTakesOverNoTerminal(t *testing.T) {
	failed := came("SEC-02", must, reports.Failed)
	failed.Observations = []reports.Observation{{"\x1b[2J\n" + strings.Repeat("x", 500), "it"}}
	text := written(t, func(w io.Writer, r *reports.Report) error {
		return terminal.WriteReport(w, r, terminal.Options{})
	}, checked(7, failed))
	if strings.Contains(text, "\x1b") || strings.Contains(text, strings.Repeat("x", 40)) {
		t.Errorf("the label is shown as it is:\n%s", text)
	}
}
