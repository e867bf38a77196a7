// Package terminal renders reports for a person at a terminal. It wraps lines at its width,
// leaves out colors that it does not have, and escapes whatever would control it.
//
// Each document has a function, such as WriteReport; ProgressLine is for a run that goes on.
package terminal

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"

	"golang.org/x/term"
)

// Options say what a terminal can show. The zero value is for a file: no colors, and lines
// of 80 columns.
type Options struct {
	Profile colorprofile.Profile // its colors; none if zero
	Width   int                  // in columns; 80 if zero
	All     bool                 // list what passed instead of counting it
}

func (o Options) withDefaults() Options {
	o.Profile = cmp.Or(o.Profile, colorprofile.NoTTY)
	o.Width = cmp.Or(o.Width, usualWidth)
	return o
}

// OptionsFor returns what a file can show: no colors unless it is a terminal, and none with
// NO_COLOR.
func OptionsFor(file *os.File) Options {
	o := Options{Profile: colorprofile.Detect(file, os.Environ())}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		o.Width = width
	}
	return o
}

// The width of a line, in columns.
const (
	usualWidth = 80
	minWidth   = 40
	maxWidth   = 120 // longer lines are hard to follow
)

// A sign is a mark before a text, in its color.
type sign struct {
	text  string
	style lipgloss.Style
}

func (s sign) String() string { return s.style.Render(s.text) }

func statusStyle(status reports.Status) lipgloss.Style {
	return map[reports.Status]lipgloss.Style{
		reports.Passed:       lipgloss.NewStyle().Foreground(lipgloss.Green),
		reports.Failed:       lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
		reports.Inconclusive: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
		reports.Skipped:      faint,
		reports.Error:        lipgloss.NewStyle().Foreground(lipgloss.Magenta).Bold(true),
		reports.NotRun:       faint,
	}[status]
}

var knownSign = sign{wording.KnownMark, lipgloss.NewStyle().Foreground(lipgloss.Yellow)}

func statusSign(status reports.Status) sign { return sign{wording.Mark(status), statusStyle(status)} }

func verdictSign(status reports.Status, known bool) sign {
	if known && status == reports.Failed {
		return knownSign
	}
	return statusSign(status)
}

var (
	bold  = lipgloss.NewStyle().Bold(true)
	faint = lipgloss.NewStyle().Faint(true)
)

// render runs a printer with these options.
func render(w io.Writer, o Options, text func(*printer)) error {
	o = o.withDefaults()
	t := &printer{width: min(max(o.Width, minWidth), maxWidth)}
	text(t)
	// The text is made with all colors; this drops those that cannot be shown.
	out := colorprofile.Writer{Forward: w, Profile: o.Profile}
	_, err := out.Write(t.text.Bytes())
	return err
}

type printer struct {
	all   bool // whether what passed is listed, too
	text  bytes.Buffer
	width int
}

func (t *printer) head(title string, target reports.Target, tool reports.Tool, seed uint64) {
	t.line("%s %s", bold.Render(title), wording.Escape(target.URL))
	t.line("%s", faint.Render(fmt.Sprintf("%s %s, seed %d", wording.Escape(tool.Name), wording.Escape(tool.Version),
		seed)))
}

func (t *printer) labelled(name, text string) { t.hanging("  "+label(name), text) }

func label(name string) string { return faint.Render(fmt.Sprintf("%-10s", name+":")) + " " }

// block writes text to copy, which is never wrapped.
func (t *printer) block(text string) {
	for line := range strings.Lines(text) {
		if line == "\n" {
			t.line("")
			continue
		}
		t.line("    %s", wording.Escape(strings.TrimSuffix(line, "\n")))
	}
}

func (t *printer) line(format string, a ...any) {
	fmt.Fprintf(&t.text, format+"\n", a...)
}

// hanging writes text after a head, wrapped in the column behind it.
func (t *printer) hanging(head, text string) {
	indent := lipgloss.Width(head)
	wrapped := wrapAtBlanks(wording.Escape(text), max(t.width-indent, minWidth/2))
	for i, line := range strings.Split(wrapped, "\n") {
		if i > 0 {
			head = strings.Repeat(" ", indent)
		}
		t.line("%s", head+strings.TrimRight(line, " "))
	}
}

// wrapAtBlanks breaks lines between words; IDs and flags with hyphens stay whole. A word
// longer than a line is cut.
func wrapAtBlanks(text string, width int) string {
	const hyphen, whole = "-", "\u2011" // one that does not break
	wrapped := lipgloss.Wrap(strings.ReplaceAll(text, hyphen, whole), width, " ")
	return strings.ReplaceAll(wrapped, whole, hyphen)
}

func (t *printer) listTitle(text string, checks []reports.Check) {
	if len(checks) > 0 {
		t.line("\n%s", bold.Render(text))
	}
}

var sectionStyle = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Cyan)

func (t *printer) section(name string) { t.line("\n%s", sectionStyle.Render(name)) }

func (t *printer) colored(style lipgloss.Style, sign, text string) {
	head := sign + " "
	for line := range strings.Lines(wrapAtBlanks(wording.Escape(text), t.width-2)) {
		t.line("%s", style.Render(head+strings.TrimSpace(line)))
		head = "  "
	}
}
