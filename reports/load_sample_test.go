package reports_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/hubhook/hubhook/reports"
)

// second is one second of a made-up run.
type second struct {
	due, sent uint64
	// latency of some of the attempts, in milliseconds. Some stand for all.
	latency  []float64
	service  []float64 // nil: as latency
	answers  [6]uint64
	inFlight int
	waiting  uint64
}

// run is a made-up run: what each of its seconds was like.
type run struct {
	seconds  []second
	statuses []reports.LoadCount
	faults   []reports.LoadCount
}

// load makes the document of a run. Counts are those of its seconds.
func (r run) load(words string) *reports.Load {
	l := &reports.Load{
		Schema: reports.LoadSchema, Tool: reports.Tool{Name: "hubhook", Version: "v1.2.3"},
		Target: reports.Target{URL: "http://127.0.0.1:8000/webhook"}, Seed: 7,
		Started: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), DurationMs: float64(len(r.seconds)) * 1000,
		Plan:    reports.LoadPlan{Description: words, Webhooks: 1, Connections: 100, TimeScale: 1},
		Verdict: reports.Passed, Statuses: r.statuses, Faults: r.faults,
		Quota: reports.LoadQuota{Limit: 1000}, Cost: reports.LoadCost{CPUSeconds: 0.41, PeakMemoryMB: 14.2},
	}
	var latency, service []float64
	for i, s := range r.seconds {
		latency = append(latency, s.latency...)
		if s.service == nil {
			s.service = s.latency
		}
		service = append(service, s.service...)
		l.Counts.Triggers += s.due
		l.Counts.Attempts += s.due
		l.Counts.Accepted += s.answers[2]
		l.Counts.Failed += s.answers[0] + s.answers[1] + s.answers[3] + s.answers[4] + s.answers[5]
		l.Intervals = append(l.Intervals, reports.LoadInterval{
			AtMs: float64(i) * 1000, WidthMs: 1000, Due: s.due, Sent: s.sent, InFlight: s.inFlight, Waiting: s.waiting,
			Triggers: l.Counts.Triggers, MostUsed: l.Counts.Triggers, Latency: times(s.latency), Answers: s.answers,
		})
	}
	l.Counts.Unsent = l.Counts.Attempts - l.Counts.Accepted - l.Counts.Failed
	l.Counts.Connections = 100
	l.Latency, l.Service, l.Curve = times(latency), times(service), curve(latency)
	l.Lateness = times(exponential(newRNG(1), 200, 0.02))
	l.Quota.Used = l.Counts.Triggers
	l.Quota.WebhooksAtQuota = float64(l.Counts.Triggers) / 1000
	l.Count()
	return l
}

func newRNG(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// exponential makes latencies that are mostly short.
func exponential(d *rand.Rand, n int, mean float64) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = mean * (0.3 + d.ExpFloat64())
	}
	return list
}

func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(int(math.Ceil(p/100*float64(len(sorted))))-1, 0)]
}

func times(list []float64) reports.LoadTimes {
	if len(list) == 0 {
		return reports.LoadTimes{}
	}
	sorted := slices.Sorted(slices.Values(list))
	sum := 0.0
	for _, v := range sorted {
		sum += v
	}
	at := func(p float64) float64 { return percentile(sorted, p) }
	return reports.LoadTimes{
		Count: uint64(len(list)), Mean: sum / float64(len(list)), Min: sorted[0],
		P50: at(50), P90: at(90), P95: at(95), P99: at(99), P999: at(99.9), Max: sorted[len(sorted)-1],
	}
}

func curve(list []float64) (points []reports.LoadPoint) {
	if len(list) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(list))
	// As HdrHistogram has it: five points for each halving of what is left.
	for left := 100.0; left > 100/float64(len(list)); left /= math.Pow(2, 0.2) {
		points = append(points, reports.LoadPoint{Percentile: 100 - left, Ms: percentile(sorted, 100-left)})
	}
	return append(points, reports.LoadPoint{Percentile: 100, Ms: sorted[len(sorted)-1]})
}

// stallingRun is a handler that stalls for 200 ms every second.
func stallingRun() *reports.Load {
	d := newRNG(2)
	var r run
	for range 30 {
		latency := exponential(d, 800, 0.4)
		service := slices.Clone(latency)
		for i := range 200 {
			latency = append(latency, float64(200-i)+d.Float64())
			if i < 10 {
				service = append(service, float64(200-i))
			} else {
				service = append(service, 0.2+0.3*d.Float64())
			}
		}
		r.seconds = append(r.seconds, second{due: 1000, sent: 1000, latency: latency, service: service, answers: [6]uint64{2: 1000}, inFlight: 1})
	}
	r.statuses = []reports.LoadCount{{Name: "202", Count: 30_000}}
	l := r.load("1,000 requests/s for 30s")
	l.Thresholds = []reports.LoadThreshold{
		{Text: "p99<500ms", Value: "199ms", Holds: true, LimitMs: 500},
		{Text: "errors<=0.1%", Value: "0 %", Holds: true},
	}
	return l
}

