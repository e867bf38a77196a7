package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/suites/catalogue"
)

// The commands of the README work, and write what it shows.
func TestReadme(t *testing.T) {
	for _, s := range readmeSections() {
		if !s.recipe {
			t.Run(s.heading, func(t *testing.T) {
				if !s.alone {
					t.Parallel()
				}
				s.run(t)
			})
		}
	}
}

// run does what a section tells its reader to do.
func (s readmeSection) run(t *testing.T) {
	t.Helper()
	parts := readmeParts(t, s.heading)
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	p := pasted{lines: s.before, bug: s.bug, limited: s.limited, variables: []string{"SOURCE=" + source}}
	if s.inside {
		p.folder = source
	}
	if s.uses != "" {
		p.lines += strings.Join(written(readmeParts(t, s.uses)), "")
	}
	for _, part := range parts {
		p.lines += part.script()
	}
	p.lines = strings.NewReplacer(s.edits...).Replace(p.lines)
	out := paste(t, p)
	for _, part := range parts {
		for _, line := range part.unwritten(out) {
			if *update && updateSummary(t, line, out) {
				continue
			}
			t.Errorf("nothing wrote %q; it ended with\n%s", line, lastOf(out))
		}
	}
}

// summaryLine matches the line of a run that counts its checks.
var summaryLine = regexp.MustCompile(`\d+ checks in .*`)

// readmeMutex guards the README, for sections run in parallel.
var readmeMutex sync.Mutex

// updateSummary writes the summary of a run into the README, in place of a line that is
// one.
func updateSummary(t *testing.T, line, out string) bool {
	t.Helper()
	got := summaryLine.FindString(out)
	if got == "" || !summaryLine.MatchString(line) {
		return false
	}
	readmeMutex.Lock()
	defer readmeMutex.Unlock()
	writeReadme(t, strings.Replace(read(readmeFile), line, got, 1))
	return true
}

// Each command of the README is in a section that is run.
func TestReadmeCommandsAreRun(t *testing.T) {
	count := func(parts []readmePart) (n int) {
		for _, part := range parts {
			if part.language == "sh" {
				n++
			}
		}
		return n
	}
	run := 0
	for _, s := range readmeSections() {
		n := count(readmeParts(t, s.heading))
		if n == 0 {
			t.Errorf("there is no command in %q", s.heading)
		}
		run += n
	}
	if all := count(readmeParts(t, "# hubhook")); run != all {
		t.Errorf("%d of %d blocks of commands are run", run, all)
	}
}

const readmeFile = "../../README.md"

// The README has the right numbers of checks and mutants.
func TestGeneratedCounts(t *testing.T) {
	checks, bugs := len(catalogue.All()), len(mutants.All())
	for form, want := range map[string]int{
		`(\d+) checks of a handler's URL`:        checks,
		`"(\d+) passed" in green`:                checks,
		`(\d+) handlers with one known bug each`: bugs,
	} {
		text := read(readmeFile)
		at := regexp.MustCompile(form).FindStringSubmatchIndex(text)
		if at == nil {
			t.Errorf("it does not say %s", form)
			continue
		}
		if *update {
			writeReadme(t, text[:at[2]]+strconv.Itoa(want)+text[at[3]:])
		} else if got := text[at[2]:at[3]]; got != strconv.Itoa(want) {
			t.Errorf("it says %q, and there are %d: run go generate ./fixtures/mutants", text[at[0]:at[1]], want)
		}
	}
}

func writeReadme(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(readmeFile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The README names files and headings that are there.
func TestReadmeLinks(t *testing.T) {
	text := read("../../README.md")
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchor := regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		anchors["#"+strings.ReplaceAll(anchor, " ", "-")] = true
	}
	links := regexp.MustCompile(`(?:\]\(|src(?:set)?=")([^)"\s]+)`).FindAllStringSubmatch(text, -1)
	for _, link := range links {
		target := link[1]
		switch {
		case strings.HasPrefix(target, "http"):
		case strings.HasPrefix(target, "#"):
			if !anchors[target] {
				t.Errorf("there is no heading %s", target)
			}
		default:
			if _, err := os.Stat(filepath.Join("../..", target)); err != nil {
				t.Error(err)
			}
		}
	}
	if len(links) < 30 {
		t.Errorf("only %d links were seen", len(links))
	}
}

// Settings and known failures in the README are valid.
func TestReadmeOnSettings(t *testing.T) {
	files := map[string]string{flags.SettingsFile: fenced(t, "## Your handler", "yaml")[0]}
	for _, block := range fenced(t, "## CI", "") {
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
	code := run([]string{"check", "--dry-run", "--quiet", "--only", "SEC-01"}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors})
	if code != cli.ExitPassed || !strings.Contains(out.String(), "nothing is sent to http://127.0.0.1:8000/webhook;") {
		t.Errorf("exit code %d: %s%s", code, &errors, &out)
	}
	if _, known := files["known-failures.txt"]; !known {
		t.Error("the list of known failures is not there")
	}
}

// The README uses only inputs and variables that the action and the job have.
func TestReadmeOnCI(t *testing.T) {
	shown := fenced(t, "## CI", "yaml")
	if len(shown) != 3 {
		t.Fatalf("%d blocks of YAML, want one for each CI, and one for what GitHub shows", len(shown))
	}
	check := newCheck(cli.Streams{})
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
