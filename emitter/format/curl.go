package format

import (
	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

// maxCurlArgument is the size in bytes of the longest body that is an argument of curl. Linux takes no argument of 128
// KiB (MAX_ARG_STRLEN), and nobody reads one that long.
const maxCurlArgument = 16 << 10

func curlHead(to delivery.Destination) string {
	head := "#!/bin/sh\n"
	if to.SecretIn == delivery.InNone {
		return head
	}
	head += "# The secret is read from the environment variable " + redact.SecretName + ".\n"
	if to.SecretIn == delivery.InQuery {
		head += "# --url-query needs curl 7.87 or later.\n"
	}
	return head + ": \"${" + redact.SecretName + ":?is not set}\"\n"
}

// appendCurl appends a command that sends a payload, byte for byte.
func appendCurl(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	a := to.WithoutSecret(m)
	secret := curl.Text{{Text: "the secret", Command: redact.SecretVariable}}
	r := curl.Request{
		Options: append([]curl.Text{curl.Literal("-w"), curl.Literal(`\n\n`)}, curl.URLFlags(a.URL)...),
		URL:     curl.Literal(a.URL), Body: curlBody(a.Body),
	}
	for _, f := range delivery.HeaderFields(a.Header) {
		r.Headers = append(r.Headers, curl.Header{Name: curl.Literal(f.Name), Value: curl.Literal(f.Value)})
	}
	switch {
	case to.SecretIn == delivery.InHeader && !delivery.HasHeader(a.Header, delivery.SecretHeader):
		r.Headers = append(r.Headers, curl.Header{Name: curl.Literal(delivery.SecretHeader), Value: secret})
	case to.SecretIn == delivery.InQuery:
		// The blank in the stand-in has curl escape the secret, whatever it is.
		r.QuerySecret = secret
	}
	dst = append(dst, "\n# "+curl.ShellComment(m.Shape)+"\n"...)
	return append(append(dst, r.String()...), '\n'), nil
}

func curlBody(body []byte) curl.Body {
	switch {
	case !curl.IsCopyable(body):
		return curl.Base64Body(body)
	case len(body) > maxCurlArgument:
		return curl.PipedBody(string(body))
	}
	return curl.TextBody(curl.Literal(string(body)))
}
