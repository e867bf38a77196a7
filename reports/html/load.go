package html

import (
	_ "embed"
	"fmt"
	"io"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

//go:embed load.html
var loadHTML string

// WriteLoad writes a load run as a page with charts.
func WriteLoad(w io.Writer, l *reports.Load) error {
	return writePage(w, "load run", loadHTML, newLoadPage(l))
}

// A loadPage is a load run with what is drawn of it.
type loadPage struct {
	*reports.Load
	Made, Basis, Unreliable string // Unreliable is empty if it is not so
	Headlines               []headline
	Charts                  []chart
	Sums                    []loadSum
}

type loadSum struct{ Name, Note string }

func newLoadPage(l *reports.Load) loadPage {
	return loadPage{
		Load: l, Made: origin(l.Tool, l.Seed, l.Started), Basis: safetext.Line(wording.LoadVerdict(l)),
		Unreliable: safetext.Line(wording.Unreliable(l)), Headlines: loadHeadlines(l), Charts: loadCharts(l),
		Sums: []loadSum{
			{"took", wording.LoadDuration(l.DurationMs)}, {"rate", wording.Throughput(l.Throughput)},
			{"quota", wording.Quota(l)}, {"cost", wording.Cost(l)},
		},
	}
}

type headline struct{ Label, Value, Note, Kind string }

func loadHeadlines(l *reports.Load) []headline {
	c := l.Counts
	var list []headline
	if l.Capacity != nil {
		list = capacityHeadlines(l.Capacity)
	} else {
		list = []headline{latencyHeadline(l.Latency, "p99 latency"),
			{Label: "rate reached", Value: wording.PerSecond(l.Throughput.Reached), Note: askedNote(l)}}
	}
	return append(append(list,
		headline{Label: "accepted", Value: wording.Share(c.Accepted, c.Attempts),
			Note: fmt.Sprintf("%s of %s", wording.Number(c.Accepted), wording.Count(c.Attempts, "attempt"))},
		headline{Label: "failed", Value: wording.Number(c.Failed), Note: failedNote(l),
			Kind: map[bool]string{true: "bad"}[c.Failed > 0]},
	), quotaHeadline(l)...)
}

// capacityHeadlines returns the capacity and the latency at it: the latency of the whole
// run includes rates that do not hold.
func capacityHeadlines(c *reports.LoadCapacity) []headline {
	list := []headline{{Label: "capacity", Value: wording.PerSecond(c.Rate), Note: wording.CapacityWebhooks(c)}}
	for _, s := range c.Steps {
		if s.Holds && s.Rate == c.Rate {
			return append(list, latencyHeadline(s.Latency, "p99 latency at "+wording.PerSecond(s.Rate)))
		}
	}
	return list
}

func latencyHeadline(t reports.LoadTimes, label string) headline {
	f := wording.Figures()
	return headline{Label: label, Value: wording.FormatFigure(t, f[3]),
		Note: fmt.Sprintf("p50 %s, longest %s", wording.FormatFigure(t, f[0]), wording.FormatFigure(t, f[5]))}
}

// quotaHeadline returns how much of a webhook's quota was used, or how many webhooks are
// needed.
func quotaHeadline(l *reports.Load) []headline {
	q := l.Quota
	switch {
	case q.Limit == 0 || l.Capacity != nil:
		return nil
	case q.Used > q.Limit:
		return []headline{{Label: "as many as", Value: wording.Approximate(q.WebhooksAtQuota),
			Note: fmt.Sprintf("webhooks at full quota, %s each in 24 hours", wording.Count(q.Limit, "trigger"))}}
	}
	return []headline{{Label: "quota used", Value: wording.Percent(float64(q.Used) / float64(q.Limit)),
		Note: wording.Quota(l)}}
}

func askedNote(l *reports.Load) string {
	if l.Plan.Closed {
		return "no schedule"
	}
	return "of " + wording.PerSecond(l.Throughput.Asked) + " asked"
}

func failedNote(l *reports.Load) string {
	note := wording.Count(wording.Total(l.Faults), "attempt") + " without a complete answer"
	if n := l.Counts.Unsent; n > 0 {
		note += fmt.Sprintf("; %s unsent", wording.Number(n))
	}
	return note
}
