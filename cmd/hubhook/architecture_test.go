package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	repository = "../.." // seen from this package
	modulePath = "github.com/hubhook/hubhook/"
)

// mayImport has every package of the repository, and which of the others it may import.
// Data goes one way, from schemas by way of the emitter and the suites to the reports.
var mayImport = map[string][]string{
	"schemas":         {"reports/safetext", "schemas/suggest"},
	"schemas/suggest": {},

	"reports":                  {"reports/safetext"},
	"reports/ci":               {"reports", "reports/internal/wording", "reports/safetext"},
	"reports/html":             {"reports", "reports/internal/wording", "reports/safetext"},
	"reports/internal/wording": {"reports", "reports/safetext"},
	"reports/markdown":         {"reports", "reports/internal/wording", "reports/safetext"},
	"reports/safetext":         {},
	"reports/terminal":         {"reports", "reports/internal/wording", "reports/safetext"},

	"emitter": {
		"emitter/delivery", "emitter/internal/payload", "emitter/internal/world", "reports/safetext",
		"schemas",
	},
	"emitter/internal/payload": {
		"emitter/internal/world", "reports/safetext", "schemas", "schemas/suggest",
	},
	"emitter/internal/world": {},
	"emitter/curl":           {"emitter/redact"},
	"emitter/delivery":       {"reports/safetext"},
	"emitter/format":         {"emitter", "emitter/curl", "emitter/delivery", "emitter/redact"},
	"emitter/hub": {
		"emitter", "emitter/delivery", "emitter/hub/activity", "emitter/hub/internal/api",
		"emitter/hub/internal/control", "emitter/hub/internal/dispatch",
		"emitter/hub/internal/domain", "emitter/hub/internal/inspect", "emitter/hub/internal/mask",
		"emitter/hub/internal/page", "emitter/hub/internal/problem", "emitter/hub/internal/router",
		"emitter/hub/internal/scenario", "emitter/hub/internal/store", "schemas",
	},
	"emitter/hub/activity": {},
	"emitter/hub/internal/api": {
		"emitter", "emitter/hub/activity", "emitter/hub/internal/domain",
		"emitter/hub/internal/problem", "emitter/hub/internal/router",
	},
	"emitter/hub/internal/control": {
		"emitter/hub/activity", "emitter/hub/internal/dispatch",
		"emitter/hub/internal/domain", "emitter/hub/internal/inspect", "emitter/hub/internal/problem",
		"emitter/hub/internal/router", "emitter/hub/internal/scenario", "schemas/suggest",
	},
	"emitter/hub/internal/dispatch": {
		"emitter/delivery", "emitter/hub/activity", "emitter/hub/internal/domain", "emitter/hub/internal/mask",
		"emitter/hub/internal/problem",
	},
	"emitter/hub/internal/domain": {
		"emitter", "emitter/delivery", "emitter/hub/activity",
		"emitter/hub/internal/problem", "emitter/hub/internal/store",
	},
	"emitter/hub/internal/inspect": {
		"emitter/delivery", "emitter/format", "emitter/hub/activity", "emitter/hub/internal/domain",
		"emitter/hub/internal/mask", "schemas",
	},
	"emitter/hub/internal/mask": {
		"emitter/hub/activity", "emitter/hub/internal/domain", "emitter/redact", "reports/safetext",
	},
	"emitter/hub/internal/page": {
		"emitter/curl", "emitter/hub/activity", "emitter/hub/internal/dispatch", "emitter/hub/internal/domain",
		"emitter/hub/internal/inspect", "emitter/hub/internal/mask", "emitter/hub/internal/problem",
		"emitter/hub/internal/router", "emitter/hub/internal/scenario", "emitter/redact", "schemas",
	},
	"emitter/hub/internal/problem": {"reports/safetext"},
	"emitter/hub/internal/router": {
		"emitter/delivery", "emitter/hub/activity", "emitter/hub/internal/domain",
		"emitter/hub/internal/problem", "reports/safetext",
	},
	"emitter/hub/internal/scenario": {
		"emitter", "emitter/delivery", "emitter/hub/activity",
		"emitter/hub/internal/domain", "emitter/hub/internal/problem", "schemas",
	},
	"emitter/hub/internal/store": {},
	"emitter/load": {
		"emitter", "emitter/delivery", "emitter/load/internal/client", "emitter/load/internal/osclock",
		"reports", "schemas/suggest",
	},
	"emitter/load/internal/client":  {"emitter/delivery", "emitter/redact"},
	"emitter/load/internal/osclock": {},
	"emitter/redact":                {},

	"suites": {
		"emitter/delivery", "emitter/redact", "reports", "schemas", "schemas/suggest", "suites/catalogue", "suites/check",
		"suites/internal/subtest", "suites/observe", "suites/secrets",
	},
	"suites/catalogue": {"emitter", "suites/check", "suites/observe", "suites/secrets"},
	"suites/check": {
		"emitter", "emitter/curl", "emitter/delivery", "emitter/redact", "reports", "reports/safetext",
		"schemas", "suites/observe", "suites/secrets",
	},
	"suites/internal/subtest": {"reports"},
	"suites/observe":          {"emitter/delivery", "reports/safetext"},
	"suites/secrets":          {"emitter/curl", "emitter/delivery", "emitter/redact", "reports"},
	"suites/specs":            {"suites", "suites/internal/subtest"},

	"fixtures/handlers":         {"schemas", "schemas/suggest"},
	"fixtures/handlers/nethttp": {},
	"fixtures/mutants":          {"fixtures/handlers", "schemas", "schemas/suggest"},
	"fixtures/payloads":         {},

	"cmd/hubhook": {
		"cmd/hubhook/internal/builtin", "cmd/hubhook/internal/cli", "cmd/hubhook/internal/explain",
		"cmd/hubhook/internal/flags", "cmd/hubhook/internal/output", "cmd/hubhook/internal/scaffold",
		"emitter", "emitter/curl", "emitter/delivery", "emitter/format", "emitter/hub", "emitter/hub/activity",
		"emitter/load", "emitter/redact", "fixtures/handlers", "fixtures/mutants", "reports", "reports/ci",
		"reports/html", "reports/markdown", "reports/safetext", "reports/terminal", "schemas",
		"schemas/suggest", "suites", "suites/catalogue", "suites/check",
	},
	"cmd/hubhook/internal/builtin": {
		"emitter/delivery", "fixtures/handlers", "fixtures/mutants", "reports", "schemas/suggest", "suites",
	},
	"cmd/hubhook/internal/cli": {"emitter/redact", "reports/safetext", "schemas/suggest"},
	"cmd/hubhook/internal/explain": {
		"cmd/hubhook/internal/builtin", "emitter/delivery", "fixtures/handlers", "fixtures/mutants", "reports",
		"suites", "suites/catalogue", "suites/check",
	},
	"cmd/hubhook/internal/flags": {
		"cmd/hubhook/internal/cli", "emitter", "emitter/curl", "emitter/delivery", "emitter/redact", "schemas",
		"schemas/suggest", "suites", "suites/catalogue", "suites/check",
	},
	"cmd/hubhook/internal/output": {
		"emitter/delivery", "emitter/format", "emitter/redact", "reports", "reports/safetext",
		"reports/terminal", "schemas", "suites", "suites/check",
	},
	"cmd/hubhook/internal/scaffold": {
		"cmd/hubhook/internal/cli", "cmd/hubhook/internal/flags",
	},

	// Modules of their own, for what they need stays out of hubhook's go.mod.
	"emitter/k6": {
		"emitter", "emitter/delivery", "emitter/redact", "schemas", "schemas/suggest",
	},
	"emitter/k6/cmd/k6": {"emitter/k6"},
	"emitter/load/peers": {
		"emitter", "emitter/load/peers/measure", "emitter/load/peers/server", "emitter/load/peers/tools",
	},
	"emitter/load/peers/measure": {"emitter/load/peers/server"},
	"emitter/load/peers/server":  {},
	"emitter/load/peers/tools":   {"reports"},
}

