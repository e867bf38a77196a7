package check_test

import (
	"testing"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

func TestNoTwoChecksAreAboutTheSameRepo(t *testing.T) {
	taken := map[uint64]string{}
	for _, c := range catalogue.All() {
		first := check.FirstIndex(c)
		if other, ok := taken[first]; ok || first%check.PayloadsPerCheck != 0 || first+check.PayloadsPerCheck > 1<<emitter.IndexBits {
			t.Errorf("%s begins at %d, which %q does too, or where ids repeat", c.ID, first, other)
		}
		taken[first] = c.ID
	}
}
