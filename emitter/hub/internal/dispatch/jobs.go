package dispatch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

// maxVariable is the size in bytes from which on Linux gives a program no variable
// (MAX_ARG_STRLEN, name and NUL included).
const maxVariable = 128 << 10

const jobSecret = "WEBHOOK_SECRET"

// runJob records what a Job would be given, and runs it if that is asked for. If
// it is not, the attempt is accepted.
func (p *Dispatcher) runJob(ctx context.Context, e *target, made activity.Attempt) (activity.Attempt, *activity.Job) {
	env := jobEnv(e, p.config.JobRepoID)
	job := &activity.Job{Source: e.webhook.JobID, Env: shownEnv(env)}
	if len(p.config.JobCommand) == 0 {
		made.Accepted = true
		return made, job
	}
	if err := checkEnv(env); err != nil {
		job.Error, made.Error = err.Error(), err.Error()
		return made, job
	}
	began := time.Now()
	err := p.runCommand(ctx, env, job, p.masks.For(e.webhook))
	made.Latency = time.Since(began)
	if made.Accepted = err == nil; err != nil {
		made.Error = err.Error()
	}
	return made, job
}

// jobEnv returns the environment that the Hub gives a Job which a webhook runs (hub docs,
// "Trigger a Job"), and the id of the delivery, which is the same on retries.
func jobEnv(e *target, repoID string) []activity.Field {
	env := []activity.Field{
		{Name: "WEBHOOK_PAYLOAD", Value: string(e.body)},
		{Name: "WEBHOOK_REPO_ID", Value: gjson.GetBytes(e.body, "repo."+repoID).String()},
		{Name: "WEBHOOK_REPO_TYPE", Value: gjson.GetBytes(e.body, "repo.type").String()},
		{Name: "WEBHOOK_ID", Value: e.delivery.WebhookIDHeader},
	}
	if e.webhook.Secret != "" {
		env = append(env, activity.Field{Name: jobSecret, Value: e.webhook.Secret})
	}
	return env
}

func shownEnv(env []activity.Field) []activity.Field {
	shown := slices.Clone(env)
	for i := range shown {
		if shown[i].Name == jobSecret {
			shown[i].Value = mask.Placeholder
		}
	}
	return shown
}

func checkEnv(env []activity.Field) error {
	for _, v := range env {
		if len(v.Name)+len("=")+len(v.Value)+1 > maxVariable {
			return fmt.Errorf("the job did not start: %s has %d bytes, and Linux starts no program with more than 128 KiB in a variable", v.Name, len(v.Value))
		}
	}
	return nil
}

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
func (p *Dispatcher) runCommand(ctx context.Context, env []activity.Field, job *activity.Job, mask *mask.Mask) error {
	ctx, cancel := context.WithTimeoutCause(ctx, p.config.Timeout, delivery.ErrTimeout)
	defer cancel()
	command := p.config.JobCommand
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	output := &lastBytes{keep: activity.KeptBody + mask.MaxSpelling()}
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

// explainExit says why a command did not succeed; nil if it did.
func (p *Dispatcher) explainExit(ctx context.Context, ended *os.ProcessState, err error) error {
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

func commandEnv(env []activity.Field) []string {
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
	keep   int
	buffer []byte
}

func (l *lastBytes) Write(b []byte) (int, error) {
	if l.buffer = append(l.buffer, b...); len(l.buffer) > 2*l.keep {
		l.trim()
	}
	return len(b), nil
}

func (l *lastBytes) trim() {
	if excess := len(l.buffer) - l.keep; excess > 0 {
		l.buffer = append(l.buffer[:0], l.buffer[excess:]...)
	}
}

// shown returns the end of it, masked. More is looked at than is shown, for what is shown may
// begin in the middle of a secret.
func (l *lastBytes) shown(mask *mask.Mask, cut bool) string {
	l.trim()
	return mask.Suffix(string(l.buffer), max(0, len(l.buffer)-activity.KeptBody), cut)
}
