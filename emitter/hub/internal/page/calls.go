package page

import (
	"fmt"
	"slices"
	"strconv"
)

type callsView struct {
	Calls        []callRow
	Total        uint64
	Older, Newer string
}

type callRow struct {
	At             moment
	Name, User     string
	Method, Path   string
	Status         int
	Good, Mistaken bool
}

const callsShown = 100

func showCalls(v *visit) error {
	calls, total := v.Calls.List()
	slices.Reverse(calls)
	skip, _ := strconv.Atoi(v.asked("skip"))
	skip = min(max(skip, 0), len(calls))
	shown, now := callsView{Total: total}, v.DB.Now()
	for _, c := range calls[skip:min(len(calls), skip+callsShown)] {
		shown.Calls = append(shown.Calls, callRow{
			At: momentAt(c.At, now), Name: brief(c.Name, 60), User: brief(c.User, 60), Method: brief(c.Method, 20),
			Path: brief(c.Path, 300), Status: c.Status,
			Good: c.Status < 400, Mistaken: c.Status >= 500,
		})
	}
	if skip+callsShown < len(calls) {
		shown.Older = fmt.Sprintf("?skip=%d", skip+callsShown)
	}
	if skip > 0 {
		shown.Newer = fmt.Sprintf("?skip=%d", max(skip-callsShown, 0))
	}
	return v.show("calls", view{Title: "API calls", Nav: "calls", Body: shown})
}
