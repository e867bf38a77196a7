package reports

// Count sets Throughput from Intervals.
func (l *Load) Count() {
	l.Throughput = LoadThroughput{
		Asked:    rateOf(l.Intervals, func(i LoadInterval) uint64 { return i.Due }),
		Reached:  rateOf(l.Intervals, func(i LoadInterval) uint64 { return i.Sent }),
		Answered: rateOf(l.Intervals, LoadInterval.answered),
	}
	if l.Plan.Closed {
		l.Throughput.Asked = 0
	}
}

// rateOf is how often a second something came up, from its first interval to its
// last.
func rateOf(intervals []LoadInterval, count func(LoadInterval) uint64) float64 {
	var sum uint64
	var began, ended float64
	for _, i := range intervals {
		n := count(i)
		if n == 0 {
			continue
		}
		if sum == 0 {
			began = i.AtMs
		}
		sum += n
		ended = i.AtMs + i.WidthMs
	}
	if took := ended - began; took > 0 {
		return float64(sum) / took * 1000
	}
	return 0
}

// answered counts the complete answers that ended in an interval.
func (i LoadInterval) answered() (sum uint64) {
	for _, n := range i.Answers[1:] {
		sum += n
	}
	return sum
}

// Broken tells whether a condition does not hold.
func (l *Load) Broken() bool { return l.broken() > 0 }

// broken counts the conditions that do not hold.
func (l *Load) broken() (n uint64) {
	for _, c := range l.Thresholds {
		if !c.Holds {
			n++
		}
	}
	return n
}
