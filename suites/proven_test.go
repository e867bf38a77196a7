package suites_test

import (
	"slices"
	"testing"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/suites"
)

// An exemption that is not needed, or that nobody can follow, is none.
func TestWhatIsProvenOtherwiseIsByNoMutant(t *testing.T) {
	seen := map[string]bool{}
	for _, proof := range suites.ProvenOtherwise() {
		if found, err := suites.Find(suites.Catalogue(), proof.ID); err != nil || len(found) != 1 || seen[proof.ID] || proof.How == "" {
			t.Errorf("%q is no single check, is there twice, or says nothing of how it is proven", proof.ID)
		}
		seen[proof.ID] = true
		for _, bug := range handlers.Bugs() {
			if slices.Contains(bug.Fails, proof.ID) {
				t.Errorf("%s is proven by the mutant %s: take it off suites.ProvenOtherwise", proof.ID, bug.Name)
			}
		}
	}
}
