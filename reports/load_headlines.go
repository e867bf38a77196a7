package reports

import "fmt"

// headline is a figure that stands at the top of the page.
type headline struct{ Label, Value, Note, Kind string }

// loadHeadlines are the figures that tell most.
func loadHeadlines(l *Load) []headline {
	c := l.Counts
	var list []headline
	if l.Capacity != nil {
		list = capacityHeadlines(l.Capacity)
	} else {
		list = []headline{latencyHeadline(l.Latency, "p99 latency"), {Label: "rate reached", Value: perSecond(l.Throughput.Reached), Note: askedNote(l)}}
	}
	return append(append(list,
		headline{Label: "accepted", Value: shareOf(c.Accepted, c.Attempts), Note: fmt.Sprintf("%s of %s", number(c.Accepted), numberOf(c.Attempts, "attempt"))},
		headline{Label: "failed", Value: number(c.Failed), Note: failedNote(l), Kind: badIf(c.Failed > 0)},
	), quotaHeadline(l)...)
}

// capacityHeadlines are what was found, and the latency there: that of the whole run is of
// rates that do not hold, too.
func capacityHeadlines(c *LoadCapacity) []headline {
	list := []headline{{Label: "capacity", Value: perSecond(c.Rate), Note: capacityWebhooks(c)}}
	for _, s := range c.Steps {
		if s.Holds && s.Rate == c.Rate {
			return append(list, latencyHeadline(s.Latency, "p99 latency at "+perSecond(s.Rate)))
		}
	}
	return list
}

func latencyHeadline(t LoadTimes, label string) headline {
	f := figures()
	return headline{Label: label, Value: figureText(t, f[3]), Note: fmt.Sprintf("p50 %s, longest %s", figureText(t, f[0]), figureText(t, f[5]))}
}

// quotaHeadline says how much of a webhook's quota was used, or how many webhooks it
// takes for as much.
func quotaHeadline(l *Load) []headline {
	q := l.Quota
	switch {
	case q.Limit == 0 || l.Capacity != nil:
		return nil
	case q.Used > q.Limit:
		return []headline{{Label: "as many as", Value: about(q.WebhooksAtQuota), Note: fmt.Sprintf("webhooks at full quota, %s each in 24 hours", numberOf(q.Limit, "trigger"))}}
	}
	return []headline{{Label: "quota used", Value: inPercent(float64(q.Used) / float64(q.Limit)), Note: quotaText(l)}}
}

func askedNote(l *Load) string {
	if l.Plan.Closed {
		return "no schedule"
	}
	return "of " + perSecond(l.Throughput.Asked) + " asked"
}

func failedNote(l *Load) string {
	note := numberOf(totalOf(l.Faults), "attempt") + " without a complete answer"
	if n := l.Counts.Unsent; n > 0 {
		note += fmt.Sprintf("; %s unsent", number(n))
	}
	return note
}

func badIf(bad bool) string {
	if bad {
		return "bad"
	}
	return ""
}
