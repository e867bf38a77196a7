package reports

import (
	"math"

	"github.com/hubhook/hubhook/reports/safetext"
)

// level is a line across a chart.
type level struct {
	value float64
	label string
}

// levelApart is how far apart, as a part of the height, labels must be to be read.
const levelApart = 0.09

// placed are the levels with their labels: at the right, at the left where that is
// taken, and without one where both are. A label stands elsewhere on the page, too.
func (g graph) placed() (list []chartLevel) {
	sides := []chartLevel{{X: "100%", Anchor: "end"}, {X: "0", Anchor: "start"}}
	taken := map[string][]float64{}
	for _, l := range g.levels {
		at := g.y.at(l.value)
		placed := chartLevel{At: placeOf(1 - at)}
		for _, side := range sides {
			if !near(taken[side.X], at) {
				taken[side.X] = append(taken[side.X], at)
				placed.X, placed.Anchor, placed.Label = side.X, side.Anchor, l.label
				break
			}
		}
		list = append(list, placed)
	}
	return list
}

func near(places []float64, at float64) bool {
	for _, place := range places {
		if math.Abs(place-at) < levelApart {
			return true
		}
	}
	return false
}

// levelsOf are the bounds of conditions that can be shown beside values up to some
// height without pressing them to the ground.
func levelsOf(conditions []LoadThreshold, high float64) (list []level) {
	for _, c := range conditions {
		if usable(c.LimitMs) && c.LimitMs > 0 && c.LimitMs <= 4*high {
			list = append(list, level{c.LimitMs, safetext.Line(c.Text)})
		}
	}
	return list
}
