package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/terminal"
)

type loadFlags struct {
	settings    flags.Settings
	plan        loadPlanFlags
	feed        flags.Payloads
	shapes      []string
	secret      flags.Secret
	headers     flags.Headers
	route       flags.Route
	proxy       string
	within      time.Duration
	connections int
	failIf      []string
	json, html  string
	quiet       bool
}

func newLoad(std cli.Streams) *cobra.Command {
	var f loadFlags
	cmd := &cobra.Command{
		Use:   "load [URL]",
		Short: "Send a handler many deliveries, and measure what comes of them",
		Long: `Send the handler at a URL many deliveries, each with a payload and a Webhook-Id of
its own, and measure how it answers. Without a URL the built-in handler gets them.

What is sent when is one of --quota (a day's triggers at once, which is meant where
nothing is said), --quota=day (the same spread over a day that passes in a minute, in
bursts as real days have them), --rate, --ramp, or --find-capacity, which searches for
the highest rate at which conditions hold.

A request is due at its moment, whatever became of those before it, and latency counts
from there: a handler that stalls is charged for all that had to wait meanwhile. A
request that could not be sent is counted. Where hubhook itself cannot keep up with
what was asked, it says so, and the figures are marked.

Conditions are a measure, a comparison and a value: p50, p90, p95, p99, p99.9, max, mean
or min of the latency (p99>500ms), errors, unsent or a status (errors>0.1%, 5xx>0),
the rate that was reached (rate<900/s), the capacity that was found (capacity<100/s),
late, how late hubhook itself was (late>10ms), givenup, deliveries without a retry left.

Exit code 0: done, and nothing that --fail-if names came true, figures that are marked
included: 'late>10ms' is for those. 1: something did, or no rate was found that holds.
2: a mistake in flags, nobody answers, no delivery was accepted at all, an interrupt.`,
		Example: `  hubhook load
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --quota --fail-if 'errors>0%' --fail-if 'p99>5s'
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --rate 500/s --duration 2s --html load.html
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --ramp 10..500 --duration 2s --json load.json
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --webhooks 20 --quota=day --time-scale 43200
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --find-capacity 'p99<500ms errors<0.1%' --step 200ms
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --rate 200/s --duration 1s --mix repo.content=6,discussion.comment=3 --future
  HUBHOOK_SECRET=s3cret hubhook load http://127.0.0.1:8000/webhook --rate max --duration 1s --connections 64`,
		Args: cli.AtMostOneURL,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := f.settings.Read(args)
			if err != nil {
				return err
			}
			return f.run(cmd.Context(), args, std)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *loadFlags) add(cmd *cobra.Command) {
	f.feed.Add(cmd)
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	f.plan.add(cmd)
	f.secret.Add(cmd)
	f.route.Add(cmd)
	set := cmd.Flags()
	seed := set.Lookup("seed")
	f.feed.Options.Seed, seed.DefValue = 0, "0"
	seed.Usage = "the same seed sends the same payloads and ids; drawn where 0"
	set.StringArrayVar(&f.shapes, "shape", nil, "send this `shape`, or several in turn; may be repeated (default all of today)")
	f.headers.Add(cmd, "send this `header`, 'Name: value', too; its value is shown nowhere; may be repeated")
	set.StringVar(&f.proxy, "proxy", "", "`URL` of a proxy to send by way of")
	set.DurationVar(&f.within, "answer-within", delivery.AttemptTimeout,
		"time for an answer or a connection; the Hub's is 30s")
	set.IntVar(&f.connections, "connections", load.DefaultConnections,
		"connections at most; how many the Hub opens is published nowhere")
	set.StringArrayVar(&f.failIf, "fail-if", nil, "exit with 1 if this `condition` comes true, such as 'p99>500ms'; may be repeated")
	set.StringVar(&f.json, "json", "", "write what was measured as JSON to this `file`")
	set.StringVar(&f.html, "html", "", "write what was measured as a page with charts to this `file`")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "do not tell of progress on stderr")
	f.settings = flags.Settings{Argument: "url", OfOtherVerbs: checkSettings()}
	f.settings.Only = append(flags.RouteNames(), "url", "secret-in", flags.HeaderName, "answer-within", "schemas", "set",
		"unset", "repo-type") // those that check has, too
	f.settings.Add(cmd)
	_ = cmd.RegisterFlagCompletionFunc("shape", flags.CompleteShapes) // which fails only for an unknown flag
	cli.GroupFlags(cmd, []cli.FlagGroup{
		{Title: "What is sent when", Names: []string{"quota", "rate", "ramp", "duration", "find-capacity", "step",
			"webhooks", "limit", "retries", "time-scale"}},
		{Title: "Target", Names: []string{"secret", "secret-in", flags.HeaderName, "cacert", "insecure", "unix", "proxy",
			"connections", "answer-within"}},
		{Title: "Payloads", Names: append([]string{"shape"}, flags.PayloadNames()...)},
		{Title: "Reports", Names: []string{"fail-if", "json", "html", "quiet"}},
	})
}

