// Package catalogue holds the checks, in a file for each area: secret.go, scope.go,
// retry.go, ratelimit.go, payload.go and its siblings, transport.go.
//
// A check is a value in the list of its area. Checks that differ in one thing are rows of
// a table: each has its own ID, PAY-01a, PAY-01b and so on. An ID is never used again.
package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/suites/check"
)

// All returns all checks, by area and ID.
func All() []check.Check {
	all := slices.Concat(
		secretChecks(), scopeChecks(), retryChecks(), rateLimitChecks(), payloadChecks(), transportChecks(),
	)
	slices.SortStableFunc(all, func(a, b check.Check) int {
		return cmp.Or(
			cmp.Compare(slices.Index(check.Areas(), a.Area), slices.Index(check.Areas(), b.Area)),
			cmp.Compare(a.ID, b.ID))
	})
	return all
}

// A Proof says how a check is known to find what it is for, other than by a mutant.
type Proof struct{ ID, How string }

// WithoutMutant returns the checks that no mutant of the built-in handler can fail, and how
// they were seen to fail nevertheless. Every other check is failed by a mutant.
func WithoutMutant() []Proof {
	return []Proof{
		{"PAY-23", "asks for schemas of one's own, which mutants are not given; a test has it fail with some"},
	}
}

// KnownCauses returns, for the IDs of checks, the checks that fail by the same cause most
// often and say more about it. The ID of a table stands for its entries.
func KnownCauses() map[string][]string {
	causes := map[string][]string{}
	for id, list := range map[string]string{
		"SEC-04": "SEC-03", "SEC-05": "SEC-02", "SEC-06": "SEC-02", "SEC-07": "SEC-02", "SEC-08": "SEC-02",
		"SEC-10": "SEC-02", "SEC-12": "SEC-02 SEC-03", "SEC-15": "SEC-02", "SEC-18": "SEC-02", "SEC-19": "SEC-03",
		"SEC-23": "SEC-02 SEC-15",

		"SCP-02": "SCP-01", "SCP-03": "SCP-01 SCP-02", "SCP-04": "SCP-01 SCP-02", "SCP-06": "SCP-01 SCP-04", "SCP-07": "SCP-02 SCP-06",

		// A handler that tells deliveries apart by their content takes any that is alike for a retry.
		"RTY-01": "RTY-12", "RTY-02": "RTY-12 RTY-01", "RTY-05": "RTY-12 RTY-01", "RTY-07": "RTY-12 RTY-01", "TRN-03": "RTY-12",
		"RTY-10": "RTY-09", "RTY-11": "RTY-09",
		"RTY-14": "RTY-03", "RTY-18": "RTY-09", "RTY-19": "RTY-09",

		"RAT-02": "RAT-01", "RAT-05": "RAT-02", "RAT-09": "RAT-02", "RAT-06": "RTY-10 RTY-12",

		"PAY-01l": "PAY-02d", "PAY-16": "PAY-02d PAY-01l", "PAY-31": "PAY-02d PAY-01l", "PAY-32": "PAY-02d",
		"PAY-33": "PAY-02b PAY-02c", "PAY-17a": "PAY-02d", "PAY-06": "PAY-01i",

		"TRN-05": "TRN-01", "TRN-12": "TRN-04",
	} {
		causes[id] = strings.Fields(list)
	}
	return causes
}
