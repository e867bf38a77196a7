package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitPassed = 0 // nothing that must hold failed
	exitFailed = 1 // something failed
	exitUsage  = 2 // nothing could be judged, or not all: flags, files, an unreachable handler, an interrupt
)

// streams are where a verb reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// errFailed ends a verb that has said itself what failed.
var errFailed = errors.New("failed")

// execute executes a command and gives its exit code.
func execute(root *cobra.Command, std streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends what does not heed the first
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitPassed
	case errors.Is(err, errFailed):
		return exitFailed
	}
	fmt.Fprintf(std.err, "hubhook: %s\n", oneLine(err.Error()))
	return exitUsage
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// collectLess has garbage collected less often until the function that it gives
// is called. It is for verbs that keep next to nothing from one payload to the
// next: it costs a few megabytes, and saves a quarter of the time that judging
// takes, and of that until the first payload is made.
func collectLess() (restore func()) {
	before := debug.SetGCPercent(400)
	return func() { debug.SetGCPercent(before) }
}

// collectMore has garbage collected more often until the function that it gives is
// called. It is for verbs that make next to none once they have begun: it costs them
// nothing, and keeps small what is left over from their beginning.
func collectMore() (restore func()) {
	before := debug.SetGCPercent(25)
	return func() { debug.SetGCPercent(before) }
}
