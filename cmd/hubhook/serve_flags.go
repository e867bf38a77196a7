package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub"
)

type serveFlags struct {
	o       hub.Options
	listen  string
	to      string
	watch   []string
	secret  flags.Secret
	schemas flags.Schemas
	route   flags.Route
	quiet   bool

	timeScale string
	start     string
	retries   string
	jitter    float64
	suspend   string
	faults    string
	job       string
}

// never is a value of flags for what the mock Hub is not to do.
const never = "never"

func (f *serveFlags) add(cmd *cobra.Command) {
	set := cmd.Flags()
	set.StringVar(&f.listen, "listen", hubAddress, "`address` to listen at; port 0 is any that is free")
	set.StringVar(&f.o.DB, "db", "", "keep everything in this `file`, an SQLite database; without it, in memory")
	set.StringVar(&f.to, "to", "", "register a webhook for this `URL`, its secret in $"+flags.SecretVariable)
	set.StringArrayVar(&f.watch, "watch", nil, "what that webhook watches: `TYPE:NAME`, such as model:me/demo, org:acme; may be repeated; where there is none, all that is the user's")
	set.StringVar(&f.o.URL, "url", "", "`URL` by which others reach this Hub, where not as it listens")
	set.StringArrayVar(&f.o.Hosts, "host", nil, "`name` by which clients may call this Hub, besides loopback addresses and --url; may be repeated")
	set.StringVar(&f.o.User, "user", hub.DefaultUser, "`name` of the user of any token")
	set.BoolVar(&f.o.Strict, "strict", false, "answer 400 where the official sources disagree, instead of being lenient")
	set.BoolVar(&f.o.AutoCreate, "imagine", false, "have repos and discussions be there when they are asked for")
	set.Uint64Var(&f.o.Seed, "seed", 0, "`number` that ids, jitter and faults follow from; drawn where 0")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "no line for each attempt")
	f.schemas.Add(cmd)

	set.StringVar(&f.timeScale, "time-scale", "1x", "how many `times` as fast as ours the Hub's time passes: 1440x makes a day a minute, 0x stands still")
	set.StringVar(&f.start, "start", "", "`time` at which it begins, 2026-10-01T08:00:00Z; ours where empty")

	assumed := delivery.AssumedRetries()
	set.IntVar(&f.o.Quota, "quota", hub.DefaultQuota, "triggers of a webhook in 24 hours (documented)")
	set.StringVar((*string)(&f.o.OverQuota), "over-quota", string(hub.Withhold),
		"what becomes of triggers beyond it: withhold (assumed: shown, and not delivered) or deliver")
	set.StringVar((*string)(&f.o.QuotaCounts), "quota-counts", string(hub.CountTriggers),
		"what counts towards it: triggers (assumed) or attempts, so retries and replays too")
	set.StringVar(&f.retries, "retries", assumed.String(),
		"waits before each retry (assumed; documented is that there are some), or "+never)
	set.Float64Var(&f.jitter, "retry-jitter", assumed.Jitter, "`part` of a wait that chance adds or takes (assumed)")
	set.StringVar(&f.suspend, "suspend-after", strconv.Itoa(hub.DefaultSuspendAfter), "`number` of failed attempts in a row after which a webhook is suspended (assumed), or "+never)
	set.DurationVar(&f.o.Timeout, "answer-within", delivery.AttemptTimeout,
		"time for an answer, by our clock; the Hub's is 30s")
	set.BoolVar(&f.o.Redirects, "follow-redirects", false,
		"go where a 3xx answer leads; assumed is that the Hub does not, and takes it for a failure")
	set.StringVar(&f.o.UserAgent, "user-agent", delivery.UserAgent, "User-Agent of deliveries (assumed)")
	set.StringVar(&f.o.ContentType, "content-type", delivery.ContentType,
		"Content-Type of deliveries (assumed; documented is JSON)")
	set.BoolVar(&f.o.Chunked, "chunked", false, "send payloads in chunks; assumed is Content-Length")
	set.StringVar((*string)(&f.o.IDForm), "webhook-id-form", string(hub.FormUUID),
		"form of Webhook-Id: uuid (assumed) or objectid")
	set.IntVar(&f.o.Concurrency, "concurrency", hub.DefaultConcurrency, "attempts at once for each webhook (assumed)")
	f.route.Add(cmd)

	set.StringVar(&f.faults, "faults", "", "do wrong on purpose, by chance: `LIST` of duplicate=0.1, reorder=0.2, delay=5s, fail-first=2, wrong-secret=0.05, scopes=0.1, properties=0.2, types=0.1, version=0.1")
	set.StringVar(&f.job, "job-command", "", "`command` that is run for a webhook that runs a Job, with the Job's environment; without it, that is recorded and no more")
	set.StringVar((*string)(&f.o.JobRepoID), "job-repo-id", string(hub.JobRepoName),
		"what WEBHOOK_REPO_ID holds: name (assumed) or id")

	set.IntVar(&f.o.KeepDeliveries, "keep", hub.DefaultKeepDeliveries, "`number` of deliveries that are kept once they are done")
	set.DurationVar(&f.o.KeepFor, "keep-for", hub.DefaultKeepFor, "how long they are kept, on the Hub's time")

	for _, enum := range f.enumFlags() {
		cli.Complete(cmd, enum.flag, func() []string { return enum.known })
	}
	cmd.MarkFlagFilename("db")
	cli.GroupFlags(cmd, []cli.FlagGroup{
		{Title: "The Hub", Names: []string{"listen", "url", "host", "db", "user", "to", "watch", "strict", "imagine",
			"quiet"}},
		{Title: "Time", Names: []string{"time-scale", "start"}},
		{Title: "Deliveries", Names: append([]string{"quota", "over-quota", "quota-counts", "retries", "retry-jitter",
			"suspend-after", "answer-within", "follow-redirects", "user-agent", "content-type", "chunked",
			"webhook-id-form", "concurrency"}, flags.RouteNames()...)},
		{Title: "Faults and the future", Names: []string{"faults", "seed", "schemas"}},
		{Title: "Jobs", Names: []string{"job-command", "job-repo-id"}},
		{Title: "What is kept", Names: []string{"keep", "keep-for"}},
	})
}

