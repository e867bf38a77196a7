package reports

import (
	"fmt"
	"slices"
	"strings"
)

// Areas returns the areas of the checks, in their order.
func (r *Report) Areas() []string {
	var list []string
	for _, check := range r.Checks {
		if !slices.Contains(list, check.Area) {
			list = append(list, check.Area)
		}
	}
	return list
}

// InArea returns the checks of an area.
func (r *Report) InArea(area string) []Check {
	return r.Filter(func(check Check) bool { return check.Area == area })
}

// WithStatus returns the checks with a verdict.
func (r *Report) WithStatus(status Status) []Check {
	return r.Filter(func(check Check) bool { return check.Status == status })
}

// Filter returns the wanted checks.
func (r *Report) Filter(wanted func(Check) bool) []Check {
	var list []Check
	for _, check := range r.Checks {
		if wanted(check) {
			list = append(list, check)
		}
	}
	return list
}

// DecisiveExchange returns the exchange that a verdict is about, if the check has any: see
// DecisiveIndex.
func (c Check) DecisiveExchange() (Exchange, bool) {
	if len(c.Exchanges) == 0 {
		return Exchange{}, false
	}
	return c.Exchanges[c.DecisiveIndex()], true
}

// DecisiveIndex is the index of the exchange that a failure is about: the last one where
// none is named, and -1 where there is none.
func (c Check) DecisiveIndex() int {
	if i := slices.IndexFunc(c.Exchanges, func(x Exchange) bool { return x.Decisive }); i >= 0 {
		return i
	}
	return len(c.Exchanges) - 1
}

// failedAsKnown tells whether a check failed, and is known to.
func (c Check) failedAsKnown() bool { return c.Known && c.Status == Failed }

// failedAnew tells whether a check failed that is not known to.
func (c Check) failedAnew() bool { return !c.Known && c.Status == Failed }

// outdatedText says that a check is known to fail, and does not.
func outdatedText(c Check) string {
	return fmt.Sprintf("%s is listed as a known failure and passes now: take it off the list", c.ID)
}

// judgedNothing tells whether there was nothing to judge, be it for an interrupt.
func (r *Report) judgedNothing() bool { return r.unjudged() || r.Problem != "" && r.Verdict != Failed }

// unjudged tells whether the run says nothing but that there was nothing to judge. One
// that was interrupted may say more.
func (r *Report) unjudged() bool {
	return r.Problem != "" && r.Verdict == Failed && len(r.WithStatus(Passed)) == 0
}

// isOutdated tells whether a check passed that is known to fail.
func (c Check) isOutdated() bool { return c.Known && c.Status == Passed }

// Fault parts the Reason of a check with status Error into what went wrong and where, which
// is a stack trace.
func (c Check) Fault() (what, trace string) {
	what, trace, _ = strings.Cut(c.Reason, "\n")
	return what, trace
}