// burstRun is the whole quota of a webhook at once, to a handler that is overwhelmed,
// and the retries.
func burstRun() *reports.Load {
	d := newRNG(3)
	var r run
	for i := range 20 {
		s := second{}
		switch i {
		case 0:
			s = second{due: 1000, sent: 1000, latency: exponential(d, 700, 250), answers: [6]uint64{2: 480, 5: 214, 0: 6}, inFlight: 100, waiting: 200}
		case 1:
			s = second{latency: exponential(d, 300, 400), answers: [6]uint64{2: 270, 5: 20, 0: 10}}
		case 7:
			s = second{due: 250, sent: 250, latency: exponential(d, 250, 40), answers: [6]uint64{2: 241, 4: 4, 5: 5}, inFlight: 2}
		case 16:
			s = second{due: 9, sent: 9, latency: exponential(d, 9, 3), answers: [6]uint64{2: 9}}
		}
		r.seconds = append(r.seconds, s)
	}
	r.statuses = []reports.LoadCount{
		{Name: "202", Count: 1000}, {Name: "429", Count: 4, Example: "Too Many Requests: slow down"},
		{Name: "503", Count: 239, Example: "Service Unavailable: <b>upstream connect error</b> or disconnect/reset before headers. reset reason: overflow"},
	}
	r.faults = []reports.LoadCount{
		{Name: "timeout", Count: 10, Example: "no answer within 500ms"},
		{Name: "reset", Count: 6, Example: "read tcp 127.0.0.1:40022->127.0.0.1:8000: connection reset by peer"},
	}
	l := r.load("1,000 triggers at once")
	l.Plan.Retries, l.Plan.TimeScale = "2h,3h", 1440
	l.Counts.Triggers, l.Counts.Retries, l.Counts.GivenUp, l.Counts.Resent = 1000, 259, 0, 3
	for i := range l.Intervals {
		l.Intervals[i].Triggers, l.Intervals[i].MostUsed = 1000, 1000
	}
	l.Quota = reports.LoadQuota{Limit: 1000, Enforced: true, Used: 1000, WebhooksAtQuota: 1}
	l.Verdict = reports.Failed
	l.Thresholds = []reports.LoadThreshold{
		{Text: "p99<500ms", Value: "1.65s", LimitMs: 500},
		{Text: "errors<=0.1%", Value: "20.6 %"},
		{Text: "rate>=100/s", Value: "210/s", Holds: true},
	}
	return l
}

// rampRun is a rate that grows beyond what the handler takes, and then beyond what
// the sender can.
func rampRun() *reports.Load {
	d := newRNG(4)
	var r run
	var backlog, unsent uint64
	for i := range 30 {
		due := uint64(10 + i*170)
		s := second{due: due, sent: due}
		const most = 3200
		if due+backlog > most {
			s.sent = most
			backlog += due - most
		}
		s.waiting, s.inFlight = backlog, int(min(due/30, 100))
		mean := 0.8 / max(1-float64(due)/most, 0.05)
		s.latency = exponential(d, 1000, mean+float64(backlog)/most*1000)
		s.service = exponential(d, 1000, mean)
		s.answers = [6]uint64{2: s.sent, 5: s.sent / 400}
		s.answers[2] -= s.answers[5]
		r.seconds = append(r.seconds, s)
	}
	unsent = backlog
	r.statuses = []reports.LoadCount{{Name: "200", Count: 61000}, {Name: "500", Count: 140, Example: "Internal Server Error"}}
	l := r.load("from 10 to 5,000 requests/s in 30s")
	l.Plan.Webhooks = 500
	l.Counts.Unsent = unsent
	l.Quota.Used = 149
	for i := range l.Intervals {
		l.Intervals[i].MostUsed = l.Intervals[i].Triggers / 500
	}
	l.Verdict = reports.Inconclusive
	l.Unreliable = "the sender could not keep up with its own plan: p99 of its lateness is 812ms, more than 10 % of the latency that it measured; send less, or from a faster machine"
	l.Thresholds = []reports.LoadThreshold{{Text: "errors<1%", Value: "0.23 %", Holds: true}}
	return l
}

// refusedRun is a target on which nobody listens.
func refusedRun() *reports.Load {
	d := newRNG(5)
	var r run
	for range 10 {
		r.seconds = append(r.seconds, second{due: 200, sent: 200, latency: exponential(d, 200, 0.06), answers: [6]uint64{0: 200}})
	}
	r.faults = []reports.LoadCount{{Name: "refused", Count: 2000, Example: "dial tcp 127.0.0.1:8000: connect: connection refused"}}
	l := r.load("200 requests/s for 10s")
	l.Counts.Connections = 0
	l.Verdict = reports.Failed
	l.Thresholds = []reports.LoadThreshold{{Text: "errors<=0%", Value: "100 %"}}
	return l
}

