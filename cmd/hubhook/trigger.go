package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/net/http/httpguts"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/schemas"
)

// fromInput is the argument, in place of a shape or file, that stands for standard input.
const fromInput = "-"

const toFlag = "to"

type triggerFlags struct {
	settings  flags.Settings
	feed      flags.Payloads
	feedNames []string // of the flags that say which payloads are generated
	count     flags.Count
	secret    flags.Secret
	to        string
	headers   flags.Headers
	replayOf  string
	route     flags.Route
	within    time.Duration
	raw       bool
	dryRun    bool
	json      bool
}

func newTrigger(std cli.Streams) *cobra.Command {
	var f triggerFlags
	cmd := &cobra.Command{
		Use:   "trigger [SHAPE… | -]",
		Short: "Send payloads to a handler, and show what comes back",
		Long: `Send payloads to a handler as the Hub would, one after another, and show what
comes back. The payloads are those that generate writes with the same flags, each
delivery with a Webhook-Id of its own; or, with -, those of standard input, byte
for byte: one JSON value or many, whatever stands between them, or with --raw all
of it as one body, JSON or not.

A delivery is accepted where the answer is 2xx. The Hub would try others again,
which trigger does not; --replay-of does so by hand. Once nobody answers three
deliveries in a row, no more are sent.

Exit code 0: all were accepted. 1: one was not. 2: a mistake in flags or input, or
nobody answers at all.

Where the handler is and how it is reached may also stand in the environment or in
` + flags.SettingsFile + `, as for check: url, secret-in, header, answer-within, cacert, insecure
and unix. --to wins over the url.`,
		Example: `  hubhook handler --secret-in none --listen 127.0.0.1:8000 &
  curl -s --retry 5 --retry-connrefused http://127.0.0.1:8000/state    # until it listens
  hubhook trigger discussion.comment.create --secret-in none --to http://127.0.0.1:8000/webhook
  hubhook trigger --count 20 --secret-in none --to http://127.0.0.1:8000/webhook
  hubhook trigger repo.update repo.move --dry-run
  hubhook generate repo.create | hubhook trigger - --secret-in none --json --to http://127.0.0.1:8000/webhook
  echo 'no JSON' | hubhook trigger - --raw --secret-in none --to http://127.0.0.1:8000/webhook || echo 'not accepted'
  kill $!`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd, args, std)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *triggerFlags) add(cmd *cobra.Command) {
	f.count.Add(cmd)
	f.feed.Add(cmd)
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { f.feedNames = append(f.feedNames, flag.Name) })
	f.secret.Add(cmd)
	f.route.Add(cmd)
	set := cmd.Flags()
	set.StringVar(&f.to, toFlag, delivery.DefaultHandlerURL, "`URL` of the handler")
	f.headers.Add(cmd, "send this `header`, 'Name: value', too; may be repeated")
	set.StringVar(&f.replayOf, "replay-of", "", "send one delivery with the Webhook-Id of an earlier one")
	set.DurationVar(&f.within, "answer-within", delivery.AttemptTimeout, "time for an answer; the Hub's is 30s")
	set.BoolVar(&f.raw, "raw", false, "send all of standard input as one body, whatever it holds")
	set.BoolVar(&f.dryRun, "dry-run", false, "show the requests instead of sending them")
	set.BoolVar(&f.json, "json", false, "tell of each delivery as one JSON object on a line")
	f.settings = flags.Settings{Argument: "url", OfOtherVerbs: checkSettings()}
	// Those of check that say where the handler is, and how it is reached.
	f.settings.Only = append(flags.RouteNames(), "url", "secret-in", flags.HeaderName, "answer-within")
	f.settings.Add(cmd)
	cli.GroupFlags(cmd, []cli.FlagGroup{
		{Title: "Target", Names: append([]string{toFlag, "secret", "secret-in", flags.HeaderName, "answer-within"},
			flags.RouteNames()...)},
		{Title: "Payloads", Names: append([]string{flags.CountName}, flags.PayloadNames()...)},
		{Title: "Deliveries", Names: []string{"replay-of", "raw", "dry-run", "json"}},
	})
}

func (f *triggerFlags) run(cmd *cobra.Command, args []string, std cli.Streams) error {
	address, err := f.settings.Read(nil)
	if err != nil {
		return err
	}
	if len(address) > 0 && !cmd.Flags().Changed(toFlag) {
		f.to = address[0]
	}
	if err := f.check(cmd, args); err != nil {
		return err
	}
	to, err := f.destination()
	if err != nil {
		return err
	}
	next, err := f.source(cmd, args, std)
	if err != nil {
		return err
	}
	mask := redact.NewMask(f.secret.Value())
	mask.HidePassword(to.URL.String())
	mask.HideHeader(to.Header)
	if f.dryRun {
		return output.WriteRequests(cmd.Context(), std.Out, next, to, mask)
	}
	return f.send(cmd.Context(), next, to, &output.DeliveryWriter{Out: std.Out, Err: std.Err, Mask: mask, JSON: f.json})
}

func (f *triggerFlags) send(
	ctx context.Context, next messageSource, to delivery.Destination, w *output.DeliveryWriter,
) error {
	route, err := f.route.Read()
	if err != nil {
		return err
	}
	sender := delivery.NewSender(delivery.SenderOptions{Timeout: f.within, Route: route})
	defer sender.Close()
	series := delivery.Series{Sender: sender, To: to, Secret: f.secret.Value(), Report: w.Write}
	tally, err := series.Run(ctx, next)
	if err != nil && tally.Delivered == 0 {
		return err
	}
	if err := errors.Join(err, w.WriteTally(tally)); err != nil {
		return err
	}
	if !tally.AllAccepted() {
		return cli.ErrFailed
	}
	return nil
}

