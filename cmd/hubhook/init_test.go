package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/scaffold"
)

// workflow has what tests read of a workflow of GitHub.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			Uses, Run string
			With      map[string]string
		}
	}
}

// ofAction returns the inputs of the step that uses the action.
func (w workflow) ofAction(t *testing.T) map[string]string {
	t.Helper()
	for _, step := range w.Jobs["check"].Steps {
		if strings.HasPrefix(step.Uses, "hubhook/hubhook/"+strings.TrimPrefix(strings.TrimSuffix(actionDir, "/"), "../../")+"@") {
			return step.With
		}
	}
	t.Fatalf("no step uses the action: %+v", w)
	return nil
}

// What init writes about a right handler starts it, and checks it.
func TestInitWritesAWorkflowThatWorks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/handler\n\ngo 1.24\n", "main.go": read("../../fixtures/handlers/nethttp/main.go")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	checkScript, err := filepath.Abs(actionDir + "check")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var out, errors strings.Builder
	if code := run([]string{"init"}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors}); code != cli.ExitPassed {
		t.Fatal(errors.String())
	}
	var w workflow
	readYAMLFile(t, ".github/workflows/hubhook.yml", &w)
	variables := []string{"HUBHOOK_ONLY=SEC-01,SEC-02"}
	for input, value := range w.ofAction(t) {
		variables = append(variables, strings.ToUpper(input)+"="+value)
	}
	// The port that it has by itself may be another's here.
	address := freeAddress(t)
	port := address[strings.LastIndex(address, ":")+1:]
	var settings map[string]string
	readYAMLFile(t, flags.SettingsFile, &settings)
	here := func(url string) string { return regexp.MustCompile(`:\d+/`).ReplaceAllString(url, ":"+port+"/") }
	r := newRunner(t)
	code, output := bash(t, dir, append(variables, "PORT="+port, "URL="+here(settings["url"]), "HUBHOOK_OBSERVE="+here(settings["observe"]), "GOFLAGS=", "RUNNER_TEMP="+r.temp, "GITHUB_OUTPUT="+r.output, "GITHUB_STEP_SUMMARY="+r.summary), checkScript)
	if code != cli.ExitPassed || !strings.Contains(output, "2 passed") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

// The settings in comments are valid, too.
func TestInitWritesSettingsThatAreRead(t *testing.T) {
	commented := regexp.MustCompile(`(?m)^# ([a-z-]+: )`)
	for _, dropped := range []string{"observe", "observe-cmd"} { // of which one is enough
		files, err := scaffold.Files(scaffold.Detect(fstest.MapFS{}), scaffold.CI{}, version())
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, %v", files, err)
		}
		text := commented.ReplaceAllString(files[0].Text, "$1")
		text = regexp.MustCompile(`(?m)^`+dropped+`: .*$`).ReplaceAllString(text, "")
		t.Chdir(t.TempDir())
		for name, text := range map[string]string{flags.SettingsFile: text, "known-failures.txt": ""} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out, errors strings.Builder
		code := run([]string{"check", "--dry-run", "--quiet", "--only", "SEC-01"}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors})
		if code != cli.ExitPassed || strings.Count(text, "\nstrict: true") != 1 {
			t.Errorf("without %s: exit code %d, %s", dropped, code, &errors)
		}
	}
}

// Whatever is detected, init writes valid YAML, with inputs that the action has.
func TestInitWritesYAML(t *testing.T) {
	var a action
	readYAMLFile(t, actionDir+"action.yml", &a)
	odd := scaffold.Handler{Framework: scaffold.Detect(fstest.MapFS{"package.json": {Data: []byte(`{"express": 5}`)}}).Framework, Start: `sh -c 'echo "a: b" # no comment' && x`, Port: "1", Hook: "/it's/hook", Secret: "A_SECRET"}
	for _, found := range []scaffold.Handler{odd, scaffold.Detect(fstest.MapFS{}), scaffold.Detect(fstest.MapFS{"go.mod": {}})} {
		github, gitlab := mustChoose(t, "github"), mustChoose(t, "gitlab")
		var w workflow
		for _, text := range textsFor(t, found, github) {
			if err := yaml.Unmarshal([]byte(text), &w); err != nil {
				t.Fatalf("%v:\n%s", err, text)
			}
		}
		with := w.ofAction(t)
		if with["start"] != found.Start {
			t.Errorf("it starts %q, want %q", with["start"], found.Start)
		}
		for input := range with {
			if _, known := a.Inputs[input]; !known {
				t.Errorf("the action has no input %s", input)
			}
		}
		var jobs struct {
			Hubhook struct {
				Extends   string
				Variables struct {
					Start yaml.Node `yaml:"HUBHOOK_START"`
				}
			}
		}
		for _, text := range textsFor(t, found, gitlab) {
			if err := yaml.Unmarshal([]byte(text), &jobs); err != nil {
				t.Fatalf("%v:\n%s", err, text)
			}
		}
		start := struct{ Value string }{jobs.Hubhook.Variables.Start.Value}
		if jobs.Hubhook.Variables.Start.Kind == yaml.MappingNode {
			jobs.Hubhook.Variables.Start.Decode(&start)
		}
		if start.Value != found.Start || jobs.Hubhook.Extends != ".hubhook" {
			t.Errorf("it starts %q, want %q", start.Value, found.Start)
		}
	}
}

func mustChoose(t *testing.T, name string) scaffold.CI {
	t.Helper()
	chosen, err := scaffold.ChooseCI(name, fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	return chosen
}

// textsFor returns the texts of the files that are written.
func textsFor(t *testing.T, found scaffold.Handler, ci scaffold.CI) (texts []string) {
	t.Helper()
	files, err := scaffold.Files(found, ci, version())
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		texts = append(texts, file.Text)
	}
	return texts
}
