package reports_test

import (
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	xhtml "golang.org/x/net/html"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/terminal"
)

func loadPage(t testing.TB, l *reports.Load) string {
	t.Helper()
	return written(t, html.WriteLoad, l)
}

// elementsIn are those of a tree, in order.
func elementsIn(root *xhtml.Node) (list []*xhtml.Node) {
	for node := range root.Descendants() {
		if node.Type == xhtml.ElementNode {
			list = append(list, node)
		}
	}
	return list
}

// elements are those of a page, in order.
func elements(t testing.TB, page string) (list []*xhtml.Node) {
	t.Helper()
	root, err := xhtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return elementsIn(root)
}

func attribute(node *xhtml.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// charts are the ids of the charts of a page.
func charts(t testing.TB, page string) (ids []string) {
	for _, node := range elements(t, page) {
		if node.Data == "figure" {
			ids = append(ids, attribute(node, "id"))
		}
	}
	return ids
}

func TestPageHasTheChartsThatARunHasSomethingFor(t *testing.T) {
	usual := []string{"latency", "percentiles", "answers", "rate", "waiting", "quota"}
	for name, want := range map[string][]string{
		"stalling": usual, "ramp": usual, "closed": usual, "short": usual,
		"burst":    {"latency", "percentiles", "answers", "faults", "rate", "waiting", "quota"},
		"great":    {"latency", "percentiles", "answers", "faults", "rate", "waiting", "quota"},
		"refused":  {"latency", "percentiles", "faults", "rate", "waiting", "quota"},
		"capacity": append([]string{"capacity"}, usual...),
		"empty":    nil,
	} {
		page := loadPage(t, sampleRuns()[name])
		if diff := cmp.Diff(want, charts(t, page)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := strings.Contains(page, "There is nothing to draw"); got != (want == nil) {
			t.Errorf("%s: that there is nothing to draw is told: %t", name, got)
		}
	}
}

// The page needs nothing from elsewhere, and forbids it.
func TestPageOfALoadStandsAlone(t *testing.T) {
	l := burstRun()
	l.Target.URL = "handler"
	page := loadPage(t, l)
	if foreign := regexp.MustCompile(`(?i)(src|href|action)\s*=|url\([^#]|@import|https?:`).FindString(page); foreign != "" {
		t.Errorf("the page wants something from elsewhere: %q", foreign)
	}
	if !strings.Contains(page, `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`) {
		t.Error("the page allows too much")
	}
	for _, part := range []string{"prefers-color-scheme: dark", "@media print", `name="viewport"`, "focus-visible"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

// A chart has a description and its numbers for those who do not see it.
func TestChartsCanBeHeard(t *testing.T) {
	for name, l := range sampleRuns() {
		ids, counts := map[string]int{}, map[string]int{}
		list := elements(t, loadPage(t, l))
		for _, node := range list {
			if id := attribute(node, "id"); id != "" {
				ids[id]++
			}
			counts[node.Data]++
			if attribute(node, "role") == "img" {
				counts["img"]++
			}
		}
		for id, n := range ids {
			if n != 1 {
				t.Errorf("%s: #%s stands there %d times", name, id, n)
			}
		}
		for _, node := range list {
			for _, id := range strings.Fields(attribute(node, "aria-labelledby")) {
				if ids[id] != 1 {
					t.Errorf("%s: nothing is #%s", name, id)
				}
			}
		}
		if n := counts["figure"]; counts["img"] != n || counts["desc"] != n || counts["details"] != n || counts["title"] != n+1 {
			t.Errorf("%s: %d charts, and %v", name, n, counts)
		}
	}
	page := loadPage(t, stallingRun())
	for _, words := range []string{
		"A chart along time, with 30 values.", "p50: from ", "A line at p99&lt;500ms.",
		`<th scope="row">29s</th><td>200ms</td><td>190ms</td><td>150ms</td><td>510µs</td>`,
	} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
}

// Lines, stacks and marks differ in more than color.
func TestChartsDoNotRestOnColor(t *testing.T) {
	page := loadPage(t, burstRun())
	for _, one := range []string{"p95", "max", "answered", "flight"} {
		if !regexp.MustCompile(`\.lines path\.` + one + `,[^}]*stroke-dasharray`).MatchString(page) {
			t.Errorf("%s is not dashed", one)
		}
	}
	for _, class := range []string{"s0", "s4", "s5"} {
		if !regexp.MustCompile(`\.` + class + ` \{ fill: url\(#`).MatchString(page) {
			t.Errorf("%s has no pattern", class)
		}
	}
	found := loadPage(t, capacityRun())
	if crosses, dots := strings.Count(found, `d="M-5-5 5 5M-5 5 5-5"`), strings.Count(found, "<circle"); crosses != 2*4 || dots < 2*5 {
		t.Errorf("%d crosses and %d dots", crosses, dots)
	}
}

func TestVerdictIsSeenFirst(t *testing.T) {
	for name, want := range map[string][]string{
		"stalling": {`<b>passed</b>`, "both conditions hold", "p99&lt;500ms", "holds: measured", "199ms", "191ms"},
		"burst":    {`<b>failed</b>`, "2 of 3 conditions do not hold", "does not hold: measured", "1.65s", `<dd class="value bad">259</dd>`},
		"ramp":     {`<p class="alert" role="alert">! not to be believed: the sender could not keep up`, `<b>inconclusive</b> <span class="bad">the condition holds, but the figures are not to be believed: the sender`},
		"closed":   {"! interrupted: the figures are those up to then", `<b>inconclusive</b>`, "no schedule: latency is that of the handler&#39;s pace"},
		"capacity": {`<b>passed</b>`, `<dd class="value ">420/s</dd>`, "36,300 webhooks at full quota", "p99 latency at 420/s", "What kept it from being higher: p99 is 2.36s at 440/s."},
	} {
		head, _, _ := strings.Cut(loadPage(t, sampleRuns()[name]), "<figure")
		for _, part := range want {
			at := strings.Index(head, part)
			if at < 0 {
				t.Errorf("%s: %q does not stand above the charts, or in another order", name, part)
				continue
			}
			head = head[at:]
		}
	}
	if strings.Contains(loadPage(t, stallingRun()), `role="alert"`) {
		t.Error("an alarm is given without need")
	}
}

func TestPageOfALoadIsNotTakenOver(t *testing.T) {
	page := loadPage(t, hostileRun())
	for _, wrong := range []string{"<script>alert", "<b onclick", "\x1b", "\u202e", "\x00", "ZgotmplZ"} {
		if strings.Contains(page, wrong) {
			t.Errorf("the page holds %q", wrong)
		}
	}
	scripts := 0
	for _, node := range elements(t, page) {
		if node.Data == "script" {
			scripts++
		}
		for _, a := range node.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s has an attribute %s", node.Data, a.Key)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts", scripts)
	}
	if strings.Count(page, "alert(1)") < 15 {
		t.Error("what was said is lost")
	}
}

// long returns a run with n intervals.
func long(n int) *reports.Load {
	l := greatRun()
	one := l.Intervals
	l.Intervals = nil
	for i := range n {
		interval := one[i%len(one)]
		interval.AtMs = float64(i) * 1000
		l.Intervals = append(l.Intervals, interval)
	}
	return l
}

func TestPageOfALongRunStaysSmall(t *testing.T) {
	for _, n := range []int{600, 601, 20_000} {
		page := loadPage(t, long(n))
		if len(page) > 700_000 {
			t.Errorf("%d intervals: %d bytes", n, len(page))
		}
		if thinned := strings.Contains(page, "of whose latencies the longest is shown"); thinned != (n > 600) {
			t.Errorf("%d intervals: that some are put together is said: %t", n, thinned)
		}
	}
}

// drawnOutside finds coordinates of a page that are no numbers, or not in the drawing.
func drawnOutside(t testing.TB, page string) (list []string) {
	for _, node := range elements(t, page) {
		for _, a := range node.Attr {
			if !slices.Contains([]string{"d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "data-at"}, a.Key) {
				continue
			}
			if !regexp.MustCompile(`^[0-9. %MLHZ-]*$`).MatchString(a.Val) || strings.Contains(a.Val, "-") && !strings.HasPrefix(a.Val, "M-5") && a.Val != "-8" {
				list = append(list, node.Data+" "+a.Key+"="+a.Val)
			}
		}
	}
	return list
}

func TestChartsStayWithinTheirDrawings(t *testing.T) {
	runs := sampleRuns()
	for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e300} {
		odd := burstRun()
		for n := range odd.Intervals {
			interval := &odd.Intervals[n]
			interval.Latency.P99, interval.Latency.Max = v, v
			if n%3 == 0 {
				interval.WidthMs = v
			}
		}
		odd.Curve = append(odd.Curve, reports.LoadPoint{Percentile: v, Ms: 1}, reports.LoadPoint{Percentile: 99, Ms: v})
		odd.Service.P50, odd.Quota.WebhooksAtQuota, odd.DurationMs = v, v, v
		odd.Capacity = &reports.LoadCapacity{Rate: v, Steps: []reports.LoadStep{{Rate: v, Latency: odd.Latency}, {Rate: 3, Reached: v, Errors: v, Latency: odd.Service}}}
		odd.Thresholds[0].LimitMs = v
		odd.Count()
		runs[string(rune('a'+i))] = odd
	}
	for name, l := range runs {
		page := loadPage(t, l)
		if outside := drawnOutside(t, page); len(outside) > 0 {
			t.Errorf("%s: %q", name, outside)
		}
		if wrong := regexp.MustCompile(`NaN|[+-]Inf`).FindString(page); wrong != "" {
			t.Errorf("%s: the page says %s", name, wrong)
		}
	}
}

func TestIntervalWithoutWidthHasNoRate(t *testing.T) {
	l := shortRun()
	l.Intervals = append(l.Intervals, reports.LoadInterval{AtMs: 1000, Sent: 1, Answers: [6]uint64{2: 1}})
	if page := loadPage(t, l); !strings.Contains(page, `<path class="s2" d="M0 0L1000 0L1000 200L0 200Z"/>`) {
		t.Error("it is drawn")
	}
}

// Whatever is measured, the page is drawn, in numbers.
func FuzzLoadPage(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, uint64(4), 5)
	f.Add(math.NaN(), math.Inf(1), -1.0, uint64(0), -1)
	f.Add(1e-300, 1e300, 0.0, uint64(math.MaxUint64), math.MaxInt)
	f.Fuzz(func(t *testing.T, a, b, c float64, n uint64, m int) {
		times := reports.LoadTimes{Count: n, Mean: a, Min: a, P50: b, P90: c, P95: a, P99: b, P999: c, Max: a}
		l := &reports.Load{
			DurationMs: a, Latency: times, Service: times, Lateness: times,
			Plan:       reports.LoadPlan{Webhooks: m, Connections: m, TimeScale: a},
			Counts:     reports.LoadCounts{Triggers: n, Attempts: n, Accepted: n, Failed: n, Unsent: n},
			Throughput: reports.LoadThroughput{Asked: a, Reached: b, Answered: c},
			Statuses:   []reports.LoadCount{{Name: "200", Count: n}, {Name: "201", Count: n}},
			Faults:     []reports.LoadCount{{Name: "reset", Count: n}, {Name: "timeout", Count: n}},
			Curve:      []reports.LoadPoint{{Percentile: a, Ms: b}, {Percentile: c, Ms: a}, {Percentile: 100, Ms: c}},
			Intervals: []reports.LoadInterval{
				{AtMs: a, WidthMs: b, Due: n, Sent: n, InFlight: m, Waiting: n, MostUsed: n, Latency: times, Answers: [6]uint64{n, 0, n, n, n, n}},
				{AtMs: b, WidthMs: c, Latency: times}, {AtMs: c, WidthMs: a, Due: 1, MostUsed: n},
			},
			Thresholds: []reports.LoadThreshold{{LimitMs: a}, {LimitMs: b}},
			Quota:      reports.LoadQuota{Limit: n, Used: n, WebhooksAtQuota: c},
			Capacity:   &reports.LoadCapacity{Rate: a, Webhooks: n, Steps: []reports.LoadStep{{Rate: a, Latency: times}, {Rate: b, Reached: c, Latency: times, Errors: a}}},
			Cost:       reports.LoadCost{CPUSeconds: a, PeakMemoryMB: b},
		}
		page := loadPage(t, l)
		if outside := drawnOutside(t, page); len(outside) > 0 {
			t.Errorf("%q", outside)
		}
		if wrong := regexp.MustCompile(`NaN|[+-]Inf`).FindString(page); wrong != "" {
			t.Errorf("the page says %s", wrong)
		}
		if err := terminal.WriteLoad(io.Discard, l, terminal.Options{}); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkWriteLoadHTML(b *testing.B) {
	l := long(600)
	for b.Loop() {
		if err := html.WriteLoad(io.Discard, l); err != nil {
			b.Fatal(err)
		}
	}
}
