package main

import (
	"crypto/rand"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// checkFlags are what the verb check was asked for.
type checkFlags struct {
	secret      secretFlags
	observe     string
	schemas     schemasFlag
	options     suites.Options
	json, junit string
}

func newCheck(std streams) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [URL]",
		Short: "Judge the handler at a URL",
		Long: `Judge the handler at a URL by all checks, or by those selected: deliveries are
made as the Hub makes them, and some as it never would. Without a URL the
built-in handler is judged, which shows what there is to see.

Exit code 0: no MUST failed. 1: a MUST failed. 2: there was nothing to judge.`,
		Example: `  hubhook check --area secret
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area payload
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area secret --observe http://127.0.0.1:8000/state
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --only SEC-02 --json report.json --junit report.xml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.judge(cmd, args, std)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *checkFlags) add(cmd *cobra.Command) {
	f.secret.add(cmd)
	selectionFlags(cmd, &f.options.Selection)
	f.schemas.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.observe, "observe", "", "URL of a page that tells what the handler did; JSON is compared by value")
	flags.Uint64Var(&f.options.Seed, "seed", 1, "of the payloads")
	flags.DurationVar(&f.options.Budget, "budget", suites.DefaultBudget, "time for a check that needs many deliveries")
	flags.DurationVar(&f.options.Timeout, "timeout", suites.DefaultTimeout, "time for the whole run")
	flags.DurationVar(&f.options.AnswerWithin, "answer-within", emitter.AttemptTimeout, "time for an answer; the Hub's is 30s")
	flags.DurationVar(&f.options.Settle, "settle", 0, "how long what is observed must stand still, at least; found out where 0")
	flags.StringVar(&f.json, "json", "", "write the report as JSON to this file")
	flags.StringVar(&f.junit, "junit", "", "write the report as JUnit XML to this file")
}

// judge runs the checks and tells of them in every form that was asked for.
func (f *checkFlags) judge(cmd *cobra.Command, args []string, std streams) error {
	target, builtIn, err := f.target(args)
	if err != nil {
		return err
	}
	if builtIn != nil {
		defer builtIn.Close()
	}
	if f.options.Schemas, err = f.schemas.extended(); err != nil {
		return err
	}
	f.options.Version = version()
	f.options.Rerun = rerun(cmd, args)
	files, err := openOutputs(f.json, f.junit)
	if err != nil {
		return err
	}
	defer files.close()
	report, err := suites.Judge(cmd.Context(), target, f.options)
	if report == nil {
		return err
	}
	if err := reports.WriteTerminal(std.out, report, terminalOptions(std)); err != nil {
		return err
	}
	if err := files.write(report); err != nil {
		return err
	}
	if err == nil && report.Verdict == reports.Failed {
		return errFailed
	}
	return err
}

// terminalOptions are those of standard output, where that is what it is.
func terminalOptions(std streams) reports.TerminalOptions {
	if file, ok := std.out.(*os.File); ok {
		return reports.TerminalOptionsFor(file)
	}
	return reports.TerminalOptions{}
}

// target is the handler that was named, or the built-in one, which is to be
// closed.
func (f *checkFlags) target(args []string) (suites.Target, *handlers.Server, error) {
	if len(args) == 0 {
		return f.builtIn()
	}
	return suites.Target{
		URL: args[0], Secret: f.secret.value(), SecretIn: emitter.SecretIn(f.secret.in), Observe: f.observe,
	}, nil, nil
}

// builtIn starts the right handler, with a secret that nobody else knows.
func (f *checkFlags) builtIn() (suites.Target, *handlers.Server, error) {
	secret := f.secret.value()
	if secret == "" && f.secret.in != string(emitter.InNone) {
		secret = rand.Text()
	}
	server, err := handlers.Start("127.0.0.1:0", handlers.Options{Secret: secret, SecretIn: f.secret.in})
	if err != nil {
		return suites.Target{}, nil, err
	}
	target := suites.Target{
		URL: server.URL, Secret: secret, SecretIn: emitter.SecretIn(f.secret.in), Observe: f.observe,
	}
	if target.Observe == "" {
		target.Observe = server.State
	}
	return target, server, nil
}
