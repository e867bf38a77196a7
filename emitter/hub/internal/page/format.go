package page

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
	"github.com/hubhook/hubhook/emitter/redact"
)

// minHidden is how long a secret is that is masked, in bytes. A shorter one is probably an
// ordinary word: masking "test" in names would reveal it.
const minHidden = 8

// secretsOf masks the webhooks' secrets in what others wrote: a bot may have posted what it
// was sent.
func secretsOf(s *domain.State) *redact.Mask {
	m := &redact.Mask{}
	for _, w := range s.Webhooks() {
		if len(w.Secret) >= minHidden {
			m.HideExact(w.Secret, mask.Placeholder)
		}
	}
	return m
}

// jsonToken is a piece of JSON and what it is: key, string, number, word, or nothing.
type jsonToken struct{ Kind, Text string }

// maxColored is how much JSON a page shows, in bytes.
const maxColored = 256 << 10

// coloredJSON takes JSON apart for a page. Of a text that is no JSON nothing is lost
// either. It is cut if it is long.
func coloredJSON(text string) (tokens []jsonToken, cut bool) {
	if cut = len(text) > maxColored; cut {
		text = strings.ToValidUTF8(text[:maxColored], "")
	}
	for text != "" {
		kind, n := nextToken(text)
		// Text between values is merged, so that there are fewer elements.
		if last := len(tokens) - 1; last >= 0 && kind == "" && tokens[last].Kind == "" {
			tokens[last].Text += text[:n]
		} else {
			tokens = append(tokens, jsonToken{kind, text[:n]})
		}
		text = text[n:]
	}
	for i := range tokens {
		tokens[i].Text = visible(tokens[i].Text)
	}
	return tokens, cut
}

// nextToken returns how a text begins: what it is, and how long that is.
func nextToken(text string) (kind string, n int) {
	const digits, letters = "+-.eE0123456789", "abcdefghijklmnopqrstuvwxyz"
	switch c := text[0]; {
	case c == '"':
		return stringToken(text)
	case c == '-' || c >= '0' && c <= '9':
		return "number", len(text) - len(strings.TrimLeft(text, digits))
	case strings.IndexByte(letters, c) >= 0:
		n = len(text) - len(strings.TrimLeft(text, letters))
		switch text[:n] {
		case "true", "false", "null":
			return "word", n
		}
		return "", n
	}
	if n = strings.IndexAny(text[1:], `"-0123456789`+letters); n >= 0 {
		return "", n + 1
	}
	return "", len(text)
}

// stringToken returns a string, which is a key if a colon follows.
func stringToken(text string) (kind string, n int) {
	for n = 1; n < len(text); n++ {
		switch text[n] {
		case '\\':
			n++
		case '"':
			n++
			if strings.HasPrefix(strings.TrimLeft(text[n:], " \t\r\n"), ":") {
				return "key", n
			}
			return "string", n
		}
	}
	return "string", len(text)
}

// moment is a time as a page shows it; zero if there is none.
type moment struct {
	Machine string // for the datetime of a time element
	Short   string // no more than is needed beside the Hub's time: "14:03:22", "2 Mar 14:03"
	Full    string
}

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
	return moment{domain.FormatTime(t), t.Format(layout), t.Format("Monday 2 January 2006, 15:04:05.000 UTC")}
}

// lasting returns a span of time in two units at most: "45 s", "2 h 5 min".
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

// until returns how long it is until a moment on the Hub: "in 12 s". What is left of a
// second counts as one.
func until(t, now time.Time) string {
	left := t.Sub(now)
	switch {
	case t.IsZero():
		return ""
	case left <= 0:
		return "now"
	}
	return "in " + lasting((left + time.Second - 1).Truncate(time.Second))
}

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

// visible writes what cannot be seen, or changes the direction of text, as an escape.
// Line breaks and tabs stay.
func visible(value any) string {
	hidden := func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(fmt.Sprint(value), "\uFFFD"), "\r\n", "\n")
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

// firstOf returns the first of a list, and how many more there are.
func firstOf[T any](list []T, most int) (first []T, more int) {
	n := min(len(list), most)
	return list[:n], len(list) - n
}

// brief returns the beginning of a text, on one line.
func brief(text string, most int) string {
	text = strings.Join(strings.Fields(visible(text)), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// repoPath returns the path of a repo's page; empty if a name cannot stand in a path.
func repoPath(repoType, name string) string {
	segments := strings.Split(name, "/")
	if len(segments) > 2 || slices.ContainsFunc(segments,
		func(s string) bool { return s == "" || s == "." || s == ".." }) {
		return ""
	}
	path := "/" + strings.ReplaceAll(url.PathEscape(name), "%2F", "/")
	if repoType != "model" {
		path = "/" + domain.FolderOf(repoType) + path
	}
	return path
}

// discussionPath returns the path of a discussion's page; empty if there is none.
func discussionPath(repoType, name string, num int) string {
	path := repoPath(repoType, name)
	if path == "" || num == 0 {
		return ""
	}
	return fmt.Sprintf("%s/discussions/%d", path, num)
}

type activityRow struct {
	*activity.Delivery
	At          moment
	Repo        repoName
	NumPath     string
	Webhook     string // its URL or Job
	WebhookPath string // empty if it is deleted
	Attempts    int
	Replays     bool
	Response    string // "200 OK", or why none came
	Good        bool   // the response was accepted
	Latency     string
	Next        string // "in 12 s"
	NextAt      moment
}

type repoName struct{ Type, Name, Path string }

func repoNamed(repoType, name string) repoName {
	return repoName{repoType, brief(name, 120), repoPath(repoType, name)}
}

func activityRowOf(s *domain.State, d *activity.Delivery, now time.Time) activityRow {
	row := activityRow{
		Delivery: d, At: momentAt(d.Created, now), Repo: repoNamed(d.RepoType, d.RepoName),
		NumPath: discussionPath(d.RepoType, d.RepoName, d.Num), Webhook: WebhookName(s, d.RegistrationID),
		Attempts: len(d.Attempts), Next: until(d.Due, now), NextAt: momentAt(d.Due, now),
	}
	if s.Webhook(d.RegistrationID) != nil {
		row.WebhookPath = "/_mock/webhooks/" + url.PathEscape(d.RegistrationID)
	}
	if last := d.Last(); last != nil {
		row.Response, row.Good, row.Latency = responseOf(last, d.Job), last.Accepted, latency(last.Latency)
	}
	row.Replays = slices.ContainsFunc(d.Attempts, func(a activity.Attempt) bool { return a.Replay })
	return row
}

// nameOf returns what a webhook is called: its URL, without what is secret, or its Job.
func nameOf(w *activity.Webhook, id string) string {
	switch {
	case w == nil:
		return id
	case w.JobID != "":
		return "Job " + w.JobID
	}
	return mask.URL(w)
}

// WebhookName returns what the activity calls the webhook of an id.
func WebhookName(s *domain.State, id string) string {
	name := nameOf(s.Webhook(id), id)
	return brief(strings.TrimPrefix(strings.TrimPrefix(name, "http://"), "https://"), 80)
}

func responseOf(a *activity.Attempt, job *activity.Job) string {
	switch {
	case a.Status != 0 && a.Error != "":
		return fmt.Sprintf("%d, then: %s", a.Status, brief(a.Error, 80))
	case a.Status != 0:
		return strings.TrimSpace(fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)))
	case a.Error != "":
		return brief(a.Error, 100)
	case job != nil && job.Ran:
		return fmt.Sprintf("exit %d", job.Exit)
	case job != nil:
		return "Job recorded"
	}
	return "no answer"
}
