package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/terminal"
	"github.com/hubhook/hubhook/suites"
)

func newCheck(std cli.Streams) *cobra.Command { return new(checkFlags).verb(std) }

func (f *checkFlags) verb(std cli.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [URL]",
		Short: "Judge the handler at a URL",
		Long: `Judge the handler at a URL by all checks, or by those selected: deliveries are
made as the Hub makes them, and some as it never would. Without a URL the
built-in handler is judged, which shows what there is to see.

What is a flag here may also stand in the environment, --answer-within as
HUBHOOK_ANSWER_WITHIN and the URL as HUBHOOK_URL, or in ` + flags.SettingsFile + ` in the
working directory, as answer-within and url. The command line wins over the
environment, and the environment over the file.

Exit code 0: no MUST failed. 1: a MUST failed, or with --strict a SHOULD, or what is
listed as a known failure passed. 2: there was nothing to judge, or the run was
interrupted.`,
		Example: `  hubhook check --area secret
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area payload --wait 30s
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area secret --observe http://127.0.0.1:8000/state
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area scope --strict --watches model,dataset
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area retry --observe-cmd 'curl -s http://127.0.0.1:8000/state'
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --only RTY-09 --hub
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --only SEC-02 --json report.json --junit report.xml
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area secret --html report.html --save failed
  hubhook check http://127.0.0.1:8000/webhook --area transport --dry-run`,
		Args:              cli.AtMostOneURL,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := f.read(cmd, args)
			if err != nil {
				return err
			}
			if f.dryRun {
				return f.runDry(cmd.Context(), args, std)
			}
			return f.run(cmd.Context(), args, std)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *checkFlags) run(ctx context.Context, args []string, std cli.Streams) error {
	target, server, err := f.handler(args)
	if err != nil {
		return err
	}
	if server != nil {
		defer server.Close()
	}
	stopHub, err := f.startHub(&target)
	if err != nil {
		return err
	}
	defer stopHub()
	attempts, err := output.OpenAttemptDir(f.save)
	if err != nil {
		return err
	}
	defer attempts.Discard()
	files, err := output.OpenFiles(f.reportFiles()...)
	if err != nil {
		return err
	}
	defer files.Discard()
	f.options.Save = attempts.Saver()
	f.options.Seed = cmp.Or(f.options.Seed, randomSeed())
	report, runErr := f.judge(ctx, target, std)
	if report == nil {
		return runErr
	}
	report.Examples = builtin.CodeFor(report)
	saveErr := attempts.Write(report)
	writeTerminal := func() error {
		options := output.TerminalOptions(std.Out)
		options.All = f.verbose
		return terminal.WriteReport(std.Out, report, options)
	}
	f.addReplays(report, redact.NewMask(target.Secret))
	if err := errors.Join(saveErr, files.Write(report, writeTerminal)); err != nil {
		return err
	}
	return checkResult(report, runErr, std)
}

func (f *checkFlags) addReplays(report *reports.Report, mask *redact.Mask) {
	for i := range report.Checks {
		check := &report.Checks[i]
		if n := len(check.Saved); n > 0 {
			check.Replay = mask.Text(f.replayLine(check.Saved[min(check.DecisiveIndex(), n-1)]))
		}
		for j, file := range check.Saved {
			check.Saved[j] = mask.Text(file)
		}
	}
}

func (f *checkFlags) judge(ctx context.Context, target suites.Target, std cli.Streams) (*reports.Report, error) {
	options := f.options
	if !f.quiet {
		p := output.NewCheckProgress(std.Err)
		ticker := time.NewTicker(p.Interval())
		defer ticker.Stop()
		defer p.Start(ticker.C)()
		options.Started, options.Ended = p.CheckStarted, p.CheckEnded
		options.Waiting = func(address string) {
			fmt.Fprintf(std.Err, "waiting up to %v for an answer at %s\n", options.Wait, address)
		}
	}
	report, err := suites.Judge(ctx, target, options)
	if report == nil && ctx.Err() != nil {
		err = errors.New("interrupted before the first check")
	}
	return report, err
}

// randomSeed returns a seed above zero that is short enough to be typed.
func randomSeed() uint64 { return uint64(mathrand.Uint32()) + 1 }

// handler returns the handler at a URL, or else the built-in one, with the server to be closed.
func (f *checkFlags) handler(args []string) (suites.Target, *handlers.Server, error) {
	if len(args) == 0 {
		return f.startBuiltIn()
	}
	target, err := f.target.Read(args[0])
	return target, nil, err
}

func (f *checkFlags) startBuiltIn() (suites.Target, *handlers.Server, error) {
	target, err := f.target.Read("")
	if err != nil {
		return target, nil, err
	}
	server, secret, err := builtin.StartRight(target.Secret, target.SecretIn)
	if err != nil {
		return target, nil, err
	}
	target.Secret = secret
	target.URL = server.URL
	if target.Observe == "" && target.ObserveCommand == "" {
		target.Observe = server.State
	}
	return target, server, nil
}

// checkResult returns ErrFailed if the handler failed, and why there is no complete verdict.
func checkResult(report *reports.Report, err error, std cli.Streams) error {
	var interrupted *suites.Interrupted
	if err != nil && !errors.As(err, &interrupted) {
		return err
	}
	if n := report.Summary.Error; n > 0 {
		err = errors.Join(err, fmt.Errorf("%s could not be judged because of a fault of hubhook: please report it",
			english.Plural(n, "check", "")))
	}
	return orFailed(report.Verdict, err, std)
}

// orFailed returns ErrFailed for a handler that failed, and prints the error that it replaces.
func orFailed(verdict reports.Status, err error, std cli.Streams) error {
	if verdict != reports.Failed {
		return err
	}
	if err != nil {
		std.PrintError(err)
	}
	return cli.ErrFailed
}
