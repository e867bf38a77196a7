package hub

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"
)

// moment is a time as a page shows it; zero where there is none.
type moment struct {
	Machine string // for the datetime of a time element
	Short   string // no more than is needed beside the Hub's time: "14:03:22", "2 Mar 14:03"
	Full    string
}

// momentAt is a time beside now.
func momentAt(t, now time.Time) moment {
	if t.IsZero() {
		return moment{}
	}
	t, now = t.UTC(), now.UTC()
	layout := "2 Jan 2006 15:04"
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		layout = time.TimeOnly
	case t.Year() == now.Year():
		layout = "2 Jan 15:04"
	}
	return moment{timeText(t), t.Format(layout), t.Format("Monday 2 January 2006, 15:04:05.000 UTC")}
}

// lasting is a span of time in two units at most: "45 s", "2 h 5 min".
func lasting(d time.Duration) string {
	units := []struct {
		name string
		is   time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}}
	for i, u := range units {
		if d < u.is {
			continue
		}
		text := fmt.Sprintf("%d %s", d/u.is, u.name)
		if i+1 < len(units) {
			if rest := d % u.is / units[i+1].is; rest > 0 {
				text += fmt.Sprintf(" %d %s", rest, units[i+1].name)
			}
		}
		return text
	}
	return "now"
}

// until is how long it is until a moment on the Hub: "in 12 s". What is left of a
// second counts as one.
func until(t, now time.Time) string {
	left := t.Sub(now)
	if t.IsZero() {
		return ""
	}
	if left <= 0 {
		return "now"
	}
	return "in " + lasting((left + time.Second - 1).Truncate(time.Second))
}

// latency is how long an answer took.
func latency(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func comma(n int) string { return humanize.Comma(int64(n)) }

func bytesText(n int64) string { return humanize.IBytes(uint64(max(n, 0))) }

// visible writes what cannot be seen, or turns around what stands beside it, as an
// escape. Line breaks and tabs stay.
func visible(text string) string {
	hidden := func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	}
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// brief is the beginning of a text, on one line.
func brief(text string, most int) string {
	text = strings.Join(strings.Fields(visible(text)), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// repoPath is the path of a repo's page; empty where a name cannot stand in a path.
func repoPath(repoType, name string) string {
	segments := strings.Split(name, "/")
	if len(segments) > 2 || slices.ContainsFunc(segments, func(s string) bool { return s == "" || s == "." || s == ".." }) {
		return ""
	}
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	path := "/" + strings.Join(segments, "/")
	if repoType != "model" {
		path = "/" + FolderOf(repoType) + path
	}
	return path
}

// discussionPath is the path of a discussion's page; empty where there is none.
func discussionPath(repoType, name string, num int) string {
	path := repoPath(repoType, name)
	if path == "" || num == 0 {
		return ""
	}
	return fmt.Sprintf("%s/discussions/%d", path, num)
}
