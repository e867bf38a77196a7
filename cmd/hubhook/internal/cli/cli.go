// Package cli is the frame that all verbs of hubhook share: where they read and write, exit
// codes, help, completion, manual pages, and errors that say what is wrong with a command
// line and what would be right.
//
// It knows no verb and no flag of one: the verbs are in package main, and groups of flags
// that several have in package flags.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/reports/safetext"
)

// Exit codes of hubhook.
const (
	ExitPassed = 0 // nothing that must hold failed
	ExitFailed = 1 // something failed
	ExitUsage  = 2 // nothing could be judged, or not all: flags, files, an unreachable handler, an interrupt
)

// Streams are where a verb reads and writes.
type Streams struct {
	In       io.Reader // standard input
	Out, Err io.Writer // standard output and standard error
}

// ErrFailed ends a verb that has already reported what failed.
var ErrFailed = errors.New("failed")

// Execute runs a command until it ends or the process is interrupted, writes its error in
// one line, and returns its exit code.
func Execute(root *cobra.Command, std Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt kills a verb that ignores the first
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return ExitPassed
	case errors.Is(err, ErrFailed):
		return ExitFailed
	}
	std.PrintError(err)
	return ExitUsage
}

// PrintError writes an error in one line to standard error.
func (s Streams) PrintError(err error) {
	fmt.Fprintf(s.Err, "hubhook: %s\n", safetext.OneLine(err.Error()))
}

// CollectLess makes the garbage collector run less often until restore is called. It is for
// verbs that keep next to nothing from one payload to the next: it costs a few megabytes,
// and saves a quarter of the time of validating and of making the first payload.
func CollectLess() (restore func()) { return setGCPercent(400) }

// CollectMore makes the garbage collector run more often until restore is called. It is for
// verbs that allocate next to nothing once they have begun: it costs them nothing, and
// keeps the heap that is left over from their beginning small.
func CollectMore() (restore func()) { return setGCPercent(25) }

func setGCPercent(percent int) (restore func()) {
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}
