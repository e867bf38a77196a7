package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load"
)

type loadPlanFlags struct {
	flags     *pflag.FlagSet
	quota     string
	rate      string
	ramp      string
	duration  time.Duration
	capacity  string
	step      time.Duration
	webhooks  string
	limit     uint64
	retries   string
	timeScale float64
}

// The ways to use up a quota.
const (
	quotaBurst = "burst"
	quotaDay   = "day"
)

const (
	retriesAssumed = "assumed" // value of --retries for those that are assumed of the Hub
	rateMax        = "max"     // value of --rate for a closed loop
)

const defaultDuration = 10 * time.Second

func (f *loadPlanFlags) add(cmd *cobra.Command) {
	set := cmd.Flags()
	f.flags = set
	set.StringVar(&f.quota, "quota", "", "a day's triggers of each webhook: a burst, or =day, spread")
	set.Lookup("quota").NoOptDefVal = quotaBurst
	set.StringVar(&f.rate, "rate", "", "this `rate`, such as 1000/s or 60/m; max has each connection send as soon as it was answered, and measures no waiting")
	set.StringVar(&f.ramp, "ramp", "", "a `rate` that grows evenly, such as 10..5000")
	set.DurationVar(&f.duration, "duration", defaultDuration, "how long a rate or a ramp lasts")
	set.StringVar(&f.capacity, "find-capacity", "", "search for the highest rate with these `conditions`: 'p99<500ms errors<0.1%'")
	set.DurationVar(&f.step, "step", load.DefaultStep, "how long each rate of the search is tried")
	set.StringVar(&f.webhooks, "webhooks", "", "so many webhooks, each with an id and a quota of its own, which none ever exceeds; or a `file` with the id and the secret of one on each line")
	set.Uint64Var(&f.limit, "limit", delivery.DailyQuota, "triggers of a webhook in 24 hours: its quota")
	set.StringVar(&f.retries, "retries", "", "what is not accepted comes back, with the same Webhook-Id, after each of these `waits`, such as --retries=10s,1m; where none are named, after "+delivery.AssumedRetries().String()+", which is an assumption")
	set.Lookup("retries").NoOptDefVal = retriesAssumed
	set.Float64Var(&f.timeScale, "time-scale", load.DefaultTimeScale, "how much faster a day, or a retry's wait, passes")
	cli.Complete(cmd, "quota", func() []string { return []string{quotaBurst, quotaDay} })
}

// chosen returns the flag that says what is sent when, or an error if others do not go with it.
func (f *loadPlanFlags) chosen() (string, error) {
	chosen := ""
	for _, name := range []string{"quota", "rate", "ramp", "find-capacity"} {
		if !f.flags.Changed(name) {
			continue
		}
		if chosen != "" {
			return "", fmt.Errorf("--%s and --%s both say what is sent when: drop one of them", chosen, name)
		}
		chosen = name
	}
	if chosen == "" {
		chosen, f.quota = "quota", quotaBurst
	}
	for _, flag := range []struct {
		name     string
		goesWith string
		ok       bool
	}{
		{"duration", "--rate and --ramp", chosen == "rate" || chosen == "ramp"},
		{"step", "--find-capacity", chosen == "find-capacity"},
		{"time-scale", "--quota=day and --retries", f.quota == quotaDay || f.flags.Changed("retries")},
		{"retries", "what is sent at a rate of its own", chosen != "find-capacity" && f.rate != rateMax},
		{"webhooks", "what has a schedule", f.rate != rateMax && chosen != "find-capacity"},
	} {
		if f.flags.Changed(flag.name) && !flag.ok {
			return "", fmt.Errorf("--%s goes with %s alone: drop it", flag.name, flag.goesWith)
		}
	}
	return chosen, nil
}

// fill sets the plan, and its options. With spread, triggers are spread over the webhooks.
func (f *loadPlanFlags) fill(o *load.Options, spread bool) error {
	chosen, err := f.chosen()
	if err != nil {
		return err
	}
	if f.limit == 0 {
		return errors.New("--limit is 0: a webhook has one trigger in 24 hours at least")
	}
	o.Limit, o.TimeScale = f.limit, 1
	if err := f.fillRetries(o); err != nil {
		return err
	}
	if chosen == "find-capacity" {
		return flags.CheckPositive("step", f.step)
	}
	if o.Plan, err = f.plan(chosen, o); err != nil {
		return err
	}
	if spread && f.quota != quotaDay && o.Closed == 0 {
		o.Plan, err = load.Spread(o.Plan, o.Webhooks, f.limit)
	}
	return err
}

