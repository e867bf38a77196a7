package format

import (
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// maxCurlArgument is the size in bytes of the longest body that is an argument of curl. Linux takes no argument of 128
// KiB (MAX_ARG_STRLEN), and nobody reads one that long.
const maxCurlArgument = 16 << 10

func curlHead(to delivery.Destination) string {
	head := "#!/bin/sh\n"
	if to.SecretIn == delivery.InNone {
		return head
	}
	head += "# The secret is read from the environment variable " + secretVariable + ".\n"
	if to.SecretIn == delivery.InQuery {
		head += "# --url-query needs curl 7.87 or later.\n"
	}
	return head + ": \"${" + secretVariable + ":?is not set}\"\n"
}

// appendCurl appends a command that sends a payload, byte for byte.
func appendCurl(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	a := to.WithoutSecret(m)
	before, data := curlData(a.Body)
	words := []string{before + `curl -sS -i -w '\n\n'` + curl.URLFlags(a.URL) + " " + curl.Quote(a.URL)}
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		for _, value := range a.Header[name] {
			words = append(words, "-H "+curl.Quote(curlHeader(name, value)))
		}
	}
	switch {
	case to.SecretIn == delivery.InHeader && !hasHeader(a.Header, delivery.SecretHeader):
		words = append(words, `-H "`+delivery.SecretHeader+`: $`+secretVariable+`"`)
	case to.SecretIn == delivery.InQuery:
		words = append(words, `--url-query "`+delivery.SecretParameter+`=$`+secretVariable+`"`)
	}
	if len(a.Body) >= curl.ExpectFrom {
		words = append(words, "-H 'Expect:'")
	}
	words = append(words, data)
	dst = append(dst, "\n# "+curl.ShellComment(m.Shape)+"\n"...)
	return append(append(dst, strings.Join(words, " \\\n  ")...), '\n'), nil
}

func curlHeader(name, value string) string {
	if strings.TrimSpace(value) == "" {
		return name + ";" // "Name:" would leave it out
	}
	return name + ": " + value
}

// curlData returns the option that gives curl a body, and the command that pipes it. A long text goes through printf,
// which is part of the shell, so that no limit of arguments applies; a here-document would add a line break.
func curlData(body []byte) (before, data string) {
	switch {
	case !curl.IsCopyable(body):
		return curl.PrintBase64(body), "--data-binary @-"
	case len(body) > maxCurlArgument:
		return "printf %s " + curl.Quote(string(body)) + " | ", "--data-binary @-"
	}
	return "", curl.TextOption(body) + " " + curl.Quote(string(body))
}
