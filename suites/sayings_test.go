package suites_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/suites"
)

// Whoever has a failure explained is told what the text behind it asks for.
func TestWhatEachSpecSaysIsTold(t *testing.T) {
	for _, check := range suites.Catalogue() {
		says := suites.SpecSummary(check.Spec)
		if n := strings.Count(says, ". ") + strings.Count(says, "? ") + 1; says == "" || n > 3 || !strings.HasSuffix(says, ".") {
			t.Errorf("%s: of %s is told %q, want one to three sentences", check.ID, check.Spec, says)
		}
	}
	if says := suites.SpecSummary("https://example.org/"); says != "" {
		t.Errorf("of a text that is not known is told %q", says)
	}
}

func TestEachLevelSaysWhatItMeans(t *testing.T) {
	seen := map[string]suites.Level{}
	for _, level := range []suites.Level{suites.Must, suites.Should, suites.May} {
		means := level.Means()
		if other, twice := seen[means]; means == "" || twice {
			t.Errorf("%s means %q, as does %s", level, means, other)
		}
		seen[means] = level
	}
}
