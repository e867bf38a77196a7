package suites

import (
	"fmt"

	"github.com/onsi/gomega/types"
)

// effectExpectation is a Gomega matcher for what a handler did.
type effectExpectation struct {
	did, want string
	holds     func(effect) bool
}

var _ types.GomegaMatcher = effectExpectation{}

func (e effectExpectation) Match(actual any) (bool, error) {
	seen, ok := actual.(effect)
	if !ok {
		return false, fmt.Errorf("expected an effect, found %T", actual)
	}
	return e.holds(seen), nil
}

func (e effectExpectation) FailureMessage(actual any) string {
	return fmt.Sprintf("sent:     %s\nexpected: %s\nobserved: %s", e.did, e.want, actual)
}

func (e effectExpectation) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("sent:     %s\nexpected: anything but %s\nobserved: %s", e.did, e.want, actual)
}

// BeNone wants that nothing was done.
func BeNone(did string) types.GomegaMatcher {
	return effectExpectation{did, "no effect that the observer can see", func(e effect) bool { return len(e) == 0 }}
}

// BeSome wants that something was done.
func BeSome(did string) types.GomegaMatcher {
	return effectExpectation{did, "an effect that the observer can see", func(e effect) bool { return len(e) > 0 }}
}

// BeTheSameAs wants what another delivery led to, volatile values set aside.
func BeTheSameAs(other effect, volatile map[string]bool, did string) types.GomegaMatcher {
	return effectExpectation{did, other.without(volatile).String(),
		func(e effect) bool { return e.without(volatile).equal(other.without(volatile)) }}
}
