package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/ci"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/suites"
)

// checkFlags are what the verb check was asked for.
type checkFlags struct {
	settings flags.Settings
	target   flags.Target
	schemas  flags.Schemas
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
	f.target.Add(cmd)
	flags.AddSelection(cmd, &f.options.Selection)
	f.schemas.Add(cmd)
	set := cmd.Flags()
	set.Uint64Var(&f.options.Seed, "seed", 0, "the same seed sends the same payloads; drawn where 0, so that they are new")
	set.BoolVar(&f.options.NoBurst, "no-burst", false, "not the checks that need many deliveries, for a handler that others depend on")
	set.DurationVar(&f.options.Budget, "budget", suites.DefaultBudget, "time for a check that needs many deliveries")
	set.DurationVar(&f.options.Timeout, "timeout", suites.DefaultTimeout, "time for the whole run")
	set.DurationVar(&f.options.Wait, "wait", 0, "wait so long for a first answer; a GET for / asks, no delivery")
	set.DurationVar(&f.options.AnswerWithin, "answer-within", delivery.AttemptTimeout, "time for an answer; the Hub's is 30s")
	set.DurationVar(&f.options.Limits.Recover, "recover-within", time.Minute, "time for accepting again after having shed load")
	set.DurationVar(&f.options.Settle, "settle", 0, "how long that must stand still, at least; found out where 0")
	set.StringVar(&f.hub, "hub", "", "run a mock Hub: payloads name its `address`, and the handler's calls to it tell what the handler did")
	set.Lookup("hub").NoOptDefVal = hubAddress
	set.BoolVar(&f.options.Strict, "strict", false, "a SHOULD that fails fails the run, too")
	set.StringVar(&f.known, "known-failures", "", "`file` of IDs, one on a line: they may fail, and must be taken off once they pass")
	f.forms.add(set)
	set.StringVar(&f.save, "save", "", "keep what failed checks sent in this `folder`, for hubhook replay")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "list what passed, too, and tell all of each failure, whatever its cause")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "do not tell of progress on stderr")
	set.BoolVar(&f.dryRun, "dry-run", false, "show what would be sent, and send nothing to the handler")
	f.settings = flags.Settings{Argument: "url", OneOf: [][]string{{"observe", "observe-cmd", "hub"}}}
	f.settings.Add(cmd)
	cmd.MarkFlagFilename("known-failures")
	cmd.MarkFlagDirname("save")
	cli.GroupFlags(cmd, checkGroups())
}

// checkGroups are the headings of the verb's help.
func checkGroups() []cli.FlagGroup {
	return []cli.FlagGroup{
		{Title: "Target", Names: []string{"secret", "secret-in", flags.HeaderName, "cacert", "insecure", "unix", "restart-cmd", "wait"}},
		{Title: "Payloads", Names: []string{"repo", "repo-type", "watches", "set", "unset", "schemas", "seed"}},
		{Title: "Selection", Names: []string{"area", "only", "skip", "level", "no-burst", "dry-run"}},
		{Title: "Observing", Note: "JSON is compared by value", Names: []string{"observe", "observe-cmd", "hub", "settle"}},
		{Title: "Verdicts", Names: []string{"strict", "known-failures"}},
		{Title: "Reports", Names: append(formNames(), "save", "verbose", "quiet")},
		{Title: "Limits", Names: []string{"answer-within", "recover-within", "budget", "timeout"}},
	}
}

