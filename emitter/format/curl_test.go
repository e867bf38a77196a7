package format_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
)

func contextWithCause(t *testing.T) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	return ctx, cancel
}

// inShell runs a script with the secret in its environment.
func inShell(t *testing.T, script []byte, args ...string) string {
	t.Helper()
	if bytes.Contains(script, []byte(formSecret)) {
		t.Error("the secret is written down")
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Stdin = bytes.NewReader(script)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "HUBHOOK_SECRET=" + formSecret}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}

// arrived is a request as a handler saw it.
type arrived struct {
	Method, URI string
	Header      http.Header
	Body        string
}

// arrivals serves, and hands on what arrived.
func arrivals(t *testing.T) (string, <-chan arrived) {
	requests := make(chan arrived, 100)
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		requests <- arrived{r.Method, r.RequestURI, r.Header, string(body)}
		io.WriteString(w, "fine")
	}), requests
}

func TestScriptSendsWhatTheHubSends(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in           delivery.SecretIn
		path, uri    string // as it is given, and as it arrives less the query
		query        string // the secret there
		secretHeader []string
	}{
		{delivery.InHeader, "/hook", "/hook", "", []string{formSecret}},
		{delivery.InQuery, "/it's{1,2}?a=%20$b#part", "/it%27s%7B1,2%7D", formSecret, nil},
		{delivery.InNone, "/a/../b", "/a/../b", "", nil},
	} {
		for _, shell := range []string{"sh", "bash"} {
			handler, requests := arrivals(t)
			messages := append(oddMessages(),
				delivery.Message{ID: "no text", Body: []byte("\x00\xff\r\n'")},
				delivery.Message{ID: "a file's name", Body: []byte("@/etc/hostname")},
				delivery.Message{ID: "empty", Body: []byte{}})
			f := form(t, "curl", format.Options{To: handler + c.path, SecretIn: c.in})
			inShell(t, written(t, f, messages), shell)
			for _, m := range messages {
				got := <-requests
				want := delivery.NewAttempt("", m.ID, nil).Header
				if c.secretHeader != nil {
					want[delivery.SecretHeader] = c.secretHeader
				}
				got.Header.Del("Accept")
				got.Header.Del("Content-Length")
				path, query, _ := strings.Cut(got.URI, "?")
				values, err := url.ParseQuery(query)
				if err != nil || values.Get("secret") != c.query || query != "" && values.Get("a") != " $b" {
					t.Errorf("%s, secret in %s: query %s, %v", shell, c.in, query, err)
				}
				if got.Method != "POST" || path != c.uri || got.Body != string(m.Body) {
					t.Errorf("%s, secret in %s, %s: %s %s with %.200q", shell, c.in, m.ID, got.Method, got.URI, got.Body)
				}
				if diff := cmp.Diff(want, got.Header); diff != "" {
					t.Errorf("%s, secret in %s, %s: %s", shell, c.in, m.ID, diff)
				}
			}
		}
	}
}

func TestScriptWithoutSecretSaysSo(t *testing.T) {
	handler, requests := arrivals(t)
	cmd := exec.CommandContext(t.Context(), "sh")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	cmd.Stdin = bytes.NewReader(written(t, form(t, "curl", format.Options{To: handler}), oddMessages()))
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "HUBHOOK_SECRET: is not set") || len(requests) > 0 {
		t.Errorf("%v, %d sent: %s", err, len(requests), out)
	}
}

func TestJobEnvironmentIsThatOfTheHub(t *testing.T) {
	t.Parallel()
	for _, m := range oddMessages() {
		for in, secret := range map[delivery.SecretIn]string{"": formSecret, delivery.InNone: "unset"} {
			env := written(t, form(t, "job-env", format.Options{SecretIn: in}), []delivery.Message{m})
			name, kind := "me/it's", "model"
			if !strings.HasPrefix(m.ID, "id of") {
				name, kind = "", ""
			}
			// printf is part of the shell: no limit holds for a long payload.
			script := `eval "$(cat)"; printf '%s\n' "$WEBHOOK_REPO_ID" "$WEBHOOK_REPO_TYPE" "$WEBHOOK_ID" "${WEBHOOK_SECRET-unset}"; printf %s "$WEBHOOK_PAYLOAD"`
			got := inShell(t, env, "sh", "-c", script)
			if want := strings.Join([]string{name, kind, m.ID, secret, string(m.Body)}, "\n"); got != want {
				t.Errorf("%s: got %.300q, want %.300q", m.ID, got, want)
			}
		}
	}
}

func TestJobEnvironmentIsSeenByPrograms(t *testing.T) {
	f := form(t, "job-env", format.Options{})
	text, err := f.Append(nil, delivery.Message{ID: "7", Body: []byte(`{"repo":{"name":"a/b"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	got := inShell(t, text, "sh", "-c", `eval "$(cat)"; env`)
	if !strings.Contains("\n"+got, "\nWEBHOOK_PAYLOAD={\"repo\":{\"name\":\"a/b\"}}\n") {
		t.Error(got)
	}
}

func TestJobEnvironmentHoldsNoNUL(t *testing.T) {
	f := form(t, "job-env", format.Options{})
	for _, body := range []string{"\x00", `{"repo":{"name":"a\u0000b"}}`} {
		if _, err := f.Append(nil, delivery.Message{Body: []byte(body)}); err == nil || !strings.Contains(err.Error(), "NUL") {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestLongJobEnvironmentIsRemarkedOn(t *testing.T) {
	f := form(t, "job-env", format.Options{})
	for size, want := range map[int]bool{1000: false, 128<<10 - 17: false, 128<<10 - 16: true} {
		text, err := f.Append(nil, delivery.Message{Body: bytes.Repeat([]byte("x"), size)})
		if got := strings.Contains(string(text), "128 KiB"); err != nil || got != want {
			t.Errorf("%d bytes: %v, %v", size, got, err)
		}
	}
}
