package emitter

import (
	"maps"
	"slices"
	"strings"
)

// maxCurlArgument is the size in bytes of the longest body that is an argument of
// curl. Linux takes no argument of 128 KiB (MAX_ARG_STRLEN), and one that long is
// nothing to read either.
const maxCurlArgument = 16 << 10

func curlHead(to Destination) string {
	head := "#!/bin/sh\n"
	if to.SecretIn == InNone {
		return head
	}
	head += "# The secret is read from the environment variable " + secretName + ".\n"
	if to.SecretIn == InQuery {
		head += "# --url-query needs curl 7.87 or later.\n"
	}
	return head + ": \"${" + secretName + ":?is not set}\"\n"
}

// appendCurl writes a command that sends a payload, byte for byte.
func appendCurl(dst []byte, m Message, to Destination) ([]byte, error) {
	a := to.open(m)
	before, data := curlData(a.Body)
	words := []string{before + `curl -sS -i -w '\n\n'` + CurlURLFlags(a.URL) + " " + ShellQuoted(a.URL)}
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		for _, value := range a.Header[name] {
			words = append(words, "-H "+ShellQuoted(curlHeader(name, value)))
		}
	}
	switch {
	case to.SecretIn == InHeader && !hasHeader(a.Header, SecretHeader):
		words = append(words, `-H "`+SecretHeader+`: $`+secretName+`"`)
	case to.SecretIn == InQuery:
		words = append(words, `--url-query "`+secretParameter+`=$`+secretName+`"`)
	}
	if len(a.Body) >= CurlWaitsFrom {
		words = append(words, "-H 'Expect:'")
	}
	words = append(words, data)
	dst = append(dst, "\n# "+shellComment(m.Shape)+"\n"...)
	return append(append(dst, strings.Join(words, " \\\n  ")...), '\n'), nil
}

// curlHeader is the argument of -H.
func curlHeader(name, value string) string {
	if strings.TrimSpace(value) == "" {
		return name + ";" // "Name:" would leave it out
	}
	return name + ": " + value
}

// curlData is how curl comes by a body, and what stands before it. A long text
// goes through printf, which is part of the shell, so that no limit of arguments
// holds; a here-document would add a line break.
func curlData(body []byte) (before, data string) {
	switch {
	case !IsCopyable(body):
		return ShellBase64(body), "--data-binary @-"
	case len(body) > maxCurlArgument:
		return "printf %s " + ShellQuoted(string(body)) + " | ", "--data-binary @-"
	}
	return "", CurlTextOption(body) + " " + ShellQuoted(string(body))
}
