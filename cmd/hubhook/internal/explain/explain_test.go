package explain

import (
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

func explained(t *testing.T, language string, checks ...check.Check) []reports.Explanation {
	t.Helper()
	languages, err := builtin.Languages("--lang", language)
	if err != nil {
		t.Fatal(err)
	}
	return Checks(t.Context(), checks, Options{Languages: languages})
}

func checkNamed(t *testing.T, id string) check.Check {
	t.Helper()
	found, err := suites.Find(catalogue.All(), id)
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

// Whoever fails a check reads what to do, in words and in the language that is asked
// for.
func TestExamplesAreInTheLanguageAskedFor(t *testing.T) {
	c := checkNamed(t, "SEC-02")
	c.Fix, c.Example = "Compare all of it.", check.ExampleSecret
	for language, want := range map[string][]string{
		"":        {"Go", "Express", "FastAPI"},
		"express": {"Express"},
		"FastAPI": {"FastAPI"},
		"python":  {"FastAPI"},
	} {
		e := explained(t, language, c)[0]
		var got []string
		for _, example := range e.Examples {
			got = append(got, example.Language)
		}
		if !slices.Equal(got, want) || e.Fix != "Compare all of it." {
			t.Errorf("--lang %q shows %v and %q, want %v", language, got, e.Fix, want)
		}
	}
}

// Entries of a table are one explanation as far as they have all else in common.
func TestTablesAreExplainedTogether(t *testing.T) {
	table, err := suites.Find(catalogue.All(), "PAY-07")
	if err != nil {
		t.Fatal(err)
	}
	if list := explained(t, "go", table...); len(list) != 1 || list[0].ID != "PAY-07" || len(list[0].Checks) != 3 {
		t.Errorf("%d explanations", len(list))
	}
	table[2].Why = "for another reason"
	list := explained(t, "go", table...)
	if len(list) != 2 || list[0].ID != "PAY-07a, PAY-07b" || list[1].ID != "PAY-07c" || list[1].Why != "for another reason" {
		t.Fatalf("%d explanations", len(list))
	}
	if want := "hubhook check http://127.0.0.1:8000/webhook --only PAY-07a,PAY-07b"; list[0].Rerun != want {
		t.Errorf("%q, want %q", list[0].Rerun, want)
	}
	if names := mutantNames(list[1]); slices.Contains(names, "null-sha-crash") || !slices.Contains(mutantNames(list[0]), "null-sha-crash") {
		t.Error("mutants are told where they fail nothing")
	}
}

func mutantNames(e reports.Explanation) (names []string) {
	for _, mutant := range e.Mutants {
		names = append(names, mutant.Name)
	}
	return names
}

// Every check can be explained by its ID alone, and no address or secret of ours
// shows in what is to be pasted.
func TestEveryCheckIsExplained(t *testing.T) {
	var listed []string
	for _, e := range explained(t, "", catalogue.All()...) {
		for _, c := range e.Checks {
			listed = append(listed, c.ID)
			if c.Sent == 0 && c.Reason == "" || c.Sent > 0 && (c.DecisiveStep < 1 || c.DecisiveStep > len(c.Steps)) {
				t.Errorf("%s: what it sends is not told: %+v", c.ID, c.DryRun)
			}
			if c.Curl != "" && !strings.Contains(c.Curl, "://127.0.0.1:8") || strings.Contains(c.Curl, builtin.Secret) {
				t.Errorf("%s: the command is %.300s", c.ID, c.Curl)
			}
		}
		if e.SpecSays == "" || e.LevelMeaning == "" || !strings.Contains(e.Rerun, "--only "+strings.ReplaceAll(e.ID, ", ", ",")) {
			t.Errorf("%s lacks something: %q, %q, %q", e.ID, e.SpecSays, e.LevelMeaning, e.Rerun)
		}
	}
	if len(listed) != len(catalogue.All()) {
		t.Errorf("%d are explained of %d", len(listed), len(catalogue.All()))
	}
}

// The mutant that fails few other checks comes first, and is the one to try.
func TestTheMostSpecificMutantComesFirst(t *testing.T) {
	e := explained(t, "go", checkNamed(t, "SEC-03"))[0]
	if names := mutantNames(e); names[0] != "open-without-header" {
		t.Errorf("mutants come as %v", names)
	}
}
