package explain

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"

	"github.com/hubhook/hubhook/suites/check"
)

// URL is the URL of the reader's handler as explanations show it. If it is empty, they show
// an example.
type URL string

// NewURL returns a URL without its password, and so that shells take it for one word in quotes
// of any kind.
func NewURL(address *url.URL) URL {
	shown := *address
	shown.Fragment = ""
	if shown.User != nil {
		shown.User = url.User(shown.User.Username())
	}
	quoted := strings.NewReplacer("'", "%27", "$", "%24", "`", "%60", `\`, "%5C", "!", "%21").Replace(shown.String())
	return URL(quoted)
}

// forCheck returns the URL with the scheme that a check needs.
func (u URL) forCheck(needs check.Needs) string {
	switch {
	case !needs.HTTPS:
		return cmp.Or(string(u), "http://127.0.0.1:8000/webhook")
	case u == "":
		return "https://127.0.0.1:8443/webhook"
	}
	return "https:" + strings.TrimPrefix(strings.TrimPrefix(string(u), "http:"), "https:")
}

// plainWord matches a word without characters that mean something to a shell.
var plainWord = regexp.MustCompile(`^[\w:/.%@,+=~-]+$`)

// shellWord returns the URL for a check as a word of a command line.
func (u URL) shellWord(needs check.Needs) string {
	shown := u.forCheck(needs)
	if plainWord.MatchString(shown) {
		return shown
	}
	return "'" + shown + "'"
}
