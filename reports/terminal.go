package reports

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/hubhook/hubhook/reports/safetext"
	"golang.org/x/term"
)

// TerminalOptions say what a terminal can show. The zero value is no terminal:
// no colour, and lines of 80 columns.
type TerminalOptions struct {
	Profile colorprofile.Profile // the colours that it has; none where zero
	Width   int                  // in columns; 80 where zero
	All     bool                 // list what passed, too, instead of counting it
}

// TerminalOptionsFor finds out what a file can show. That it is no terminal, or
// that NO_COLOR is set, leaves out colours.
func TerminalOptionsFor(file *os.File) TerminalOptions {
	o := TerminalOptions{Profile: colorprofile.Detect(file, os.Environ())}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		o.Width = width
	}
	return o
}

// The width of a line, in columns.
const (
	usualWidth  = 80
	leastWidth  = 40
	widestWidth = 120 // longer lines are hard to follow
)

// longestCurl is how long a command a terminal is filled with, in bytes.
const longestCurl = 8 << 10

// sign is what stands before a text, in its colour.
type sign struct {
	text  string
	style lipgloss.Style
}

func (s sign) String() string { return s.style.Render(s.text) }

var styles = map[Status]lipgloss.Style{
	Passed:       lipgloss.NewStyle().Foreground(lipgloss.Green),
	Failed:       lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
	Inconclusive: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
	Skipped:      faint,
	Error:        lipgloss.NewStyle().Foreground(lipgloss.Magenta).Bold(true),
	NotRun:       faint,
}

var knownSign = sign{KnownMark, lipgloss.NewStyle().Foreground(lipgloss.Yellow)}

func statusSign(status Status) sign { return sign{Mark(status), styles[status]} }

func checkSign(check Check) sign {
	if check.failedAsKnown() {
		return knownSign
	}
	return statusSign(check.Status)
}

var (
	bold  = lipgloss.NewStyle().Bold(true)
	faint = lipgloss.NewStyle().Faint(true)
)

// WriteTerminal writes a report for a person to read.
func WriteTerminal(w io.Writer, r *Report, o TerminalOptions) error {
	return render(w, o, func(t *terminal) {
		t.all = o.All
		t.report(r)
	})
}

// render writes what is made for a terminal with these options.
func render(w io.Writer, o TerminalOptions, text func(*terminal)) error {
	if o.Profile == colorprofile.Unknown {
		o.Profile = colorprofile.NoTTY
	}
	if o.Width == 0 {
		o.Width = usualWidth
	}
	t := &terminal{width: min(max(o.Width, leastWidth), widestWidth)}
	text(t)
	// The text is made with all colours; this drops those that cannot be shown.
	out := colorprofile.Writer{Forward: w, Profile: o.Profile}
	_, err := out.Write(t.text.Bytes())
	return err
}

// terminal makes the text of a report.
type terminal struct {
	all   bool // whether what passed is listed, too
	text  bytes.Buffer
	width int
}

func (t *terminal) report(r *Report) {
	t.line("%s %s", bold.Render("hubhook check"), plain(r.Target.URL))
	t.line("%s", faint.Render(fmt.Sprintf("%s %s, seed %d", plain(r.Tool.Name), plain(r.Tool.Version), r.Seed)))
	if r.unjudged() {
		t.firstFailure(r)
		t.summary(r)
		return
	}
	for _, area := range r.Areas() {
		t.area(area, r.InArea(area))
	}
	t.failures(r)
	t.known(r.Filter(Check.failedAsKnown))
	t.outdated(r.Filter(func(c Check) bool { return c.Known && c.Status == Passed }))
	t.notes(r.Filter(func(c Check) bool { return c.Warning != "" && c.Status == Passed }))
	t.unsettled("inconclusive: neither verdict can be given", r.WithStatus(Inconclusive))
	t.unsettled("skipped", r.WithStatus(Skipped))
	t.faults(r.WithStatus(Error))
	t.summary(r)
}

// area lists the checks of an area. What passed, or was skipped, is counted, unless
// all is asked for.
func (t *terminal) area(name string, checks []Check) {
	counts := map[Status]int{}
	t.line("\n%s", bold.Render(name))
	for _, check := range checks {
		if !t.all && !check.Known && (check.Status == Passed || check.Status == Skipped) {
			counts[check.Status]++
			continue
		}
		t.row(check)
	}
	for _, status := range []Status{Passed, Skipped} {
		if n := counts[status]; n > 0 {
			t.line("  %s %d %s", statusSign(status).String(), n, status)
		}
	}
}

// firstFailure tells of a handler that accepts nothing: the others say no more.
func (t *terminal) firstFailure(r *Report) {
	if failed := r.Filter(Check.failedAnew); len(failed) > 0 {
		t.failure(failed[0])
	}
}

// failures tells of what failed, in the order in which it is best mended.
func (t *terminal) failures(r *Report) {
	var derived []Check
	told := map[string]bool{}
	for _, check := range r.FixOrder() {
		if !t.all && slices.ContainsFunc(check.FixFirst, func(id string) bool { return told[id] }) {
			derived = append(derived, check)
			continue
		}
		t.failure(check)
		told[check.ID] = true
	}
	t.derived(derived)
}

