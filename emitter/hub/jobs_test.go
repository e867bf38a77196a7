package hub

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

// job registers a webhook that runs a Job, triggers an event, and returns the delivery.
func (r *rig) job(secret string) Delivery {
	r.t.Helper()
	r.register(map[string]any{"jobSourceId": "mock-user/job-1", "secret": secret})
	r.happens("repo.update")
	r.waitIdle()
	return r.Deliveries(Query{})[0]
}

func envOf(j *activity.Job) map[string]string {
	env := map[string]string{}
	for _, v := range j.Env {
		env[v.Name] = v.Value
	}
	return env
}

func TestEnvironmentOfAJobIsRecorded(t *testing.T) {
	for form, repoID := range map[JobRepoID]string{"": "mock-user/demo", JobRepoObjectID: domain.UserID("a repo")} {
		r := newRig(t, Options{JobRepoID: form})
		d := r.job("Sekr3t-value")
		if d.State != activity.Delivered || len(d.Attempts) != 1 || !d.Attempts[0].Accepted || d.Job == nil || d.Job.Ran || d.Job.Source != "mock-user/job-1" {
			t.Fatalf("the activity: %+v, %+v", d, d.Job)
		}
		want := map[string]string{
			"WEBHOOK_PAYLOAD": string(r.Payload(d)), "WEBHOOK_REPO_ID": repoID, "WEBHOOK_REPO_TYPE": "model",
			"WEBHOOK_SECRET": mask.Placeholder, "WEBHOOK_ID": d.WebhookIDHeader,
		}
		if got := envOf(d.Job); !maps.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if text, err := json.Marshal(d); err != nil || strings.Contains(string(text), "Sekr3t") {
			t.Errorf("the activity: %s, %v", text, err)
		}
	}
}

func TestJobWithoutSecretHasNone(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{WrongSecret: 1}})
	d := r.job("")
	if _, has := envOf(d.Job)["WEBHOOK_SECRET"]; has || len(d.Attempts) != 1 {
		t.Errorf("the activity: %+v, %+v", d, d.Job)
	}
}

func TestNobodyElseStartsAJob(t *testing.T) {
	r := newRig(t, Options{Faults: Faults{WrongSecret: 1}})
	if d := r.job("s3cret"); len(d.Attempts) != 1 || d.Faults != nil {
		t.Errorf("the activity: %+v", d)
	}
}

func TestJobThatCannotStart(t *testing.T) {
	r := newRig(t, Options{JobCommand: []string{"hubhook-no-such-command"}})
	d := r.job("s3cret")
	if d.State != activity.Pending || !strings.HasPrefix(d.Attempts[0].Error, "the job did not start: ") || d.Job.Ran || d.Job.Error != d.Attempts[0].Error {
		t.Errorf("the activity: %+v, %+v", d, d.Job)
	}
}

func TestPayloadThatIsTooLongForTheEnvironment(t *testing.T) {
	r := newRig(t, Options{JobCommand: []string{"hubhook-no-such-command"}})
	r.register(map[string]any{"jobSourceId": "mock-user/job-1"})
	err := r.db.Update(func(tx *domain.Tx) error {
		tx.URL = r.url
		return tx.Publish(domain.Event{
			Shape:      "discussion.comment.create",
			Repo:       &domain.Repo{ID: domain.UserID("a repo"), Type: "model", Name: "mock-user/demo"},
			Discussion: &domain.Discussion{ID: domain.UserID("a discussion"), Num: 1, Title: "Title", Status: "open", Author: "mock-user"},
			Comment:    &domain.Entry{ID: domain.UserID("a comment"), Author: "mock-user", Content: strings.Repeat("x", 128<<10)},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	r.waitIdle()
	d := r.Deliveries(Query{})[0]
	if d.State != activity.Pending || !strings.Contains(d.Attempts[0].Error, "WEBHOOK_PAYLOAD has ") || !strings.Contains(d.Attempts[0].Error, "128 KiB") {
		t.Errorf("the activity: %+v", d.Attempts)
	}
	r.Advance(12 * time.Second)
	r.waitIdle()
	if d := r.Deliveries(Query{})[0]; len(d.Attempts) != 2 {
		t.Errorf("%d attempts after the first wait", len(d.Attempts))
	}
}
