package reports

import "fmt"

// headline is a figure that stands at the top of the page.
type headline struct{ Label, Value, Note, Kind string }

// headlines are the figures that tell most.
func (l *Load) headlines() []headline {
	c := l.Counts
	var list []headline
	if l.Capacity != nil {
		list = l.Capacity.headlines()
	} else {
		list = []headline{l.Latency.headline("p99 latency"), {Label: "rate reached", Value: perSecond(l.Throughput.Reached), Note: l.askedNote()}}
	}
	return append(append(list,
		headline{Label: "accepted", Value: shareOf(c.Accepted, c.Attempts), Note: fmt.Sprintf("%s of %s", number(c.Accepted), numberOf(c.Attempts, "attempt"))},
		headline{Label: "failed", Value: number(c.Failed), Note: l.failedNote(), Kind: badIf(c.Failed > 0)},
	), l.quotaHeadline()...)
}

// headlines are what was found, and the latency there: that of the whole run is of
// rates that do not hold, too.
func (c *LoadCapacity) headlines() []headline {
	list := []headline{{Label: "capacity", Value: perSecond(c.Rate), Note: c.webhooks()}}
	for _, s := range c.Steps {
		if s.Holds && s.Rate == c.Rate {
			return append(list, s.Latency.headline("p99 latency at "+perSecond(s.Rate)))
		}
	}
	return list
}

func (t LoadTimes) headline(label string) headline {
	f := figures()
	return headline{Label: label, Value: t.written(f[3]), Note: fmt.Sprintf("p50 %s, longest %s", t.written(f[0]), t.written(f[5]))}
}

// quotaHeadline says how much of a webhook's quota was used, or how many webhooks it
// takes for as much.
func (l *Load) quotaHeadline() []headline {
	q := l.Quota
	switch {
	case q.Limit == 0 || l.Capacity != nil:
		return nil
	case q.Used > q.Limit:
		return []headline{{Label: "as many as", Value: about(q.WebhooksAtQuota), Note: fmt.Sprintf("webhooks at full quota, %s each in 24 hours", numberOf(q.Limit, "trigger"))}}
	}
	return []headline{{Label: "quota used", Value: inPercent(float64(q.Used) / float64(q.Limit)), Note: l.quotaWords()}}
}

func (l *Load) askedNote() string {
	if l.Plan.Closed {
		return "no schedule"
	}
	return "of " + perSecond(l.Throughput.Asked) + " asked"
}

func (l *Load) failedNote() string {
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
