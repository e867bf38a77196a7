package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
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
	"github.com/hubhook/hubhook/suites/catalogue"
)

type checkFlags struct {
	settings flags.Settings
	target   flags.Target
	schemas  flags.Schemas
	options  suites.Options
	reports  []reportFormat
	hub      string // address of a mock Hub that observes what the handler does
	known    string // file of known failures
	save     string // folder for attempts
	dryRun   bool
	quiet    bool
	verbose  bool

	replayLine func(file string) string // returns the command line that replays a saved attempt
}

func (f *checkFlags) add(cmd *cobra.Command) {
	f.target.Add(cmd)
	flags.AddSelection(cmd, &f.options.Selection)
	f.schemas.Add(cmd)
	set := cmd.Flags()
	set.Uint64Var(&f.options.Seed, "seed", 0, "the same seed sends the same payloads; drawn where 0, so that they are new")
	set.BoolVar(&f.options.NoBurst, "no-burst", false,
		"not the checks that need many deliveries, for a handler that others depend on")
	set.DurationVar(&f.options.Budget, "budget", suites.DefaultBudget, "time for a check that needs many deliveries")
	set.DurationVar(&f.options.Timeout, "timeout", suites.DefaultTimeout, "time for the whole run")
	set.DurationVar(&f.options.Wait, "wait", 0, "wait so long for a first answer; a GET for / asks, no delivery")
	set.DurationVar(&f.options.AnswerWithin, "answer-within", delivery.AttemptTimeout,
		"time for an answer; the Hub's is 30s")
	set.DurationVar(&f.options.Limits.Recover, "recover-within", time.Minute,
		"time for accepting again after having shed load")
	set.DurationVar(&f.options.Settle, "settle", 0, "how long that must stand still, at least; found out where 0")
	set.StringVar(&f.hub, "hub", "", "run a mock Hub: payloads name its `address`, and the handler's calls to it tell what the handler did")
	set.Lookup("hub").NoOptDefVal = hubAddress
	set.BoolVar(&f.options.Strict, "strict", false, "a SHOULD that fails fails the run, too")
	set.StringVar(&f.known, "known-failures", "", "`file` of IDs, one on a line: they may fail, and must be taken off once they pass")
	f.reports = reportFormats()
	for i := range f.reports {
		format := &f.reports[i]
		set.StringVar(&format.path, format.name, "", format.usage)
	}
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

func checkGroups() []cli.FlagGroup {
	return []cli.FlagGroup{
		{Title: "Target", Names: []string{"secret", "secret-in", flags.HeaderName, "cacert", "insecure", "unix",
			"restart-cmd", "wait"}},
		{Title: "Payloads", Names: []string{"repo", "repo-type", "watches", "set", "unset", "schemas", "seed"}},
		{Title: "Selection", Names: []string{"area", "only", "skip", "level", "no-burst", "dry-run"}},
		{Title: "Observing", Note: "JSON is compared by value", Names: []string{"observe", "observe-cmd", "hub", "settle"}},
		{Title: "Verdicts", Names: []string{"strict", "known-failures"}},
		{Title: "Reports", Names: append(reportFormatNames(), "save", "verbose", "quiet")},
		{Title: "Limits", Names: []string{"answer-within", "recover-within", "budget", "timeout"}},
	}
}

func (f *checkFlags) read(cmd *cobra.Command, onCommandLine []string) (args []string, err error) {
	if args, err = f.settings.Read(onCommandLine); err != nil {
		return nil, err
	}
	err = cmp.Or(
		flags.CheckPositive("budget", f.options.Budget), flags.CheckPositive("timeout", f.options.Timeout),
		flags.CheckPositive("answer-within", f.options.AnswerWithin),
		flags.CheckPositive("recover-within", f.options.Limits.Recover),
	)
	if err != nil {
		return nil, err
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
	f.replayLine = replayLine(cmd, f.settings.OnCommandLine)
	return args, nil
}

type reportFormat struct {
	name, usage string // of the flag
	render      func(io.Writer, *reports.Report) error
	path        string // given by the user; may be empty
}

func reportFormats() []reportFormat {
	return []reportFormat{
		{"json", "write the report as JSON to this `file`", reports.WriteJSON, ""},
		{"junit", "write the report as JUnit XML to this `file`", ci.WriteJUnit, ""},
		{"html", "write the report as a page to this `file`, with how to fix what failed", html.WriteReport, ""},
		{"markdown", "write the report as Markdown to this `file`, or add it to $" + stepSummary, markdown.WriteReport, ""},
		{"sarif", "write what failed as SARIF to this `file`, for code scanning", ci.WriteSARIF, ""},
		{"badge", "write the verdict to this `file`, as JSON for a badge of shields.io", ci.WriteBadge, ""},
	}
}

func reportFormatNames() (names []string) {
	for _, format := range reportFormats() {
		names = append(names, format.name)
	}
	return names
}

func (f *checkFlags) reportFiles() (files []output.File[*reports.Report]) {
	for _, format := range f.reports {
		files = append(files, output.File[*reports.Report]{
			Flag: "--" + format.name, Path: format.path, Render: format.render,
			Append: format.name == "markdown" && isStepSummary(format.path),
		})
	}
	return files
}

// stepSummary is the variable with the file to which the commands of a step of GitHub Actions
// add what GitHub then shows: one must not replace what another wrote.
const stepSummary = "GITHUB_STEP_SUMMARY"

func isStepSummary(path string) bool {
	summary, err := os.Stat(os.Getenv(stepSummary))
	if err != nil {
		return false
	}
	file, err := os.Stat(path)
	return err == nil && os.SameFile(file, summary)
}

// startHub runs a mock Hub if --hub is given. Payloads name it, so that a bot answers there,
// and what the bot changes on it is observed as side effects.
func (f *checkFlags) startHub(target *suites.Target) (stop func(), err error) {
	if f.hub == "" {
		return func() {}, nil
	}
	if target.Observe != "" || target.ObserveCommand != "" {
		return nil, errors.New("--hub shows what a handler did, as --observe and --observe-cmd do: say one of them, and the URL of a handler")
	}
	o := hub.Options{AutoCreate: true, Seed: f.options.Seed}
	listener, url, err := listenHub("--hub", f.hub, &o.Token)
	if err != nil {
		return nil, err
	}
	o.URL, target.HubURL = url, url
	h, err := hub.New(o)
	if err != nil {
		listener.Close()
		return nil, err
	}
	target.Look = func(context.Context) ([]byte, error) {
		return json.Marshal(map[string]any{"calls": h.Effects()})
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { serveHTTP(ctx, listener, h) })
	return func() {
		cancel()
		serving.Wait()
		h.Close()
	}, nil
}

// rerun returns a function that returns a command line that runs only one check, with the same
// flags. Settings need not be repeated, and the secret never is: it belongs in the environment.
func rerun(cmd *cobra.Command, given map[string]bool, args []string) func(id string) string {
	line := "hubhook check"
	for _, arg := range args {
		line += " " + curl.Word(redact.Passwords(arg))
	}
	line += givenFlags(cmd, given, func(name string) bool { return !slices.Contains(notRepeated(), name) })
	return func(id string) string { return line + " --only " + id }
}

// givenFlags returns the flags that are given and kept, as the rest of a command line.
func givenFlags(cmd *cobra.Command, given map[string]bool, keep func(name string) bool) (line string) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if given[flag.Name] && keep(flag.Name) {
			line += " " + strings.Join(flags.Words(flag), " ")
		}
	})
	return line
}

// notRepeated returns the flags that select checks, say what is written, or hold the secret, and
// --wait, for the handler is already there.
func notRepeated() []string {
	return append(reportFormatNames(), "secret", "area", "only", "skip", "level", "save", "quiet", "verbose", "dry-run",
		"wait")
}

// replayLine returns a function that returns the command line that replays a saved attempt.
func replayLine(cmd *cobra.Command, given map[string]bool) func(file string) string {
	line := givenFlags(cmd, given, func(name string) bool { return slices.Contains(replaySettings(), name) })
	return func(file string) string { return "hubhook replay " + curl.Word(file) + line }
}

// readKnown reads IDs of checks, one on a line, and a reason after it. A # begins a comment.
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
		if _, err := suites.Find(catalogue.All(), words[0]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		known = append(known, words[0])
	}
	return known, nil
}
