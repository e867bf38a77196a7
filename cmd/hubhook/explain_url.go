package main

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"

	"github.com/hubhook/hubhook/suites"
)

// shownURL is where explanations have the handler of whoever reads them; empty where
// they did not say.
type shownURL string

// forShell writes a URL so that it may stand in quotes of any kind, without a password.
func forShell(address *url.URL) string {
	shown := *address
	shown.Fragment = ""
	if shown.User != nil {
		shown.User = url.User(shown.User.Username())
	}
	return strings.NewReplacer("'", "%27", "$", "%24", "`", "%60", `\`, "%5C", "!", "%21").Replace(shown.String())
}

// of is the URL for a check.
func (s shownURL) of(needs suites.Needs) string {
	switch {
	case !needs.HTTPS:
		return cmp.Or(string(s), "http://127.0.0.1:8000/webhook")
	case s == "":
		return "https://127.0.0.1:8443/webhook"
	}
	return "https:" + strings.TrimPrefix(strings.TrimPrefix(string(s), "http:"), "https:")
}

// in puts the URL for a check where a command has another one.
func (s shownURL) in(command, other string, needs suites.Needs) string {
	shown := s.of(needs)
	if strings.Contains(shown, "?") {
		command = strings.ReplaceAll(command, other+"?", shown+"&")
	}
	return strings.ReplaceAll(command, other, shown)
}

// isPlainWord matches what no shell reads anything into.
var isPlainWord = regexp.MustCompile(`^[\w:/.%@,+=~-]+$`)

// asWord is the URL for a check as a word of a command line.
func (s shownURL) asWord(needs suites.Needs) string {
	shown := s.of(needs)
	if isPlainWord.MatchString(shown) {
		return shown
	}
	return "'" + shown + "'"
}
