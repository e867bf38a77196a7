package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/schemas"
)

// payloadsDir has the golden payloads, and the command lines that generate them.
const payloadsDir = "../../fixtures/payloads"

// The golden payloads are what the command lines in commands.txt make, byte for byte, and
// there are no others.
func TestPayloadsAreAsGenerated(t *testing.T) {
	lines := commandLines(t, filepath.Join(payloadsDir, "commands.txt"))
	golden := treeOf(t, payloadsDir)
	kept, err := filepath.Abs(payloadsDir)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copyFile(t, filepath.Join(payloadsDir, "refs.json"), dir)
	t.Chdir(dir)
	for _, args := range lines {
		var out, errors strings.Builder
		if code := run(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors}); code != cli.ExitPassed {
			t.Fatalf("hubhook %s: exit code %d: %s", strings.Join(args, " "), code, &errors)
		}
	}
	made := treeOf(t, dir)
	if *update {
		replaceTree(t, kept, golden, made)
		golden = treeOf(t, kept)
	}
	for _, fault := range differences(golden, made) {
		t.Errorf("fixtures/payloads/%s (go generate ./fixtures/payloads makes all of them)", fault)
	}
}

// commandLines returns the arguments of hubhook in each line of a file, with the shapes that
// ALL and REPO stand for.
func commandLines(t *testing.T, file string) (lines [][]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all, repo []string
	for _, shape := range set.Shapes() {
		if shape.Narrowed {
			continue
		}
		all = append(all, shape.Name)
		if strings.HasPrefix(shape.Scope, "repo") {
			repo = append(repo, shape.Name)
		}
	}
	for line := range strings.Lines(string(text)) {
		args, found := strings.CutPrefix(line, "hubhook ")
		if !found {
			continue // a comment
		}
		var words []string
		for _, word := range strings.Fields(args) {
			switch word {
			case "ALL":
				words = append(words, all...)
			case "REPO":
				words = append(words, repo...)
			default:
				words = append(words, word)
			}
		}
		lines = append(lines, words)
	}
	if len(lines) == 0 {
		t.Fatalf("%s has no command lines", file)
	}
	return lines
}

// replaceTree writes the files that were made, and removes the others of golden.
func replaceTree(t *testing.T, dir string, golden, made map[string]string) {
	t.Helper()
	for name := range golden {
		if _, ok := made[name]; !ok {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range made {
		file := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		if err == nil {
			err = os.WriteFile(file, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// treeOf returns the contents of the JSON files below a folder.
func treeOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".json" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		tree[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// differences returns what is wrong with each file.
func differences(golden, made map[string]string) (faults []string) {
	for _, name := range slices.Sorted(maps.Keys(golden)) {
		switch text, ok := made[name]; {
		case !ok:
			faults = append(faults, name+" is made by no command line: remove it")
		case text != golden[name]:
			faults = append(faults, name+" is not what its command line makes")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		if _, ok := golden[name]; !ok {
			faults = append(faults, name+" is missing")
		}
	}
	return faults
}

func copyFile(t *testing.T, name, dir string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
