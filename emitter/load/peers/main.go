// Command peers compares hubhook load with wrk, vegeta and k6, on the machine at hand.
// README.md explains what is measured, how and why. The script run builds and starts it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := execute(ctx, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return
	case ctx.Err() != nil:
		err = errors.New("interrupted: there is no table yet")
	}
	fmt.Fprintln(os.Stderr, "peers:", err)
	os.Exit(2)
}

// serveVerb has this program be the server that it compares with.
const serveVerb = "serve"

func execute(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == serveVerb {
		return serve(args[1:])
	}
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	b, err := newBench(o)
	if err != nil {
		return err
	}
	defer b.close()
	return b.print(ctx)
}

// parse reads flags. Help goes to stdout; a mistake is one line, which the caller writes.
func parse(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(os.Stdout)
		flags.Usage()
	}
	return err
}

// print prints the comparison.
func (b *bench) print(ctx context.Context) error {
	file, err := newWholeFile(b.json)
	if err != nil {
		return err
	}
	defer file.discard()
	result, err := b.compare(ctx)
	if err != nil {
		return err
	}
	if err := result.write(os.Stdout); err != nil {
		return err
	}
	if err := file.write(result); err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stderr, "all runs are in %s\n", b.json)
	return err
}
