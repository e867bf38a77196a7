package hub

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// pipeDelay is how long the output of a Job is read on after its end, which others that
// it has started may hold open.
const pipeDelay = time.Second

// inherited are the variables that a Job's command has from us. Others stay here, for
// they may hold secrets.
var inherited = []string{
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
	"SystemRoot", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
}

// runCommand runs the command of Jobs, and writes down what came of it. The error says
// why it is no success.
func (p *dispatcher) runCommand(ctx context.Context, env []Field, job *Job, mask *mask) error {
	ctx, cancel := context.WithTimeoutCause(ctx, p.config.Timeout, delivery.ErrTimeout)
	defer cancel()
	command := p.config.JobCommand
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	output := &lastBytes{keep: KeptBody + mask.MaxSpelling()}
	cmd.Stdout, cmd.Stderr, cmd.Env, cmd.WaitDelay = output, output, commandEnv(env), pipeDelay
	killTogether(cmd)
	err := cmd.Run()
	if job.Ran = cmd.ProcessState != nil; !job.Ran {
		job.Error = mask.Text(fmt.Sprintf("the job did not start: %v", err))
		return errors.New(job.Error)
	}
	job.Exit = cmd.ProcessState.ExitCode()
	job.Out = output.shown(mask, ctx.Err() != nil)
	return p.explainExit(ctx, cmd.ProcessState, err)
}

// explainExit says why a command did not succeed; nil where it did.
func (p *dispatcher) explainExit(ctx context.Context, ended *os.ProcessState, err error) error {
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay) && ended.Success():
		return nil
	case errors.Is(context.Cause(ctx), delivery.ErrTimeout):
		return fmt.Errorf("the job was still running after %v, and was killed", p.config.Timeout)
	case ended.ExitCode() > 0:
		return fmt.Errorf("the job exited with %d", ended.ExitCode())
	}
	return fmt.Errorf("the job did not end by itself: %v", ended)
}

// commandEnv is the environment of a Job's command.
func commandEnv(env []Field) []string {
	var list []string
	for _, name := range inherited {
		if value, set := os.LookupEnv(name); set {
			list = append(list, name+"="+value)
		}
	}
	for _, v := range env {
		list = append(list, v.Name+"="+v.Value)
	}
	return list
}

// lastBytes keeps the end of what is written to it.
type lastBytes struct {
	keep    int
	buffer  []byte
	dropped bool
}

func (l *lastBytes) Write(b []byte) (int, error) {
	written := len(b)
	if len(b) > l.keep {
		b, l.dropped = b[len(b)-l.keep:], true
	}
	if l.buffer = append(l.buffer, b...); len(l.buffer) > 2*l.keep {
		l.trim()
	}
	return written, nil
}

func (l *lastBytes) trim() {
	if excess := len(l.buffer) - l.keep; excess > 0 {
		l.buffer = append(l.buffer[:0], l.buffer[excess:]...)
		l.dropped = true
	}
}

// shown is the end of it, masked. More is looked at than is shown, for what is shown may
// begin in the middle of a secret.
func (l *lastBytes) shown(mask *mask, cut bool) string {
	l.trim()
	return mask.Suffix(string(l.buffer), max(0, len(l.buffer)-KeptBody), cut)
}
