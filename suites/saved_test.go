package suites_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites"
)

// receivedRequest is a request as an open handler received it.
type receivedRequest struct {
	uri, contentType, secret, id string
	body                         string
}

func TestSavedAttemptIsMadeAgainByteForByte(t *testing.T) {
	requests := []receivedRequest{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		requests = append(requests, receivedRequest{
			r.RequestURI, r.Header.Get("Content-Type"), strings.Join(r.Header["X-Webhook-Secret"], "|"), r.Header.Get("Webhook-Id"), string(body),
		})
		io.WriteString(w, "echo "+r.RequestURI+r.Header.Get("X-Webhook-Secret"))
	}))
	t.Cleanup(server.Close)
	const secret = `p"ss %&w0rd`
	for _, in := range []string{"header", "query"} {
		target := suites.Target{URL: server.URL + "/hook?from=hub", Secret: secret, SecretIn: delivery.SecretIn(in)}
		var kept [][]byte
		judge(t, target, suites.Options{
			Selection: suites.Selection{Areas: []string{"secret"}, Skip: []string{"SEC-14", "SEC-20", "SEC-22"}},
			Save: func(s suites.Saved) {
				text, err := json.Marshal(s)
				if err != nil {
					t.Fatal(err)
				}
				kept = append(kept, text)
			},
		})
		sent := map[receivedRequest]bool{}
		for _, request := range requests {
			sent[request] = true
		}
		if len(kept) < 10 {
			t.Fatalf("%d attempts were kept", len(kept))
		}
		for _, text := range kept {
			if bytes.Contains(text, []byte("w0rd")) {
				t.Errorf("the secret is kept: %s", text)
			}
			var saved suites.Saved
			if err := json.Unmarshal(text, &saved); err != nil {
				t.Fatal(err)
			}
			requests = nil
			x, err := suites.Replay(t.Context(), saved, suites.ReplayOptions{Secret: secret})
			if err != nil || len(requests) != 1 || !sent[requests[0]] {
				t.Errorf("%s %s: %v, got %q", saved.Check, saved.What, err, requests)
			}
			if shown, _ := json.Marshal(x); bytes.Contains(shown, []byte("w0rd")) {
				t.Errorf("the secret is shown: %s", shown)
			}
		}
		requests = nil
	}
}

func TestWhatCannotBeReplayedSaysWhy(t *testing.T) {
	secretive := suites.Saved{Format: suites.SavedFormat, Method: "POST", URL: suites.Parts{{Text: "http://127.0.0.1:1/"}},
		Headers: []suites.SavedHeader{{Name: "X-Webhook-Secret", Value: suites.Parts{{Secret: "shifted"}}}}}
	unknown := secretive
	unknown.Headers = []suites.SavedHeader{{Name: "X-Webhook-Secret", Value: suites.Parts{{Secret: "rot13"}}}}
	given := secretive
	given.Headers = []suites.SavedHeader{{Name: "X-Gate", Given: true}}
	password := secretive
	password.URL = suites.Parts{{Text: "http://me:***@127.0.0.1:1/"}}
	pieces := secretive
	pieces.Headers, pieces.Wire, pieces.Body = nil, &suites.SavedWire{PieceBytes: 1}, suites.Parts{{Text: strings.Repeat("x", 2<<20)}}
	forbidden := secretive
	forbidden.Headers = []suites.SavedHeader{{Name: "X Y", Value: suites.Parts{{Text: "z"}}}}
	nowhere := secretive
	nowhere.URL = suites.Parts{{Text: "127.0.0.1:1"}}
	for _, c := range []struct {
		says   string
		saved  suites.Saved
		secret string
	}{
		{"format", suites.Saved{}, "s"},
		{"HUBHOOK_SECRET", secretive, ""},
		{"rot13", unknown, "s"},
		{"http://", nowhere, "s"},
		{"its header X-Gate is one of yours", given, "s"},
		{"name the whole URL by --to", password, "s"},
		{"more than 1048576 pieces of 1 bytes", pieces, "s"},
		{`header "X Y" cannot be sent`, forbidden, "s"},
	} {
		_, err := suites.Replay(t.Context(), c.saved, suites.ReplayOptions{Secret: c.secret})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want an error that says %q", err, c.says)
		}
	}
}

// A password is kept out however short it is: one of two letters is hidden nowhere else.
func TestPasswordOfAURLIsNotSaved(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	var kept []suites.Saved
	judge(t, suites.Target{URL: strings.Replace(server.URL, "//", "//me:pw@", 1), Secret: "Sekr3t"}, suites.Options{
		Selection: suites.Selection{Only: []string{"SEC-02"}},
		Save:      func(s suites.Saved) { kept = append(kept, s) },
	})
	if len(kept) != 2 || !strings.HasPrefix(kept[0].URL[0].Text, "http://me:***@") {
		t.Errorf("kept: %v", kept)
	}
}
