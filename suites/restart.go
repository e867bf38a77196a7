package suites

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// RestartLimits bound a restart. The zero value is DefaultRestart for each.
type RestartLimits struct {
	Command time.Duration // for the command to end
	Listen  time.Duration // from then on, for the handler to listen
}

// DefaultRestart is how long each part of a restart may take.
const DefaultRestart = 30 * time.Second

// RestartByCommand restarts a handler by a command for the shell, which ends once the
// handler was told to start; what it leaves running is not waited for. The restart is
// over when something listens at the target's URL, by its route.
func RestartByCommand(command string, target Target, limits RestartLimits) func(ctx context.Context) error {
	setDefault(&limits.Command, DefaultRestart)
	setDefault(&limits.Listen, DefaultRestart)
	return func(ctx context.Context) error {
		if err := runRestart(ctx, command, limits.Command); err != nil {
			return fmt.Errorf("--restart-cmd: %w", err)
		}
		if err := untilListening(ctx, target, limits.Listen); err != nil {
			return fmt.Errorf("after --restart-cmd, %w", err)
		}
		return nil
	}
}

// runRestart runs the command to its end. What it says goes to a file: a pipe would
// have to be read for as long as a handler that it starts holds it, and kill that
// handler once it is not.
func runRestart(ctx context.Context, command string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	said, err := os.CreateTemp("", "hubhook-restart-")
	if err != nil {
		return err
	}
	defer said.Close()
	defer os.Remove(said.Name())
	run := exec.CommandContext(ctx, "sh", "-c", command)
	run.Stdout, run.Stderr = said, said
	err = run.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it took more than %v: let it start the handler in the background", limit)
	case err != nil:
		return withWords(err, beginningOf(said))
	}
	return nil
}

// saidOnFault is how much of what a command said is told, in bytes.
const saidOnFault = 4 << 10

func beginningOf(file *os.File) string {
	text := make([]byte, saidOnFault)
	n, err := file.ReadAt(text, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err.Error()
	}
	return excerpt(strings.Join(strings.Fields(string(text[:n])), " "))
}

// untilListening waits until something listens.
func untilListening(ctx context.Context, target Target, limit time.Duration) error {
	parsed, err := delivery.ParseURL("the handler's URL", target.URL)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		conn, err := target.Route.Dial(ctx, parsed)
		switch {
		case err == nil:
			return conn.Close()
		case errors.Is(err, delivery.ErrCertificate):
			return nil // who has one listens
		}
		if pause(ctx, 20*time.Millisecond) != nil {
			return fmt.Errorf("nothing listened at %s for %v (%v)", cmp.Or(target.Route.Unix, parsed.Host), limit, dialFault(err))
		}
	}
}
