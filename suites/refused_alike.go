package suites

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hubhook/hubhook/reports"
)

// relateAlike tells of each check whose genuine delivery was refused which one to mend
// first: the first that was refused in the same words. A branch for "everything else" that
// answers 400 fails dozens of checks, and is one line of code.
func relateAlike(checks []reports.Check) {
	first := map[string]reports.Check{} // by what came back
	for i, check := range checks {
		words := refusalOf(check)
		if words == "" || len(check.FixFirst) > 0 {
			continue
		}
		if root, known := first[words]; known && !bindsMore(check, root) {
			checks[i].FixFirst = []string{root.ID}
		} else {
			first[words] = check
		}
	}
}

// bindsMore tells whether a check must hold where another one only should.
func bindsMore(check, other reports.Check) bool {
	return check.Level == string(Must) && other.Level != string(Must)
}

// refusalOf is what came back to a genuine delivery that was refused, without what it
// repeats of the event; empty where none was refused, or where the answer does not say
// why: one 500 is like the other.
func refusalOf(check reports.Check) string {
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
