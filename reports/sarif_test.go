package reports_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/ci"
)

// sarif is what code scanning reads.
type sarif struct {
	Runs []struct {
		Tool struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ExitCode                   int
			ToolExecutionNotifications []struct{ Message struct{ Text string } }
		}
		Results []sarifResult
	}
}

type sarifResult struct {
	RuleID    string
	RuleIndex int
	Level     string
	Message   struct{ Text string }
	Locations []struct {
		PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
	}
	PartialFingerprints map[string]string
	Suppressions        []struct{ Status string }
}

func sarifOf(t *testing.T, r *reports.Report) (doc sarif) {
	t.Helper()
	if err := json.Unmarshal([]byte(written(t, ci.WriteSARIF, r)), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSARIFIsAsItsSchemaSays(t *testing.T) {
	all := runs()
	all["empty"] = &reports.Report{}
	for name, r := range all {
		t.Run(name, func(t *testing.T) {
			validBy(t, "testdata/sarif-schema-2.1.0.json", written(t, ci.WriteSARIF, r))
		})
	}
}

func TestSARIFHasWhatFailed(t *testing.T) {
	doc := sarifOf(t, sample())
	var got []string
	for _, result := range doc.Runs[0].Results {
		if rule := doc.Runs[0].Tool.Driver.Rules[result.RuleIndex].ID; rule != result.RuleID {
			t.Errorf("%s has the rule %s", result.RuleID, rule)
		}
		if uri := result.Locations[0].PhysicalLocation.ArtifactLocation.URI; uri != "hubhook.yaml" {
			t.Errorf("%s stands in %q, which is no file of a repository", result.RuleID, uri)
		}
		known := ""
		if len(result.Suppressions) > 0 {
			known = " known"
		}
		got = append(got, result.RuleID+" "+result.Level+known)
	}
	if diff := cmp.Diff([]string{"SEC-03 error", "SEC-19 error", "RTY-01 error known", "RTY-09 warning"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Text in brackets would be a link, wherever a handler has it lead.
func TestSARIFHasNoLinksOfAHandler(t *testing.T) {
	for _, result := range sarifOf(t, spiteful()).Runs[0].Results {
		if text := result.Message.Text; strings.Contains(text, "[click]") || !strings.Contains(text, `\[click\]`) {
			t.Errorf("%s: %s", result.RuleID, text)
		}
	}
}

// An alert stays the same one, whatever a run has for a seed, an address and an answer.
func TestSARIFKnowsAnAlertAgain(t *testing.T) {
	other := sample()
	other.Seed, other.Target.URL, other.Started = 8, "http://127.0.0.1:9000/hook", time.Now()
	other.Checks = other.Checks[1:]
	other.Checks[0].Reason = "came back: something else"
	first, second := sarifOf(t, sample()).Runs[0].Results, sarifOf(t, other).Runs[0].Results
	seen := map[string]bool{}
	for i := range first {
		if diff := cmp.Diff(first[i].PartialFingerprints, second[i].PartialFingerprints); diff != "" {
			t.Errorf("%s: -first +second:\n%s", first[i].RuleID, diff)
		}
		seen[first[i].PartialFingerprints["primaryLocationLineHash"]] = true
	}
	if len(seen) != len(first) {
		t.Errorf("%d alerts have %d fingerprints", len(first), len(seen))
	}
}

func TestSARIFTellsHowTheRunEnded(t *testing.T) {
	for name, want := range map[string]struct {
		whole         bool
		code          int
		notifications int
	}{
		"report": {true, 1, 2}, "passed": {true, 0, 0}, "interrupted": {false, 2, 0}, "nothing": {false, 2, 1},
	} {
		got := sarifOf(t, runs()[name]).Runs[0].Invocations[0]
		if got.ExecutionSuccessful != want.whole || got.ExitCode != want.code || len(got.ToolExecutionNotifications) != want.notifications {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
