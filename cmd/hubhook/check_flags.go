package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites"
)

// checkFlags are what the verb check was asked for.
type checkFlags struct {
	settings settings
	target   targetFlags
	schemas  schemasFlag
	options  suites.Options
	hub      string // the address of a mock Hub that shows what the handler did
	known    string
	forms    reportFlags
	save     string
	replay   func(file string) string // the command line that makes a saved attempt again
	dryRun   bool
	quiet    bool
	verbose  bool
}

func (f *checkFlags) add(cmd *cobra.Command) {
	f.target.add(cmd)
	selectionFlags(cmd, &f.options.Selection)
	f.schemas.add(cmd)
	flags := cmd.Flags()
	flags.Uint64Var(&f.options.Seed, "seed", 0, "the same seed sends the same payloads; drawn where 0, so that they are new")
	flags.BoolVar(&f.options.NoBurst, "no-burst", false, "not the checks that need many deliveries, for a handler that others depend on")
	flags.DurationVar(&f.options.Budget, "budget", suites.DefaultBudget, "time for a check that needs many deliveries")
	flags.DurationVar(&f.options.Timeout, "timeout", suites.DefaultTimeout, "time for the whole run")
	flags.DurationVar(&f.options.Wait, "wait", 0, "wait so long for a first answer; a GET for / asks, no delivery")
	flags.DurationVar(&f.options.AnswerWithin, "answer-within", emitter.AttemptTimeout, "time for an answer; the Hub's is 30s")
	flags.DurationVar(&f.options.Limits.Recover, "recover-within", time.Minute, "time for accepting again after having shed load")
	flags.DurationVar(&f.options.Settle, "settle", 0, "how long that must stand still, at least; found out where 0")
	flags.StringVar(&f.hub, "hub", "", "run a mock Hub: payloads name its `address`, and the handler's calls to it tell what the handler did")
	flags.Lookup("hub").NoOptDefVal = hubAddress
	flags.BoolVar(&f.options.Strict, "strict", false, "a SHOULD that fails fails the run, too")
	flags.StringVar(&f.known, "known-failures", "", "`file` of IDs, one on a line: they may fail, and must be taken off once they pass")
	f.forms.add(flags)
	flags.StringVar(&f.save, "save", "", "keep what failed checks sent in this `folder`, for hubhook replay")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "list what passed, too, and tell all of each failure, whatever its cause")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "do not tell of progress on stderr")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would be sent, and send nothing to the handler")
	f.settings = settings{argument: "url", oneOf: [][]string{{"observe", "observe-cmd", "hub"}}, refuse: refuseSecrets}
	f.settings.add(cmd)
	cmd.MarkFlagFilename("known-failures")
	cmd.MarkFlagDirname("save")
	groupFlags(cmd, checkGroups())
}

// checkGroups are the headings of the verb's help.
func checkGroups() []flagGroup {
	return []flagGroup{
		{"Target", []string{"secret", "secret-in", headerFlag, "cacert", "insecure", "unix", "restart-cmd", "wait"}},
		{"Payloads", []string{"repo", "repo-type", "watches", "set", "unset", "schemas", "seed"}},
		{"Selection", []string{"area", "only", "skip", "level", "no-burst", "dry-run"}},
		{"Observing (JSON is compared by value)", []string{"observe", "observe-cmd", "hub", "settle"}},
		{"Verdicts", []string{"strict", "known-failures"}},
		{"Reports", append(formNames(), "save", "verbose", "quiet")},
		{"Limits", []string{"answer-within", "recover-within", "budget", "timeout"}},
	}
}

// read completes the flags by what is set elsewhere, and turns them into options.
func (f *checkFlags) read(cmd *cobra.Command, onCommandLine []string) (args []string, err error) {
	if args, err = f.settings.read(onCommandLine); err != nil {
		return nil, err
	}
	for _, limit := range []struct {
		name string
		d    time.Duration
	}{
		{"budget", f.options.Budget}, {"timeout", f.options.Timeout},
		{"answer-within", f.options.AnswerWithin}, {"recover-within", f.options.Limits.Recover},
	} {
		if limit.d <= 0 {
			return nil, fmt.Errorf("--%s is %v, and must be above zero", limit.name, limit.d)
		}
	}
	for name, d := range map[string]time.Duration{"wait": f.options.Wait, "settle": f.options.Settle} {
		if d < 0 {
			return nil, fmt.Errorf("--%s is %v, and must not be below zero", name, d)
		}
	}
	if f.options.Known, err = readKnown(f.known); err != nil {
		return nil, err
	}
	if f.options.Schemas, err = f.schemas.extended(); err != nil {
		return nil, err
	}
	f.options.Version = version()
	f.options.Rerun = rerun(cmd, f.settings.given, onCommandLine)
	f.replay = replayLine(cmd, f.settings.given)
	return args, nil
}
