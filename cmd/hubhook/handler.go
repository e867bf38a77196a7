package main

import (
	"context"
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

type handlerFlags struct {
	secret      flags.Secret
	o           handlers.Options
	listen      string
	bug         string
	certificate string
	source      string
}

func newHandler(std cli.Streams) *cobra.Command {
	var f handlerFlags
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
			return f.run(cmd.Context(), std.Out)
		},
	}
	f.add(cmd)
	return cmd
}

func (f *handlerFlags) add(cmd *cobra.Command) {
	f.secret.Add(cmd)
	set := cmd.Flags()
	set.StringVar(&f.listen, "listen", "127.0.0.1:8000",
		"address to listen at, where port 0 is any that is free; or unix: and the path of a socket")
	set.StringVar(&f.bug, "bug", "", "plant this bug; \"list\" shows them all")
	set.StringVar(&f.o.Variant, "variant", "", "be right in this way; \"list\" shows them all")
	set.StringVar(&f.certificate, "certificate", "",
		"write the certificate of a variant that speaks https to this file, for check --cacert")
	set.StringVar(&f.source, "source", "", "write the right handler in this language: go, express or fastapi")
	cli.Complete(cmd, "source", handlers.Languages)
	cli.Complete(cmd, "variant", func() []string {
		names := []string{listAll}
		for _, v := range handlers.Variants() {
			names = append(names, v.Name+"\t"+v.Title)
		}
		return names
	})
	cli.Complete(cmd, "bug", func() []string { return append([]string{listAll}, mutantCompletions()...) })
}

func (f *handlerFlags) run(ctx context.Context, out io.Writer) error {
	if f.source != "" {
		return writeSource(out, f.source)
	}
	switch listAll {
	case f.bug:
		return writeTable(out, mutants.All(), func(m mutants.Mutant) string {
			return fmt.Sprintf("%s\t%s\t%v", m.Name, m.Title, m.Fails)
		})
	case f.o.Variant:
		return writeTable(out, handlers.Variants(), func(v handlers.Variant) string { return v.Name + "\t" + v.Title })
	}
	options, err := f.options()
	if err != nil {
		return err
	}
	server, err := handlers.Start(f.listen, options)
	if err != nil {
		return err
	}
	defer server.Close()
	if f.certificate != "" && server.Certificate != nil {
		if err := os.WriteFile(f.certificate, server.Certificate, 0o644); err != nil {
			return fmt.Errorf("--certificate: %w", err)
		}
	}
	socket := ""
	if server.Unix != "" {
		socket = ", by the socket " + server.Unix
	}
	fmt.Fprintf(out, "listening on %s, state at %s%s\n", server.URL, server.State, socket)
	return server.Wait(ctx)
}

func (f *handlerFlags) options() (handlers.Options, error) {
	o := f.o
	if err := f.secret.Check(); err != nil {
		return o, err
	}
	o.Secret, o.SecretIn = f.secret.Value(), f.secret.In
	if f.bug == "" {
		return o, nil
	}
	mutant, err := mutants.Find(f.bug)
	if err != nil {
		return o, err
	}
	return mutant.Apply(o), nil
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
