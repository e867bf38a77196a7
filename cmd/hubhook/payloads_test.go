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
)

// payloadsDir has the golden payloads, and the lines that generate them.
const payloadsDir = "../../fixtures/payloads"

// The golden payloads are what their go:generate lines make, byte for byte, and there are no
// others.
func TestPayloadsAreAsGenerated(t *testing.T) {
	lines := generateLines(t, filepath.Join(payloadsDir, "payloads.go"))
	golden := treeOf(t, payloadsDir)
	made := t.TempDir()
	copyFile(t, filepath.Join(payloadsDir, "refs.json"), made)
	t.Chdir(made)
	for _, args := range lines {
		var out, errors strings.Builder
		if code := run(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors}); code != cli.ExitPassed {
			t.Fatalf("hubhook %s: exit code %d: %s", strings.Join(args, " "), code, &errors)
		}
	}
	for _, fault := range differences(golden, treeOf(t, made)) {
		t.Errorf("fixtures/payloads/%s (go generate ./... makes all of them)", fault)
	}
}

// generateLines returns the command lines of hubhook in the go:generate lines of a file.
func generateLines(t *testing.T, file string) (lines [][]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var command []string
	for line := range strings.Lines(string(text)) {
		words, found := strings.CutPrefix(line, "//go:generate ")
		if !found {
			continue
		}
		args := strings.Fields(words)
		if args[0] == "-command" { // -command NAME go run ../../cmd/hubhook ARGUMENT…
			command = args[5:]
			continue
		}
		lines = append(lines, slices.Concat(command, args[1:]))
	}
	if len(lines) == 0 {
		t.Fatalf("%s has no go:generate lines", file)
	}
	return lines
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
			faults = append(faults, name+" is made by no go:generate line: remove it")
		case text != golden[name]:
			faults = append(faults, name+" is not what its go:generate line makes")
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