func (f *loadFlags) run(ctx context.Context, args []string, std cli.Streams) error {
	defer cli.CollectMore()()
	if err := f.check(); err != nil {
		return err
	}
	thresholds, err := f.thresholds()
	if err != nil {
		return err
	}
	f.feed.Options.Seed = cmp.Or(f.feed.Options.Seed, randomSeed())
	target, err := f.target(args)
	if err != nil {
		return err
	}
	defer target.close()
	files, err := output.OpenFiles(
		output.File[*reports.Load]{Flag: "--json", Path: f.json, Render: reports.WriteLoadJSON},
		output.File[*reports.Load]{Flag: "--html", Path: f.html, Render: html.WriteLoad},
	)
	if err != nil {
		return err
	}
	defer files.Discard()
	options, err := f.options(target)
	if err != nil {
		return err
	}
	report, err := f.measure(ctx, options, std)
	if err != nil {
		return errors.New(target.mask.Text(err.Error()))
	}
	load.ApplyThresholds(report, thresholds)
	target.describe(report)
	writeTerminal := func() error { return terminal.WriteLoad(std.Out, report, output.TerminalOptions(std.Out)) }
	if err := files.Write(report, writeTerminal); err != nil {
		return err
	}
	return loadResult(report, std)
}

func (f *loadFlags) check() error {
	if err := flags.CheckPositive("answer-within", f.within); err != nil {
		return err
	}
	switch {
	case f.connections < 1 || f.connections > maxConnections:
		return fmt.Errorf("--connections is %d, and must be from 1 to %d", f.connections, maxConnections)
	case len(f.shapes) > 0 && f.feed.Mix != "":
		return errors.New("--shape names what comes in turn, and --mix what is drawn by weights: drop one of them")
	}
	return nil
}

// maxConnections is about the number of ports that a machine has for connections.
const maxConnections = 60000

// thresholds returns the conditions that must hold: the opposite of each --fail-if.
func (f *loadFlags) thresholds() ([]load.Threshold, error) {
	var list []load.Threshold
	for _, text := range f.failIf {
		c, err := load.ParseThreshold(text)
		if err != nil {
			return nil, fmt.Errorf("--fail-if: %w", err)
		}
		if c.Measures("capacity") && f.plan.capacity == "" {
			return nil, fmt.Errorf("--fail-if %s: the capacity is what --find-capacity searches for", text)
		}
		list = append(list, c.Negate())
	}
	return list, nil
}

func (f *loadFlags) options(target *loadTarget) (load.Options, error) {
	o := load.Options{
		To: target.to, Route: target.route, Proxy: target.proxy, Timeout: f.within, Connections: f.connections,
		Seed: f.feed.Options.Seed,
	}
	webhooks, secrets, err := f.plan.registrations(&f.feed.Options)
	if err != nil {
		return o, err
	}
	if o.Webhooks, o.Secrets = max(1, webhooks), secrets; len(secrets) == 0 {
		o.Secrets = []string{target.secret}
	}
	target.mask.HideLong(o.Secrets...)
	if err := f.plan.fill(&o, webhooks > 0); err != nil {
		return o, err
	}
	o.Payloads, err = f.payloads()
	return o, err
}