// read completes the flags by what is set elsewhere, and turns them into options.
func (f *checkFlags) read(cmd *cobra.Command, onCommandLine []string) (args []string, err error) {
	if args, err = f.settings.Read(onCommandLine); err != nil {
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
	if f.options.Schemas, err = f.schemas.LoadExtended(); err != nil {
		return nil, err
	}
	f.options.Version = version()
	f.options.Rerun = rerun(cmd, f.settings.OnCommandLine, onCommandLine)
	f.replay = replayLine(cmd, f.settings.OnCommandLine)
	return args, nil
}

// reportForm is a form in which a report is written to a file.
type reportForm struct {
	name, usage string
	render      func(io.Writer, *reports.Report) error
}

func reportForms() []reportForm {
	return []reportForm{
		{"json", "write the report as JSON to this `file`", reports.WriteJSON},
		{"junit", "write the report as JUnit XML to this `file`", ci.WriteJUnit},
		{"html", "write the report as a page to this `file`, with how to mend what failed", html.WriteReport},
		{"markdown", "write the report as Markdown to this `file`, or add it to $" + stepSummary, markdown.WriteReport},
		{"sarif", "write what failed as SARIF to this `file`, for code scanning", ci.WriteSARIF},
		{"badge", "write the verdict to this `file`, as JSON for a badge of shields.io", ci.WriteBadge},
	}
}

func formNames() (names []string) {
	for _, form := range reportForms() {
		names = append(names, form.name)
	}
	return names
}

// reportFlags are the files that were named, by form.
type reportFlags struct{ paths map[string]*string }

func (f *reportFlags) add(set *pflag.FlagSet) {
	f.paths = map[string]*string{}
	for _, form := range reportForms() {
		f.paths[form.name] = set.String(form.name, "", form.usage)
	}
}

// files are the files to be opened, one for each form.
func (f *reportFlags) files() (files []output.File[*reports.Report]) {
	for _, form := range reportForms() {
		path := *f.paths[form.name]
		files = append(files, output.File[*reports.Report]{
			Flag: "--" + form.name, Path: path, Append: form.name == "markdown" && isStepSummary(path), Render: form.render,
		})
	}
	return files
}

// stepSummary names the file of which GitHub shows what the commands of a step add to
// it: what one of them wrote is not for the next to replace.
const stepSummary = "GITHUB_STEP_SUMMARY"

func isStepSummary(path string) bool {
	summary, err := os.Stat(os.Getenv(stepSummary))
	if err != nil {
		return false
	}
	file, err := os.Stat(path)
	return err == nil && os.SameFile(file, summary)
}

// watchHub runs a mock Hub where that is asked for: payloads name it, so that a bot
// answers there, and what the bot changes on it is what it did. The function ends it.
func (f *checkFlags) watchHub(target *suites.Target) (stop func(), err error) {
	if f.hub == "" {
		return func() {}, nil
	}
	if target.Observe != "" || target.ObserveCommand != "" {
		return nil, errors.New("--hub shows what a handler did, as --observe and --observe-cmd do: say one of them, and the URL of a handler")
	}
	token, err := ownToken("--hub", f.hub)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", f.hub)
	if err != nil {
		return nil, fmt.Errorf("--hub %s: %w", f.hub, dialFault(err))
	}
	url := "http://" + reachable(listener.Addr())
	h, err := hub.New(hub.Options{URL: url, Token: token, Imagine: true, Seed: f.options.Seed})
	if err != nil {
		listener.Close()
		return nil, err
	}
	target.HubURL = url
	target.Look = func(context.Context) ([]byte, error) {
		return json.Marshal(map[string]any{"calls": h.Effects()})
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		serveHTTP(ctx, listener, h)
	}()
	return func() {
		cancel()
		<-done
		h.Close()
	}, nil
}

// rerun writes command lines that run one check alone, in the way in which a
// command was called. What comes from the environment or a file of settings needs no
// repeating, and the secret is never repeated: it is to stand in the environment.
func rerun(cmd *cobra.Command, given map[string]bool, args []string) func(id string) string {
	words := []string{"hubhook check"}
	for _, arg := range args {
		words = append(words, curl.Word(redact.Passwords(arg)))
	}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if given[flag.Name] && !slices.Contains(notRepeated(), flag.Name) {
			words = append(words, flags.Words(flag)...)
		}
	})
	line := strings.Join(words, " ")
	return func(id string) string { return line + " --only " + id }
}

// notRepeated are flags that select checks, say what is written, or hold the secret; and
// what is there was waited for.
func notRepeated() []string {
	return append(formNames(), "secret", "area", "only", "skip", "level", "save", "quiet", "verbose", "dry-run", "wait")
}

// replayLine writes command lines that make a saved attempt again, by the way by which
// a command reached the handler.
func replayLine(cmd *cobra.Command, given map[string]bool) func(file string) string {
	words := ""
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if given[flag.Name] && slices.Contains(replaySettings(), flag.Name) {
			words += " " + strings.Join(flags.Words(flag), " ")
		}
	})
	return func(file string) string { return "hubhook replay " + curl.Word(file) + words }
}

// readKnown reads the IDs of checks that are known to fail: one on a line, behind
// which anything may stand, such as a reason; # begins a comment.
func readKnown(file string) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--known-failures: %w", err)
	}
	known := []string{}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		number++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if _, err := suites.Find(suites.Catalogue(), words[0]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		known = append(known, words[0])
	}
	return known, nil
}
