package suites

import (
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

func TestNoTwoChecksTellOfTheSameRepo(t *testing.T) {
	taken := map[uint64]string{}
	for _, check := range Catalogue() {
		first := firstIndex(check)
		if other, ok := taken[first]; ok || first%payloadsPerCheck != 0 || first+payloadsPerCheck > 1<<emitter.IndexBits {
			t.Errorf("%s begins at %d, which %q does too, or where ids repeat", check.ID, first, other)
		}
		taken[first] = check.ID
	}
}
