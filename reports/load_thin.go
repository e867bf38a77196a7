package reports

// mostIntervals is how many intervals a page holds one by one.
const mostIntervals = 600

// thinned puts neighbouring intervals together until there are no more than that, and
// says how many are in each. Of their latencies it keeps the longest: an average of
// percentiles would be none.
func thinned(intervals []LoadInterval) ([]LoadInterval, int) {
	each := max((len(intervals)+mostIntervals-1)/mostIntervals, 1)
	if each == 1 {
		return intervals, 1
	}
	var list []LoadInterval
	for i := 0; i < len(intervals); i += each {
		sum := intervals[i]
		for _, next := range intervals[i+1 : min(i+each, len(intervals))] {
			sum = mergedInterval(sum, next)
		}
		list = append(list, sum)
	}
	return list, each
}

// mergedInterval is an interval and the next as one.
func mergedInterval(i LoadInterval, next LoadInterval) LoadInterval {
	sum := next // what is of its end
	sum.AtMs, sum.WidthMs = i.AtMs, i.WidthMs+next.WidthMs
	sum.Due += i.Due
	sum.Sent += i.Sent
	sum.Latency = longestTimes(i.Latency, next.Latency)
	for class, n := range i.Answers {
		sum.Answers[class] += n
	}
	return sum
}

// longestTimes takes each figure of that which has the longer one.
func longestTimes(t LoadTimes, other LoadTimes) LoadTimes {
	switch {
	case t.Count == 0:
		return other
	case other.Count == 0:
		return t
	}
	return LoadTimes{
		Count: t.Count + other.Count,
		Mean:  max(t.Mean, other.Mean), Min: min(t.Min, other.Min),
		P50: max(t.P50, other.P50), P90: max(t.P90, other.P90), P95: max(t.P95, other.P95),
		P99: max(t.P99, other.P99), P999: max(t.P999, other.P999), Max: max(t.Max, other.Max),
	}
}
