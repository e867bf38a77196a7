package main

import (
	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
)

// feedFlags say which payloads are wanted.
type feedFlags struct {
	options emitter.Options
	feed    emitter.FeedOptions
}

func (f *feedFlags) add(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&f.options.Seed, "seed", 1, "of the random values")
	cmd.ValidArgsFunction = completeShapes
}

// open makes the feed of the shapes that are named.
func (f *feedFlags) open(shapes []string) (*emitter.Feed, error) {
	generator, err := emitter.New(f.options)
	if err != nil {
		return nil, err
	}
	f.feed.Shapes = shapes
	return generator.Feed(f.feed)
}
