package reports

import "slices"

// levels are those of checks, the gravest first.
var levels = []string{"MUST", "SHOULD", "MAY"}

// statuses are the verdicts on checks, in the order in which they are counted.
var statuses = []Status{Passed, Failed, Inconclusive, Skipped, Error}

// toMend lists what failed and is not known to, in the order in which it is best
// mended: what has a cause of its own first, and of that what binds most.
func toMend(r *Report) []Check {
	failed := pick(r, Check.failedAnew)
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
