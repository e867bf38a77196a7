package suites_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

// The explanation of a failure has what its specification asks for.
func TestWhatEachSpecSaysIsTold(t *testing.T) {
	for _, c := range catalogue.All() {
		says := catalogue.SpecSummary(c.Spec)
		if n := strings.Count(says, ". ") + strings.Count(says, "? ") + 1; says == "" || n > 3 || !strings.HasSuffix(says, ".") {
			t.Errorf("%s: of %s is told %q, want one to three sentences", c.ID, c.Spec, says)
		}
	}
	if says := catalogue.SpecSummary("https://example.org/"); says != "" {
		t.Errorf("of a text that is not known is told %q", says)
	}
}

func TestEachLevelSaysWhatItMeans(t *testing.T) {
	seen := map[string]check.Level{}
	for _, level := range []check.Level{check.Must, check.Should, check.May} {
		means := level.Description()
		if other, twice := seen[means]; means == "" || twice {
			t.Errorf("%s means %q, as does %s", level, means, other)
		}
		seen[means] = level
	}
}
