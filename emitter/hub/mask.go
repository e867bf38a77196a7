package hub

import (
	"cmp"
	"net/url"
	"strings"
)

// compare orders texts by their bytes.
func compare(a, b string) int { return cmp.Compare(a, b) }

// mask hides what is secret about a webhook in what is shown.
type mask struct{ secrets []string }

func maskOf(w *Webhook) *mask { return &mask{[]string{w.Secret}} }

func (m *mask) text(text string) string {
	for _, s := range m.secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "•••")
		}
	}
	return text
}

func (m *mask) cut(text string, _ bool) string { return m.text(text) }

// shownURL is the URL of a webhook without its secrets.
func shownURL(w *Webhook) string {
	u, err := url.Parse(w.URL)
	if err != nil {
		return ""
	}
	if u.RawQuery != "" {
		u.RawQuery = "•••"
	}
	return u.Redacted()
}

// shortened cuts a text that is too long to be shown.
func shortened(text string) string { return text[:min(len(text), 1024)] }
