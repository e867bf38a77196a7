package page

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

type callsView struct {
	Calls        []activity.Call
	Total        uint64
	Older, Newer string
}

const callsShown = 100

func showCalls(v *visit) error {
	calls, total := v.Calls.List()
	slices.Reverse(calls)
	skip, _ := strconv.Atoi(v.asked("skip"))
	skip = min(max(skip, 0), len(calls))
	shown := callsView{Total: total}
	shown.Calls, _ = firstOf(calls[skip:], callsShown)
	if skip+callsShown < len(calls) {
		shown.Older = fmt.Sprintf("?skip=%d", skip+callsShown)
	}
	if skip > 0 {
		shown.Newer = fmt.Sprintf("?skip=%d", max(skip-callsShown, 0))
	}
	return v.show("calls", view{Title: "API calls", Nav: "calls", Body: shown})
}
