package redact

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// IsConfidential reports whether the value of a header is secret by the header's name.
func IsConfidential(name string) bool {
	confidential := []string{"Authorization", "Proxy-Authorization", "Cookie", "X-Webhook-Secret", "X-Api-Key"}
	return slices.Contains(confidential, http.CanonicalHeaderKey(name))
}

// Header returns a copy of header with [Placeholder] for each confidential value.
func Header(header http.Header) http.Header {
	redacted := http.Header{}
	for name, values := range header {
		for _, value := range values {
			if IsConfidential(name) {
				value = Placeholder
			}
			redacted[name] = append(redacted[name], value)
		}
	}
	return redacted
}

// HideHeader hides the confidential values of header, and what [HeaderParts] finds in them.
func (m *Mask) HideHeader(header http.Header) {
	for name, values := range header {
		if !IsConfidential(name) {
			continue
		}
		for _, value := range values {
			m.HideLong(HeaderParts(value)...)
		}
	}
}

// HeaderParts returns a header's value and what of it a handler may repeat on its own: the
// token of "Bearer TOKEN", the password of "Basic …" (RFC 7617, section 2).
func HeaderParts(value string) []string {
	scheme, token, _ := strings.Cut(value, " ")
	list := []string{value, token}
	if strings.EqualFold(scheme, "Basic") {
		pair, _ := base64.StdEncoding.DecodeString(token)
		_, password, _ := strings.Cut(string(pair), ":")
		list = append(list, password)
	}
	return list
}
