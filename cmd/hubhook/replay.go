package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites"
)

type replayFlags struct {
	settings flags.Settings
	secret   flags.Secret
	headers  flags.Headers
	to       string
	route    flags.Route
	within   time.Duration
	json     bool
}

// replaySettings returns the flags that settings may set: those that check has, too.
func replaySettings() []string { return append(flags.RouteNames(), flags.HeaderName, "answer-within") }

func newReplay(std cli.Streams) *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay FILE…",
		Short: "Make an attempt again that failed a check",
		Long: `Make attempts again that failed a check, byte for byte, and show what is sent, what
comes back, and whether that is what came back the first time. The files are those
that check --save writes; - is standard input. The secret is not in them: it is read
from $` + flags.SecretVariable + `.

--cacert, --insecure, --unix, --header and --answer-within may also stand in the
environment or in ` + flags.SettingsFile + `, as for check.

Exit code 0: a complete answer came to each, whichever it was, or none was awaited.
1: one was left without. 2: a mistake in flags or files, or an interrupt.`,
		Example: `  export HUBHOOK_SECRET=s3cret
  hubhook handler --bug open-without-header --listen 127.0.0.1:8000 &
  curl -s --retry 5 --retry-connrefused http://127.0.0.1:8000/state    # until it listens
  hubhook check http://127.0.0.1:8000/webhook --only SEC-03 --save failed
  hubhook replay failed/SEC-03-2.json
  hubhook replay failed/*.json --json
  hubhook replay - --to http://127.0.0.1:8000/webhook < failed/SEC-03-1.json
  kill $!`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("no file is named: those of hubhook check --save are made again")
			}
			return nil
		},
		ValidArgsFunction: cli.CompleteJSONFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args, std)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *replayFlags) add(cmd *cobra.Command) {
	f.route.Add(cmd)
	set := cmd.Flags()
	f.secret.AddSecret(cmd)
	set.StringVar(&f.to, "to", "", "`URL` of another handler than the one that failed")
	f.headers.Add(cmd, "the value of a `header`, 'Name: value', that was given to check: it is not kept; may be repeated")
	set.DurationVar(&f.within, "answer-within", delivery.AttemptTimeout, "time for an answer; the Hub's is 30s")
	set.BoolVar(&f.json, "json", false, "tell of each attempt as one JSON object on a line")
	f.settings = flags.Settings{Only: replaySettings(), OfOtherVerbs: checkSettings()}
	f.settings.Add(cmd)
}

// checkSettings returns the settings of the verb check, which has the same file.
func checkSettings() []string {
	f := new(checkFlags)
	f.verb(cli.Streams{})
	return f.settings.Names()
}

func (f *replayFlags) run(ctx context.Context, files []string, std cli.Streams) error {
	options, err := f.options()
	if err != nil {
		return err
	}
	// All files are read before the first attempt is sent, so that a mistake costs nothing.
	var list []output.SavedFile
	for _, file := range files {
		a, err := readAttempt(file, std.In)
		if err == nil {
			err = a.CanReplay(options)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
		list = append(list, a)
	}
	return f.send(ctx, list, options, std.Out)
}

func readAttempt(file string, in io.Reader) (a output.SavedFile, err error) {
	if file == fromInput {
		a.Name = "standard input"
		a.Saved, err = suites.ReadSaved(in)
		return a, err
	}
	a.Name = file
	a.Saved, err = output.ReadFile(file, suites.ReadSaved)
	return a, err
}

func (f *replayFlags) send(ctx context.Context, list []output.SavedFile, options suites.ReplayOptions,
	out io.Writer) error {
	unanswered := false
	for i, a := range list {
		replayed, err := suites.Replay(ctx, a.Saved, options)
		if err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted after %d of %s", i, english.Plural(len(list), "attempt", ""))
		}
		if err := output.WriteReplay(out, f.json, a, replayed); err != nil {
			return err
		}
		unanswered = unanswered || replayed.Status == 0 && !replayed.LeftAsMeant
	}
	if unanswered {
		return cli.ErrFailed
	}
	return nil
}

func (f *replayFlags) options() (o suites.ReplayOptions, err error) {
	if _, err := f.settings.Read(nil); err != nil {
		return o, err
	}
	if err := flags.CheckPositive("answer-within", f.within); err != nil {
		return o, err
	}
	o = suites.ReplayOptions{Secret: f.secret.Value(), URL: f.to, Timeout: f.within}
	if err := delivery.CheckSecret(o.Secret); err != nil {
		return o, fmt.Errorf("the secret cannot be sent: %w", err)
	}
	if f.to != "" {
		if _, err := delivery.ParseURL("the handler's URL", f.to); err != nil {
			return o, err
		}
	}
	if o.Header, err = f.headers.Read(); err != nil {
		return o, err
	}
	o.Route, err = f.route.Read()
	return o, err
}
