package html

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// The measures of the timeline, in pixels.
const (
	laneHeight = 46
	laneBar    = 28 // the highest mark
	minBar     = 3
	belowLanes = 24
	maxSlowest = 5
)

type pageTimeline struct {
	Says   string
	Height int
	Below  int // where the axis is
	Label  int
	Lanes  []pageLane
	Ticks  []chartTick
	Slow   []moment
}

type pageLane struct {
	Name         string
	Base, Label  int
	Marks        []pageMark
	Count        string
	Median, Most string
}

type pageMark struct {
	X, Kind     string
	Y, Height   int
	Href, Title string
}

type moment struct {
	reports.Exchange
	Check    pageRef
	decisive bool // a failure is about it
}

// timeline returns nil if it is not known when requests were sent.
func (b *pageBuilder) timeline() *pageTimeline {
	list := b.moments()
	end := float64(max(b.report.DurationMs, 0))
	var took []float64
	late := false
	for _, m := range list {
		end = max(end, m.StartedMs+m.DurationMs)
		took = append(took, m.DurationMs)
		late = late || m.StartedMs > 0
	}
	if !late || !wording.Valid(end) {
		return nil
	}
	across, up := scale{high: end}, forLatency(took)
	t := &pageTimeline{Says: timelineWords(b.report, list, up)}
	for _, area := range b.report.Areas() {
		t.addLane(b, area, list, across, up)
	}
	t.Below = len(t.Lanes) * laneHeight
	t.Height, t.Label = t.Below+belowLanes, t.Below+18
	t.Ticks = chartTicks(across.timeTicks())
	slices.SortStableFunc(list, func(a, b moment) int { return cmp.Compare(b.DurationMs, a.DurationMs) })
	t.Slow = list[:min(len(list), maxSlowest)]
	return t
}

func timelineWords(r *reports.Report, list []moment, up scale) string {
	words := fmt.Sprintf("%s over %s, each a mark that is as high as its answer took long.",
		english.Plural(len(list), "exchange", ""), wording.Elapsed(float64(r.DurationMs)))
	scale := "goes"
	if up.log {
		scale = "is logarithmic,"
	}
	return fmt.Sprintf("%s The scale %s up to %s.", words, scale, briefMs(up.high))
}

// moments returns the exchanges of a report. One that several checks share belongs to the
// check that failed by it.
func (b *pageBuilder) moments() (list []moment) {
	at := map[string]int{}
	for _, check := range b.report.Checks {
		for i, x := range check.Exchanges {
			if !wording.Valid(x.StartedMs) || !wording.Valid(x.DurationMs) {
				continue
			}
			m := moment{x, b.ref(check), check.Status == reports.Failed && i == check.DecisiveIndex()}
			key := fmt.Sprintf("%v %v %q", x.StartedMs, x.DurationMs, x.Curl)
			if known, there := at[key]; there {
				if m.decisive && !list[known].decisive {
					list[known] = m
				}
				continue
			}
			at[key] = len(list)
			list = append(list, m)
		}
	}
	return list
}

func (t *pageTimeline) addLane(b *pageBuilder, area string, list []moment, across, up scale) {
	top := len(t.Lanes) * laneHeight
	lane := pageLane{Name: area, Base: top + laneHeight - 2, Label: top + 13}
	var took []float64
	for _, m := range list {
		if m.Check.Area != area {
			continue
		}
		took = append(took, m.DurationMs)
		lane.Marks = append(lane.Marks, b.mark(m, lane.Base, across, up))
	}
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	lane.Count = wording.Number(uint64(len(took)))
	lane.Median, lane.Most = wording.Ms(took[len(took)/2]), wording.Ms(took[len(took)-1])
	t.Lanes = append(t.Lanes, lane)
}

func (b *pageBuilder) mark(m moment, base int, across, up scale) pageMark {
	height := minBar + int(up.at(m.DurationMs)*(laneBar-minBar))
	summary, ref := b.summaryOf(m.Exchange, 0), m.Check
	mark := pageMark{
		X: percent(across.at(m.StartedMs)), Y: base - height, Height: height, Href: ref.Anchor, Kind: "plain",
		Title: fmt.Sprintf("%s: %s; %s after %s", wording.Escape(ref.ID), wording.Escape(m.What), summary.Came, summary.Took),
	}
	switch {
	case m.decisive:
		mark.Kind = "told"
	case !summary.Answered:
		mark.Kind = "none"
	}
	return mark
}
