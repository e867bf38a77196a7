package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
)

// workflow is what is looked at of a workflow of GitHub.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			Uses, Run string
			With      map[string]string
		}
	}
}

// ofAction is the step of a workflow that uses the action, and what it says to it.
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

// A handler that is known to be right is found, started and judged by what init writes
// about it.
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
	if code := run([]string{"init"}, streams{strings.NewReader(""), &out, &errors}); code != exitPassed {
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
	readYAMLFile(t, settingsFile, &settings)
	here := func(url string) string { return regexp.MustCompile(`:\d+/`).ReplaceAllString(url, ":"+port+"/") }
	r := newRunner(t)
	code, said := bash(t, dir, append(variables, "PORT="+port, "URL="+here(settings["url"]), "HUBHOOK_OBSERVE="+here(settings["observe"]), "GOFLAGS=", "RUNNER_TEMP="+r.temp, "GITHUB_OUTPUT="+r.output, "GITHUB_STEP_SUMMARY="+r.summary), checkScript)
	if code != exitPassed || !strings.Contains(said, "2 passed") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
}

// The settings that are comments are right, too, once they are none.
func TestInitWritesSettingsThatAreRead(t *testing.T) {
	commented := regexp.MustCompile(`(?m)^# ([a-z-]+: )`)
	for _, dropped := range []string{"observe", "observe-cmd"} { // of which one is enough
		files, err := initFiles(lookAtHandler(fstest.MapFS{}), ci{})
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, %v", files, err)
		}
		text := commented.ReplaceAllString(files[0].text, "$1")
		text = regexp.MustCompile(`(?m)^`+dropped+`: .*$`).ReplaceAllString(text, "")
		t.Chdir(t.TempDir())
		for name, text := range map[string]string{settingsFile: text, "known-failures.txt": ""} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out, errors strings.Builder
		code := run([]string{"check", "--dry-run", "--quiet", "--only", "SEC-01"}, streams{strings.NewReader(""), &out, &errors})
		if code != exitPassed || strings.Count(text, "\nstrict: true") != 1 {
			t.Errorf("without %s: exit code %d, %s", dropped, code, &errors)
		}
	}
}

// Whatever is found, what is written is YAML that says it, to inputs that the action has.
func TestInitWritesYAML(t *testing.T) {
	var a action
	readYAMLFile(t, actionDir+"action.yml", &a)
	odd := handlerFound{framework: frameworks()[0], start: `sh -c 'echo "a: b" # no comment' && x`, port: "1", hook: "/it's/hook", secret: "A_SECRET"}
	for _, found := range []handlerFound{odd, lookAtHandler(fstest.MapFS{}), lookAtHandler(fstest.MapFS{"go.mod": {}})} {
		github, gitlab := mustChoose(t, "github"), mustChoose(t, "gitlab")
		var w workflow
		for _, text := range textsFor(t, found, github) {
			if err := yaml.Unmarshal([]byte(text), &w); err != nil {
				t.Fatalf("%v:\n%s", err, text)
			}
		}
		with := w.ofAction(t)
		if with["start"] != found.start {
			t.Errorf("it starts %q, want %q", with["start"], found.start)
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
		if start.Value != found.start || jobs.Hubhook.Extends != ".hubhook" {
			t.Errorf("it starts %q, want %q", start.Value, found.start)
		}
	}
}

func mustChoose(t *testing.T, name string) ci {
	t.Helper()
	chosen, err := chooseCI(name, fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	return chosen
}

// textsFor are the texts of the files that are written.
func textsFor(t *testing.T, found handlerFound, ci ci) (texts []string) {
	t.Helper()
	files, err := initFiles(found, ci)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		texts = append(texts, file.text)
	}
	return texts
}

func TestInitChoosesTheCIThatIsThere(t *testing.T) {
	for want, files := range map[string]fs.FS{
		"github": fstest.MapFS{},
		"gitlab": fstest.MapFS{".gitlab-ci.yml": {}},
	} {
		if chosen, err := chooseCI("", files); err != nil || chosen.name != want {
			t.Errorf("%+v, %v; want %s", chosen, err, want)
		}
	}
	both := fstest.MapFS{".gitlab-ci.yml": {}, ".github/workflows/ci.yml": {}}
	if chosen, err := chooseCI("", both); err != nil || chosen.name != "github" {
		t.Errorf("of both: %+v, %v", chosen, err)
	}
}

// A release is named by what it writes; nothing else could be downloaded.
func TestInitNamesTheReleaseThatItIs(t *testing.T) {
	for version, want := range map[string][2]string{
		"v1.2.3": {"v1.2.3", "v1.2.3"}, "(devel)": {"main", ""}, "v1.2.4-0.20260102030405-0123456789ab": {"main", ""},
	} {
		if got := [2]string{actionRef(version), releaseOf(version)}; got != want {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}
