package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// Each verb has a page that says what its help says. The same build always writes the same.
func TestManualHasAPageForEachVerb(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1767225600") // 2026-01-01
	dir := filepath.Join(t.TempDir(), "share", "man1")
	var out, errors strings.Builder
	if code := run([]string{"man", dir}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors}); code != cli.ExitPassed {
		t.Fatal(errors.String())
	}
	for _, verb := range verbs() {
		page, err := os.ReadFile(filepath.Join(dir, strings.ReplaceAll(verb.CommandPath(), " ", "-")+".1"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, want := range []string{`"1" "Jan 2026" "hubhook `, verb.Short, strings.SplitN(strings.TrimSpace(verb.Example), "\n", 2)[0]} {
			if !strings.Contains(strings.ReplaceAll(string(page), `\`, ""), strings.ReplaceAll(want, `\`, "")) {
				t.Errorf("the page of %s lacks %q", verb.CommandPath(), want)
			}
		}
	}
}
