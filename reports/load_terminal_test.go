package reports_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/terminal"
)

func loadText(t *testing.T, l *reports.Load, o terminal.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := terminal.WriteLoad(&out, l, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestLoadsAreAsTheyWere(t *testing.T) {
	for name, l := range sampleRuns() {
		t.Run(name, func(t *testing.T) {
			golden(t, "load_"+name+".txt", func(w io.Writer) error { return terminal.WriteLoad(w, l, terminal.Options{}) })
		})
	}
	golden(t, "load_narrow.txt", func(w io.Writer) error {
		return terminal.WriteLoad(w, capacityRun(), terminal.Options{Width: 40})
	})
}

func TestLoadFitsTheTerminal(t *testing.T) {
	for name, l := range sampleRuns() {
		for _, width := range []int{40, 60, 75, 76, 80, 120} {
			for line := range strings.Lines(loadText(t, l, terminal.Options{Width: width})) {
				url := strings.HasPrefix(line, "hubhook load ") // which is never broken
				if columns := ansi.StringWidth(strings.TrimSuffix(line, "\n")); !url && columns > width {
					t.Errorf("%s: %d columns of %d: %q", name, columns, width, line)
				}
				if !url && strings.HasSuffix(line, " \n") {
					t.Errorf("%s: blanks at the end of %q", name, line)
				}
			}
		}
	}
}

// Colors add no information.
func TestLoadIsColoredOnlyWhereItCanBe(t *testing.T) {
	for name, l := range sampleRuns() {
		without, with := loadText(t, l, terminal.Options{}), loadText(t, l, terminal.Options{Profile: colorprofile.ANSI})
		if strings.Contains(without, "\x1b") || !strings.Contains(with, "\x1b[") {
			t.Errorf("%s: colors are missing, or too many", name)
		}
		if ansi.Strip(with) != without {
			t.Errorf("%s: with colors it says otherwise:\n%s", name, with)
		}
	}
}

func TestSenderThatFellBehindIsToldTwiceInRed(t *testing.T) {
	text := loadText(t, rampRun(), terminal.Options{Profile: colorprofile.ANSI})
	head, tail, _ := strings.Cut(text, "plan")
	_, verdict, _ := strings.Cut(tail, "verdict")
	const red = "\x1b[1;31m"
	if !strings.Contains(head, red+"! not to be believed: the sender could not keep up") {
		t.Errorf("it is not told at the top:\n%s", head)
	}
	if !strings.Contains(verdict, red) || !strings.Contains(strings.Join(strings.Fields(ansi.Strip(verdict)), " "), "not to be believed: the sender could not keep up") {
		t.Errorf("it is not told at the end:\n%s", verdict)
	}
}

func TestVerdictOfALoadSaysWhatItRestsOn(t *testing.T) {
	holds, not := reports.LoadThreshold{Text: "p99<1s", Value: "1ms", Holds: true}, reports.LoadThreshold{Text: "errors<1%", Value: "3 %"}
	list := func(c ...reports.LoadThreshold) []reports.LoadThreshold { return c }
	for _, c := range []struct {
		load reports.Load
		want string
	}{
		{reports.Load{Verdict: reports.Passed}, "✓ verdict: passed: there was no condition"},
		{reports.Load{Verdict: reports.Passed, Thresholds: list(holds)}, "✓ verdict: passed: the condition holds"},
		{reports.Load{Verdict: reports.Passed, Thresholds: list(holds, holds)}, "✓ verdict: passed: both conditions hold"},
		{reports.Load{Verdict: reports.Passed, Thresholds: list(holds, holds, holds)}, "✓ verdict: passed: all 3 conditions hold"},
		{reports.Load{Verdict: reports.Failed, Thresholds: list(not)}, "✗ verdict: failed: the condition does not hold"},
		{reports.Load{Verdict: reports.Failed, Thresholds: list(not, holds)}, "✗ verdict: failed: 1 of 2 conditions does not hold"},
		{reports.Load{Verdict: reports.Failed, Thresholds: list(not, not), Interrupted: true}, "✗ verdict: failed: 2 of 2 conditions do not hold; the run was interrupted"},
		{reports.Load{Verdict: reports.Inconclusive, Thresholds: list(holds), Interrupted: true}, "? verdict: inconclusive: the condition holds, but the run was interrupted"},
		{reports.Load{Verdict: reports.Inconclusive, Thresholds: list(holds), Unreliable: "slow"}, "? verdict: inconclusive: the condition holds, but the figures are not to be believed: slow"},
		{reports.Load{Verdict: reports.Failed, Thresholds: list(not), Unreliable: "slow"}, "✗ verdict: failed: the condition does not hold; the figures are not to be believed: slow"},
		{reports.Load{Verdict: reports.Passed, Capacity: &reports.LoadCapacity{Rate: 393, Webhooks: 33_955}}, "✓ verdict: passed: holds 393/s: 34,000 webhooks at full quota, spread evenly"},
		{reports.Load{Verdict: reports.Inconclusive, Capacity: &reports.LoadCapacity{Rate: 393, Webhooks: 33_955, AtLeast: true}}, "? verdict: inconclusive: holds at least 393/s: 34,000 webhooks at full quota, spread evenly, but it was hubhook that\n  could not send faster: the handler may take more"},
		{reports.Load{Verdict: reports.Failed, Capacity: &reports.LoadCapacity{}}, "✗ verdict: failed: holds at no rate that was tried"},
	} {
		if text := loadText(t, &c.load, terminal.Options{Width: 120}); !strings.HasSuffix(text, "\n"+c.want+"\n") {
			t.Errorf("want %q at the end of:\n%s", c.want, text)
		}
	}
}

// What matters to a run is said in words that fit its numbers.
func TestLoadIsToldInWords(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*reports.Load)
		want   string
		never  string
	}{
		"no schedule":    {func(l *reports.Load) { l.Plan.Closed = true }, "no schedule: latency is that of the handler's pace, not of callers'", ""},
		"schedule":       {func(*reports.Load) {}, "1 webhook, as many as 100 connections, no retries", "no schedule"},
		"one connection": {func(l *reports.Load) { l.Plan.Connections = 1 }, "as many as 1 connection,", ""},
		"retries":        {func(l *reports.Load) { l.Plan.Retries, l.Counts.Retries = "10s,1m", 1 }, "retries after 10s, 1m", ""},
		"one retry":      {func(l *reports.Load) { l.Counts.Retries = 1 }, "1 retry among them", ""},
		"time scale":     {func(l *reports.Load) { l.Plan.TimeScale = 1440 }, "time 1,440 times as fast", ""},
		"no time scale":  {func(l *reports.Load) { l.Plan.TimeScale = 1 }, "no retries", "as fast"},
		"quota":          {func(l *reports.Load) { l.Quota = reports.LoadQuota{Limit: 1000, Used: 1000, WebhooksAtQuota: 1} }, "used 1,000 of 1,000 triggers in 24 hours", "webhooks at"},
		"many days": {func(l *reports.Load) {
			l.Plan.Webhooks, l.Quota = 500, reports.LoadQuota{Limit: 1000, Used: 60, WebhooksAtQuota: 30}
		}, "the busiest webhook: used 60 of 1,000 triggers in 24 hours; as many as 30 webhooks at full quota", ""},
		"quota exceeded":  {func(l *reports.Load) { l.Quota = reports.LoadQuota{Limit: 1000, Used: 2500, WebhooksAtQuota: 2.5} }, "2,500 triggers; a webhook has 1,000 in 24 hours; as many as 2.5 webhooks at full quota", ""},
		"no quota":        {func(l *reports.Load) { l.Quota = reports.LoadQuota{} }, "quota:     none", ""},
		"cost":            {func(l *reports.Load) { l.Counts.Attempts, l.Cost.CPUSeconds = 200_000, 2 }, "1.00 CPU s per 100,000 attempts, 14.2 MB at most", ""},
		"unsent cost nil": {func(l *reports.Load) { l.Counts.Attempts, l.Counts.Unsent = 7, 7 }, "cost:      14.2 MB at most", "per 100,000"},
		"unsent":          {func(l *reports.Load) { l.Counts.Attempts, l.Counts.Unsent = 4, 1 }, "25.0 %: no connection became free in time", ""},
		"none unsent":     {func(*reports.Load) {}, "accepted", "unsent"},
		"one webhook":     {func(l *reports.Load) { l.Capacity = &reports.LoadCapacity{Rate: 0.01, Webhooks: 1} }, "holds 0.01/s: 1 webhook at full quota", ""},
		"hardly any":      {func(l *reports.Load) { l.Capacity = &reports.LoadCapacity{Rate: 0.001} }, "less than 1 webhook at full quota", ""},
		"interrupted":     {func(l *reports.Load) { l.Interrupted = true }, "! interrupted: the figures are those up to then", ""},
		"not interrupted": {func(*reports.Load) {}, "verdict", "interrupted"},
	} {
		l := shortRun()
		c.change(l)
		text := loadText(t, l, terminal.Options{Width: 120})
		if !strings.Contains(text, c.want) || c.never != "" && strings.Contains(text, c.never) {
			t.Errorf("%s: want %q and never %q in:\n%s", name, c.want, c.never, text)
		}
	}
}