func (f *triggerFlags) check(cmd *cobra.Command, args []string) error {
	reads := slices.Contains(args, fromInput)
	switch {
	case reads && len(args) > 1:
		return errors.New("- reads payloads from standard input: it goes with no shape, and stands once")
	case f.raw && !reads:
		return errors.New("--raw sends what standard input holds: say hubhook trigger - --raw")
	case f.json && f.dryRun:
		return errors.New("--json tells what came back, and --dry-run sends nothing: drop one of them")
	case f.within <= 0:
		return flags.CheckPositive("answer-within", f.within)
	case f.replayOf != "" && !reads && f.count.For(cmd, args) != 1:
		return errors.New("--replay-of is about one delivery: name one shape, and no --count but 1")
	}
	if !reads {
		return nil
	}
	for _, name := range f.feedNames {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s is about payloads that are made, and - reads them from standard input: drop one of them",
				name)
		}
	}
	return nil
}

func (f *triggerFlags) destination() (to delivery.Destination, err error) {
	to.SecretIn = delivery.SecretIn(f.secret.In)
	if err := to.SecretIn.Check(); err != nil {
		return to, err
	}
	if to.URL, err = delivery.ParseURL("the handler's URL", f.to); err != nil {
		return to, err
	}
	if to.Header, err = f.headers.Read(); err != nil {
		return to, err
	}
	if err := f.secret.TakeFrom(to.URL); err != nil {
		return to, err
	}
	if f.dryRun && f.secret.Value() == "" {
		return to, nil // a dry run needs none
	}
	return to, f.secret.Check()
}

// messageSource returns the next message to be delivered, and io.EOF after the last.
type messageSource = func(context.Context) (delivery.Message, error)

// source returns a source of the deliveries that the flags and arguments ask for.
func (f *triggerFlags) source(cmd *cobra.Command, args []string, std cli.Streams) (messageSource, error) {
	if !httpguts.ValidHeaderFieldValue(f.replayOf) {
		return nil, errors.New("--replay-of holds a control character, which no Webhook-Id has")
	}
	if len(args) == 1 && args[0] == fromInput {
		next := fromReader(cmd.Context(), std.In, f.raw)
		if f.replayOf != "" {
			next = single(next, f.replayOf)
		}
		return next, nil
	}
	feed, err := f.feed.Open(args)
	if err != nil {
		return nil, err
	}
	return fromFeed(feed, f.count.For(cmd, args), f.replayOf), nil
}

// fromFeed returns a source of the first count payloads of a feed. Unless an id is given, each
// has a random Webhook-Id: what is triggered twice is to act twice.
func fromFeed(feed *emitter.Feed, count uint64, id string) messageSource {
	return func(ctx context.Context) (delivery.Message, error) {
		if err := context.Cause(ctx); err != nil {
			return delivery.Message{}, err
		}
		if count == 0 {
			return delivery.Message{}, io.EOF
		}
		count--
		m, err := feed.Next()
		m.ID = cmp.Or(id, delivery.NewWebhookID())
		return m, err
	}
}

type readMessage struct {
	message delivery.Message
	err     error
}

// fromReader returns a source of the payloads in a reader. It reads them in the background, so
// that an interrupt need not wait for a reader that blocks.
func fromReader(ctx context.Context, in io.Reader, raw bool) messageSource {
	results := make(chan readMessage)
	send := func(m readMessage) error {
		select {
		case results <- m:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	go func() {
		read := readValues
		if raw {
			read = readWhole
		}
		err := read(in, func(body []byte) error {
			return send(readMessage{message: delivery.Message{ID: delivery.NewWebhookID(), Body: body}})
		})
		_ = send(readMessage{err: cmp.Or(err, io.EOF)}) // which fails if nobody receives any more
	}()
	return func(ctx context.Context) (delivery.Message, error) {
		select {
		case next := <-results:
			return next.message, next.err
		case <-ctx.Done():
			return delivery.Message{}, context.Cause(ctx)
		}
	}
}

// readValues reads JSON values, and passes the bytes of each on as they are.
func readValues(in io.Reader, yield func([]byte) error) error {
	found := false
	err := schemas.RawStream(in, func(_ int, value json.RawMessage) error {
		found = true
		return yield(value)
	})
	switch {
	case err != nil && !errors.Is(err, context.Canceled):
		return fmt.Errorf("standard input: %w (--raw sends it whatever it holds)", err)
	case !found:
		return errors.New("standard input: there is no payload in it")
	}
	return err
}

func readWhole(in io.Reader, yield func([]byte) error) error {
	body, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return yield(body)
}

// single returns a source of the one message of another, with the Webhook-Id given. It fails if
// there are more messages, before anything is sent.
func single(next messageSource, id string) messageSource {
	done := false
	return func(ctx context.Context) (delivery.Message, error) {
		if done {
			return delivery.Message{}, io.EOF
		}
		done = true
		m, err := next(ctx)
		if err != nil {
			return m, err
		}
		m.ID = id
		switch _, err := next(ctx); {
		case err == nil:
			return m, errors.New("--replay-of is about one delivery, and standard input holds more payloads than one")
		case !errors.Is(err, io.EOF):
			return m, err
		}
		return m, nil
	}
}
