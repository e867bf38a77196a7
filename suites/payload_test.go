package suites_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites"
)

// The shapes that a user's schemas add are unknown to the mutants of the matrix, so
// that this one is tried with a folder of them.
func TestShapesThatSchemasAddAreSent(t *testing.T) {
	t.Parallel()
	const file = "repo.config.dois.minted.json"
	set, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{file: {Data: []byte(`{
		"type": "object", "required": ["event", "repo", "doi"],
		"properties": {
			"event": {"$ref": "parts/event.json", "properties": {"action": {"const": "minted"}, "scope": {"const": "repo.config.dois"}}},
			"repo": {"$ref": "parts/repo.json"}, "doi": {"type": "string", "const": "10.57967/hf/0001"}
		}}`)}}})
	if err != nil {
		t.Fatal(err)
	}
	// A shape of the embedded schemas is sent, too, where it has no ID yet.
	without := judge(t, start(t, withBug(t, "")), suites.Options{Selection: suites.Selection{Only: []string{"PAY-23"}}})
	if c := without.Checks[0]; c.Sent == 0 && (c.Status != reports.Skipped || !strings.HasPrefix(c.Reason, "no shape is added")) {
		t.Errorf("without such a shape: %s: %s", c.Status, c.Reason)
	}
	for bug, want := range map[string]reports.Status{"": reports.Passed, "closed-scopes": reports.Failed} {
		sent := max(1, without.Checks[0].Sent) + 1
		target := start(t, withBug(t, bug))
		report := judge(t, target, suites.Options{Schemas: set, Selection: suites.Selection{Only: []string{"PAY-23"}}})
		if want == reports.Failed {
			sent = 2 // the first that is refused ends the check
		}
		if check := report.Checks[0]; check.Status != want || check.Sent != sent {
			t.Errorf("bug %q: %s after %d deliveries, want %s after %d: %s", bug, check.Status, check.Sent, want, sent, check.Reason)
		}
	}
}

// A webhook that watches some types of repo gets no others, and its handler may be
// made for no others.
func TestNarrowWebhooksAreSentNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		watches      []string
		passes, skip []string // among others
	}{
		{[]string{"dataset"}, []string{"PAY-01a", "PAY-01g", "PAY-02b", "PAY-07a", "PAY-33a"}, []string{"PAY-01l", "PAY-02a", "PAY-17a", "PAY-33b"}},
		{[]string{"bucket", "model"}, []string{"PAY-01g", "PAY-01l", "PAY-02a", "PAY-07b", "PAY-16"}, []string{"PAY-02c", "PAY-33d"}},
		{[]string{"bucket"}, []string{"PAY-01a", "PAY-01l", "PAY-32", "RTY-03"}, []string{"PAY-01g", "PAY-02a", "PAY-07a", "PAY-14", "PAY-20b"}},
	} {
		t.Run(strings.Join(c.watches, ","), func(t *testing.T) {
			seen := recordTypes(t)
			report := judge(t, suites.Target{URL: seen.url, Secret: testSecret, Watches: c.watches}, suites.Options{NoBurst: true})
			for _, check := range report.Checks {
				switch {
				case check.Status == reports.Error:
					t.Errorf("%s: %s", check.ID, check.Reason)
				case slices.Contains(c.passes, check.ID) && check.Status != reports.Passed,
					slices.Contains(c.skip, check.ID) && check.Status != reports.Skipped:
					t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
				}
			}
			slices.Sort(seen.types)
			if got := slices.Compact(seen.types); !slices.Equal(got, c.watches) {
				t.Errorf("repos of the types %v were told of, want %v", got, c.watches)
			}
		})
	}
}

// typeRecorder accepts everything and notes the types of the repos.
type typeRecorder struct {
	url   string
	mu    sync.Mutex
	types []string
}

func recordTypes(t *testing.T) *typeRecorder {
	seen := &typeRecorder{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if kind := gjson.GetBytes(body, "repo.type"); err == nil && kind.Exists() {
			seen.mu.Lock()
			defer seen.mu.Unlock()
			seen.types = append(seen.types, kind.String())
		}
	}))
	t.Cleanup(server.Close)
	seen.url = server.URL
	return seen
}
