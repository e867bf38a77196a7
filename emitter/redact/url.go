package redact

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	leadingPassword = regexp.MustCompile(`^((?:[^/?#]*:)?//[^/?#:]*:)[^/?#]*@`)
	anyPassword     = regexp.MustCompile(`(://[^/?#\s:@'"]*:)[^/?#\s'"]*@`)
)

// Password hides the password in http://user:password@host behind [Placeholder]. It
// changes nothing else, not even in what is no valid URL.
func Password(rawURL string) string {
	return leadingPassword.ReplaceAllString(rawURL, "${1}"+Placeholder+"@")
}

// Passwords hides the passwords of all URLs in a text, such as a command.
func Passwords(text string) string { return anyPassword.ReplaceAllString(text, "${1}"+Placeholder+"@") }

// URL returns u without its fragment, and with placeholder for its password, or its user
// if it has no password, and for each value of its query, however short.
func URL(u *url.URL, placeholder string) string {
	open := *u
	open.User, open.Fragment, open.RawFragment = nil, "", ""
	if u.RawQuery != "" {
		open.RawQuery = hideValues(u.RawQuery, placeholder)
	}
	if u.User == nil {
		return open.String()
	}
	user := placeholder
	if _, has := u.User.Password(); has {
		user = url.User(u.User.Username()).String() + ":" + placeholder
	}
	scheme, rest, _ := strings.Cut(open.String(), "//")
	return scheme + "//" + user + "@" + rest
}

func hideValues(query, placeholder string) string {
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		if name, _, named := strings.Cut(pair, "="); named {
			pairs = append(pairs, name+"="+placeholder)
		} else {
			pairs = append(pairs, placeholder)
		}
	}
	return strings.Join(pairs, "&")
}

// HidePassword hides the password of a URL, which a handler would echo as part of an
// Authorization header, if it has [MinLength] bytes or more.
func (m *Mask) HidePassword(rawURL string) {
	if u, err := url.Parse(rawURL); err == nil {
		password, _ := u.User.Password()
		m.HideLong(password)
	}
}

// HideURL hides what [URL] does of u in other texts too, if it has [MinLength] bytes or more.
func (m *Mask) HideURL(u *url.URL, replacement string) {
	for _, value := range append(credentials(u), queryValues(u)...) {
		if len(value) >= MinLength {
			m.Hide(value, replacement)
		}
	}
}

// credentials returns a URL's password, or its user without one: tokens are written as the user.
func credentials(u *url.URL) []string {
	if password, has := u.User.Password(); has {
		return []string{password}
	}
	return []string{u.User.Username()}
}

// queryValues returns the values in a URL's query, as they stand and unescaped.
func queryValues(u *url.URL) []string {
	var values []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, named := strings.Cut(pair, "=")
		if !named {
			value = name
		}
		values = append(values, value)
		if unescaped, err := url.QueryUnescape(value); err == nil && unescaped != value {
			values = append(values, unescaped)
		}
	}
	return values
}
