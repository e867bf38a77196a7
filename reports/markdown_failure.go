package reports

import (
	"fmt"
	"strings"
)

// failures tells of what failed; of a handler that accepts nothing only the first thing
// that did, for the others say no more.
func (m *markdownReport) failures(r *Report) {
	failed := r.FixOrder()
	if r.unjudged() && len(failed) > 1 {
		failed = failed[:1]
	}
	for _, check := range failed {
		m.failure(check, r.Examples[check.Example])
	}
}

// failure tells a failed check in full, and one that failed by the cause of another in
// few words.
func (m *markdownReport) failure(check Check, mends []Example) {
	var text strings.Builder
	fmt.Fprintf(&text, "\n### %s %s %s: %s\n\n", Mark(Failed), prose(check.ID), prose(check.Level), prose(check.Title))
	labelledMarkdown(&text, "Why", check.Why)
	root := len(check.FixFirst) == 0
	if !root {
		labelledMarkdown(&text, "First", "mend "+strings.Join(check.FixFirst, ", ")+", most likely the same cause.")
	} else if check.Fix != "" {
		labelledMarkdown(&text, "Mend", check.Fix)
	}
	fmt.Fprintf(&text, "%s", fencedMarkdown("text", cut(check.Reason, longestReason)))
	fmt.Fprintf(&text, "\n%s, or %s\n", linkMarkdown("What asks for it", check.Spec), codeMarkdown("hubhook explain "+check.ID))
	if root {
		text.WriteString(reproduceMarkdown(check))
		m.mends(&text, check, mends)
	}
	m.add(text.String())
}

func labelledMarkdown(text *strings.Builder, label, value string) {
	fmt.Fprintf(text, "**%s** %s\n\n", label, prose(value))
}

// reproduceMarkdown are the command lines that show a failure again, folded.
func reproduceMarkdown(check Check) string {
	var lines []string
	if x, ok := check.DecisiveExchange(); ok && x.Curl != "" {
		lines = append(lines, "# "+howToReproduce(x)+"\n"+shownCurl(x.Curl))
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
	return "\n" + folded("Reproduce it", fencedMarkdown("sh", strings.Join(lines, "\n\n")))
}

// mends shows how it is done right, folded by language; once where several checks
// failed for want of the same.
func (m *markdownReport) mends(text *strings.Builder, check Check, mends []Example) {
	if len(mends) == 0 {
		return
	}
	if at, shown := m.shown[check.Example]; shown {
		fmt.Fprintf(text, "\nCode that does it right stands at %s.\n", prose(at))
		return
	}
	m.shown[check.Example] = check.ID
	for _, mend := range mends {
		fmt.Fprintf(text, "\n%s", folded("How "+prose(mend.Language)+" does it right", mendMarkdown(mend)))
	}
}

// mendMarkdown is a mend's code, and where the rest of it is.
func mendMarkdown(mend Example) string {
	var parts []string
	for _, part := range mend.Parts {
		parts = append(parts, strings.Trim(part.Code, "\n"))
	}
	return fencedMarkdown(fenceLanguage(mend.Language), strings.Join(parts, "\n\n")) +
		fmt.Sprintf("\nThe whole of it: %s\n", codeMarkdown(mend.Whole))
}

// fenceLanguage is what a language is called where its code is to be coloured.
func fenceLanguage(language string) string {
	return map[string]string{"Go": "go", "Express": "js", "FastAPI": "python"}[language]
}
