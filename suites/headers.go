package suites

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

// ConfidentialHeader tells whether the value of a header is secret by its name.
func ConfidentialHeader(name string) bool {
	confidential := []string{"Authorization", "Proxy-Authorization", "Cookie", delivery.SecretHeader, "X-Api-Key"}
	return slices.Contains(confidential, http.CanonicalHeaderKey(name))
}

// tellingValue is from how many bytes on the value of any header that a user adds
// is hidden wherever it appears, for it may be a secret under a name of its own.
// Shorter ones, such as "1" or "test", would take half of every text away.
const tellingValue = 8

// learnHeaders makes the masker hide what may be secret in headers that a user adds.
func (m *masker) learnHeaders(header http.Header) {
	for name, values := range header {
		least := tellingValue
		if ConfidentialHeader(name) {
			least = redact.MinEncoded
		}
		for _, value := range values {
			for _, part := range parts(value) {
				if len(part) >= least && !slices.Contains(sentAnyway(), part) {
					m.hide(part)
				}
			}
		}
	}
}

// parts are a header's value and what of it a handler may show alone: the token of
// "Bearer TOKEN", the password of "Basic …" (RFC 7617, section 2).
func parts(value string) []string {
	scheme, token, _ := strings.Cut(value, " ")
	list := []string{value, token}
	if strings.EqualFold(scheme, "Basic") {
		pair, _ := base64.StdEncoding.DecodeString(token)
		_, password, _ := strings.Cut(string(pair), ":")
		list = append(list, password)
	}
	return list
}

// sentAnyway are values that every delivery has, and that say nothing.
func sentAnyway() []string { return []string{delivery.ContentType, delivery.UserAgent} }

// given tells whether a header has a value that the user gave it.
func (t Target) given(name, value string) bool { return slices.Contains(t.Header[name], value) }

// withoutGiven leaves the values out that the user gave headers. In their own place
// they are hidden however short they are.
func (t Target) withoutGiven(headers []reports.Header) []reports.Header {
	for i, header := range headers {
		if t.given(header.Name, header.Value) {
			headers[i].Value = redacted
		}
	}
	return headers
}

// spelledAsOurs spells the names of headers as a delivery has them, so that one
// which a user adds takes the place of ours.
func spelledAsOurs(header http.Header) http.Header {
	spelled := http.Header{}
	for name, values := range header {
		for ours := range delivery.NewAttempt("", "", nil).Header {
			if strings.EqualFold(name, ours) {
				name = ours
			}
		}
		spelled[name] = append(spelled[name], values...)
	}
	return spelled
}
