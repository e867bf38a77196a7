package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/explain"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// Each piece of code that a check names is one that the right handlers have.
func TestEveryMendIsShownInEveryLanguage(t *testing.T) {
	topics := handlers.Topics()
	named := []suites.Example{
		suites.ExampleSecret, suites.ExampleReject, suites.ExampleQuerySecret, suites.ExampleScope, suites.ExampleAcknowledge,
		suites.ExampleIdempotency, suites.ExampleAnswerFirst, suites.ExampleParse, suites.ExampleModel, suites.ExampleOptional, suites.ExampleBodyLimit,
		suites.ExampleMethod, suites.ExampleEncoding, suites.ExampleOverload, suites.ExampleServer, suites.ExampleRestart,
	}
	for _, check := range suites.Catalogue() {
		if check.Example != "" {
			named = append(named, check.Example)
		}
	}
	for _, mend := range named {
		shown := builtin.Code(string(mend), handlers.Languages())
		if !slices.Contains(topics, string(mend)) || len(shown) != len(handlers.Languages()) {
			t.Errorf("%s is shown in %d languages, of %v", mend, len(shown), topics)
		}
		for _, piece := range shown {
			file, err := os.ReadFile("../../" + piece.File)
			if err != nil {
				t.Fatal(err)
			}
			last := piece.Parts[len(piece.Parts)-1]
			first, _, _ := strings.Cut(last.Code, "\n")
			if !strings.Contains(string(file), first) || last.Topic != string(mend) {
				t.Errorf("%s: %q is not in %s", mend, first, piece.File)
			}
		}
	}
}

func explained(t *testing.T, language string, checks ...suites.Check) []reports.Explanation {
	t.Helper()
	languages, err := builtin.Languages("--lang", language)
	if err != nil {
		t.Fatal(err)
	}
	return explain.Checks(t.Context(), checks, explain.Options{Languages: languages})
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
func TestMendsAreInTheLanguageAskedFor(t *testing.T) {
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
		for _, mend := range e.Examples {
			got = append(got, mend.Language)
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

func TestExplanationsAsJSON(t *testing.T) {
	var out, errors strings.Builder
	if code := run([]string{"explain", "sec-16", "PAY-02", "--json", "--lang", "go"}, cli.Streams{In: os.Stdin, Out: &out, Err: &errors}); code != cli.ExitPassed {
		t.Fatal(errors.String())
	}
	var list []reports.Explanation
	if err := json.Unmarshal([]byte(out.String()), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].ID != "SEC-16" || list[1].ID != "PAY-02" || len(list[1].Checks) != 4 {
		t.Errorf("explained: %s", out.String())
	}
	if strings.Contains(out.String(), ": null") {
		t.Errorf("a list is null: %s", out.String())
	}
}

// Commands are to be pasted: they name the handler of whoever reads them, from
// wherever check would have taken it, and no password of it.
func TestCommandsNameTheHandlerOfTheReader(t *testing.T) {
	for _, c := range []struct {
		name, flag, environment, file string
		want                          []string
	}{
		{"nothing", "", "", "", []string{"'http://127.0.0.1:8000/webhook'", "check http://127.0.0.1:8000/webhook "}},
		{"a flag", "http://127.0.0.1:3000/hub", "http://h/env", "", []string{"'http://127.0.0.1:3000/hub'", "check http://127.0.0.1:3000/hub "}},
		{"the environment", "", "http://h/env", "url: http://h/file\n", []string{"'http://h/env'", "check http://h/env "}},
		{"a file", "", "", "url: http://h/file\nobserve: http://h/state\n", []string{"'http://h/file'", "check http://h/file "}},
		{"a query", "http://h/?a=1&b=$(x)'", "", "", []string{"'http://h/?a=1&b=%24(x)%27'", "check 'http://h/?a=1&b=%24(x)%27' "}},
		{"a password", "http://me:hunter2@h/", "", "", []string{"'http://me@h/'", "check http://me@h/ "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("HUBHOOK_URL", c.environment)
			if err := os.WriteFile(flags.SettingsFile, []byte(c.file), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errors strings.Builder
			code := run([]string{"explain", "SEC-02", "--lang", "go", "--url", c.flag}, cli.Streams{In: os.Stdin, Out: &out, Err: &errors})
			if code != cli.ExitPassed {
				t.Fatal(errors.String())
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not shown:\n%s", want, &out)
				}
			}
			if strings.Contains(out.String(), "hunter2") {
				t.Error("a password is shown")
			}
		})
	}
}

// The mutant that fails little else comes first, and is the one to try.
func TestTheMostTellingMutantComesFirst(t *testing.T) {
	e := explained(t, "go", checkNamed(t, "SEC-03"))[0]
	if names := mutantNames(e); names[0] != "open-without-header" {
		t.Errorf("mutants come as %v", names)
	}
}
