package reports

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

//go:embed load.html
var loadHTML string

// WriteLoadHTML writes what came of a load run as one page that needs nothing else: no
// network, no other file. It is whole without scripts, too.
func WriteLoadHTML(w io.Writer, l *Load) error {
	return writePage(w, "load run", loadHTML, l.page())
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

func (l *Load) page() loadPage {
	page := loadPage{
		URL: plain(l.Target.URL), Made: l.made(), Plan: clean(l.Plan.Description), Means: clean(l.Plan.means()),
		Verdict: plain(string(l.Verdict)), Sign: signs[l.Verdict].sign, Rests: clean(l.verdictWords()),
		Unbelievable: clean(l.unbelievable()),
		Headlines:    l.headlines(), Charts: l.charts(), Capacity: l.Capacity.page(),
		Statuses: pageCounts(l.Statuses, l.Counts.Attempts), Faults: pageCounts(l.Faults, l.Counts.Attempts),
		Sums: []pageCount{
			{Name: "took", Note: took(l.DurationMs)}, {Name: "rate", Note: l.Throughput.words()},
			{Name: "quota", Note: l.quotaWords()}, {Name: "cost", Note: l.cost()},
		},
	}
	if l.Interrupted {
		page.Interrupted = interruptedWords
	}
	if l.Plan.Closed {
		page.NoSchedule = closedWords
	}
	for _, c := range l.Thresholds {
		verdict, words := holding(c.Holds), "holds"
		if !c.Holds {
			words = "does not hold"
		}
		page.Conditions = append(page.Conditions, pageCondition{signs[verdict].sign, string(verdict), clean(c.Text), clean(c.Value), words})
	}
	for _, t := range l.tallies() {
		page.Tallies = append(page.Tallies, pageCount{Name: t.name, Count: number(t.count), Note: t.note})
	}
	page.times(l)
	return page
}

// made says what wrote the page, and when.
func (l *Load) made() string {
	parts := []string{fmt.Sprintf("seed %d", l.Seed)}
	if l.Tool.Name != "" {
		parts = []string{plain(l.Tool.Name + " " + l.Tool.Version), parts[0]}
	}
	if !l.Started.IsZero() {
		parts = append(parts, l.Started.UTC().Format("2 January 2006, 15:04:05 MST"))
	}
	return strings.Join(parts, " · ")
}

func (p *loadPage) times(l *Load) {
	for _, f := range figures() {
		p.TimesHead = append(p.TimesHead, f.name)
	}
	for _, kind := range l.kindsOfTimes() {
		line := pageTimes{Name: kind.name, Meaning: kind.meaning}
		for _, f := range figures() {
			line.Cells = append(line.Cells, kind.times.written(f))
		}
		p.Times = append(p.Times, line)
	}
}

func pageCounts(counts []LoadCount, all uint64) (list []pageCount) {
	for _, c := range counts {
		list = append(list, pageCount{clean(c.Name), number(c.Count), shareOf(c.Count, all), clean(c.Example)})
	}
	return list
}

// page is nil where there was no search.
func (c *LoadCapacity) page() *pageCapacity {
	if c == nil {
		return nil
	}
	p := &pageCapacity{Words: c.words(), While: clean(c.Thresholds), Limit: clean(c.Limit)}
	for _, s := range c.Steps {
		verdict, words := holding(s.Holds), "holds"
		if !s.Holds {
			words = "does not hold"
		}
		p.Steps = append(p.Steps, pageStep{
			Sign: signs[verdict].sign, Kind: string(verdict), Words: words,
			Asked: perSecond(s.Rate), Reached: perSecond(s.Reached),
			P50: s.Latency.written(figures()[0]), P99: s.Latency.written(figures()[3]),
			Errors: inPercent(s.Errors), Why: clean(s.Why),
		})
	}
	return p
}
