package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/fixtures/handlers"
)

// failuresVariable is set in the environment of examples in which handlers fail checks, or
// payloads are not valid: `sh -e` must end only at other errors.
const failuresVariable = "HUBHOOK_TEST_JUDGES"

// mainForExamples is main, except that verbs may find failures if failuresVariable is set.
func mainForExamples() {
	code := run(os.Args[1:], cli.Streams{
		In: os.Stdin, Out: output.SharedFile{File: os.Stdout}, Err: output.SharedFile{File: os.Stderr},
	})
	given := func(verb string) bool { return slices.Contains(os.Args, verb) }
	mayFail := slices.ContainsFunc([]string{"check", "validate", "load"}, given)
	if code == cli.ExitFailed && mayFail && os.Getenv(failuresVariable) != "" {
		code = cli.ExitPassed
	}
	os.Exit(code)
}

// shownHandler is the address of the handler in examples.
const (
	shownHandler = "127.0.0.1:" + shownPort
	shownPort    = "8000"
)

// pasted is what a user pastes into a shell.
type pasted struct {
	lines     string
	variables []string // more of the environment
	folder    string   // where it is pasted; if empty, a new folder
	bug       string   // of the handler
	limited   bool     // the handler takes 500 deliveries a second
}

// paste runs lines as a user does who pastes them into a shell, and returns what they write.
// Unless they start a handler themselves, there is one with exampleSecret.
func paste(t *testing.T, p pasted) string {
	t.Helper()
	address, hub := freeAddress(t), freeAddress(t)
	if !startsHandler.MatchString(p.lines) {
		address = startExampleHandler(t, p)
	}
	_, port, _ := strings.Cut(address, ":")
	at := strings.NewReplacer(shownHandler, address, shownPort, port, hubAddress, hub,
		"hubhook serve ", "hubhook serve --listen "+hub+" ", "--hub\n", "--hub="+hub+"\n")
	sh := exec.CommandContext(t.Context(), "sh", "-ex", "-c", endsWhatItStarts(at.Replace(p.lines+"\n")))
	sh.Dir = p.folder
	if sh.Dir == "" {
		sh.Dir = t.TempDir()
	}
	sh.Env = slices.Concat(withoutSecret(os.Environ()), []string{failuresVariable + "=1"}, p.variables)
	var out, errors bytes.Buffer
	sh.Stdout, sh.Stderr = &out, &errors
	// A mistake in the middle of a pipeline shows in what it says alone.
	if err := sh.Run(); err != nil || strings.Contains(errors.String(), "hubhook: ") {
		t.Errorf("%v: %s\nit wrote: %s\nhaving run: %s", err, lastOf(errors.String()), lastOf(out.String()), p.lines)
	}
	return strings.ReplaceAll(out.String(), address, shownHandler)
}

// lastOf returns the end of a text, where it says what went wrong.
func lastOf(text string) string {
	const enough = 2000 // bytes
	return text[max(0, len(text)-enough):]
}

// startsHandler matches lines that start a handler.
var startsHandler = regexp.MustCompile(`(?m)^.*(hubhook handler|node|uvicorn) .*&`)

// endsWhatItStarts adds to a script that it kills what it left in the background.
func endsWhatItStarts(lines string) string {
	return "trap 'set +ex; jobs=$(mktemp); jobs -p >$jobs; kill $(cat $jobs); wait; rm $jobs' EXIT\n" + lines
}

func withoutSecret(environment []string) []string {
	return slices.DeleteFunc(environment, func(variable string) bool { return strings.HasPrefix(variable, flags.SecretVariable+"=") })
}

// freeAddress returns an address at which nobody listens. Its port is below those that the
// system gives to whoever asks for any, so that it is still free when it is used.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		if listener, err := net.Listen("tcp", address); err == nil {
			listener.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// startExampleHandler starts the handler with exampleSecret, and returns its address.
func startExampleHandler(t *testing.T, p pasted) string {
	t.Helper()
	o := withBug(t, p.bug, handlers.Options{Secret: exampleSecret})
	if p.limited {
		o.Modify = func(steps *handlers.Steps) { steps.Wrap = limit }
	}
	server := startOther(t, "127.0.0.1:0", o)
	return strings.TrimSuffix(strings.TrimPrefix(server.URL, "http://"), "/webhook")
}

// limit makes a handler process five requests at once, each of which takes 10 ms.
func limit(next http.Handler) http.Handler {
	slots := make(chan struct{}, 5)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slots <- struct{}{}
		defer func() { <-slots }()
		<-time.After(10 * time.Millisecond)
		next.ServeHTTP(w, r)
	})
}
