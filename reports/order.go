package reports

import "slices"

// Levels returns the levels of checks, MUST first.
func Levels() []string { return []string{"MUST", "SHOULD", "MAY"} }

// Statuses returns the verdicts on checks in the order in which they are counted.
func Statuses() []Status { return []Status{Passed, Failed, Inconclusive, Skipped, Error} }

// FixOrder returns the checks that failed unexpectedly in the order in which they are best
// fixed: those with a cause of their own first, and of these MUST before SHOULD.
func (r *Report) FixOrder() []Check {
	failed := r.Filter(Check.failedAnew)
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
