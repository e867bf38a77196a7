package reports

import "slices"

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

// telling is the exchange that a failure is about: checks end at the first one
// that is not as it should be, so it is the last.
func telling(check Check) (Exchange, bool) {
	if len(check.Exchanges) == 0 {
		return Exchange{}, false
	}
	return check.Exchanges[len(check.Exchanges)-1], true
}
