package suites

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/hubhook/hubhook/suites/observe"
)

// RestartLimits limit a restart. Zero means DefaultRestart.
type RestartLimits struct {
	Command time.Duration // for the command to end
	Listen  time.Duration // from then on, for the handler to listen
}

// DefaultRestart is how long each part of a restart may take.
const DefaultRestart = 30 * time.Second

// RestartByCommand returns a function that restarts a handler by a shell command, which
// ends once it has started the handler; processes that it leaves running are not waited
// for. The restart is over when something listens at the target's URL, by its route.
func RestartByCommand(command string, target Target, limits RestartLimits) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if err := runRestart(ctx, command, cmp.Or(limits.Command, DefaultRestart)); err != nil {
			return fmt.Errorf("--restart-cmd: %w", err)
		}
		if err := target.AwaitListening(ctx, cmp.Or(limits.Listen, DefaultRestart)); err != nil {
			return fmt.Errorf("after --restart-cmd, %w", err)
		}
		return nil
	}
}

// runRestart runs the command to its end. Its output goes to a file: a pipe would have to
// be read for as long as a handler that it starts holds it, and kill that handler once it
// is not.
func runRestart(ctx context.Context, command string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	output, err := os.CreateTemp("", "hubhook-restart-")
	if err != nil {
		return err
	}
	defer output.Close()
	defer os.Remove(output.Name())
	run := exec.CommandContext(ctx, "sh", "-c", command)
	run.Stdout, run.Stderr = output, output
	err = run.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it took more than %v: let it start the handler in the background", limit)
	case err != nil:
		return observe.CommandError(err, beginningOf(output))
	}
	return nil
}

// beginningOf returns the first 4 KiB of a command's output.
func beginningOf(output *os.File) string {
	text := make([]byte, 4<<10)
	n, err := output.ReadAt(text, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err.Error()
	}
	return string(text[:n])
}
