package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"hubhook": mainForExamples}) }

// nobody is a URL at which nobody listens. The port of a server that was closed could be given
// to another one meanwhile.
const nobody = "http://127.0.0.1:1"

// scriptSecret is the secret of the handlers in scripts.
const scriptSecret = "Script-Secret-7"

// TestScripts runs the command line as users do. $RIGHT, $OPEN and $CLOSED are
// handlers, the first without a defect, the others open to everybody and closed to
// scopes of the future, and $RIGHT_STATE shows what the first one did; $SECURE speaks
// https with the certificate in certificate.pem, and $IPV6 has an address of IPv6, both
// open to everybody; $ECHO responds with all that it was sent; at $GONE nobody listens.
func TestScripts(t *testing.T) {
	open := startHandler(t, "open")
	closed := startHandler(t, "closed-scopes")
	secure := startOther(t, "127.0.0.1:0", withBug(t, "open", handlers.Options{Secret: scriptSecret, Variant: "http2"}))
	ipv6 := startOther(t, "[::1]:0", withBug(t, "open", handlers.Options{Secret: scriptSecret})) // which CI has
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, r.Header)
		io.Copy(w, r.Body)
	}))
	t.Cleanup(echo.Close)
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"isreport": isReport},
		Setup: func(env *testscript.Env) error {
			right := startHandler(t, "") // of each script its own: another's deliveries would show in its state
			env.Vars = append(env.Vars,
				"HUBHOOK_SECRET="+scriptSecret, "SECRET="+scriptSecret,
				"RIGHT="+right.URL, "RIGHT_STATE="+right.State, "OPEN="+open.URL, "CLOSED="+closed.URL, "ECHO="+echo.URL, "ECHO_WITH_PASSWORD="+strings.Replace(echo.URL, "//", "//me:hunter2@", 1), "GONE="+nobody,
				"SECURE="+secure.URL, "IPV6="+ipv6.URL, "IPV6_STATE="+ipv6.State, "TWO_HEADERS=X-One: 1\nX-Two: 2",
			)
			return os.WriteFile(filepath.Join(env.WorkDir, "certificate.pem"), secure.Certificate, 0o600)
		},
	})
}

// isReport is the command of scripts that validates files by the schema of reports.
func isReport(ts *testscript.TestScript, no bool, files []string) {
	if no || len(files) == 0 {
		ts.Fatalf("usage: isreport FILE…")
	}
	for _, file := range files {
		ts.Check(validReport([]byte(ts.ReadFile(file))))
	}
}

func startHandler(t *testing.T, bug string) *handlers.Server {
	t.Helper()
	return startOther(t, "127.0.0.1:0", withBug(t, bug, handlers.Options{Secret: scriptSecret}))
}

// withBug adds the bug of a mutant to a handler; none if the name is empty.
func withBug(t *testing.T, name string, o handlers.Options) handlers.Options {
	t.Helper()
	if name == "" {
		return o
	}
	mutant, err := mutants.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return mutant.Apply(o)
}

func startOther(t *testing.T, address string, o handlers.Options) *handlers.Server {
	t.Helper()
	server, err := handlers.Start(address, o)
	if err != nil {
		t.Fatalf("no handler can be started at %s: %v", address, err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// A dozen mutants, through the command line from end to end.
func TestMutantsThroughTheCommandLine(t *testing.T) {
	t.Setenv(flags.SecretVariable, scriptSecret)
	wanted := []string{
		"open-without-header", "prefix", "acts-before-check", "closed-scopes", "action-kept", "forgets-ids",
		"409-on-duplicates", "bucket-without-retry-after", "closed-types", "no-json-check", "needs-length", "get-acts",
	}
	for _, mutant := range mutants.All() {
		for _, name := range wanted {
			if mutant.Name == name {
				t.Run(name, func(t *testing.T) {
					t.Parallel() // a run waits most of the time
					checkThroughCommandLine(t, mutant)
				})
			}
		}
	}
}

func checkThroughCommandLine(t *testing.T, mutant mutants.Mutant) {
	server := startHandler(t, mutant.Name)
	var out, errors strings.Builder
	code := run([]string{"check", server.URL, "--quiet", "--observe", server.State, "--settle", "60ms"}, cli.Streams{In: os.Stdin, Out: &out, Err: &errors})
	got := []string{}
	must := false
	for line := range strings.Lines(out.String()) {
		if words := strings.Fields(line); len(words) > 2 && strings.HasPrefix(line, "  ✗") {
			got = append(got, words[1])
			must = must || words[2] == "MUST"
		}
	}
	if want := fmt.Sprint(withoutRestart(mutant.Fails)); fmt.Sprint(got) != want {
		t.Errorf("failed %v, want %v", got, want)
	}
	if want := map[bool]int{true: cli.ExitFailed, false: cli.ExitPassed}[must]; code != want || errors.Len() > 0 {
		t.Errorf("exit code %d, want %d; stderr %q", code, want, errors.String())
	}
}

// withoutRestart leaves out the checks that must restart the handler.
func withoutRestart(ids []string) []string {
	restarts := func(id string) bool {
		return slices.ContainsFunc(catalogue.All(), func(c check.Check) bool { return c.ID == id && c.Needs.Restart })
	}
	return slices.DeleteFunc(slices.Clone(ids), restarts)
}
