package suites

import "strings"

// redacted stands for the password of a URL.
const redacted = "***"

// redactURL hides the password in http://user:password@host and changes nothing
// else, not even in what is no valid URL.
func redactURL(rawURL string) string {
	scheme, rest, found := strings.Cut(rawURL, "//")
	if !found || strings.ContainsAny(scheme, "/?#") || scheme != "" && !strings.HasSuffix(scheme, ":") {
		return rawURL
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 {
		return rawURL
	}
	user, _, hasPassword := strings.Cut(rest[:at], ":")
	if !hasPassword {
		return rawURL
	}
	return scheme + "//" + user + ":" + redacted + rest[at:]
}
