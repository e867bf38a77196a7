package reports

import "slices"

// levels are those of checks, the gravest first.
var levels = []string{"MUST", "SHOULD", "MAY"}

// statuses are the verdicts on checks, in the order in which they are counted.
var statuses = []Status{Passed, Failed, Inconclusive, Skipped, Error}

// FixOrder returns the checks that failed unexpectedly in the order in which they are best
// fixed: those with a cause of their own first, and of these MUST before SHOULD.
func (r *Report) FixOrder() []Check {
	failed := r.Filter(Check.failedAnew)
	slices.SortStableFunc(failed, func(a, b Check) int { return mendRank(a) - mendRank(b) })
	return failed
}

func mendRank(check Check) int {
	rank := slices.Index(levels, check.Level)
	if len(check.FixFirst) > 0 {
		rank += len(levels)
	}
	return rank
}

// byReason puts together what has the same reason, in the order in which it comes.
func byReason(checks []Check) (groups [][]Check) {
	at := map[string]int{}
	for _, check := range checks {
		i, known := at[check.Reason]
		if !known {
			i = len(groups)
			at[check.Reason] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], check)
	}
	return groups
}

func idsOf(checks []Check) (ids []string) {
	for _, check := range checks {
		ids = append(ids, check.ID)
	}
	return ids
}

// byStatus counts checks by verdict.
func byStatus(checks []Check) map[Status]int {
	counts := map[Status]int{}
	for _, check := range checks {
		counts[check.Status]++
	}
	return counts
}
