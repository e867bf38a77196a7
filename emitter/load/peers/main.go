// Command peers compares hubhook load with wrk, vegeta and k6, on the machine at hand.
// README.md tells what is measured, how, and why so. The script run builds it and its
// peers, and starts it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := execute(ctx, os.Args[1:])
	switch {
	case err == nil:
		return
	case errors.Is(err, flag.ErrHelp):
		os.Exit(0)
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
	result, err := b.compare(ctx)
	if err != nil {
		return err
	}
	if err := result.save(o.json); err != nil {
		return err
	}
	if err := result.write(os.Stdout); err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stderr, "all runs are in %s\n", o.json)
	return err
}
