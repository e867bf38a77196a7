package ci

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	projectURL  = "https://github.com/hubhook/hubhook"
	// sarifFile is where a result stands. Code scanning wants a file of the repository,
	// and a handler is seen from outside: the file that names its URL comes nearest. A
	// repository without one shows the results all the same.
	sarifFile = "hubhook.yaml"
	// maxDescription is how much of a description GitHub takes, in characters.
	maxDescription = 1000
)

func sarifLevel(level string) string {
	return cmp.Or(map[string]string{"MUST": "error", "SHOULD": "warning", "MAY": "note"}[level], "warning")
}

// WriteSARIF writes a report as SARIF 2.1.0, for code scanning: a rule for each check, a
// result for each failure. Known failures are suppressed results; what is wrong with the
// run is a notification.
func WriteSARIF(w io.Writer, r *reports.Report) error {
	run := sarifRun{
		Invocations: []sarifInvocation{newSARIFInvocation(r)},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
		Properties:  sarifRunBag{r.Target.URL, r.Seed, r.Strict, r.Verdict, r.Summary},
	}
	run.AutomationDetails.ID = "hubhook/"
	run.Tool.Driver = sarifDriver{
		Name: cmp.Or(r.Tool.Name, "hubhook"), Version: r.Tool.Version, InformationURI: projectURL, Rules: []sarifRule{},
	}
	for i, check := range r.Checks {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSARIFRule(check, r.Examples[check.Example]))
		if check.Status == reports.Failed {
			run.Results = append(run.Results, newSARIFResult(check, i, r.Target.URL))
		}
	}
	return reports.EncodeJSON(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

func newSARIFRule(check reports.Check, examples []reports.Example) sarifRule {
	rule := sarifRule{
		ID:               check.ID,
		ShortDescription: sarifText{Text: described("A right handler " + check.Title)},
		FullDescription:  sarifText{Text: described(wording.UpperFirst(check.Why))},
		Help:             sarifText{sarifHelp(check), sarifHelpMarkdown(check, examples)},
	}
	if wording.IsAddress(check.Spec) {
		rule.HelpURI = wording.LinkEscapes.Replace(check.Spec)
	}
	rule.DefaultConfiguration.Level = sarifLevel(check.Level)
	rule.Properties.Tags = sarifTags(check)
	return rule
}

// sarifTags returns the tags to filter rules by; checks of the secret are about security.
func sarifTags(check reports.Check) []string {
	tags := []string{"webhook", check.Area, check.Level}
	if check.Area == "secret" {
		tags = append(tags, "security")
	}
	return slices.DeleteFunc(tags, func(tag string) bool { return tag == "" })
}

func sarifHelp(check reports.Check) string {
	return strings.Join([]string{
		check.Level + ": a right handler " + check.Title + ".", "Why: " + check.Why,
		"Mend: " + cmp.Or(check.Fix, "see what asks for it."),
		"What asks for it: " + check.Spec, "hubhook explain " + check.ID + " tells more.",
	}, "\n")
}

func sarifHelpMarkdown(check reports.Check, examples []reports.Example) string {
	var text strings.Builder
	fmt.Fprintf(&text, "**%s** A right handler %s.\n\n", wording.EscapeMarkdown(check.Level),
		wording.EscapeMarkdown(check.Title))
	fmt.Fprintf(&text, "**Why** %s\n\n", wording.EscapeMarkdown(check.Why))
	if check.Fix != "" {
		fmt.Fprintf(&text, "**Mend** %s\n\n", wording.EscapeMarkdown(check.Fix))
	}
	fmt.Fprintf(&text, "%s, or %s\n", wording.LinkMarkdown("What asks for it", check.Spec),
		wording.CodeMarkdown("hubhook explain "+check.ID))
	for _, example := range examples {
		fmt.Fprintf(&text, "\n### %s\n\n%s", wording.EscapeMarkdown(example.Language), wording.ExampleMarkdown(example))
	}
	return text.String()
}

func newSARIFResult(check reports.Check, rule int, url string) sarifResult {
	result := sarifResult{
		RuleID: check.ID, RuleIndex: rule, Kind: "fail",
		Level:               sarifLevel(check.Level),
		Message:             sarifText{Text: sarifMessage(check)},
		Locations:           []sarifLocation{{Logical: []sarifLogical{{url, "resource"}}}},
		PartialFingerprints: fingerprints(check.ID),
	}
	physical := &result.Locations[0].Physical
	physical.Artifact.URI, physical.Region.StartLine = sarifFile, 1
	if check.Known {
		result.Suppressions = []sarifSuppression{{"external", "accepted", "It is listed as a known failure."}}
	}
	return result
}

// fingerprints stay the same from run to run: GitHub matches alerts by the first, whatever
// the port or the response.
func fingerprints(id string) map[string]string {
	return map[string]string{
		"primaryLocationLineHash": fmt.Sprintf("%.8x:1", sha256.Sum256([]byte("hubhook "+id))),
		"hubhookCheck/v1":         id,
	}
}

// sarifMessage escapes brackets, which would begin a link.
func sarifMessage(check reports.Check) string {
	parts := []string{"A right handler " + check.Title + "; this one does not.",
		wording.CutBytes(check.Reason, wording.MaxReason)}
	if len(check.FixFirst) > 0 {
		parts = append(parts, "Mend "+strings.Join(check.FixFirst, ", ")+" first, most likely the same cause.")
	}
	if check.Rerun != "" {
		parts = append(parts, "This check alone: "+check.Rerun)
	}
	text := wording.Escape(strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "\n"))
	return strings.NewReplacer(`[`, `\[`, `]`, `\]`).Replace(text)
}

func newSARIFInvocation(r *reports.Report) sarifInvocation {
	code := exitCode(r)
	return sarifInvocation{
		ExecutionSuccessful: code < 2,
		ExitCode:            code,
		StartTimeUTC:        r.Started.UTC().Format(time.RFC3339Nano),
		EndTimeUTC:          r.Started.Add(time.Duration(r.DurationMs) * time.Millisecond).UTC().Format(time.RFC3339Nano),
		Notifications:       notifications(r),
	}
}

// exitCode returns that of hubhook check.
func exitCode(r *reports.Report) int {
	switch {
	case r.Unjudged() || r.NotTried > 0 || r.Verdict == reports.Inconclusive:
		return 2
	case r.Verdict == reports.Failed:
		return 1
	}
	return 0
}

// notifications lists what went wrong with the run itself: nothing judged, faults of
// hubhook, outdated known failures.
func notifications(r *reports.Report) (list []sarifNotification) {
	add := func(text string, rule *sarifRuleRef) {
		list = append(list, sarifNotification{"error",
			sarifText{Text: wording.Escape(wording.CutBytes(text, wording.MaxReason))}, rule})
	}
	if r.Problem != "" {
		add(r.Problem, nil)
	}
	for i, check := range r.Checks {
		switch {
		case check.Status == reports.Error:
			add(check.Fault(), &sarifRuleRef{check.ID, i})
		case check.Status == reports.Passed && check.Known:
			add(wording.Outdated(check), &sarifRuleRef{check.ID, i})
		}
	}
	return list
}

// described returns a description within GitHub's limit.
func described(text string) string {
	runes := []rune(safetext.Line(text))
	if len(runes) > maxDescription {
		return string(runes[:maxDescription-1]) + "…"
	}
	return string(runes)
}
