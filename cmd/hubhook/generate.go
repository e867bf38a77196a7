package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
)

type generateFlags struct {
	feed   flags.Payloads
	count  flags.Count
	secret flags.Secret
	format string
	to     string
	out    string
}

func newGenerate(std cli.Streams) *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:   "generate [SHAPE…]",
		Short: "Write payloads, one on each line or in other forms",
		Long: `Write payloads as the Hub sends them, one JSON object on each line or in the
form that --format names. The shapes are taken in turn: those named, or all that
the Hub sends today. A shape may be one of the future, such as
repo.config.dois.minted, or repo.config.* for a scope drawn below repo.config. The
same seed gives the same bytes.

With --out, each payload goes to a file of its own, named by its shape and counted
for each, and index.json lists them in order. What hubhook wrote there before is
replaced or removed; other files stay.

The secret is in nothing that is written: it is read from the environment,
$HUBHOOK_SECRET, by whatever sends the requests. vegeta is told it by
  vegeta attack -format=json -header "X-Webhook-Secret: $HUBHOOK_SECRET"`,
		Example: `  hubhook generate --count 100
  hubhook generate repo.content.update --format json > push.json
  hubhook generate discussion.comment.create --set comment.content='/retry' --set repo.name=me/demo
  hubhook generate repo.content.update --repo-type bucket --private --seed 7
  hubhook generate --story --count 30
  hubhook generate --count 10 --mix repo.content=6,discussion.comment=3
  hubhook generate 'repo.config.*' repo.config.dois.minted
  hubhook generate --future --count 20
  hubhook generate discussion.comment.create --size 64KiB > large.json
  hubhook generate --count 20 --format curl --to http://127.0.0.1:8000/webhook > send.sh
  hubhook generate --count 50 --format json --out payloads
  eval "$(hubhook generate repo.update --format job-env)"`,
		RunE: func(cmd *cobra.Command, shapes []string) error {
			return f.write(cmd.Context(), f.count.For(cmd, shapes), shapes, std)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *generateFlags) add(cmd *cobra.Command) {
	f.count.Add(cmd)
	f.feed.Add(cmd)
	f.secret.Add(cmd)
	cmd.Flags().StringVar(&f.format, "format", format.List()[0].Name, "form: ndjson, json, http, curl, vegeta or job-env")
	cmd.Flags().StringVar(&f.to, toFlag, delivery.DefaultHandlerURL, "`URL` of the handler that requests are for")
	cmd.Flags().StringVar(&f.out, "out", "", "write each payload to a file of its own in this `folder`")
	cli.Complete(cmd, "format", func() (names []string) {
		for _, known := range format.List() {
			names = append(names, known.Name+"\t"+known.About)
		}
		return names
	})
	cli.GroupFlags(cmd, []cli.FlagGroup{
		{Title: "Payloads", Names: append([]string{flags.CountName}, flags.PayloadNames()...)},
		{Title: "Where they go", Names: []string{"format", "out", toFlag, "secret-in", "secret"}},
	})
}

func (f *generateFlags) write(ctx context.Context, count uint64, shapes []string, std cli.Streams) error {
	defer cli.CollectLess()()
	chosen, err := format.New(f.format, format.Options{To: f.to, SecretIn: delivery.SecretIn(f.secret.In)})
	if err != nil {
		return err
	}
	feed, err := f.feed.Open(shapes)
	if err != nil {
		return err
	}
	if f.out == "" {
		output.Widen(std.Out)
		return chosen.Write(ctx, std.Out, feed, count)
	}
	dir, err := format.NewDirWriter(f.out, format.DirOptions{Format: chosen, Seed: f.feed.Options.Seed})
	if err != nil {
		return err
	}
	_ = dir.Fill(ctx, feed, count) // Close returns its error, too
	return dir.Close()
}