// capacityRun is a search for the highest rate that holds.
func capacityRun() *reports.Load {
	d := newRNG(6)
	var r run
	var steps []reports.LoadStep
	for _, rate := range []float64{50, 100, 200, 400, 800, 600, 500, 440, 420} {
		load := rate / 430
		mean := 2 / max(1-load, 0.004)
		step := reports.LoadStep{Rate: rate, Reached: min(rate, 431), Holds: rate <= 420}
		for range 3 {
			s := second{due: uint64(rate), sent: uint64(step.Reached), latency: exponential(d, 400, mean), inFlight: int(min(rate/8, 100)), answers: [6]uint64{2: uint64(step.Reached)}}
			if load > 1.3 {
				s.answers[5] = s.answers[2] / 50
				s.answers[2] -= s.answers[5]
			}
			r.seconds = append(r.seconds, s)
		}
		step.Latency = times(exponential(d, 1200, mean))
		if load > 1.3 {
			step.Errors = 0.02
		}
		if !step.Holds {
			step.Why = fmt.Sprintf("p99 is %.3gs", step.Latency.P99/1000)
		}
		steps = append(steps, step)
	}
	r.statuses = []reports.LoadCount{{Name: "200", Count: 9000}, {Name: "503", Count: 50, Example: "Service Unavailable"}}
	l := r.load("the highest rate at which p99<500ms and errors<0.1%")
	l.Capacity = &reports.LoadCapacity{
		Thresholds: "p99<500ms errors<0.1%", Rate: 420, Webhooks: 36_288, Limit: "p99 is 2.36s at 440/s", Steps: steps,
	}
	return l
}

// greatRun is ten million attempts in ten minutes, whose latencies lie between 30 µs
// and a minute.
func greatRun() *reports.Load {
	d := newRNG(7)
	var r run
	for i := range 600 {
		s := second{due: 16_667, sent: 16_667, latency: exponential(d, 200, 0.1), answers: [6]uint64{2: 16_600, 3: 7, 4: 20, 5: 30, 0: 10}, inFlight: 12}
		for n := range s.latency {
			s.latency[n] = max(s.latency[n], 0.03)
		}
		if i%97 == 50 {
			for n := range 8 {
				s.latency[n] = 60_000 * d.Float64()
			}
			s.answers[5] += 4000
			s.answers[2] -= 4000
			s.waiting = 3000
		}
		r.seconds = append(r.seconds, s)
	}
	r.statuses = []reports.LoadCount{{Name: "200", Count: 9_936_000}, {Name: "304", Count: 4200}, {Name: "404", Count: 12_000}, {Name: "500", Count: 42_000}}
	r.faults = []reports.LoadCount{{Name: "timeout", Count: 6000, Example: "no answer within 30s"}}
	return r.load("16,667 requests/s for 10m")
}

// closedRun has no schedule, and was interrupted.
func closedRun() *reports.Load {
	d := newRNG(8)
	r := run{statuses: []reports.LoadCount{{Name: "204", Count: 41_233}}}
	for i := range 4 {
		n := uint64(11000 + 100*i)
		r.seconds = append(r.seconds, second{due: n, sent: n, latency: exponential(d, 1000, 5), answers: [6]uint64{2: n}, inFlight: 64})
	}
	l := r.load("as fast as 64 connections are answered, for 10s")
	l.Plan.Connections, l.Counts.Connections = 64, 64
	l.Plan.Closed, l.Interrupted, l.Verdict = true, true, reports.Inconclusive
	l.Count()
	l.Counts.Aborted, l.Counts.Unsent, l.Counts.Attempts = 64, 0, l.Counts.Attempts+64
	return l
}

// emptyRun is one in which nothing was sent.
func emptyRun() *reports.Load {
	return &reports.Load{Verdict: reports.Inconclusive, Interrupted: true, Plan: reports.LoadPlan{Description: "1,000 requests/s for 30s", Webhooks: 1, Connections: 1}}
}

// shortRun is one with one interval.
func shortRun() *reports.Load {
	r := run{
		seconds:  []second{{due: 3, sent: 3, latency: []float64{1.2, 1.4, 3.3}, answers: [6]uint64{2: 3}}},
		statuses: []reports.LoadCount{{Name: "202", Count: 3}},
	}
	return r.load("3 triggers at once")
}

// sampleRuns are one of each kind.
func sampleRuns() map[string]*reports.Load {
	return map[string]*reports.Load{
		"stalling": stallingRun(), "burst": burstRun(), "ramp": rampRun(), "refused": refusedRun(), "capacity": capacityRun(),
		"great": greatRun(), "closed": closedRun(), "empty": emptyRun(), "short": shortRun(),
	}
}
