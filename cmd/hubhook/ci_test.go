package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// actionDir has the action for GitHub.
const actionDir = "../../.github/actions/check/"

// bash runs a script in a folder as a CI does. The secret is in its environment only if it is
// among the variables.
func bash(t *testing.T, dir string, variables []string, args ...string) (code int, out string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", args...)
	cmd.Dir = dir
	cmd.Env = append(withoutSecret(os.Environ()), variables...)
	output, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(output)
}

// runner has the files and folders by which a step of GitHub Actions passes results on.
type runner struct{ temp, output, summary, path string }

func newRunner(t *testing.T) runner {
	dir := t.TempDir()
	return runner{dir, filepath.Join(dir, "output"), filepath.Join(dir, "summary"), filepath.Join(dir, "path")}
}

// step runs a script of the action.
func (r runner) step(t *testing.T, name string, inputs ...string) (code int, out string) {
	t.Helper()
	script, err := filepath.Abs(actionDir + name)
	if err != nil {
		t.Fatal(err)
	}
	variables := append(inputs, "RUNNER_TEMP="+r.temp, "GITHUB_OUTPUT="+r.output, "GITHUB_STEP_SUMMARY="+r.summary, "GITHUB_PATH="+r.path)
	return bash(t, t.TempDir(), variables, script)
}

// read returns the content of a file, or nothing if it does not exist.
func read(file string) string {
	text, _ := os.ReadFile(file)
	return string(text)
}

// nobodyListens reports whether the process that listened at an address has ended, or is about
// to: its connections end with it.
func nobodyListens(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return true
	}
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	conn.Read(make([]byte, 1))
	again, err := net.Dial("tcp", address)
	if err == nil {
		again.Close()
	}
	return err != nil
}

func TestActionChecksWhatItStarts(t *testing.T) {
	for _, c := range []struct {
		name, start, args string
		code              int
		says              string
	}{
		{"a right handler", "echo $HUBHOOK_SECRET; exec hubhook handler --listen ADDRESS", "--only SEC-01 --header 'X-Tenant: 5 6'", cli.ExitPassed, "1 passed"},
		{"one that starts another", "true; hubhook handler --listen ADDRESS & wait", "--only SEC-01,SEC-02", cli.ExitPassed, "2 passed"},
		{"one with a bug", "hubhook handler --listen ADDRESS --bug open", "--only SEC-02", cli.ExitFailed, "What the handler said, its last 100 lines\nlistening on"},
		{"one that does not start", "echo no database >&2; exit 3", "--only SEC-01", cli.ExitUsage, "no database"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, address := newRunner(t), freeAddress(t)
			wait := "1m"
			if c.code == cli.ExitUsage {
				wait = "50ms"
			}
			code, out := r.step(t, "check", "START="+strings.ReplaceAll(c.start, "ADDRESS", address), "URL=http://"+address+"/webhook", "WAIT="+wait, "ARGS="+c.args, "SUMMARY=true", "SARIF=true")
			if code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, c.code, c.says, out)
			}
			if !nobodyListens(address) {
				t.Error("the handler was left running")
			}
			r.checkReports(t, c.code != cli.ExitUsage, out)
		})
	}
}

// checkReports requires all reports that are wanted, without the secret in any.
func (r runner) checkReports(t *testing.T, wanted bool, out string) {
	t.Helper()
	reports := filepath.Join(r.temp, "hubhook")
	if wanted != (read(r.output) == "reports="+reports+"\n") {
		t.Errorf("the outputs of the step: %q", read(r.output))
	}
	secret := regexp.MustCompile(`(?m)^::add-mask::([0-9a-f]{48})$`).FindStringSubmatch(out)
	if secret == nil {
		t.Fatalf("no secret is masked:\n%s", out)
	}
	forms := map[string]string{"json": "json", "junit": "xml", "html": "html", "markdown": "md", "sarif": "sarif"}
	known := newCheck(cli.Streams{}).Flags()
	for form, ending := range forms {
		text := read(filepath.Join(reports, "report."+ending))
		if there := wanted && known.Lookup(form) != nil; there != (text != "") || strings.Contains(text, secret[1]) {
			t.Errorf("the report as %s: wanted %v; %q", form, there, text)
		}
	}
	if read(r.summary) != read(filepath.Join(reports, "report.md")) {
		t.Errorf("the job's summary: %q", read(r.summary))
	}
}