// maxFiles is how many .go files a package may have, not counting tests: with more,
// nobody finds anything.
const maxFiles = 20

func TestArchitecture(t *testing.T) {
	found := sourceFiles(t)
	for _, dir := range slices.Sorted(maps.Keys(found)) {
		allowed, listed := mayImport[dir]
		if !listed {
			t.Errorf("%s is not in the table of packages", dir)
			continue
		}
		used := map[string]bool{}
		for _, file := range found[dir] {
			for _, imported := range imports(t, file) {
				other, ours := strings.CutPrefix(imported, modulePath)
				used[other] = true
				if ours && !slices.Contains(allowed, other) {
					t.Errorf("%s/%s imports %s, which it may not", dir, filepath.Base(file), other)
				}
			}
		}
		for _, other := range allowed {
			if !used[other] {
				t.Errorf("%s may import %s, and does not: drop it from the table", dir, other)
			}
		}
		if n := len(found[dir]); n > maxFiles {
			t.Errorf("%s has %d files, more than %d", dir, n, maxFiles)
		}
	}
	for dir := range mayImport {
		if found[dir] == nil {
			t.Errorf("the table has %s, and there is no such package", dir)
		}
	}
}

// sourceFiles returns the .go files of each package in the repository, without tests.
func sourceFiles(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(repository, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := entry.Name(); entry.IsDir() && name != repository &&
			(strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules") {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel(repository, name)
		dir := path.Dir(filepath.ToSlash(relative))
		found[dir] = append(found[dir], name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// inOwnModule reports whether a package is in a module of its own.
func inOwnModule(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if _, err := os.Stat(filepath.Join(repository, dir, "go.mod")); err == nil {
			return true
		}
	}
	return false
}

func imports(t *testing.T, file string) []string {
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
