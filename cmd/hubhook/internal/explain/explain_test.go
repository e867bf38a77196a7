package explain

import (
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

func explained(t *testing.T, language string, checks ...suites.Check) []reports.Explanation {
	t.Helper()
	languages, err := builtin.Languages("--lang", language)
	if err != nil {
		t.Fatal(err)
	}
	return Checks(t.Context(), checks, Options{Languages: languages})
}

func checkNamed(t *testing.T, id string) suites.Check {
	t.Helper()
	found, err := suites.Find(suites.Catalogue(), id)
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

// Whoever fails a check reads what to do, in words and in the language that is asked
// for.
func TestExamplesAreInTheLanguageAskedFor(t *testing.T) {
	check := checkNamed(t, "SEC-02")
	check.Fix, check.Example = "Compare all of it.", suites.ExampleSecret
	for language, want := range map[string][]string{
		"":        {"Go", "Express", "FastAPI"},
		"express": {"Express"},
		"FastAPI": {"FastAPI"},
		"python":  {"FastAPI"},
	} {
		e := explained(t, language, check)[0]
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
	table, err := suites.Find(suites.Catalogue(), "PAY-07")
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
	var told []string
	for _, e := range explained(t, "", suites.Catalogue()...) {
		for _, check := range e.Checks {
			told = append(told, check.ID)
			if check.Sent == 0 && check.Reason == "" || check.Sent > 0 && (check.DecisiveStep < 1 || check.DecisiveStep > len(check.Steps)) {
				t.Errorf("%s: what it sends is not told: %+v", check.ID, check.DryRun)
			}
			if check.Curl != "" && !strings.Contains(check.Curl, "://127.0.0.1:8") || strings.Contains(check.Curl, builtin.Secret) {
				t.Errorf("%s: the command is %.300s", check.ID, check.Curl)
			}
		}
		if e.SpecSays == "" || e.LevelMeaning == "" || !strings.Contains(e.Rerun, "--only "+strings.ReplaceAll(e.ID, ", ", ",")) {
			t.Errorf("%s lacks something: %q, %q, %q", e.ID, e.SpecSays, e.LevelMeaning, e.Rerun)
		}
	}
	if len(told) != len(suites.Catalogue()) {
		t.Errorf("%d are explained of %d", len(told), len(suites.Catalogue()))
	}
}

// The mutant that fails few other checks comes first, and is the one to try.
func TestTheMostSpecificMutantComesFirst(t *testing.T) {
	e := explained(t, "go", checkNamed(t, "SEC-03"))[0]
	if names := mutantNames(e); names[0] != "open-without-header" {
		t.Errorf("mutants come as %v", names)
	}
}
