package reports

import (
	"fmt"
	"math"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/hubhook/hubhook/reports/safetext"
)

// unreliableReason says that the figures are not to be believed, and why; empty where
// they are.
func unreliableReason(l *Load) string {
	if l.Unreliable == "" {
		return ""
	}
	return "not to be believed: " + safetext.Line(l.Unreliable)
}

// What has to be told of a run whatever came of it.
const (
	interruptedWords = "interrupted: the figures are those up to then"
	closedWords      = "no schedule: latency is that of the handler's pace, not of callers'"
)

// loadVerdict say what a verdict rests on.
func loadVerdict(l *Load) string {
	words := conditionsWords(l.broken(), uint64(len(l.Thresholds)))
	if l.Verdict == Failed && l.broken() == 0 && l.Counts.Accepted == 0 {
		words = "no delivery was accepted"
	}
	if l.Capacity != nil && len(l.Thresholds) == 0 {
		words = capacityText(l.Capacity)
	}
	if l.Verdict == Inconclusive && l.broken() == 0 && (l.Unreliable != "" || l.Interrupted) {
		words += ", but"
	} else {
		words += ";"
	}
	switch {
	case l.Capacity != nil && l.Capacity.AtLeast && !l.Interrupted:
		return strings.TrimSuffix(words, ";") + ", but it was hubhook that could not send faster: the handler may take more"
	case l.Unreliable != "":
		return words + " the figures are " + unreliableReason(l)
	case l.Interrupted:
		return words + " the run was interrupted"
	}
	return strings.TrimRight(words, ";")
}

func conditionsWords(broken, all uint64) string {
	switch {
	case all == 0:
		return "there was no condition"
	case all == 1 && broken == 1:
		return "the condition does not hold"
	case all == 1:
		return "the condition holds"
	case broken == 0 && all == 2:
		return "both conditions hold"
	case broken == 0:
		return fmt.Sprintf("all %s hold", numberOf(all, "condition"))
	case broken == 1:
		return fmt.Sprintf("1 of %s does not hold", numberOf(all, "condition"))
	}
	return fmt.Sprintf("%s of %s do not hold", number(broken), numberOf(all, "condition"))
}

// planMeans say by what a plan was carried out.
func planMeans(p LoadPlan) string {
	parts := []string{
		english.Plural(max(p.Webhooks, 0), "webhook", ""),
		"as many as " + english.Plural(max(p.Connections, 0), "connection", ""),
	}
	if p.Retries == "" {
		parts = append(parts, "no retries")
	} else {
		parts = append(parts, "retries after "+strings.ReplaceAll(p.Retries, ",", ", "))
	}
	if p.TimeScale != 1 && p.TimeScale > 0 {
		parts = append(parts, fmt.Sprintf("time %s times as fast", about(p.TimeScale)))
	}
	return strings.Join(parts, ", ")
}

// throughputText say how many attempts there were a second.
func throughputText(t LoadThroughput) string {
	text := fmt.Sprintf("%s reached, %s answered", perSecond(t.Reached), perSecond(t.Answered))
	if t.Asked == 0 {
		return text
	}
	return perSecond(t.Asked) + " asked, " + text
}

// quotaText say how much of its quota the busiest webhook used, and how much all was
// together.
func quotaText(l *Load) string {
	q := l.Quota
	if q.Limit == 0 {
		return "none"
	}
	text := fmt.Sprintf("used %s of %s in 24 hours", number(q.Used), numberOf(q.Limit, "trigger"))
	if q.Used > q.Limit {
		text = fmt.Sprintf("%s; a webhook has %s in 24 hours", numberOf(q.Used, "trigger"), number(q.Limit))
	}
	if l.Plan.Webhooks > 1 {
		text = "the busiest webhook: " + text
	}
	if l.Capacity != nil { // which says how many
		return text
	}
	return text + quotaTogether(l.Quota)
}

// quotaTogether says how many webhooks would use up their quota; nothing where it is one,
// or less.
func quotaTogether(q LoadQuota) string {
	if q.WebhooksAtQuota <= 1 {
		return ""
	}
	return fmt.Sprintf("; as many as %s webhooks at full quota", about(q.WebhooksAtQuota))
}

// capacityText say what a rate means.
func capacityText(c *LoadCapacity) string {
	if c.Rate == 0 {
		return "holds at no rate that was tried"
	}
	holds := "holds"
	if c.AtLeast {
		holds = "holds at least"
	}
	return fmt.Sprintf("%s %s: %s, spread evenly", holds, perSecond(c.Rate), capacityWebhooks(c))
}

// capacityWebhooks says how many make the rate.
func capacityWebhooks(c *LoadCapacity) string {
	switch c.Webhooks {
	case 0:
		return "less than 1 webhook at full quota"
	case 1:
		return "1 webhook at full quota"
	}
	return about(float64(c.Webhooks)) + " webhooks at full quota"
}

// costText says what sending took of this machine.
func costText(l *Load) string {
	var parts []string
	if sent := attemptsSent(l); sent > 0 {
		parts = append(parts, fmt.Sprintf("%s CPU s per 100,000 attempts", significant(l.Cost.CPUSeconds/float64(sent)*100_000)))
	}
	if l.Cost.PeakMemoryMB > 0 {
		parts = append(parts, significant(l.Cost.PeakMemoryMB)+" MB at most")
	}
	if len(parts) == 0 {
		return "not known"
	}
	return strings.Join(parts, ", ")
}

// attemptsSent counts the attempts that were made.
func attemptsSent(l *Load) uint64 { return l.Counts.Attempts - min(l.Counts.Unsent, l.Counts.Attempts) }

// tally is a line of what was counted.
type tally struct {
	name  string
	count uint64
	sign  Status // whose sign stands before it; none where empty
	note  string
}

// loadTallies list what was counted, without what came up never and says nothing by that.
func loadTallies(l *Load) []tally {
	c := l.Counts
	list := []tally{
		{name: "triggers", count: c.Triggers},
		{name: "attempts", count: c.Attempts, note: retriesNote(c)},
		{name: "accepted", count: c.Accepted, sign: Passed, note: shareOf(c.Accepted, c.Attempts)},
		{name: "failed", count: c.Failed, sign: Failed, note: shareOf(c.Failed, c.Attempts)},
	}
	for _, more := range []tally{
		{name: "unsent", count: c.Unsent, sign: Skipped, note: shareOf(c.Unsent, c.Attempts) + ": no connection became free in time"},
		{name: "cut", count: c.Aborted, sign: Skipped, note: shareOf(c.Aborted, c.Attempts) + ": under way at the interrupt"},
		{name: "given up", count: c.GivenUp, sign: Failed, note: "deliveries, whose last retry failed"},
		{name: "resent", count: c.Resent, sign: Skipped, note: "requests, whose kept connection was closed"},
	} {
		if more.count > 0 {
			list = append(list, more)
		}
	}
	return append(list, tally{name: "connections", count: c.Connections})
}

func retriesNote(c LoadCounts) string {
	if c.Retries == 0 {
		return ""
	}
	return numberOf(c.Retries, "retry") + " among them"
}

// totalOf adds up how often everything came up.
func totalOf(counts []LoadCount) (sum uint64) {
	for _, c := range counts {
		sum += min(c.Count, math.MaxUint64-sum)
	}
	return sum
}
