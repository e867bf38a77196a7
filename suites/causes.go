package suites

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hubhook/hubhook/reports"
)

// knownCauses are, for a check, those that fail by the same cause most often and say more of
// it. The ID of a table stands for its entries.
func knownCauses() map[string]string {
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

// linkCauses tells of each check that failed which ones to mend first.
func linkCauses(checks []reports.Check) {
	for i := range checks {
		if checks[i].Status != reports.Failed {
			continue
		}
		for _, root := range strings.Fields(causesOf(checks[i].ID)) {
			checks[i].FixFirst = append(checks[i].FixFirst, sameFailures(checks, root, checks[i])...)
		}
	}
}

// linkRootCauses leaves of what is to be mended first what has no cause elsewhere.
func linkRootCauses(checks []reports.Check) {
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

// sameFailures are the checks of a name that failed with the same answer as another one: an
// answer of another status has another cause.
func sameFailures(checks []reports.Check, name string, other reports.Check) (ids []string) {
	for _, check := range checks {
		if check.Status == reports.Failed && check.ID != other.ID && matchesID(check.ID, name) && culpritStatus(check) == culpritStatus(other) {
			ids = append(ids, check.ID)
		}
	}
	return ids
}

// culpritStatus is the status of the answer that a failure is about; 0 where none came.
func culpritStatus(check reports.Check) int {
	i := check.DecisiveIndex()
	if i < 0 || check.Exchanges[i].Response == nil {
		return 0
	}
	return check.Exchanges[i].Response.Status
}

// causesOf are those of a check, or of the table that it is an entry of.
func causesOf(id string) string {
	if own, ok := knownCauses()[id]; ok {
		return own
	}
	return knownCauses()[strings.TrimRight(id, "abcdefghijklmnopqrstuvwxyz")]
}

// linkSameResponse tells of each check whose genuine delivery was refused which one to mend
// first: the first that was refused in the same words. A branch for "everything else" that
// answers 400 fails dozens of checks, and is one line of code.
func linkSameResponse(checks []reports.Check) {
	first := map[string]reports.Check{} // by what came back
	for i, check := range checks {
		words := rejectionOf(check)
		if words == "" || len(check.FixFirst) > 0 {
			continue
		}
		if root, known := first[words]; known && !isMoreBinding(check, root) {
			checks[i].FixFirst = []string{root.ID}
		} else {
			first[words] = check
		}
	}
}

// isMoreBinding tells whether a check must hold where another one only should.
func isMoreBinding(check, other reports.Check) bool {
	return check.Level == string(Must) && other.Level != string(Must)
}

// rejectionOf is what came back to a genuine delivery that was refused, without what it
// repeats of the event; empty where none was refused, or where the answer does not say
// why: one 500 is like the other.
func rejectionOf(check reports.Check) string {
	i := check.DecisiveIndex()
	if check.Status != reports.Failed || i < 0 || !strings.Contains(check.Reason, acceptance) {
		return ""
	}
	x := check.Exchanges[i]
	if x.Response == nil || x.Response.Status/100 != 4 {
		return ""
	}
	return fmt.Sprint(x.Response.Status, " ", withoutEvent(x.Response.Body.Text, x.Request.Body.Text))
}

// withoutEvent is what an answer says, without the words of the event that it is about.
func withoutEvent(answer, payload string) string {
	var sent struct {
		Event struct{ Action, Scope string }
	}
	if json.Unmarshal([]byte(payload), &sent) != nil || sent.Event.Scope == "" {
		return answer
	}
	scope, action := sent.Event.Scope, sent.Event.Action
	return strings.NewReplacer(scope+"."+action, "…", scope, "…", action, "…").Replace(answer)
}