type enumFlag struct {
	flag, value string
	known       []string
}

func (f *serveFlags) enumFlags() []enumFlag {
	return []enumFlag{
		{"over-quota", string(f.o.OverQuota), []string{string(hub.Withhold), string(hub.Deliver)}},
		{"quota-counts", string(f.o.QuotaCounts), []string{string(hub.CountTriggers), string(hub.CountAttempts)}},
		{"webhook-id-form", string(f.o.IDForm), []string{string(hub.FormUUID), string(hub.FormObjectID)}},
		{"job-repo-id", string(f.o.JobRepoID), []string{string(hub.JobRepoName), string(hub.JobRepoObjectID)}},
	}
}

func (f *serveFlags) options(cmd *cobra.Command) (o hub.Options, err error) {
	o = f.o
	if o.Schemas, err = f.schemas.LoadExtended(); err != nil {
		return o, err
	}
	if o.Route, err = f.route.Read(); err != nil {
		return o, err
	}
	if f.to != "" {
		if o.Webhooks, err = f.webhooks(); err != nil {
			return o, err
		}
	} else if cmd.Flags().Changed("watch") {
		return o, errors.New("--watch is about the webhook of --to: say --to URL, too")
	}
	for _, number := range []struct {
		name string
		n    int
	}{{"quota", o.Quota}, {"concurrency", o.Concurrency}, {"keep", o.KeepDeliveries}} {
		if number.n <= 0 {
			return o, fmt.Errorf("--%s is %d, and must be above zero", number.name, number.n)
		}
	}
	for _, enum := range f.enumFlags() {
		if !slices.Contains(enum.known, enum.value) {
			return o, cli.UnknownValue("--"+enum.flag, enum.value, enum.known)
		}
	}
	if info, err := os.Stat(o.DB); err == nil && info.IsDir() {
		return o, fmt.Errorf("--db %s: it is a folder; expected a file in it", o.DB)
	}
	err = cmp.Or(flags.CheckPositive("answer-within", o.Timeout), flags.CheckPositive("keep-for", o.KeepFor))
	if err != nil {
		return o, err
	}
	if f.job != "" {
		o.JobCommand = []string{"sh", "-c", f.job}
	}
	if o.Faults, err = hub.ParseFaults(f.faults); err != nil {
		return o, fmt.Errorf("--faults: %w", err)
	}
	for _, read := range []func(*hub.Options) error{f.readTime, f.readRetries, f.readSuspension} {
		if err := read(&o); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (f *serveFlags) webhooks() ([]hub.Webhook, error) {
	if _, err := delivery.ParseURL("--to", f.to); err != nil {
		return nil, err
	}
	watched, err := parseWatched(f.watch)
	if len(f.watch) == 0 {
		watched = []hub.Watched{{Type: "user", Name: f.o.User}}
	}
	return []hub.Webhook{{URL: f.to, Secret: f.secret.Value(), Watched: watched}}, err
}

func (f *serveFlags) readTime(o *hub.Options) error {
	scale, err := strconv.ParseFloat(strings.TrimSuffix(f.timeScale, "x"), 64)
	if err != nil || scale < 0 || scale > 1e6 {
		return fmt.Errorf("--time-scale %q is none: expected a number of times, such as 1440x, or 0x", f.timeScale)
	}
	o.TimeScale, o.Frozen = scale, scale == 0
	if f.start == "" {
		return nil
	}
	if o.Start, err = time.Parse(time.RFC3339, f.start); err != nil {
		return fmt.Errorf("--start %q is no time: expected one such as 2026-10-01T08:00:00Z", f.start)
	}
	return nil
}

func (f *serveFlags) readRetries(o *hub.Options) (err error) {
	if f.jitter < 0 || f.jitter >= 1 {
		return fmt.Errorf("--retry-jitter is %v: expected a part, from 0 to below 1", f.jitter)
	}
	if o.NoRetries = f.retries == never; o.NoRetries {
		return nil
	}
	if o.Retries, err = delivery.ParseRetries(f.retries); err != nil {
		return fmt.Errorf("--retries: %w", err)
	}
	o.Retries.Jitter = f.jitter
	return nil
}

func (f *serveFlags) readSuspension(o *hub.Options) error {
	if f.suspend == never {
		o.SuspendAfter = -1
		return nil
	}
	n, err := strconv.Atoi(f.suspend)
	if err != nil || n <= 0 {
		return fmt.Errorf("--suspend-after %q is no number of failed attempts, and not %s", f.suspend, never)
	}
	o.SuspendAfter = n
	return nil
}

func parseWatched(list []string) ([]hub.Watched, error) {
	var watched []hub.Watched
	for _, text := range list {
		kind, name, found := strings.Cut(text, ":")
		if !found || name == "" {
			return nil, fmt.Errorf("--watch %q names nothing: expected a type and a name, such as model:me/demo or user:%s",
				text, hub.DefaultUser)
		}
		watched = append(watched, hub.Watched{Type: kind, Name: name})
	}
	return watched, nil
}