// A handler of an earlier step, or elsewhere, has a secret of its own, and hubhook.yaml
// says what the inputs do not.
func TestActionChecksWhatIsThere(t *testing.T) {
	handler := startHandler(t, "")
	r := newRunner(t)
	code, out := r.step(t, "check", "HUBHOOK_SECRET="+scriptSecret, "HUBHOOK_URL="+handler.URL, "HUBHOOK_ONLY=SEC-01,SEC-02")
	if code != cli.ExitPassed || !strings.Contains(out, "2 passed") || strings.Contains(out, "add-mask") || read(r.summary) != "" {
		t.Errorf("exit code %d:\n%s\nsummary: %s", code, out, read(r.summary))
	}
}

// release returns an archive as releases have it, with one file in it.
func release(t *testing.T, file, text string) []byte {
	t.Helper()
	var archive bytes.Buffer
	compressed := gzip.NewWriter(&archive)
	files := tar.NewWriter(compressed)
	err := errors.Join(
		files.WriteHeader(&tar.Header{Name: file, Mode: 0o755, Size: int64(len(text))}),
		func() error { _, err := files.Write([]byte(text)); return err }(),
		files.Close(), compressed.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

func TestActionGetsARelease(t *testing.T) {
	archive := release(t, "hubhook", "#!/bin/sh\necho this is the release\n")
	site := http.NewServeMux()
	for version, sum := range map[string]string{"1.2.3": fmt.Sprintf("%x", sha256.Sum256(archive)), "1.2.4": fmt.Sprintf("%x", sha256.Sum256(nil)), "1.2.5": ""} {
		name := fmt.Sprintf("hubhook_%s_%s_%s.tar.gz", version, runtime.GOOS, runtime.GOARCH)
		sums := fmt.Sprintf("%x  other.tar.gz\n", sha256.Sum256(nil))
		if sum != "" {
			sums += sum + "  " + name + "\n"
		}
		site.HandleFunc("/v"+version+"/"+name, func(w http.ResponseWriter, _ *http.Request) { w.Write(archive) })
		site.HandleFunc("/v"+version+"/checksums.txt", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, sums) })
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	for version, want := range map[string]struct {
		code int
		says string
	}{
		"v1.2.3":     {0, "this is the release"},
		"v1.2.4":     {2, "is not what checksums.txt says"},
		"v1.2.5":     {2, "is not what checksums.txt says"}, // which does not name it
		"v1.2.6":     {2, "cannot be downloaded"},
		"latest":     {2, "version is latest; it must be that of a release, such as v1.2.3"},
		"v1.2.3/../": {2, "it must be that of a release"},
	} {
		r := newRunner(t)
		code, out := r.step(t, "get", "VERSION="+version, "HUBHOOK_RELEASES="+server.URL)
		if code != want.code || !strings.Contains(out, want.says) {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s", version, code, want.code, want.says, out)
		}
		if got := read(r.path); (want.code == 0) != (got == filepath.Join(r.temp, "hubhook-bin")+"\n") {
			t.Errorf("%s: added to PATH: %q", version, got)
		}
	}
}

// readYAMLFile reads a file of YAML into a Go value.
func readYAMLFile(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// action has what tests read of an action.
type action struct {
	Inputs map[string]struct{ Description, Default string }
	Runs   struct {
		Using string
		Steps []struct{ Uses, Run, Shell string }
	}
}

func TestActionIsConsistent(t *testing.T) {
	var a action
	readYAMLFile(t, actionDir+"action.yml", &a)
	text := read(actionDir + "action.yml")
	for name, input := range a.Inputs {
		if input.Description == "" || !strings.Contains(text, "inputs."+name) {
			t.Errorf("input %s is not described, or not used", name)
		}
	}
	for _, used := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(text, -1) {
		if _, known := a.Inputs[used[1]]; !known {
			t.Errorf("there is no input %s", used[1])
		}
	}
	for _, step := range a.Runs.Steps {
		// Inputs in a script would be read as parts of it.
		if strings.Contains(step.Run, "${{") || (step.Run != "") != (step.Shell == "bash") {
			t.Errorf("step %+v", step)
		}
		if script, ours := strings.CutPrefix(strings.Trim(step.Run, `"`), "$GITHUB_ACTION_PATH/"); ours {
			if info, err := os.Stat(actionDir + script); err != nil || info.Mode()&0o100 == 0 {
				t.Errorf("%s cannot be run: %v", script, err)
			}
		}
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) < 4 {
		t.Errorf("it runs %+v", a.Runs)
	}
}

// gitlabJob has what tests read of a job of GitLab.
type gitlabJob struct {
	Variables map[string]string
	Script    []string
	Artifacts struct {
		When    string
		Paths   []string
		Reports struct{ JUnit string }
	}
}

func TestGitLabJobChecksWhatItStarts(t *testing.T) {
	var jobs map[string]gitlabJob
	readYAMLFile(t, "../../.gitlab/hubhook.yml", &jobs)
	job := jobs[".hubhook"]
	for _, c := range []struct {
		flags string
		code  int
		says  string
	}{
		{"", cli.ExitPassed, "2 passed"},
		{" --bug open", cli.ExitFailed, "what the handler said, its last 100 lines:\nlistening on"},
	} {
		dir, address := t.TempDir(), freeAddress(t)
		variables := []string{}
		for name, value := range job.Variables {
			variables = append(variables, name+"="+value)
		}
		variables = append(variables, "HUBHOOK_URL=http://"+address+"/webhook", "HUBHOOK_ONLY=SEC-01,SEC-02",
			"HUBHOOK_START=hubhook handler --listen "+address+c.flags)
		code, out := bash(t, dir, variables, "-ec", strings.Join(job.Script, "\n"))
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("exit code %d, want %d and %q:\n%s", code, c.code, c.says, out)
		}
		if !nobodyListens(address) {
			t.Error("the handler was left running")
		}
		if junit := read(filepath.Join(dir, job.Artifacts.Reports.JUnit)); !strings.Contains(junit, "SEC-02") || job.Artifacts.When != "always" {
			t.Errorf("the report for GitLab: %q, kept %s", junit, job.Artifacts.When)
		}
	}
}

// A release is built as .ci/compile builds, which the tests of CI are about, and has the
// names by which the action asks for it.
func TestReleaseIsBuiltAsInCI(t *testing.T) {
	var release struct {
		Builds []struct {
			Env, Flags, Ldflags, Goos, Goarch []string
			Main                              string
		}
		Archives []struct {
			Template string `yaml:"name_template"`
		}
	}
	readYAMLFile(t, "../../.goreleaser.yaml", &release)
	compile := read("../../.ci/compile")
	build := release.Builds[0]
	values := regexp.MustCompile(`=\S+`)
	for _, word := range slices.Concat(build.Flags, build.Env, []string{build.Main}, strings.Fields(strings.Join(build.Ldflags, " "))) {
		word, _, _ := strings.Cut(word, "{{")
		if word == "" || strings.HasPrefix(word, ".") && !strings.HasPrefix(word, "./") || word == "}}" {
			continue // of a template
		}
		if !strings.Contains(compile, values.ReplaceAllStringFunc(word, func(v string) string { return strings.TrimSuffix(v, "v") })) {
			t.Errorf("a release is built with %q, and .ci/compile does not", word)
		}
	}
	for _, stamped := range regexp.MustCompile(`main\.(\w+)=`).FindAllStringSubmatch(compile, -1) {
		if !strings.Contains(strings.Join(build.Ldflags, " "), stamped[0]) || !strings.Contains(read("version.go"), stamped[1]) {
			t.Errorf("%s is not stamped into a release, or not read", stamped[1])
		}
	}
	if got, want := release.Archives[0].Template, "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}"; got != want {
		t.Errorf("archives are called %s, and the action looks for %s", got, want)
	}
	if fmt.Sprint(build.Goos, build.Goarch) != "[linux darwin windows] [amd64 arm64]" {
		t.Errorf("built for %v on %v", build.Goos, build.Goarch)
	}
}
