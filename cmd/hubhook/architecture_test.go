package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/hubhook/hubhook/"

// mayImport says which rooms a room may know. Data goes one way, from schemas
// by way of the emitter and the suites to the reports.
var mayImport = map[string][]string{
	"schemas":                    {},
	"reports":                    {},
	"emitter":                    {"schemas"},
	"emitter/hub/internal/store": {},
	"emitter/load":               {"emitter", "emitter/secrecy", "schemas", "reports"},
	"emitter/hub":                {"emitter", "emitter/hub/internal/store", "emitter/secrecy", "schemas", "reports"},
	"emitter/secrecy":            {},
	"suites":                     {"emitter", "emitter/secrecy", "schemas", "reports"},
	"suites/specs":               {"suites"},
	"fixtures/handlers":          {"schemas"},
	"fixtures/handlers/nethttp":  {},
	"fixtures/payloads":          {},
	"cmd/hubhook":                {"schemas", "emitter", "emitter/load", "emitter/hub", "suites", "reports", "fixtures/handlers"},
}

func TestRoomsKnowOnlyThoseTheyMay(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipOtherModule(root, name)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		room := path.Dir(filepath.ToSlash(relative))
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s stands in no room of the house", relative)
		}
		seen[room] = true
		for _, imported := range importsOf(t, name) {
			if other, ours := strings.CutPrefix(imported, module); ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which %s may not know", relative, other, room)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) != len(mayImport) {
		t.Errorf("saw rooms %v, want all of %v", seen, mayImport)
	}
}

// skipOtherModule skips a folder that is a module of its own: what it needs stays out of
// the house.
func skipOtherModule(root, dir string) error {
	if dir == root {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, name)
	}
	return list
}
