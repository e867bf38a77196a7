package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What the README says of payloads works as it stands, and writes what it says.
func TestReadmeOnPayloads(t *testing.T) {
	section := readmeSection(t, "Payloads")
	out := paste(t, strings.Join(fenced(section, "sh"), "\n"), exampleSecret, secretVariable+"="+exampleSecret)
	for _, shown := range fenced(section, "") {
		for line := range strings.Lines(shown) {
			if !regexp.MustCompile(`(?m)^` + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(line)), "…", ".*") + `$`).MatchString(out) {
				t.Errorf("nothing wrote %q", line)
			}
		}
	}
}

// What the README says of failures works as it stands.
func TestReadmeOnFailures(t *testing.T) {
	out := paste(t, strings.Join(fenced(readmeSection(t, "What a failure means"), "sh"), "\n"), exampleSecret)
	for _, shown := range []string{"SEC-03 refuses a delivery without", "PAY-19", "mutants, and the checks that find them"} {
		if !strings.Contains(out, shown) {
			t.Errorf("nothing wrote %q", shown)
		}
	}
}

// readmeSection is what stands under a heading of the README.
func readmeSection(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("there is no section %q", heading)
	}
	section, _, _ := strings.Cut(after, "\n## ")
	return section
}

// fence is a block of code, and its language.
var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// fenced are the blocks of a language.
func fenced(text, language string) (blocks []string) {
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		if block[1] == language {
			blocks = append(blocks, block[2])
		}
	}
	return blocks
}

// What the README shows of settings and of known failures is taken as it stands.
func TestReadmeOnSettings(t *testing.T) {
	files := map[string]string{settingsFile: fenced(readmeSection(t, "Your handler"), "yaml")[0]}
	for _, block := range fenced(readmeSection(t, "CI"), "") {
		name, _, _ := strings.Cut(strings.TrimPrefix(block, "# "), "\n")
		files[name] = block
	}
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, errors strings.Builder
	code := run([]string{"check", "--dry-run", "--quiet", "--only", "SEC-01"}, streams{strings.NewReader(""), &out, &errors})
	if code != exitPassed || !strings.Contains(out.String(), "nothing is sent to http://127.0.0.1:8000/webhook;") {
		t.Errorf("exit code %d: %s%s", code, &errors, &out)
	}
	if _, known := files["known-failures.txt"]; !known {
		t.Error("the list of known failures is not there")
	}
}

// What the README shows of CI uses what the action and the job take.
func TestReadmeOnCI(t *testing.T) {
	shown := fenced(readmeSection(t, "CI"), "yaml")
	if len(shown) != 3 {
		t.Fatalf("%d blocks of YAML, want one for each CI, and one for what GitHub shows", len(shown))
	}
	check := newCheck(streams{})
	for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(shown[2], -1) {
		if check.Flags().Lookup(flag[1]) == nil {
			t.Errorf("check has no flag %s", flag[0])
		}
	}
	var steps struct {
		Steps []struct {
			Uses string
			With map[string]string
		}
	}
	var a action
	readYAMLFile(t, actionDir+"action.yml", &a)
	if err := yaml.Unmarshal([]byte(shown[0]), &steps); err != nil {
		t.Fatal(err)
	}
	for input := range steps.Steps[len(steps.Steps)-1].With {
		if _, known := a.Inputs[input]; !known {
			t.Errorf("the action has no input %s", input)
		}
	}
	var jobs struct {
		Hubhook struct{ Variables map[string]string }
	}
	if err := yaml.Unmarshal([]byte(shown[1]), &jobs); err != nil {
		t.Fatal(err)
	}
	job := read("../../.gitlab/hubhook.yml")
	for name := range jobs.Hubhook.Variables {
		if !strings.Contains(job, name) {
			t.Errorf("the job has no variable %s", name)
		}
	}
	if len(steps.Steps) < 2 || len(jobs.Hubhook.Variables) < 2 {
		t.Errorf("shown: %+v, %+v", steps, jobs)
	}
}
