package hub

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

// register registers a webhook for all that mock-user has, and returns its id.
func (r *rig) register(settings map[string]any) string {
	r.t.Helper()
	settings["watched"] = []Watched{{Type: "user", Name: "mock-user"}}
	answer := r.call("POST", "/api/settings/webhooks", settings)
	return answer["webhook"].(map[string]any)["id"].(string)
}

// serving serves a handler, and returns its URL.
func serving(t *testing.T, handler http.HandlerFunc) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// echoEverything answers with all that it was sent, in whatever way handlers do.
func echoEverything(w http.ResponseWriter, r *http.Request) {
	_, password, _ := r.BasicAuth()
	printed := ""
	for i, value := range []string{r.Header.Get("X-Webhook-Secret"), password, r.URL.Query().Get("key")} {
		w.Header().Set(fmt.Sprintf("X-Debug-%d", i), value)
		w.Header().Set(fmt.Sprintf("X-Token-%d", i), base64.StdEncoding.EncodeToString([]byte(value)))
		printed += fmt.Sprintf("%s %q %x %s\n", value, value, value, url.QueryEscape(value))
	}
	w.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w, "%s%s %v\n", printed, r.URL, r.Header)
}

// garbler answers with what is no HTTP, and the secret in it.
func garbler(w http.ResponseWriter, r *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprintf(conn, "you sent %s\r\n\r\n", r.Header.Get("X-Webhook-Secret"))
}

// spellings are the ways in which a secret would be found.
func spellings(secret string) []string {
	quoted := fmt.Sprintf("%q", secret)
	return []string{
		secret, quoted[1 : len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret),
		hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret)),
	}
}

func TestNoSecretIsShown(t *testing.T) {
	secrets := []string{`s3&c<ret "$x' Zz`, "p4ss w/rd", "t0ken+?=value"}
	for name, handler := range map[string]http.HandlerFunc{"an answer": echoEverything, "an error": garbler} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			r := newRig(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil)), SuspendAfter: 1, Faults: Faults{WrongSecret: 1}})
			u, err := url.Parse(serving(t, handler))
			if err != nil {
				t.Fatal(err)
			}
			u.User, u.RawQuery = url.UserPassword("me", secrets[1]), "key="+url.QueryEscape(secrets[2])
			r.register(map[string]any{"url": u.String(), "secret": secrets[0]})
			r.happens("repo.update")
			r.waitIdle()
			deliveries, err := json.Marshal(r.Deliveries(Query{}))
			if err != nil {
				t.Fatal(err)
			}
			calls, err := json.Marshal(r.Calls())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(log.String(), "suspended") || !strings.Contains(string(deliveries), mask.Placeholder) || !strings.Contains(string(calls), "create_webhook") {
				t.Fatalf("there is nothing to look at: %s\n%s\n%s", deliveries, calls, log.String())
			}
			for what, text := range map[string]string{"the activity": string(deliveries), "the calls": string(calls), "the log": log.String()} {
				for _, secret := range secrets {
					for _, spelled := range spellings(secret) {
						if at := strings.Index(unescaped(text), spelled); at >= 0 {
							t.Errorf("%s shows %q: …%s", what, spelled, unescaped(text)[max(0, at-80):at+len(spelled)])
						}
					}
				}
			}
		})
	}
}

// unescaped is JSON as it is read, beside itself.
func unescaped(text string) string {
	return text + strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\u0026`, "&", `\u003c`, "<").Replace(text)
}

func TestSecretAtTheEndOfWhatIsKeptIsHidden(t *testing.T) {
	r := newRig(t, Options{})
	url := serving(t, func(w http.ResponseWriter, r *http.Request) {
		secret := r.Header.Get("X-Webhook-Secret")
		w.Header().Set("X-Long", strings.Repeat("-", 1024-5)+secret)
		io.WriteString(w, strings.Repeat("-", activity.KeptBody-5)+secret)
	})
	r.register(map[string]any{"url": url, "secret": "Sekr3t-value"})
	r.happens("repo.update")
	r.waitIdle()
	a := r.Deliveries(Query{})[0].Attempts[0]
	if !a.Cut || !strings.HasSuffix(a.Body, "-"+mask.Placeholder) {
		t.Errorf("the body ends with %q", a.Body[len(a.Body)-20:])
	}
	for _, f := range a.Header {
		if f.Name == "X-Long" && !strings.HasSuffix(f.Value, "-"+mask.Placeholder) {
			t.Errorf("the field ends with %q", f.Value[len(f.Value)-20:])
		}
	}
}
