package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/fixtures/handlers"
)

// listBugs is the name in the place of a bug that asks for all of them.
const listBugs = "list"

func newHandler(std streams) *cobra.Command {
	var secret secretFlags
	var listen, bug string
	cmd := &cobra.Command{
		Use:   "handler",
		Short: "Run the built-in handler, right or with a known bug",
		Long: `Run the built-in handler: POST /webhook takes deliveries, GET /state tells what
was done because of them. It is right, unless --bug plants a known defect, which
` + "`hubhook check`" + ` then finds.`,
		Example: `  hubhook handler --bug list
  HUBHOOK_SECRET=s3cret hubhook handler --listen 127.0.0.1:8000 --bug prefix &
  curl -s --retry 5 --retry-connrefused http://127.0.0.1:8000/state    # until it listens
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area secret
  kill $!`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if bug == listBugs {
				return writeBugs(std.out)
			}
			if err := secret.check(); err != nil {
				return err
			}
			server, err := handlers.Start(listen, handlers.Options{Secret: secret.value(), SecretIn: secret.in, Bug: bug})
			if err != nil {
				return err
			}
			defer server.Close()
			fmt.Fprintf(std.out, "listening on %s, state at %s\n", server.URL, server.State)
			return server.Wait(cmd.Context())
		},
	}
	secret.add(cmd)
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8000", "address to listen at; port 0 is any that is free")
	cmd.Flags().StringVar(&bug, "bug", "", "plant this bug; \"list\" shows them all")
	complete(cmd, "bug", func() []string {
		names := []string{listBugs}
		for _, b := range handlers.Bugs() {
			names = append(names, b.Name+"\t"+b.Title)
		}
		return names
	})
	return cmd
}

// writeBugs lists the bugs, and the checks that find them.
func writeBugs(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, b := range handlers.Bugs() {
		fmt.Fprintf(table, "%s\t%s\t%v\n", b.Name, b.Title, b.Fails)
	}
	return table.Flush()
}