func (f *loadPlanFlags) fillRetries(o *load.Options) (err error) {
	if f.flags.Changed("retries") || f.quota == quotaDay {
		if !(f.timeScale > 0 && f.timeScale <= 1e6) {
			return fmt.Errorf("--time-scale is %v, and must be above zero and at most a million", f.timeScale)
		}
		o.TimeScale = f.timeScale
	}
	switch {
	case !f.flags.Changed("retries"):
		return nil
	case f.retries == retriesAssumed:
		o.Retries = delivery.AssumedRetries()
		return nil
	}
	if o.Retries, err = delivery.ParseRetries(f.retries); err != nil {
		return fmt.Errorf("--retries: %w", err)
	}
	return nil
}

// plan returns the plan that was chosen; for a closed loop, which has none, it sets o.Closed.
func (f *loadPlanFlags) plan(chosen string, o *load.Options) (plan load.Plan, err error) {
	switch {
	case chosen == "ramp":
		plan, err = f.ramped()
	case f.rate == rateMax:
		if o.Closed = f.duration; f.duration <= 0 {
			err = fmt.Errorf("a duration of %v: it must be above zero", f.duration)
		}
	case chosen == "rate":
		var rate float64
		if rate, err = load.ParseRate(f.rate); err == nil {
			plan, err = load.Steady(rate, f.duration)
		}
	case f.quota == quotaDay:
		plan, err = load.Day(load.DayOptions{Webhooks: o.Webhooks, Limit: f.limit, TimeScale: o.TimeScale, Seed: o.Seed})
	case f.quota == quotaBurst:
		plan, err = load.AtOnce(f.limit * uint64(o.Webhooks))
	default:
		err = fmt.Errorf("%q is no way to use it up: %s (at once) or %s", f.quota, quotaBurst, quotaDay)
	}
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", chosen, err)
	}
	return plan, nil
}

func (f *loadPlanFlags) ramped() (load.Plan, error) {
	from, to, both := strings.Cut(f.ramp, "..")
	if !both {
		return nil, fmt.Errorf("%q is no ramp: expected two rates, such as 10..5000", f.ramp)
	}
	low, errLow := load.ParseRate(from)
	high, errHigh := load.ParseRate(to)
	if err := cmp.Or(errLow, errHigh); err != nil {
		return nil, err
	}
	return load.Ramp(low, high, f.duration)
}

// maxWebhooks is how many webhooks can have ids of their own.
const maxWebhooks = 1 << 16

// registrations makes payloads name the webhooks, and returns how many there are, and the secrets of
// each; nil if all have the same.
func (f *loadPlanFlags) registrations(o *emitter.Options) (count int, secrets []string, err error) {
	switch {
	case f.webhooks == "":
		return 0, nil, nil
	case o.WebhookID != "":
		return 0, nil, errors.New("--webhook-id names one webhook, and --webhooks asks for many: drop one of them")
	}
	count, err = strconv.Atoi(f.webhooks)
	switch {
	case err != nil:
		o.WebhookIDs, secrets, err = readWebhooks(f.webhooks)
		return len(o.WebhookIDs), secrets, err
	case count < 1 || count > maxWebhooks:
		return 0, nil, fmt.Errorf("--webhooks is %d, and must be from 1 to %s", count, humanize.Comma(maxWebhooks))
	}
	o.WebhookIDs = emitter.WebhookIDs(o.Seed, count)
	return count, nil, nil
}

// readWebhooks reads a file with an id and a secret on each line. Errors repeat neither.
func readWebhooks(name string) (ids, secrets []string, err error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("--webhooks %s: it is neither a number nor a file", name)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--webhooks: %w", err)
	}
	defer file.Close()
	lines, seen := bufio.NewScanner(file), map[string]bool{}
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, secret, err := readWebhook(line)
		if err == nil && seen[id] {
			err = errors.New("the same id stands above")
		}
		if err != nil {
			return nil, nil, fmt.Errorf("--webhooks %s:%d: %w", name, number, err)
		}
		seen[id] = true
		ids, secrets = append(ids, id), append(secrets, secret)
	}
	switch {
	case lines.Err() != nil:
		return nil, nil, fmt.Errorf("--webhooks %s: %w", name, lines.Err())
	case len(ids) == 0:
		return nil, nil, fmt.Errorf("--webhooks %s: there is no webhook in it", name)
	case len(ids) > maxWebhooks:
		return nil, nil, fmt.Errorf("--webhooks %s: %d webhooks, and at most %d can be", name, len(ids), maxWebhooks)
	}
	return ids, secrets, nil
}

func readWebhook(line string) (id, secret string, err error) {
	id, secret, _ = strings.Cut(line, " ")
	secret = strings.TrimSpace(secret)
	switch {
	case !emitter.IsWebhookID(id):
		return "", "", errors.New("a line holds an id of 24 hex digits, a space and a secret")
	case secret == "":
		return "", "", errors.New("there is no secret behind the id")
	}
	if err := delivery.CheckSecret(secret); err != nil {
		return "", "", fmt.Errorf("the secret cannot be sent: %w", err)
	}
	return id, secret, nil
}
