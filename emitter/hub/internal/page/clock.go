package page

import (
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

type clockView struct {
	Now  moment
	Day  string
	Pace string // how fast time passes, if not in real time
	// Scale is how many times faster than real time the clock runs; zero if it is stopped.
	Scale float64
	Back  string // the page that the form is on
}

func (v *visit) clock(now time.Time) clockView {
	c := clockView{
		Now: momentAt(now, now), Day: now.Format("2 Jan 2006"), Scale: v.TimeScale, Back: v.request.URL.RequestURI(),
	}
	switch c.Scale {
	case 0:
		c.Pace = "stands still"
	case 1:
	default:
		c.Pace = "× " + strconv.FormatFloat(c.Scale, 'g', 4, 64)
	}
	if v.request.Method != "GET" || len(c.Back) > domain.MaxURL {
		c.Back = "/"
	}
	return c
}

const maxAdvance = 366 * 24 * time.Hour

func advanceByForm(v *visit) error {
	by, err := spanOf(v.field("by"))
	if err != nil {
		return err
	}
	v.Clock.Advance(by)
	v.DB.Watchers.Notify()
	return v.seeOther(v.back(), "advanced")
}

// spanOf parses a span of time: "90s", "15m", "1h30m", "2d".
func spanOf(text string) (time.Duration, error) {
	wrong := problem.Invalid("the Hub's time cannot be advanced by %q: say 90s, 15m, 1h30m or 2d, up to 366d",
		brief(text, 40))
	text = strings.ReplaceAll(text, " ", "")
	by, err := time.ParseDuration(text)
	if days, found := strings.CutSuffix(text, "d"); found {
		var n float64
		n, err = strconv.ParseFloat(days, 64)
		if !(n >= 0 && n <= 366) {
			return 0, wrong
		}
		by = time.Duration(n * float64(24*time.Hour))
	}
	if err != nil || by <= 0 || by > maxAdvance {
		return 0, wrong
	}
	return by, nil
}
