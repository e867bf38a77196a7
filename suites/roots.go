package suites

import (
	"strings"

	"github.com/hubhook/hubhook/reports"
)

// roots are, for a check, those that fail by the same cause most often and say more of
// it. The ID of a table stands for its entries.
func roots() map[string]string {
	return map[string]string{
		"SEC-04": "SEC-03", "SEC-05": "SEC-02", "SEC-06": "SEC-02", "SEC-07": "SEC-02", "SEC-08": "SEC-02",
		"SEC-10": "SEC-02", "SEC-12": "SEC-02 SEC-03", "SEC-15": "SEC-02", "SEC-18": "SEC-02", "SEC-19": "SEC-03",
		"SEC-23": "SEC-02 SEC-15",

		"SCP-02": "SCP-01", "SCP-03": "SCP-01 SCP-02", "SCP-04": "SCP-01 SCP-02", "SCP-06": "SCP-01 SCP-04", "SCP-07": "SCP-02 SCP-06",

		// Who tells deliveries apart by what they say takes any that is alike for a retry.
		"RTY-01": "RTY-12", "RTY-02": "RTY-12 RTY-01", "RTY-05": "RTY-12 RTY-01", "RTY-07": "RTY-12 RTY-01", "TRN-03": "RTY-12",
		"RTY-10": "RTY-09", "RTY-11": "RTY-09",
		"RTY-14": "RTY-03", "RTY-18": "RTY-09", "RTY-19": "RTY-09",

		"RAT-02": "RAT-01", "RAT-05": "RAT-02", "RAT-09": "RAT-02", "RAT-06": "RTY-10 RTY-12",

		"PAY-01l": "PAY-02d", "PAY-16": "PAY-02d PAY-01l", "PAY-31": "PAY-02d PAY-01l", "PAY-32": "PAY-02d",
		"PAY-33": "PAY-02b PAY-02c", "PAY-17a": "PAY-02d", "PAY-06": "PAY-01i",

		"TRN-05": "TRN-01", "TRN-12": "TRN-04",
	}
}

// relate tells of each check that failed which ones to mend first.
func relate(checks []reports.Check) {
	for i := range checks {
		if checks[i].Status != reports.Failed {
			continue
		}
		for _, root := range strings.Fields(rootsOf(checks[i].ID)) {
			checks[i].FixFirst = append(checks[i].FixFirst, likeIt(checks, root, checks[i])...)
		}
	}
}

// relateToRoots leaves of what is to be mended first what has no cause elsewhere.
func relateToRoots(checks []reports.Check) {
	first := map[string][]string{}
	for _, check := range checks {
		first[check.ID] = check.FixFirst
	}
	var roots func(id string, seen map[string]bool) []string
	roots = func(id string, seen map[string]bool) (found []string) {
		if seen[id] {
			return nil
		}
		seen[id] = true
		if len(first[id]) == 0 {
			return []string{id}
		}
		for _, next := range first[id] {
			found = append(found, roots(next, seen)...)
		}
		return found
	}
	for i := range checks {
		if len(checks[i].FixFirst) > 0 {
			checks[i].FixFirst = roots(checks[i].ID, map[string]bool{})
		}
	}
}

// likeIt are the checks of a name that failed with the same answer as another one: an
// answer of another status has another cause.
func likeIt(checks []reports.Check, name string, other reports.Check) (ids []string) {
	for _, check := range checks {
		if check.Status == reports.Failed && check.ID != other.ID && matchesID(check.ID, name) && toldStatus(check) == toldStatus(other) {
			ids = append(ids, check.ID)
		}
	}
	return ids
}

// toldStatus is the status of the answer that a failure is about; 0 where none came.
func toldStatus(check reports.Check) int {
	i := check.DecisiveIndex()
	if i < 0 || check.Exchanges[i].Response == nil {
		return 0
	}
	return check.Exchanges[i].Response.Status
}

// rootsOf are those of a check, or of the table that it is an entry of.
func rootsOf(id string) string {
	if own, ok := roots()[id]; ok {
		return own
	}
	return roots()[strings.TrimRight(id, "abcdefghijklmnopqrstuvwxyz")]
}
