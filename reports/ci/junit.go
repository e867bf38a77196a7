// Package ci renders a report for the tools of a CI: JUnit XML for test results, SARIF for
// code scanning, a badge for a README.
package ci

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// The elements of a JUnit report, as far as its readers agree on them.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Time   string       `xml:"time,attr"`
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Skipped    int             `xml:"skipped,attr"` // which the whole has no attribute for
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Classname string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Failure   *junitOutcome `xml:"failure"`
		Error     *junitOutcome `xml:"error"`
		Skipped   *junitOutcome `xml:"skipped"`
		Output    string        `xml:"system-out,omitempty"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes a report as JUnit XML: a suite for each area, a case for each check.
// Only what fails the run is a failure, as for the exit code. Any other failed check is
// skipped with its reason, since a reader of JUnit would otherwise call a passed run
// failed.
func WriteJUnit(w io.Writer, r *reports.Report) error {
	doc := junitSuites{Name: "hubhook", Time: seconds(r.DurationMs)}
	for _, area := range r.Areas() {
		suite := newJUnitSuite(r, area)
		doc.add(suite.junitCounts)
		doc.Suites = append(doc.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func newJUnitSuite(r *reports.Report, area string) junitSuite {
	suite := junitSuite{
		Name:      "hubhook." + area,
		Timestamp: r.Started.Format(time.RFC3339),
		Properties: []junitProperty{
			{"tool", r.Tool.Name + " " + r.Tool.Version},
			{"target", r.Target.URL},
			{"seed", fmt.Sprint(r.Seed)},
		},
	}
	spent := int64(0)
	for _, check := range r.InArea(area) {
		c := newJUnitCase(check, r.Strict)
		suite.add(junitCounts{1, count(c.Failure), count(c.Error)})
		suite.Skipped += count(c.Skipped)
		spent += check.DurationMs
		suite.Cases = append(suite.Cases, c)
	}
	suite.Time = seconds(spent)
	return suite
}

func newJUnitCase(check reports.Check, strict bool) junitCase {
	c := junitCase{
		Name:      check.ID + " " + check.Title,
		Classname: "hubhook." + check.Area,
		Time:      seconds(check.DurationMs),
	}
	switch fails := check.FailsRun(strict); {
	case fails && check.Status == reports.Passed:
		c.Failure = &junitOutcome{wording.Outdated(check), check.Level, ""}
	case fails:
		c.Failure = &junitOutcome{message(check.Reason), check.Level, detail(check)}
	case check.Status == reports.Failed:
		what := check.Level + " failed: "
		if check.Known {
			what = "known failure of a " + check.Level + ": "
		}
		c.Skipped = &junitOutcome{Message: what + message(check.Reason)}
		c.Output = detail(check)
	case check.Status == reports.Error:
		c.Error = &junitOutcome{message(check.Fault()), "", detail(check)}
	case check.Status == reports.Passed && check.Warning != "":
		c.Output = legalXML(check.Warning + "\n")
	case check.Status != reports.Passed:
		c.Skipped = &junitOutcome{Message: string(check.Status) + ": " + message(check.Reason)}
	}
	return c
}

func detail(check reports.Check) string {
	parts := []string{check.Level + ": " + check.Title, "why: " + check.Why}
	if check.Fix != "" {
		parts = append(parts, "mend: "+check.Fix)
	}
	parts = append(parts, check.Reason, "see: "+check.Spec)
	if last, ok := check.DecisiveExchange(); ok {
		parts = append(parts, "reproduce:\n"+last.Curl)
	}
	if check.Replay != "" {
		parts = append(parts, "send it again:\n"+check.Replay)
	}
	if check.Rerun != "" {
		parts = append(parts, "this check alone:\n"+check.Rerun)
	}
	return legalXML(strings.Join(parts, "\n\n") + "\n")
}

// legalXML replaces what no XML document can hold.
func legalXML(text string) string {
	return strings.Map(func(r rune) rune {
		legal := r == '\t' || r == '\n' || r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
		if !legal {
			return '\ufffd'
		}
		return r
	}, text)
}

func (c *junitCounts) add(more junitCounts) {
	c.Tests += more.Tests
	c.Failures += more.Failures
	c.Errors += more.Errors
}

func count(outcome *junitOutcome) int {
	if outcome == nil {
		return 0
	}
	return 1
}

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }

// maxMessage limits a reason in an attribute, in characters.
const maxMessage = 300

func message(text string) string {
	return safetext.Truncate(legalXML(safetext.OneLine(text)), maxMessage)
}
