package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/suites/check"
)

// checkBy runs the verb check with these checks instead of the catalogue.
func checkBy(checks []check.Check, args ...string) (code int, out, errors string) {
	var stdout, stderr strings.Builder
	std := cli.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr}
	f := new(checkFlags)
	f.options.Checks = checks
	cmd := f.verb(std)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(append(args, "--quiet"))
	return cli.Execute(cmd, std), stdout.String(), stderr.String()
}

func testCheck(id string, run func(gomega.Gomega, *check.Handler)) check.Check {
	return check.Check{ID: id, Area: check.AreaSecret, Level: check.Must, Title: "does what " + id + " asks for", Run: run}
}

func accepts(g gomega.Gomega, h *check.Handler) { g.Expect(h.Deliver()).To(check.BeAccepted()) }

func refuses(g gomega.Gomega, h *check.Handler) { g.Expect(h.Deliver()).To(check.BeRejected()) }

func breaks(gomega.Gomega, *check.Handler) { panic("✗ SEC-01 MUST: verdict: passed") }

// A bug of a check never counts as the handler's, nor does it make a run pass.
func TestBugsOfChecks(t *testing.T) {
	const line = "hubhook: 1 check could not be judged because of a fault of hubhook: please report it\n"
	code, out, errors := checkBy([]check.Check{testCheck("SEC-01", accepts), testCheck("SEC-02", breaks)})
	if code != cli.ExitUsage || errors != line {
		t.Errorf("with no failure: exit code %d, %q", code, errors)
	}
	for _, want := range []string{"\n  ! SEC-02 ", "\ncould not be judged, by a fault of hubhook: please report it\n", "1 passed, 1 error\nverdict: inconclusive\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "goroutine") || strings.Contains(out, "\n✗") || strings.Contains(out, "\n  ✗") {
		t.Errorf("it shows a trace, or a failure:\n%s", out)
	}
	code, out, errors = checkBy([]check.Check{testCheck("SEC-01", accepts), testCheck("SEC-02", breaks), testCheck("SEC-03", refuses)})
	if code != cli.ExitFailed || errors != line || !strings.HasSuffix(out, "verdict: failed\n") {
		t.Errorf("with a failure: exit code %d, %q, %s", code, errors, out)
	}
}

func TestNoBurstSparesTheHandler(t *testing.T) {
	many := testCheck("RAT-02", accepts)
	many.Needs.Burst = true
	_, out, _ := checkBy([]check.Check{testCheck("SEC-01", accepts), many}, "--no-burst")
	if !strings.Contains(out, "1 passed, 1 skipped") {
		t.Errorf("it says:\n%s", out)
	}
}

// A dry run restarts nothing, and shows what would be sent after a restart.
func TestDryRunRestartsNothing(t *testing.T) {
	after := testCheck("RTY-18", accepts)
	after.Needs.Restart = true
	code, out, errors := checkBy([]check.Check{after}, "--dry-run", "--restart-cmd", "exit 1")
	if code != cli.ExitPassed || !strings.Contains(out, "1 check, of which 0 send nothing; 1 request in all") {
		t.Errorf("exit code %d, %s%s", code, errors, out)
	}
}

// Every flag is in one group, except those about the tool itself.
func TestHelpOfCheckIsInGroups(t *testing.T) {
	cmd := newCheck(cli.Streams{})
	grouped := map[string]int{"help": 1, "config": 1}
	for _, group := range checkGroups() {
		for _, name := range group.Names {
			grouped[name]++
		}
	}
	cmd.InitDefaultHelpFlag()
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if grouped[flag.Name] != 1 {
			t.Errorf("--%s stands under %d headings", flag.Name, grouped[flag.Name])
		}
		if n := strings.Count(cmd.UsageString(), " --"+flag.Name+" "); n < 1 && flag.Name != "help" {
			t.Errorf("--%s is not in the help", flag.Name)
		}
	})
}

// A restart ends when the handler listens again, though what the command started goes on
// running and keeps its output open.
func TestRestartByCommand(t *testing.T) {
	address := freeAddress(t)
	pid := filepath.Join(t.TempDir(), "pid")
	f := flags.Target{RestartCmd: "HUBHOOK_SECRET=" + exampleSecret + " hubhook handler --listen " + address + " & echo $! > " + pid}
	f.Secret.In = "header"
	target, err := f.Read("http://" + address + "/webhook")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if text, err := os.ReadFile(pid); err == nil {
			exec.Command("kill", strings.TrimSpace(string(text))).Run()
		}
	})
	if err := target.Restart(context.Background()); err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get("http://" + address + "/state")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the handler answers %s", answer.Status)
	}
}
