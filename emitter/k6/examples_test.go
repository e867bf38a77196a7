package k6_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The example sends what it says, and so does an archive of it.
func TestTheExampleRuns(t *testing.T) {
	for name, archived := range map[string]bool{"as it is": false, "from an archive": true} {
		t.Run(name, func(t *testing.T) {
			r := newReceiver(t)
			k := newK6(t, r.url, "HUBHOOK_SEED=7", "RATE=50", "DURATION=1s", "K6_NO_THRESHOLDS=true")
			file := k.write(read(t, "example.js"))
			if archived {
				file = archive(k, file, "-e", "RATE=50", "-e", "DURATION=1s")
			}
			if code, out := k.run("run", "--quiet", "--address", "", file); code != 0 {
				t.Errorf("exit code %d: %s", code, out)
			}
			if sent := len(r.bodies(t)); sent == 0 || sent > 51 {
				t.Errorf("%d deliveries came, wanted 50", sent)
			}
		})
	}
}

// archive makes an archive of a script as the operator for Kubernetes does, which
// looks at it first: without the script's environment.
func archive(k *k6, file string, args ...string) string {
	k.t.Helper()
	to := filepath.Join(k.dir, "test.tar")
	bare := newK6(k.t, "", "HUBHOOK_SECRET=")
	for _, command := range [][]string{append([]string{"archive", file, "-O", to}, args...), {"inspect", "--execution-requirements", to}} {
		if code, out := bare.run(command...); code != 0 || strings.Contains(out, "level=error") {
			k.t.Fatalf("%v: exit code %d: %s", command, code, out)
		}
	}
	return to
}

// The scripts in the README run.
func TestScriptsInTheReadmeRun(t *testing.T) {
	blocks := regexp.MustCompile("(?ms)^```js\n(.*?)^```$").FindAllStringSubmatch(read(t, "README.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("there is no script in the README")
	}
	for _, block := range blocks {
		r := newReceiver(t)
		newK6(t, r.url).script(block[1], "--iterations", "5")
		if sent := len(r.bodies(t)); sent != 5 {
			t.Errorf("%d deliveries came of\n%s", sent, block[1])
		}
	}
}

// The README has a row for each option, and no other.
func TestTheReadmeKnowsAllOptions(t *testing.T) {
	err := newVU(t).hub(t, "{ zzzzzzzz: 1 }")
	if err == nil {
		t.Fatal("an unknown option is taken")
	}
	_, list, _ := strings.Cut(err.Error(), "there are ")
	list, _, _ = strings.Cut(list, " at ")
	_, table, _ := strings.Cut(read(t, "README.md"), "| option |")
	table, _, _ = strings.Cut(table, "\n\n")
	var documented []string
	for row := range strings.Lines(table) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
		for _, name := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(cell, -1) {
			documented = append(documented, name[1])
		}
	}
	known := strings.Split(list, ", ")
	slices.Sort(known)
	slices.Sort(documented)
	if !slices.Equal(known, documented) {
		t.Errorf("the README tells of the options %v, there are %v", documented, known)
	}
}

// What the manifest for Kubernetes sets is what the example reads, and the secret does
// not stand in it.
func TestTheManifestSetsWhatTheExampleReads(t *testing.T) {
	var manifest struct {
		Kind string
		Spec struct {
			Parallelism int
			Script      struct {
				ConfigMap struct{ Name, File string } `yaml:"configMap"`
			}
			Runner struct {
				Image string
				Env   []struct {
					Name, Value string
					ValueFrom   struct {
						SecretKeyRef struct{ Name, Key string } `yaml:"secretKeyRef"`
					} `yaml:"valueFrom"`
				}
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "testrun.yaml")))
	if err := decoder.Decode(&manifest); err != nil {
		t.Fatal(err)
	}
	spec := manifest.Spec
	if manifest.Kind != "TestRun" || spec.Parallelism != 4 || spec.Script.ConfigMap.File != "example.js" || spec.Runner.Image == "" {
		t.Errorf("the manifest is %+v", manifest)
	}
	var set, wanted []string
	for _, variable := range spec.Runner.Env {
		set = append(set, variable.Name)
		if held := variable.ValueFrom.SecretKeyRef.Name != ""; held != (variable.Name == "HUBHOOK_SECRET") || held == (variable.Value != "") {
			t.Errorf("%s is %+v", variable.Name, variable)
		}
	}
	for _, read := range regexp.MustCompile(`__ENV\.(\w+)`).FindAllStringSubmatch(read(t, "example.js"), -1) {
		wanted = append(wanted, read[1])
	}
	slices.Sort(set)
	slices.Sort(wanted)
	if !slices.Equal(set, wanted) {
		t.Errorf("the manifest sets %v, the example reads %v", set, wanted)
	}
}
