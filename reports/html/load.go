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

type loadPage struct {
	URL, Made, Plan, Means                string
	Verdict, Sign, Rests                  string
	Unbelievable, Interrupted, NoSchedule string // empty where it is not so
	Headlines                             []headline
	Conditions                            []pageCondition
	Capacity                              *pageCapacity
	Charts                                []chart
	TimesHead                             []string
	Times                                 []pageTimes
	Tallies                               []pageCount
	Statuses, Faults                      []pageCount
	Sums                                  []pageCount
}

type pageCondition struct {
	Sign, Kind, Text, Value, Words string
}

type pageTimes struct {
	Name, Meaning string
	Cells         []string
}

type pageCount struct{ Name, Count, Share, Note string }

type pageCapacity struct {
	Words, While, Limit string
	Steps               []pageStep
}

type pageStep struct {
	Sign, Kind, Words, Asked, Reached, P50, P99, Errors, Why string
}

func newLoadPage(l *reports.Load) loadPage {
	page := loadPage{
		URL: wording.Escape(l.Target.URL), Made: origin(l.Tool, l.Seed, l.Started),
		Plan: safetext.Line(l.Plan.Description), Means: safetext.Line(wording.PlanMeans(l.Plan)),
		Verdict: wording.Escape(string(l.Verdict)), Sign: wording.Mark(l.Verdict),
		Rests:        safetext.Line(wording.LoadVerdict(l)),
		Unbelievable: safetext.Line(wording.Unreliable(l)),
		Headlines:    loadHeadlines(l), Charts: loadCharts(l), Capacity: newCapacityPage(l.Capacity),
		Statuses: pageCounts(l.Statuses, l.Counts.Attempts), Faults: pageCounts(l.Faults, l.Counts.Attempts),
		Sums: []pageCount{
			{Name: "took", Note: wording.LoadDuration(l.DurationMs)}, {Name: "rate", Note: wording.Throughput(l.Throughput)},
			{Name: "quota", Note: wording.Quota(l)}, {Name: "cost", Note: wording.Cost(l)},
		},
	}
	if l.Interrupted {
		page.Interrupted = wording.Interrupted
	}
	if l.Plan.Closed {
		page.NoSchedule = wording.Closed
	}
	for _, c := range l.Thresholds {
		verdict, words := wording.ThresholdStatus(c.Holds), "holds"
		if !c.Holds {
			words = "does not hold"
		}
		page.Conditions = append(page.Conditions,
			pageCondition{wording.Mark(verdict), string(verdict), safetext.Line(c.Text), safetext.Line(c.Value), words})
	}
	for _, t := range wording.LoadTallies(l) {
		page.Tallies = append(page.Tallies, pageCount{Name: t.Name, Count: wording.Number(t.Count), Note: t.Note})
	}
	page.times(l)
	return page
}

func (p *loadPage) times(l *reports.Load) {
	for _, f := range wording.Figures() {
		p.TimesHead = append(p.TimesHead, f.Name)
	}
	for _, kind := range wording.MeasuredTimes(l) {
		line := pageTimes{Name: kind.Name, Meaning: kind.Meaning}
		for _, f := range wording.Figures() {
			line.Cells = append(line.Cells, wording.FormatFigure(kind.Times, f))
		}
		p.Times = append(p.Times, line)
	}
}

func pageCounts(counts []reports.LoadCount, all uint64) (list []pageCount) {
	for _, c := range counts {
		list = append(list, pageCount{safetext.Line(c.Name), wording.Number(c.Count), wording.Share(c.Count, all),
			safetext.Line(c.Example)})
	}
	return list
}

// newCapacityPage returns nil if no capacity was searched for.
func newCapacityPage(c *reports.LoadCapacity) *pageCapacity {
	if c == nil {
		return nil
	}
	p := &pageCapacity{Words: wording.Capacity(c), While: safetext.Line(c.Thresholds), Limit: safetext.Line(c.Limit)}
	for _, s := range c.Steps {
		verdict, words := wording.ThresholdStatus(s.Holds), "holds"
		if !s.Holds {
			words = "does not hold"
		}
		p.Steps = append(p.Steps, pageStep{
			Sign: wording.Mark(verdict), Kind: string(verdict), Words: words,
			Asked: wording.PerSecond(s.Rate), Reached: wording.PerSecond(s.Reached),
			P50:    wording.FormatFigure(s.Latency, wording.Figures()[0]),
			P99:    wording.FormatFigure(s.Latency, wording.Figures()[3]),
			Errors: wording.Percent(s.Errors), Why: safetext.Line(s.Why),
		})
	}
	return p
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
		headline{Label: "failed", Value: wording.Number(c.Failed), Note: failedNote(l), Kind: badIf(c.Failed > 0)},
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

func badIf(bad bool) string {
	if bad {
		return "bad"
	}
	return ""
}