// hostile is what a handler, or a user's file, may put into every text of a run.
const hostile = "\x1b[2J\u202e</script><script>alert(1)</script>\"'><b onclick=x>&amp;\r\n{{.}} \x00"

// hostileRun has it in every text.
func hostileRun() *reports.Load {
	l := burstRun()
	l.Target.URL, l.Tool.Name, l.Tool.Version = hostile, hostile, hostile
	l.Plan.Description, l.Plan.Retries, l.Unreliable, l.Verdict = hostile, hostile, hostile, hostile
	for _, list := range [][]reports.LoadCount{l.Statuses, l.Faults} {
		for i := range list {
			list[i].Name, list[i].Example = hostile, hostile
		}
	}
	for i := range l.Thresholds {
		l.Thresholds[i].Text, l.Thresholds[i].Value = hostile, hostile
	}
	l.Capacity = capacityRun().Capacity
	l.Capacity.Thresholds, l.Capacity.Limit = hostile, hostile
	for i := range l.Capacity.Steps {
		l.Capacity.Steps[i].Why = hostile
	}
	return l
}

func TestTextOfALoadTakesNothingOver(t *testing.T) {
	text := loadText(t, hostileRun(), terminal.Options{Profile: colorprofile.ANSI})
	for _, control := range []string{"\x1b[2J", "\r", "\x00", "\u202e"} {
		if strings.Contains(text, control) {
			t.Errorf("%q reaches the terminal", control)
		}
	}
	if strings.Count(text, "alert(1)") < 10 {
		t.Error("what was said is lost")
	}
}
