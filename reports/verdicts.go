package reports

import (
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

// TableOf returns the ID that a check shares with the other entries of its table, "PAY-01"
// for PAY-01a. For any other check it is the check's own.
func TableOf(id string) string {
	table := strings.TrimRight(id, "abcdefghijklmnopqrstuvwxyz")
	if n := len(table); n == 0 || table[n-1] < '0' || table[n-1] > '9' {
		return id
	}
	return table
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
func (r *Report) Filter(wanted func(Check) bool) []Check { return filter(r.Checks, wanted) }

func filter[T any](list []T, wanted func(T) bool) (kept []T) {
	for _, one := range list {
		if wanted(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// StatusCounts counts checks by verdict.
func StatusCounts(checks []Check) map[Status]int {
	counts := map[Status]int{}
	for _, check := range checks {
		counts[check.Status]++
	}
	return counts
}

// DecisiveExchange returns the exchange that a verdict is about, if the check has any: see
// DecisiveIndex.
func (c Check) DecisiveExchange() (Exchange, bool) {
	if len(c.Exchanges) == 0 {
		return Exchange{}, false
	}
	return c.Exchanges[c.DecisiveIndex()], true
}

// DecisiveIndex returns the index of the exchange that the verdict is about: the last one
// if none is marked, since a check ends with its failure, or -1 without exchanges.
func (c Check) DecisiveIndex() int {
	if i := slices.IndexFunc(c.Exchanges, func(x Exchange) bool { return x.Decisive }); i >= 0 {
		return i
	}
	return len(c.Exchanges) - 1
}

// FailedAsKnown reports whether a check failed as listed.
func (c Check) FailedAsKnown() bool { return c.Known && c.Status == Failed }

// FailedUnexpectedly reports whether a check failed that is not a known failure.
func (c Check) FailedUnexpectedly() bool { return !c.Known && c.Status == Failed }

// JudgedNothing reports whether nothing was judged, or the run was interrupted.
func (r *Report) JudgedNothing() bool { return r.Unjudged() || r.Problem != "" && r.Verdict != Failed }

// Unjudged reports whether the only finding is that there was nothing to judge.
func (r *Report) Unjudged() bool {
	return r.Problem != "" && r.Verdict == Failed && len(r.WithStatus(Passed)) == 0
}

// PassedUnexpectedly reports whether a known failure passed.
func (c Check) PassedUnexpectedly() bool { return c.Known && c.Status == Passed }

// PassedWithWarning reports whether a check passed with a warning.
func (c Check) PassedWithWarning() bool { return c.Status == Passed && c.Warning != "" }

// Fault returns the Reason of a check with status Error without its Trace.
func (c Check) Fault() string { return strings.TrimSuffix(c.Reason, "\n"+c.Trace) }

// Lines returns Observations, or the lines of Fault as they are if there are none.
func (c Check) Lines() []Observation {
	if len(c.Observations) > 0 {
		return c.Observations
	}
	var list []Observation
	for line := range strings.Lines(c.Fault()) {
		list = append(list, Observation{Text: strings.TrimSuffix(line, "\n")})
	}
	return list
}

// Levels returns the levels of checks, MUST first.
func Levels() []string { return []string{"MUST", "SHOULD", "MAY"} }

// Statuses returns the verdicts on checks in the order in which they are counted.
func Statuses() []Status { return []Status{Passed, Failed, Inconclusive, Skipped, Error} }

// FixOrder returns the checks that failed unexpectedly in the order in which they are best
// fixed: those with a cause of their own first, and of these MUST before SHOULD.
func (r *Report) FixOrder() []Check {
	failed := r.Filter(Check.FailedUnexpectedly)
	slices.SortStableFunc(failed, func(a, b Check) int { return fixRank(a) - fixRank(b) })
	return failed
}

func fixRank(check Check) int {
	rank := slices.Index(Levels(), check.Level)
	if len(check.FixFirst) > 0 {
		rank += len(Levels())
	}
	return rank
}