func (f *loadFlags) payloads() (load.Payloads, error) {
	if f.feed.Feed.Story {
		feed, err := f.feed.Open(f.shapes)
		if err != nil {
			return nil, err
		}
		return load.FromFeed(feed), nil
	}
	indexed, err := f.feed.OpenIndexed(f.shapes)
	if err != nil {
		return nil, err
	}
	return load.FromIndexed(indexed), nil
}

func (f *loadFlags) measure(ctx context.Context, o load.Options, std cli.Streams) (*reports.Load, error) {
	var live *output.LoadProgress
	if !f.quiet {
		live = output.NewLoadProgress(std.Err)
		o.Progress, o.ProgressInterval = live.Update, live.Interval()
		defer live.Erase()
	}
	if f.plan.capacity == "" {
		return load.Run(ctx, o)
	}
	search := load.Search{Step: f.plan.step}
	var err error
	if search.Thresholds, err = load.ParseThresholds(f.plan.capacity); err != nil {
		return nil, fmt.Errorf("--find-capacity: %w", err)
	}
	if live != nil {
		search.OnStep = live.StartStep
	}
	return load.Capacity(ctx, o, search)
}

// loadResult returns ErrFailed if a threshold was crossed, and why a report says too little.
func loadResult(report *reports.Load, std cli.Streams) error {
	var err error
	switch {
	case report.Interrupted:
		err = errors.New("interrupted: what is told is what was known by then")
	case report.Counts.Accepted == 0 && !report.Broken():
		return errors.New("no delivery was accepted: what was measured is how fast they are refused")
	}
	return orFailed(report.Verdict, err, std)
}

type loadTarget struct {
	to      delivery.Destination
	route   delivery.Route
	proxy   *url.URL
	secret  string
	mask    *redact.Mask
	builtIn *handlers.Server
}

// target returns the handler at a URL, or else the built-in one. It is to be closed.
func (f *loadFlags) target(args []string) (*loadTarget, error) {
	t := &loadTarget{mask: redact.NewMask("")}
	if err := t.open(f, args); err != nil {
		t.close()
		return nil, err
	}
	t.mask.HidePassword(t.to.URL.String())
	t.mask.HideHeader(t.to.Header)
	return t, nil
}

func (t *loadTarget) open(f *loadFlags, args []string) (err error) {
	t.to.SecretIn = delivery.SecretIn(f.secret.In)
	if err := t.to.SecretIn.Check(); err != nil {
		return err
	}
	if t.to.Header, err = f.headers.Read(); err != nil {
		return err
	}
	if t.route, err = f.route.Read(); err != nil {
		return err
	}
	if f.proxy != "" {
		if t.proxy, err = delivery.ParseURL("--proxy", f.proxy); err != nil {
			return err
		}
		t.mask.HidePassword(t.proxy.String())
	}
	if len(args) == 0 {
		return t.startBuiltIn(f)
	}
	if t.to.URL, err = delivery.ParseURL("the handler's URL", args[0]); err != nil {
		return err
	}
	if err := f.secret.TakeFrom(t.to.URL); err != nil {
		return err
	}
	if t.secret = f.secret.Value(); t.secret == "" && f.plan.webhooks != "" {
		return nil // a file has the secrets
	}
	return f.secret.Check()
}

func (t *loadTarget) startBuiltIn(f *loadFlags) (err error) {
	if err := f.route.CheckURL(""); err != nil {
		return err
	}
	if t.builtIn, t.secret, err = builtin.StartRight(f.secret.Value(), t.to.SecretIn); err != nil {
		return err
	}
	t.to.URL, err = url.Parse(t.builtIn.URL)
	return err
}

func (t *loadTarget) close() {
	if t.builtIn != nil {
		t.builtIn.Close()
	}
}

// describe adds the tool and the target to a report, and hides what is secret in it.
func (t *loadTarget) describe(l *reports.Load) {
	l.Tool = reports.Tool{Name: "hubhook", Version: version()}
	if t.builtIn != nil {
		l.Cost = reports.LoadCost{} // it includes that of the handler
	}
	l.Target.URL = t.mask.Text(redact.Password(t.to.URL.String()))
	for i := range l.Faults {
		l.Faults[i].Example = t.mask.Text(l.Faults[i].Example)
	}
}
