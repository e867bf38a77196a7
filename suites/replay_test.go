package suites_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites"
)

func savedText(t testing.TB, saved suites.Saved) []byte {
	t.Helper()
	text, err := json.Marshal(saved)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// savedFor is an attempt that anybody accepts.
func savedFor(url string) suites.Saved {
	return suites.Saved{Format: suites.SavedFormat, Check: "SEC-03", Method: "POST", URL: suites.Parts{{Text: url}}, Body: suites.Parts{{Text: "{}"}}}
}

func TestReplayTellsWhatCameBack(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	left, cut := savedFor(server.URL), savedFor(server.URL)
	left.Wire, cut.Wire = &suites.SavedWire{SkipResponse: true}, &suites.SavedWire{CutAfter: 1}
	beyond := savedFor(server.URL)
	beyond.Wire = &suites.SavedWire{CutAfter: 1 << 40}
	for _, c := range []struct {
		name        string
		saved       suites.Saved
		status      int
		cameBack    string
		leftAsMeant bool
	}{
		{"an answer", savedFor(server.URL), 202, "202 Accepted: {}", false},
		{"nobody there", savedFor(nobody), 0, "no complete answer: ", false},
		{"left", left, 0, "no complete answer: " + delivery.ErrAbandoned.Error(), true},
		{"cut off", cut, 0, "no complete answer: " + delivery.ErrAbandoned.Error(), true},
		{"cut off beyond its end", beyond, 0, "no complete answer: " + delivery.ErrAbandoned.Error(), true},
	} {
		got, err := suites.Replay(t.Context(), c.saved, suites.ReplayOptions{})
		if err != nil || got.Status != c.status || !strings.HasPrefix(got.CameBack, c.cameBack) || got.LeftAsMeant != c.leftAsMeant {
			t.Errorf("%s: %v, %d, %q, %v", c.name, err, got.Status, got.CameBack, got.LeftAsMeant)
		}
	}
}

// However long a saved attempt wants to pause, the time for its answer bounds it.
func TestReplayIsBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	t.Cleanup(server.Close)
	slow := savedFor(server.URL)
	slow.Body = suites.Parts{{Text: strings.Repeat("x", 1<<20)}}
	slow.Wire = &suites.SavedWire{PieceBytes: 1, PauseMs: 60_000}
	got, err := suites.Replay(t.Context(), slow, suites.ReplayOptions{Timeout: 20 * time.Millisecond})
	if err != nil || !strings.Contains(got.CameBack, delivery.ErrTimeout.Error()) {
		t.Errorf("%v, %q", err, got.CameBack)
	}
}

func TestWhatIsNoSavedAttempt(t *testing.T) {
	text := string(savedText(t, savedFor("http://127.0.0.1:1/")))
	with := func(property string) string { return strings.Replace(text, "{", "{"+property+",", 1) }
	for text, says := range map[string]string{
		"":                                       "nothing in it",
		"{":                                      "it breaks off",
		"[]":                                     "it is JSON, but no object: array",
		"{}":                                     `its format is ""`,
		text + "{}":                              "something follows",
		with(`"wire":{"pauseMs":-1}`):            "pauseMs is -1",
		with(`"wire":{"pauseMs":1e30}`):          "wire.pauseMs is a number 1e30",
		with(`"wire":{"pauseMs":3600000}`):       "must not be above 60000",
		with(`"wire":{"pieceBytes":-7}`):         "pieceBytes is -7",
		with(`"wire":{"cutAfter":-1}`):           "cutAfter is -1",
		strings.Replace(text, "POST", "P ST", 1): `method is "P ST"`,
	} {
		if _, err := suites.ReadSaved(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want an error that says %q", text, err, says)
		}
	}
	if _, err := suites.ReadSaved(io.MultiReader(strings.NewReader(text), &endless{})); err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Errorf("without end: %v", err)
	}
}

// endless are blanks without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// FuzzReadSaved: whatever is read as a saved attempt can be written, or is reported to be
// none.
func FuzzReadSaved(f *testing.F) {
	saved := savedFor("http://me:***@127.0.0.1:1/hook?secret=1")
	saved.Headers = []suites.SavedHeader{
		{Name: "X-Webhook-Secret", Value: suites.Parts{{Text: "a"}, {Secret: "shifted", As: "json"}, {Base64: "/w=="}}},
		{Name: "X-Mine", Given: true},
	}
	f.Add(savedText(f, saved))
	saved.Wire, saved.Chunked = &suites.SavedWire{PieceBytes: 1, PauseMs: 5, Expect: true, CutAfter: 3, SkipResponse: true}, true
	f.Add(savedText(f, saved))
	f.Add([]byte(`{"format":"hubhook-attempt/1","url":[{"text":"http://[::1"}],"wire":{"cutAfter":9223372036854775807}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		saved, err := suites.ReadSaved(bytes.NewReader(text))
		if err != nil {
			return
		}
		options := suites.ReplayOptions{Secret: "s3cret", Header: http.Header{"X-Mine": {"x"}}, Timeout: time.Second}
		if saved.CanReplay(options) != nil {
			return
		}
		again, err := suites.ReadSaved(bytes.NewReader(savedText(t, saved)))
		if err != nil || again.CanReplay(options) != nil {
			t.Fatalf("written and read again it cannot be made: %v", err)
		}
		// Nothing is sent: the context is over.
		over, end := context.WithCancel(t.Context())
		end()
		if _, err := suites.Replay(over, saved, options); err != nil {
			t.Fatalf("it could be made, and cannot: %v", err)
		}
	})
}
