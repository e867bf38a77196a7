package reports

import (
	_ "embed"
	"io"

	"github.com/hubhook/hubhook/reports/safetext"
)

//go:embed load.html
var loadHTML string

// WriteLoadHTML writes what came of a load run as one page that needs nothing else: no
// network, no other file. It is whole without scripts, too.
func WriteLoadHTML(w io.Writer, l *Load) error {
	return writePage(w, "load run", loadHTML, newLoadPage(l))
}

// loadPage is a run as its page wants it.
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

func newLoadPage(l *Load) loadPage {
	page := loadPage{
		URL: plain(l.Target.URL), Made: origin(l.Tool, l.Seed, l.Started), Plan: safetext.Line(l.Plan.Description), Means: safetext.Line(planMeans(l.Plan)),
		Verdict: plain(string(l.Verdict)), Sign: Mark(l.Verdict), Rests: safetext.Line(loadVerdict(l)),
		Unbelievable: safetext.Line(unreliableReason(l)),
		Headlines:    loadHeadlines(l), Charts: loadCharts(l), Capacity: newCapacityPage(l.Capacity),
		Statuses: pageCounts(l.Statuses, l.Counts.Attempts), Faults: pageCounts(l.Faults, l.Counts.Attempts),
		Sums: []pageCount{
			{Name: "took", Note: took(l.DurationMs)}, {Name: "rate", Note: throughputText(l.Throughput)},
			{Name: "quota", Note: quotaText(l)}, {Name: "cost", Note: costText(l)},
		},
	}
	if l.Interrupted {
		page.Interrupted = interruptedWords
	}
	if l.Plan.Closed {
		page.NoSchedule = closedWords
	}
	for _, c := range l.Thresholds {
		verdict, words := thresholdStatus(c.Holds), "holds"
		if !c.Holds {
			words = "does not hold"
		}
		page.Conditions = append(page.Conditions, pageCondition{Mark(verdict), string(verdict), safetext.Line(c.Text), safetext.Line(c.Value), words})
	}
	for _, t := range loadTallies(l) {
		page.Tallies = append(page.Tallies, pageCount{Name: t.name, Count: number(t.count), Note: t.note})
	}
	page.times(l)
	return page
}

func (p *loadPage) times(l *Load) {
	for _, f := range figures() {
		p.TimesHead = append(p.TimesHead, f.name)
	}
	for _, kind := range measuredTimes(l) {
		line := pageTimes{Name: kind.name, Meaning: kind.meaning}
		for _, f := range figures() {
			line.Cells = append(line.Cells, figureText(kind.times, f))
		}
		p.Times = append(p.Times, line)
	}
}

func pageCounts(counts []LoadCount, all uint64) (list []pageCount) {
	for _, c := range counts {
		list = append(list, pageCount{safetext.Line(c.Name), number(c.Count), shareOf(c.Count, all), safetext.Line(c.Example)})
	}
	return list
}

// newCapacityPage is nil where there was no search.
func newCapacityPage(c *LoadCapacity) *pageCapacity {
	if c == nil {
		return nil
	}
	p := &pageCapacity{Words: capacityText(c), While: safetext.Line(c.Thresholds), Limit: safetext.Line(c.Limit)}
	for _, s := range c.Steps {
		verdict, words := thresholdStatus(s.Holds), "holds"
		if !s.Holds {
			words = "does not hold"
		}
		p.Steps = append(p.Steps, pageStep{
			Sign: Mark(verdict), Kind: string(verdict), Words: words,
			Asked: perSecond(s.Rate), Reached: perSecond(s.Reached),
			P50: figureText(s.Latency, figures()[0]), P99: figureText(s.Latency, figures()[3]),
			Errors: inPercent(s.Errors), Why: safetext.Line(s.Why),
		})
	}
	return p
}
