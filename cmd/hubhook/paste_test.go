package main

import (
	"bytes"
	"net"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/fixtures/handlers"
)

// judgedVariable stands in the environment where a handler or a payload that is
// not as it should be is part of what is shown: `sh -e` then ends at mistakes
// alone.
const judgedVariable = "HUBHOOK_TEST_JUDGES"

// mainWhereJudged is main, unless judgedVariable is set: then it is no failure
// that a verb which judges found something.
func mainWhereJudged() {
	code := run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	judges := slices.ContainsFunc([]string{"check", "validate", "load"}, func(verb string) bool { return slices.Contains(os.Args, verb) })
	if code == exitFailed && judges && os.Getenv(judgedVariable) != "" {
		code = exitPassed
	}
	os.Exit(code)
}

// shownHandler is where examples look for a handler.
const shownHandler = "127.0.0.1:8000"

// paste runs lines as a user does who pastes them into a shell, in an empty
// folder and with more variables in the environment. Where they do not start a
// handler themselves, there is one that knows the secret. What they write is given
// back.
func paste(t *testing.T, lines, secret string, variables ...string) string {
	t.Helper()
	address := freeAddress(t)
	if !strings.Contains(lines, "hubhook handler") {
		address = startHandlerThatKnows(t, secret)
	}
	sh := exec.CommandContext(t.Context(), "sh", "-ex", "-c", endsWhatItStarts(strings.ReplaceAll(lines, shownHandler, address)))
	sh.Dir = t.TempDir()
	sh.Env = slices.Concat(withoutSecret(os.Environ()), []string{judgedVariable + "=1"}, variables)
	var out, errors bytes.Buffer
	sh.Stdout, sh.Stderr = &out, &errors
	// A mistake in the middle of a pipeline shows in what it says alone.
	if err := sh.Run(); err != nil || strings.Contains(errors.String(), "hubhook: ") {
		t.Errorf("%v: %s\nit wrote: %.2000s\nhaving run: %s", err, &errors, &out, lines)
	}
	return out.String()
}

// endsWhatItStarts is a script that ends the processes which it left in the
// background.
func endsWhatItStarts(lines string) string {
	script := "started=\ntrap 'kill $started 2>/dev/null || :; wait || :' EXIT\n"
	for line := range strings.Lines(lines) {
		script += line
		if strings.HasSuffix(strings.TrimSpace(line), "&") {
			script += "started=\"$started $!\"\n"
		}
	}
	return script
}

func withoutSecret(environment []string) []string {
	return slices.DeleteFunc(environment, func(variable string) bool { return strings.HasPrefix(variable, secretVariable+"=") })
}

// freeAddress is one at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// startHandlerThatKnows starts the right handler, and says at which address.
func startHandlerThatKnows(t *testing.T, secret string) string {
	t.Helper()
	server, err := handlers.Start("127.0.0.1:0", handlers.Options{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	parsed, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Host
}
