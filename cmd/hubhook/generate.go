package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
)

func newGenerate(std streams) *cobra.Command {
	var count uint64
	var wanted feedFlags
	cmd := &cobra.Command{
		Use:   "generate [SHAPE…]",
		Short: "Write payloads, one on each line",
		Long: `Write payloads as the Hub sends them, one JSON object on each line. The shapes
are taken in turn: those named, or all that the Hub sends today. A shape may be
one of the future, such as repo.config.dois.minted, or repo.config.* for a scope
drawn below repo.config. The same seed gives the same bytes.`,
		Example: `  hubhook generate --count 100
  hubhook generate discussion.comment.create repo.move
  hubhook generate 'repo.config.*' --count 10 --seed 7`,
		RunE: func(_ *cobra.Command, shapes []string) error {
			feed, err := wanted.open(shapes)
			if err != nil {
				return err
			}
			out := bufio.NewWriterSize(std.out, 64<<10)
			var line []byte
			for range count {
				if line, err = feed.Append(line[:0]); err != nil {
					return err
				}
				if _, err := out.Write(append(line, '\n')); err != nil {
					return err
				}
			}
			return out.Flush()
		},
	}
	cmd.Flags().Uint64Var(&count, "count", 1, "how many payloads")
	wanted.add(cmd)
	return cmd
}

func completeShapes(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	generator, err := emitter.New(emitter.Options{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, shape := range generator.Schemas().Shapes() {
		names = append(names, shape.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
