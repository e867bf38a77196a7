package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

func newCheck(std streams) *cobra.Command { return new(checkFlags).verb(std) }

func (f *checkFlags) verb(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [URL]",
		Short: "Judge the handler at a URL",
		Long: `Judge the handler at a URL by all checks, or by those selected: deliveries are
made as the Hub makes them, and some as it never would. Without a URL the
built-in handler is judged, which shows what there is to see.

What is a flag here may also stand in the environment, --answer-within as
HUBHOOK_ANSWER_WITHIN and the URL as HUBHOOK_URL, or in ` + settingsFile + ` in the
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
		Args:              atMostOneURL,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := f.read(cmd, args)
			if err != nil {
				return err
			}
			if f.dryRun {
				return f.rehearse(cmd.Context(), args, std)
			}
			return f.judge(cmd.Context(), args, std)
		},
	}
	f.add(cmd)
	return cmd
}

// judge runs the checks and tells of them in every form that was asked for.
func (f *checkFlags) judge(ctx context.Context, args []string, std streams) error {
	target, builtIn, err := f.handler(args)
	if err != nil {
		return err
	}
	if builtIn != nil {
		defer builtIn.Close()
	}
	stop, err := f.watchHub(&target)
	if err != nil {
		return err
	}
	defer stop()
	kept, err := openAttempts(f.save)
	if err != nil {
		return err
	}
	defer kept.discard()
	files, err := openOutputs(f.forms.files()...)
	if err != nil {
		return err
	}
	defer files.discard()
	f.options.Save = kept.keep()
	f.options.Seed = cmp.Or(f.options.Seed, drawnSeed())
	report, err := f.run(ctx, target, std)
	if report == nil {
		return err
	}
	report.Examples = mendsOf(report)
	unkept := kept.write(report)
	f.tellKept(report, redact.NewMask(target.Secret))
	if fault := errors.Join(unkept, f.tell(report, files, std)); fault != nil {
		return fault
	}
	return end(report, err, std)
}

// tellKept says in a report how what was kept is made again.
func (f *checkFlags) tellKept(report *reports.Report, mask *redact.Mask) {
	for i := range report.Checks {
		check := &report.Checks[i]
		if n := len(check.Saved); n > 0 {
			check.Replay = mask.Text(f.replay(check.Saved[min(check.DecisiveIndex(), n-1)]))
		}
		for j, file := range check.Saved {
			check.Saved[j] = mask.Text(file)
		}
	}
}

// tell writes the report in every form, those that can be where others cannot. The
// files come first, for a terminal may be a pipe that nobody reads any more. What is
// written directly comes last: it may be the same stream.
func (f *checkFlags) tell(report *reports.Report, files outputs[*reports.Report], std streams) error {
	return errors.Join(
		files.write(report, (*reportFile[*reports.Report]).isWhole),
		reports.WriteTerminal(std.out, report, f.terminalOptions(std)),
		files.write(report, (*reportFile[*reports.Report]).isDirect),
	)
}

// run runs the checks, and tells of progress meanwhile.
func (f *checkFlags) run(ctx context.Context, target suites.Target, std streams) (*reports.Report, error) {
	options := f.options
	if !f.quiet {
		p := newProgress(std.err)
		ticker := time.NewTicker(p.every())
		defer ticker.Stop()
		defer p.start(ticker.C)()
		options.Started, options.Ended = p.started, p.end
		options.Waiting = func(place string) {
			fmt.Fprintf(std.err, "waiting up to %v for an answer at %s\n", options.Wait, place)
		}
	}
	report, err := suites.Judge(ctx, target, options)
	if report == nil && ctx.Err() != nil {
		err = errors.New("interrupted before the first check")
	}
	return report, err
}

// drawnSeed is one that is easily written down.
func drawnSeed() uint64 { return uint64(mathrand.Uint32()) + 1 }

func (f *checkFlags) terminalOptions(std streams) reports.TerminalOptions {
	o := terminalOptions(std)
	o.All = f.verbose
	return o
}

// handler is the handler that was named, or the built-in one, which is to be
// closed.
func (f *checkFlags) handler(args []string) (suites.Target, *handlers.Server, error) {
	if len(args) == 0 {
		return f.builtIn()
	}
	target, err := f.target.target(args[0])
	return target, nil, err
}

// builtIn starts the right handler, with a secret that nobody else knows.
func (f *checkFlags) builtIn() (suites.Target, *handlers.Server, error) {
	target, err := f.target.target("")
	if err != nil {
		return target, nil, err
	}
	if target.Secret == "" && target.SecretIn != delivery.InNone {
		target.Secret = rand.Text()
	}
	server, err := handlers.Start("127.0.0.1:0", handlers.Options{Secret: target.Secret, SecretIn: f.target.secret.in})
	if err != nil {
		return target, nil, err
	}
	target.URL = server.URL
	if target.Observe == "" && target.ObserveCommand == "" {
		target.Observe = server.State
	}
	return target, server, nil
}

// end is what a run comes to: errFailed where the handler failed, another error
// where there is no verdict, or none that is whole.
func end(report *reports.Report, err error, std streams) error {
	var interrupted *suites.Interrupted
	told := errors.As(err, &interrupted)
	if err != nil && !told {
		return err
	}
	if n := report.Summary.Error; n > 0 {
		err = errors.Join(err, fmt.Errorf("%s could not be judged because of a fault of hubhook: please report it", counted(n, "check")))
	}
	if report.Verdict != reports.Failed {
		return err
	}
	if err != nil {
		fmt.Fprintf(std.err, "hubhook: %s\n", oneLine(err.Error()))
	}
	return errFailed
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
