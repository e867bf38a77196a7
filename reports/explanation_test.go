package reports_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/terminal"
)

// golden compares what is written with a file of testdata.
func golden(t *testing.T, name string, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	return out.String()
}

// sampleExplanations are a check with all that there can be, and a table of which
// nothing is known.
func sampleExplanations() []reports.Explanation {
	single := reports.Explanation{
		ID: "RTY-09", Area: "retry", Level: "SHOULD", LevelMeaning: "documented advice, or plain good sense with a reason given",
		Why: "an answer that is lost leads to a retry", Spec: "https://example.org/spec#retries", SpecSays: "Any 2xx answer is success.",
		Fix:   "Keep the Webhook-Id of what was accepted, and do nothing when it comes again.",
		Needs: []reports.Need{{What: "an observer", Flag: "--observe URL", How: "no answer shows it"}, {What: "a long secret"}},
		Rerun: "hubhook check URL --observe URL --only RTY-09",
		Checks: []reports.ExplainedCheck{{ID: "RTY-09", Title: "acts once for a delivery that is sent again", DryRun: reports.DryRun{
			Status: reports.Passed, Sent: 3, DecisiveStep: 2, Repeated: true, Curl: "curl -X POST \\\n  'http://127.0.0.1:8000/webhook'",
			Steps: []reports.Step{{What: "repo.update", Times: 1}, {What: "repo.update, sent again", Times: 2}},
		}}},
		Examples: []reports.Example{
			{Language: "Go", File: "fixtures/main.go", Whole: "hubhook handler --source go", Parts: []reports.Part{
				{Topic: "imports", Code: "import \"sync\"\n"}, {Topic: "known", Code: "if known {\n\treturn // \x1b[2J\n}\n"},
			}},
			{Language: "Express", File: "fixtures/server.js", Whole: "hubhook handler --source express", Parts: []reports.Part{
				{Topic: "known", Code: "if (known) return;\n"},
			}},
		},
		Mutants: []reports.Mutant{
			{Name: "forgets", Title: "does the work again", Fails: []string{"RTY-09", "RTY-10"}, Run: "hubhook handler --bug forgets"},
			{Name: "forgets-late", Title: "does it later", Fails: []string{"RTY-09"}, Run: "hubhook handler --bug forgets-late"},
		},
	}
	table := reports.Explanation{
		ID: "PAY-01", Area: "payload", Level: "MUST", LevelMeaning: "binding", Why: "it is retried", Spec: "https://example.org/spec#payload",
		Rerun: "hubhook check URL --only PAY-01",
		Checks: []reports.ExplainedCheck{
			{ID: "PAY-01a", Title: "accepts one", DryRun: reports.DryRun{Reason: "no shape is added"}},
			{ID: "PAY-01b", Title: "accepts another", DryRun: reports.DryRun{
				Sent: 2, DecisiveStep: 2, Curl: strings.Repeat("x", 9<<10),
				Steps: []reports.Step{{What: "repo.update", Times: 1}, {What: "a long one", Times: 1}},
			}},
		},
		Mutants: []reports.Mutant{{Name: "closed", Title: "refuses it", Fails: []string{"PAY-01b"}, Run: "hubhook handler --bug closed"}},
	}
	bare := reports.Explanation{
		ID: "PAY-23", Area: "payload", Level: "MAY", LevelMeaning: "worth knowing", Why: "it may be yours", Proof: "asks for what no mutant has", Spec: "https://example.org/",
		Checks: []reports.ExplainedCheck{{ID: "PAY-23", Title: "accepts yours", DryRun: reports.DryRun{Reason: "no shape is added"}}},
	}
	return []reports.Explanation{single, table, bare}
}

func TestExplanationsAreAsTheyWere(t *testing.T) {
	text := golden(t, "explanation.txt", func(w io.Writer) error {
		return terminal.WriteExplanations(w, sampleExplanations(), terminal.Options{})
	})
	if strings.Contains(text, "\x1b") {
		t.Error("where there is no color, there is an escape")
	}
}

func TestExplanationsFitTheTerminal(t *testing.T) {
	list := sampleExplanations()
	var narrow, colored bytes.Buffer
	if err := terminal.WriteExplanations(&narrow, list, terminal.Options{Width: 50}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(narrow.String()) {
		// What is to be copied is never broken, nor are URLs; it is set further in.
		if copied := strings.HasPrefix(line, "    ") || strings.Contains(line, "fixtures/") || strings.Contains(line, " by hand"); !copied && len([]rune(line)) > 51 {
			t.Errorf("too long: %q", line)
		}
	}
	if !strings.Contains(narrow.String(), "    hubhook check URL --observe URL --only RTY-09\n") {
		t.Error("the command is broken")
	}
	if err := terminal.WriteExplanations(&colored, list, terminal.Options{Profile: colorprofile.ANSI}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colored.String(), "\x1b[") || strings.Contains(colored.String(), "\x1b[2J") {
		t.Error("colors are missing, or what is shown takes over the terminal")
	}
}
