package hub

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"
)

// job registers a webhook that runs a Job, has an event happen, and gives the delivery.
func (r *rig) job(secret string) Delivery {
	r.t.Helper()
	r.register(map[string]any{"jobSourceId": "mock-user/job-1", "secret": secret})
	r.happens("repo.update")
	r.settle()
	return r.Deliveries(Query{})[0]
}

func (j *Job) env() map[string]string {
	env := map[string]string{}
	for _, v := range j.Env {
		env[v.Name] = v.Value
	}
	return env
}

func TestEnvironmentOfAJobIsRecorded(t *testing.T) {
	for form, repoID := range map[JobRepoID]string{"": "mock-user/demo", RepoIDID: userID("a repo")} {
		r := newRig(t, Options{JobRepoID: form})
		d := r.job("Sekr3t-value")
		if d.State != Delivered || len(d.Attempts) != 1 || !d.Attempts[0].Accepted || d.Job == nil || d.Job.Ran || d.Job.Source != "mock-user/job-1" {
			t.Fatalf("the activity: %+v, %+v", d, d.Job)
		}
		want := map[string]string{
			"WEBHOOK_PAYLOAD": string(r.Payload(d)), "WEBHOOK_REPO_ID": repoID, "WEBHOOK_REPO_TYPE": "model",
			"WEBHOOK_SECRET": hidden, "WEBHOOK_ID": d.WebhookID,
		}
		if got := d.Job.env(); !maps.Equal(got, want) {
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
	if _, has := d.Job.env()["WEBHOOK_SECRET"]; has || len(d.Attempts) != 1 {
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
	if d.State != Pending || !strings.HasPrefix(d.Attempts[0].Error, "the job did not start: ") || d.Job.Ran || d.Job.Error != d.Attempts[0].Error {
		t.Errorf("the activity: %+v, %+v", d, d.Job)
	}
}

func TestPayloadThatIsTooLongForTheEnvironment(t *testing.T) {
	r := newRig(t, Options{JobCommand: []string{"hubhook-no-such-command"}})
	r.register(map[string]any{"jobSourceId": "mock-user/job-1"})
	err := r.db.Update(func(tx *tx) error {
		tx.url = r.url
		return tx.tell(happening{
			shape:      "discussion.comment.create",
			repo:       &repo{ID: userID("a repo"), Type: "model", Name: "mock-user/demo"},
			discussion: &discussion{ID: userID("a discussion"), Num: 1, Title: "Title", Status: "open", Author: "mock-user"},
			comment:    &message{ID: userID("a comment"), Author: "mock-user", Content: strings.Repeat("x", longestVariable)},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	d := r.Deliveries(Query{})[0]
	if d.State != Pending || !strings.Contains(d.Attempts[0].Error, "WEBHOOK_PAYLOAD has ") || !strings.Contains(d.Attempts[0].Error, "128 KiB") {
		t.Errorf("the activity: %+v", d.Attempts)
	}
	r.Advance(12 * time.Second)
	r.settle()
	if d := r.Deliveries(Query{})[0]; len(d.Attempts) != 2 {
		t.Errorf("%d attempts after the first wait", len(d.Attempts))
	}
}

func TestLastBytes(t *testing.T) {
	const secret = "Sekr3t-value"
	m := maskOf(&Webhook{Secret: secret})
	for name, test := range map[string]struct {
		writes []string
		cut    bool
		want   string
	}{
		"nothing":            {nil, false, ""},
		"all of it":          {[]string{"a", "b " + secret}, false, "ab " + hidden},
		"the end":            {[]string{"gone", strings.Repeat("-", KeptBody)}, false, strings.Repeat("-", KeptBody)},
		"one long write":     {[]string{strings.Repeat("=", 1<<20) + strings.Repeat("-", KeptBody)}, false, strings.Repeat("-", KeptBody)},
		"many writes":        {append(strings.Split(strings.Repeat("=", 20000), ""), strings.Repeat("-", KeptBody)), false, strings.Repeat("-", KeptBody)},
		"begins in a secret": {[]string{"gone " + secret, strings.Repeat("-", KeptBody-5)}, false, hidden + strings.Repeat("-", KeptBody-5)},
		"ends in a secret":   {[]string{"x Sekr3t"}, true, "x " + hidden},
	} {
		l := &lastBytes{keep: KeptBody + m.MaxSpelling()}
		for _, text := range test.writes {
			if n, err := l.Write([]byte(text)); n != len(text) || err != nil {
				t.Fatalf("%s: %d, %v", name, n, err)
			}
			if len(l.buffer) > 2*l.keep {
				t.Fatalf("%s: %d bytes are kept", name, len(l.buffer))
			}
		}
		if got := l.shown(m, test.cut); got != test.want {
			t.Errorf("%s: got %d bytes, %.40q…, want %d", name, len(got), got, len(test.want))
		}
	}
}
