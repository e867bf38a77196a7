package hub

import (
	"context"
	"fmt"
	"time"

	"github.com/tidwall/gjson"
)

// longestVariable is the size in bytes from which on Linux gives a program no variable
// (MAX_ARG_STRLEN, name and NUL included).
const longestVariable = 128 << 10

// jobSecret names the variable that holds the webhook's secret.
const jobSecret = "WEBHOOK_SECRET"

// runJob records what a Job would be given, and runs it where that is asked for. Where
// it is not, the attempt is accepted.
func (p *dispatcher) runJob(ctx context.Context, e *errand, made Attempt) (Attempt, *Job) {
	env := jobEnv(e, p.config.JobRepoID)
	job := &Job{Source: e.webhook.JobID, Env: shownEnv(env)}
	if len(p.config.JobCommand) == 0 {
		made.Accepted = true
		return made, job
	}
	if err := checkEnv(env); err != nil {
		job.Error, made.Error = err.Error(), err.Error()
		return made, job
	}
	began := time.Now()
	err := p.runCommand(ctx, env, job, p.masks.of(e.webhook))
	made.Latency = time.Since(began)
	if made.Accepted = err == nil; err != nil {
		made.Error = err.Error()
	}
	return made, job
}

// jobEnv is the environment that the Hub gives a Job which a webhook runs (hub docs,
// "Trigger a Job"), and the id of the delivery, which is the same on retries.
func jobEnv(e *errand, repoID string) []Field {
	env := []Field{
		{"WEBHOOK_PAYLOAD", string(e.body)},
		{"WEBHOOK_REPO_ID", gjson.GetBytes(e.body, "repo."+repoID).String()},
		{"WEBHOOK_REPO_TYPE", gjson.GetBytes(e.body, "repo.type").String()},
		{"WEBHOOK_ID", e.delivery.WebhookID},
	}
	if e.webhook.Secret != "" {
		env = append(env, Field{jobSecret, e.webhook.Secret})
	}
	return env
}

// shownEnv is an environment as it may be kept.
func shownEnv(env []Field) []Field {
	shown := make([]Field, len(env))
	for i, v := range env {
		if v.Name == jobSecret {
			v.Value = hidden
		}
		shown[i] = v
	}
	return shown
}

// checkEnv finds what no program can be given.
func checkEnv(env []Field) error {
	for _, v := range env {
		if len(v.Name)+len("=")+len(v.Value)+1 > longestVariable {
			return fmt.Errorf("the job did not start: %s has %d bytes, and Linux starts no program with more than 128 KiB in a variable", v.Name, len(v.Value))
		}
	}
	return nil
}
