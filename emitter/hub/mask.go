package hub

import (
	"cmp"
	"net/url"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/emitter/redact"
)

// hidden stands for a secret wherever it is only looked at: in answers, errors, URLs,
// the output of Jobs. A command line that is to be run says $HUBHOOK_SECRET instead.
const hidden = "•••"

// mask hides what is secret about a webhook in what is shown.
type mask struct {
	redact.Mask
	url string // the webhook's, without its secrets
}

// maskOf hides a webhook's secret, the password or token in its URL, and the values in
// the query of that. What of the URL is shorter than 4 bytes is not hidden in other
// texts: that would take half of each away.
func maskOf(w *Webhook) *mask {
	m := &mask{}
	m.Hide(w.Secret, hidden)
	u, err := url.Parse(w.URL)
	if err != nil {
		return m
	}
	for _, value := range append(credentials(u), queryValues(u)...) {
		if len(value) >= redact.MinEncoded {
			m.Hide(value, hidden)
		}
	}
	m.url = m.Text(withoutSecrets(u))
	return m
}

// credentials are the password of a URL, or its user where that has none: a token is
// written so.
func credentials(u *url.URL) []string {
	if password, has := u.User.Password(); has {
		return []string{password}
	}
	return []string{u.User.Username()}
}

// queryValues are the values in a URL's query, as they stand and as they are meant.
func queryValues(u *url.URL) []string {
	var values []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, named := strings.Cut(pair, "=")
		if !named {
			value = name
		}
		values = append(values, value)
		if meant, err := url.QueryUnescape(value); err == nil && meant != value {
			values = append(values, meant)
		}
	}
	return values
}

// withoutSecrets is a URL whose password and values are hidden, however short.
func withoutSecrets(u *url.URL) string {
	open := *u
	open.User, open.Fragment, open.RawFragment = nil, "", ""
	if u.RawQuery != "" {
		open.RawQuery = withoutValues(u.RawQuery)
	}
	if u.User == nil {
		return open.String()
	}
	user := hidden
	if _, has := u.User.Password(); has {
		user = url.User(u.User.Username()).String() + ":" + hidden
	}
	scheme, rest, _ := strings.Cut(open.String(), "//")
	return scheme + "//" + user + "@" + rest
}

func withoutValues(query string) string {
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		if name, _, named := strings.Cut(pair, "="); named {
			pairs = append(pairs, name+"="+hidden)
		} else {
			pairs = append(pairs, hidden)
		}
	}
	return strings.Join(pairs, "&")
}

// text masks a whole text.
func (m *mask) text(text string) string { return m.Text(text) }

// cut masks a text, whose end may have cut a secret in two where it is cut.
func (m *mask) cut(text string, isCut bool) string {
	if isCut {
		return m.Cut(text)
	}
	return m.Text(text)
}

// shownURL is the URL of a webhook without its secrets. It is empty where a Job is run.
func shownURL(w *Webhook) string { return maskOf(w).url }

// masks remembers masks, for it takes longer to make one than to use it.
type masks struct {
	mu    sync.Mutex
	known map[maskKey]*mask
}

// maskKey is all that a mask depends on.
type maskKey struct{ secret, url string }

// of is the mask of a webhook.
func (m *masks) of(w *Webhook) *mask {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := maskKey{w.Secret, w.URL}
	if made := m.known[key]; made != nil {
		return made
	}
	if m.known == nil || len(m.known) >= mostWebhooks {
		m.known = map[maskKey]*mask{}
	}
	m.known[key] = maskOf(w)
	return m.known[key]
}

// compare orders texts by their bytes.
func compare(a, b string) int { return cmp.Compare(a, b) }

// longestField is how much of a line of a head is kept, in bytes.
const longestField = 1024

// field masks a text of a head, and cuts it where it is too long.
func (m *mask) field(text string) string {
	short := firstBytes(text, longestField)
	return m.cut(short, len(short) < len(text))
}