// derived lists the failures whose cause was told with another one, by that.
func (t *terminal) derived(checks []Check) {
	t.title("most likely gone with the first of the line, once that is mended", checks)
	var causes []string
	byCause := map[string][]string{}
	for _, check := range checks {
		cause := strings.Join(check.FixFirst, ", ")
		if byCause[cause] == nil {
			causes = append(causes, cause)
		}
		byCause[cause] = append(byCause[cause], check.ID)
	}
	for _, cause := range causes {
		t.hanging("  "+bold.Render(cause)+" → ", strings.Join(byCause[cause], " "))
	}
}

// row is the line of a check in the list.
func (t *terminal) row(check Check) {
	sign := checkSign(check)
	head := fmt.Sprintf("  %s %s %s ", sign, fmt.Sprintf("%-8s", check.ID), faint.Render(fmt.Sprintf("%-6s", check.Level)))
	t.hanging(head, check.Title)
}

// failure tells a failed check in full.
func (t *terminal) failure(check Check) {
	t.heading(check)
	root := len(check.FixFirst) == 0 // what is said of the cause is said there
	hints, told := splitHints(check)
	if root {
		t.reason(hints) // what is overlooked most often comes first
	}
	t.labelled("why", check.Why)
	if check.Fix != "" && root {
		t.labelled("mend", check.Fix)
	}
	t.reason(told)
	if !root {
		t.labelled("first", "mend "+strings.Join(check.FixFirst, ", ")+", most likely the same cause")
		t.line("  %shubhook explain %s", label("more"), check.ID)
		return
	}
	t.line("  %s%s", label("see"), check.Spec)
	if x, ok := check.DecisiveExchange(); ok {
		t.line("  %s", faint.Render(howToReproduce(x)))
		t.block(shownCurl(x.Curl))
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

// howToReproduce stands above a command.
func howToReproduce(x Exchange) string {
	if x.Repeated {
		return "reproduce, with the secret in $HUBHOOK_SECRET; run it twice, for it is the second that counts:"
	}
	return "reproduce, with the secret in $HUBHOOK_SECRET:"
}

// heading begins what is told about one check.
func (t *terminal) heading(check Check) {
	sign := checkSign(check)
	t.line("")
	t.hanging(fmt.Sprintf("%s %s ", sign, bold.Render(check.ID+" "+check.Level)), check.Title)
}

// labelled is a text with a label in a column before it.
func (t *terminal) labelled(name, text string) { t.hanging("  "+label(name), text) }

func label(name string) string { return faint.Render(fmt.Sprintf("%-10s", name+":")) + " " }

// splitHints parts the lines of a reason into hints and what was seen.
func splitHints(check Check) (hints, seen string) {
	for line := range strings.Lines(check.Reason) {
		if slices.Contains(check.Hints, strings.TrimSuffix(line, "\n")) {
			hints += line
			continue
		}
		seen += line
	}
	return hints, seen
}

// reason tells the lines of a reason.
func (t *terminal) reason(lines string) {
	for line := range strings.Lines(lines) {
		t.reasonLine(strings.TrimSuffix(line, "\n"))
	}
}

// reasonLine tells a line of a reason; the words before a colon at its beginning stand
// in a column.
func (t *terminal) reasonLine(line string) {
	name, rest, found := strings.Cut(line, ": ")
	if !found || len(name) > len("came back") {
		t.hanging("  ", line)
		return
	}
	t.labelled(name, strings.TrimSpace(rest))
}

func shownCurl(curl string) string {
	if len(curl) <= longestCurl {
		return curl
	}
	return fmt.Sprintf("# too long to be shown, %d KiB: --save DIR keeps what was sent, for hubhook replay", len(curl)>>10)
}

// block is text to be copied: never wrapped.
func (t *terminal) block(text string) {
	for line := range strings.Lines(text) {
		if line == "\n" {
			t.line("")
			continue
		}
		t.line("    %s", plain(strings.TrimSuffix(line, "\n")))
	}
}

func (t *terminal) line(format string, a ...any) {
	fmt.Fprintf(&t.text, format+"\n", a...)
}

// hanging writes text after a head, and what does not fit on the line below it
// in the same column.
func (t *terminal) hanging(head, text string) {
	indent := lipgloss.Width(head)
	wrapped := wrapAtBlanks(plain(text), max(t.width-indent, leastWidth/2))
	for i, line := range strings.Split(wrapped, "\n") {
		if i > 0 {
			head = strings.Repeat(" ", indent)
		}
		t.line("%s", head+strings.TrimRight(line, " "))
	}
}

// wrapAtBlanks breaks lines between words: an ID with a hyphen in it, or a flag, is
// one. A word that is longer than a line is cut.
func wrapAtBlanks(text string, width int) string {
	const hyphen, whole = "-", "\u2011" // one that does not break
	wrapped := lipgloss.Wrap(strings.ReplaceAll(text, hyphen, whole), width, " ")
	return strings.ReplaceAll(wrapped, whole, hyphen)
}

// plain escapes control characters but line breaks. Bytes that are no UTF-8 are U+FFFD, as
// in JSON.
func plain(text string) string { return safetext.Escape(string([]rune(text)), "\n") }

// escapeCode is like plain, but keeps tabs, which code is indented with.
func escapeCode(text string) string { return safetext.Escape(string([]rune(text)), "\n\t") }
