package reports

import "slices"

// ComparedLatency says how long complete answers took, of the exchanges that a report keeps.
type ComparedLatency struct {
	Answers   int     `json:"answers"`   // how many; those that checks share count once
	MedianMs  float64 `json:"medianMs"`  // half of them took no longer
	SlowestMs float64 `json:"slowestMs"` // none took longer
	Slowest   string  `json:"slowest"`   // the check that met the slowest
}

// latencyOf is nil where no answer came.
func latencyOf(r *Report) *ComparedLatency {
	type moment struct{ started, duration float64 }
	seen := map[moment]bool{} // checks that look at the same exchange each have it
	var times []float64
	l := &ComparedLatency{SlowestMs: -1}
	for _, check := range r.Checks {
		for _, x := range check.Exchanges {
			at := moment{x.StartedMs, x.DurationMs}
			if x.Response == nil || x.Error != "" || !usable(x.DurationMs) || seen[at] {
				continue
			}
			seen[at] = true
			times = append(times, x.DurationMs)
			if x.DurationMs > l.SlowestMs {
				l.SlowestMs, l.Slowest = x.DurationMs, check.ID
			}
		}
	}
	if len(times) == 0 {
		return nil
	}
	slices.Sort(times)
	l.Answers, l.MedianMs = len(times), times[(len(times)-1)/2]
	return l
}
