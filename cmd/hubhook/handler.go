package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
)

// listAll is the value of --bug and --variant that lists them all.
const listAll = "list"

func newHandler(std cli.Streams) *cobra.Command {
	var secret flags.Secret
	var listen, certificate, source, bug string
	var o handlers.Options
	cmd := &cobra.Command{
		Use:   "handler",
		Short: "Run the built-in handler, right or with a known bug",
		Long: `Run the built-in handler: POST /webhook takes deliveries, GET /state tells what
was done because of them. It is right, in several ways of being so (--variant),
unless --bug plants a known defect, which ` + "`hubhook check`" + ` then finds.

With --source it runs nothing, and writes the whole source of a right handler, one
file to read or to begin with.`,
		Example: `  hubhook handler --bug list
  hubhook handler --variant list
  hubhook handler --source express > server.js
  HUBHOOK_SECRET=s3cret hubhook handler --listen 127.0.0.1:8000 --bug prefix &
  curl -s --retry 5 --retry-connrefused http://127.0.0.1:8000/state    # until it listens
  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area secret
  kill $!`,
		Args:              cli.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if source != "" {
				return writeSource(std.Out, source)
			}
			switch listAll {
			case bug:
				return writeTable(std.Out, mutants.All(), func(m mutants.Mutant) string {
					return fmt.Sprintf("%s\t%s\t%v", m.Name, m.Title, m.Fails)
				})
			case o.Variant:
				return writeTable(std.Out, handlers.Variants(), func(v handlers.Variant) string { return v.Name + "\t" + v.Title })
			}
			if err := secret.Check(); err != nil {
				return err
			}
			o.Secret, o.SecretIn = secret.Value(), secret.In
			if bug != "" {
				mutant, err := mutants.Find(bug)
				if err != nil {
					return err
				}
				o = mutant.Apply(o)
			}
			server, err := handlers.Start(listen, o)
			if err != nil {
				return err
			}
			defer server.Close()
			if certificate != "" && server.Certificate != nil {
				if err := os.WriteFile(certificate, server.Certificate, 0o644); err != nil {
					return fmt.Errorf("--certificate: %w", err)
				}
			}
			socket := ""
			if server.Unix != "" {
				socket = ", by the socket " + server.Unix
			}
			fmt.Fprintf(std.Out, "listening on %s, state at %s%s\n", server.URL, server.State, socket)
			return server.Wait(cmd.Context())
		},
	}
	secret.Add(cmd)
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8000",
		"address to listen at, where port 0 is any that is free; or unix: and the path of a socket")
	cmd.Flags().StringVar(&bug, "bug", "", "plant this bug; \"list\" shows them all")
	cmd.Flags().StringVar(&o.Variant, "variant", "", "be right in this way; \"list\" shows them all")
	cmd.Flags().StringVar(&certificate, "certificate", "",
		"write the certificate of a variant that speaks https to this file, for check --cacert")
	cmd.Flags().StringVar(&source, "source", "", "write the right handler in this language: go, express or fastapi")
	cli.Complete(cmd, "source", handlers.Languages)
	cli.Complete(cmd, "variant", func() []string {
		names := []string{listAll}
		for _, v := range handlers.Variants() {
			names = append(names, v.Name+"\t"+v.Title)
		}
		return names
	})
	cli.Complete(cmd, "bug", func() []string { return append([]string{listAll}, mutantCompletions()...) })
	return cmd
}

func mutantCompletions() (names []string) {
	for _, m := range mutants.All() {
		names = append(names, m.Name+"\t"+m.Title)
	}
	return names
}

func writeSource(out io.Writer, name string) error {
	languages, err := builtin.Languages("--source", name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, handlers.Source(languages[0]))
	return err
}
