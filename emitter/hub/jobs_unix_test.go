//go:build unix

package hub

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

func TestJobIsRun(t *testing.T) {
	t.Setenv("HUBHOOK_TOKEN", "never-to-be-seen")
	out := filepath.Join(t.TempDir(), "env")
	r := newRig(t, Options{JobCommand: []string{"sh", "-c", `env > "$0"; printf %s "$WEBHOOK_PAYLOAD" > "$0.payload"; echo "got $WEBHOOK_SECRET"; printf %s "$WEBHOOK_SECRET" | od -An -tx1 | tr -d ' \n' >&2`, out}})
	d := r.job("Sekr3t-value")
	if d.State != activity.Delivered || d.Job == nil || !d.Job.Ran || d.Job.Exit != 0 {
		t.Fatalf("the activity: %+v, %+v", d, d.Job)
	}
	if want := "got " + mask.Placeholder + "\n" + mask.Placeholder; d.Job.Out != want {
		t.Errorf("the output is %q, want %q", d.Job.Out, want)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	env := strings.Split(string(text), "\n")
	for _, want := range []string{
		"WEBHOOK_SECRET=Sekr3t-value", "WEBHOOK_REPO_ID=mock-user/demo", "WEBHOOK_REPO_TYPE=model", "WEBHOOK_ID=" + d.WebhookIDHeader, "PATH=" + os.Getenv("PATH"),
	} {
		if !slices.Contains(env, want) {
			t.Errorf("there is no %s in %s", want, text)
		}
	}
	if strings.Contains(string(text), "HUBHOOK") {
		t.Errorf("it is given what is ours: %s", text)
	}
	if payload, err := os.ReadFile(out + ".payload"); err != nil || string(payload) != string(r.Payload(d)) {
		t.Errorf("the payload is %s, %v", payload, err)
	}
}

func TestOutputThatBeginsInASecretIsHidden(t *testing.T) {
	script := `printf %s "$WEBHOOK_SECRET"; head -c "$0" /dev/zero | tr '\0' -`
	r := newRig(t, Options{JobCommand: []string{"sh", "-c", script, strconv.Itoa(activity.KeptBody - 5)}})
	d := r.job("Sekr3t-value")
	if want := mask.Placeholder + strings.Repeat("-", activity.KeptBody-5); d.Job.Out != want {
		t.Errorf("the output is %.40q…, %d bytes, want %d", d.Job.Out, len(d.Job.Out), len(want))
	}
}

func TestJobThatFailsIsRunAgain(t *testing.T) {
	ids := filepath.Join(t.TempDir(), "ids")
	r := newRig(t, Options{JobCommand: []string{"sh", "-c", `echo "$WEBHOOK_ID" >> "$0"; test "$(wc -l < "$0")" -gt 1 || exit 3`, ids}})
	d := r.job("")
	if d.State != activity.Pending || d.Attempts[0].Error != "the job exited with 3" || d.Job.Exit != 3 || d.Attempts[0].Accepted {
		t.Fatalf("the activity: %+v, %+v", d, d.Job)
	}
	r.Advance(12 * time.Second)
	r.waitIdle()
	d = r.Deliveries(Query{})[0]
	if d.State != activity.Delivered || len(d.Attempts) != 2 || d.Job.Exit != 0 {
		t.Fatalf("the activity: %+v, %+v", d, d.Job)
	}
	if text, err := os.ReadFile(ids); err != nil || string(text) != strings.Repeat(d.WebhookIDHeader+"\n", 2) {
		t.Errorf("it was given the ids %s, %v", text, err)
	}
}

func TestJobThatIsKilledBySignal(t *testing.T) {
	r := newRig(t, Options{JobCommand: []string{"sh", "-c", "kill -TERM $$"}})
	if d := r.job(""); d.State != activity.Pending || !strings.Contains(d.Attempts[0].Error, "did not end by itself: signal: terminated") {
		t.Errorf("the activity: %+v", d)
	}
}

// A Job that takes too long is killed with what it has started: the pipe, which one of
// those holds open, comes to its end.
func TestJobThatTakesTooLong(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	r := newRig(t, Options{Timeout: time.Second, NoRetries: true, JobCommand: []string{"sh", "-c", `sleep 60 > "$0" & echo "$WEBHOOK_SECRET"; wait`, fifo}})
	d := r.job("Sekr3t-value")
	if d.State != activity.Failed || d.Attempts[0].Error != "the job was still running after 1s, and was killed" {
		t.Fatalf("the activity: %+v", d)
	}
	if text, err := json.Marshal(d); err != nil || strings.Contains(string(text), "Sekr3t") {
		t.Errorf("the activity: %s, %v", text, err)
	}
	if err := pipe.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(pipe); err != nil {
		t.Errorf("what the job has started lives on: %v", err)
	}
}

func TestJobThatLeavesAnotherBehind(t *testing.T) {
	id := filepath.Join(t.TempDir(), "id")
	r := newRig(t, Options{JobCommand: []string{"sh", "-c", `sleep 60 & echo $! > "$0"; echo done`, id}})
	d := r.job("")
	if text, err := os.ReadFile(id); err != nil {
		t.Error(err)
	} else if left, err := strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
		t.Error(err)
	} else if err := syscall.Kill(left, syscall.SIGKILL); err != nil {
		t.Errorf("it was waited for: %v", err)
	}
	if d.State != activity.Delivered || d.Job.Out != "done\n" {
		t.Errorf("the activity: %+v, %+v", d, d.Job)
	}
}
