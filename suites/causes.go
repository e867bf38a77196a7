package suites

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
)

// linkCauses sets, for each check that failed, the checks to fix first: those that usually
// fail by the same cause, if they failed with the same status.
func linkCauses(checks []reports.Check, known map[string][]string) {
	for i := range checks {
		if checks[i].Status != reports.Failed {
			continue
		}
		causes, ok := known[checks[i].ID]
		if !ok {
			causes = known[reports.TableOf(checks[i].ID)]
		}
		for _, cause := range causes {
			checks[i].FixFirst = append(checks[i].FixFirst, sameFailures(checks, cause, checks[i])...)
		}
	}
}

// sameFailures returns the checks with an ID that failed with the same status as another
// one: a response with another status has another cause.
func sameFailures(checks []reports.Check, id string, other reports.Check) (ids []string) {
	for _, c := range checks {
		named := c.ID != other.ID && (c.ID == id || reports.TableOf(c.ID) == id)
		if named && c.Status == reports.Failed && culpritStatus(c) == culpritStatus(other) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// culpritStatus returns the status of the response that a failure is about; 0 without one.
func culpritStatus(c reports.Check) int {
	i := c.DecisiveIndex()
	if i < 0 || c.Exchanges[i].Response == nil {
		return 0
	}
	return c.Exchanges[i].Response.Status
}

// linkSameResponse sets, for each check whose valid delivery was rejected, the check to
// fix first: the first whose delivery was rejected in the same words. A branch for
// "everything else" that answers 400 fails dozens of checks, and is one line of code.
func linkSameResponse(checks []reports.Check) {
	first := map[string]reports.Check{} // by what came back
	for i, c := range checks {
		words := rejectionOf(c)
		if words == "" || len(c.FixFirst) > 0 {
			continue
		}
		if root, known := first[words]; known && !isMoreBinding(c, root) {
			checks[i].FixFirst = []string{root.ID}
		} else {
			first[words] = c
		}
	}
}

// isMoreBinding reports whether a check is a MUST and another is not.
func isMoreBinding(c, other reports.Check) bool {
	return c.Level == string(check.Must) && other.Level != string(check.Must)
}

// rejectionOf returns what came back to a valid delivery that was rejected, without what
// it echoes of the event. It is empty if none was rejected, or if the response does not say
// why: one 500 is like the other.
func rejectionOf(c reports.Check) string {
	i := c.DecisiveIndex()
	if c.Status != reports.Failed || i < 0 || c.Cause != reports.CauseRejected {
		return ""
	}
	x := c.Exchanges[i]
	if x.Response == nil || x.Response.Status/100 != 4 {
		return ""
	}
	return fmt.Sprint(x.Response.Status, " ", withoutEvent(x.Response.Body.Text, x.Request.Body.Text))
}

// withoutEvent returns a response without the words of the event that it is about.
func withoutEvent(response, payload string) string {
	var sent struct {
		Event struct{ Action, Scope string }
	}
	if json.Unmarshal([]byte(payload), &sent) != nil || sent.Event.Scope == "" {
		return response
	}
	scope, action := sent.Event.Scope, sent.Event.Action
	return strings.NewReplacer(scope+"."+action, "…", scope, "…", action, "…").Replace(response)
}

// linkRootCauses replaces the checks to fix first by those that have no cause elsewhere.
func linkRootCauses(checks []reports.Check) {
	first := map[string][]string{}
	for _, c := range checks {
		first[c.ID] = c.FixFirst
	}
	var find func(id string, seen map[string]bool) []string
	find = func(id string, seen map[string]bool) (found []string) {
		if seen[id] {
			return nil
		}
		seen[id] = true
		if len(first[id]) == 0 {
			return []string{id}
		}
		for _, next := range first[id] {
			found = append(found, find(next, seen)...)
		}
		return found
	}
	for i := range checks {
		if len(checks[i].FixFirst) > 0 {
			checks[i].FixFirst = find(checks[i].ID, map[string]bool{})
		}
	}
}
