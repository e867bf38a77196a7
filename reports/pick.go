package reports

import (
	"fmt"
	"slices"
)

// areas lists the areas of a report in the order in which they come.
func areas(r *Report) []string {
	var list []string
	for _, check := range r.Checks {
		if !slices.Contains(list, check.Area) {
			list = append(list, check.Area)
		}
	}
	return list
}

func inArea(r *Report, area string) []Check {
	return pick(r, func(check Check) bool { return check.Area == area })
}

func withStatus(r *Report, status Status) []Check {
	return pick(r, func(check Check) bool { return check.Status == status })
}

func pick(r *Report, wanted func(Check) bool) []Check {
	var list []Check
	for _, check := range r.Checks {
		if wanted(check) {
			list = append(list, check)
		}
	}
	return list
}

// telling is the exchange that a failure is about. Where none is named it is the
// last: a check ends where something is not as it should be.
func telling(check Check) (Exchange, bool) {
	if len(check.Exchanges) == 0 {
		return Exchange{}, false
	}
	return check.Exchanges[check.DecisiveIndex()], true
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

// outdated says that a check is known to fail, and does not.
func (c Check) outdated() string {
	return fmt.Sprintf("%s is listed as a known failure and passes now: take it off the list", c.ID)
}

// judgedNothing tells whether there was nothing to judge, be it for an interrupt.
func (r *Report) judgedNothing() bool { return r.unjudged() || r.Problem != "" && r.Verdict != Failed }

// unjudged tells whether the run says nothing but that there was nothing to judge. One
// that was interrupted may say more.
func (r *Report) unjudged() bool {
	return r.Problem != "" && r.Verdict == Failed && len(withStatus(r, Passed)) == 0
}
