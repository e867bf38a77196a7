package reports

import (
	"time"
)

// LoadSchema names the form of a Load as JSON. It changes when what is there already
// changes its name or meaning.
const LoadSchema = "hubhook.load.v1"

// Load is what came of sending a handler many deliveries.
type Load struct {
	Schema     string    `json:"schema"`     // LoadSchema
	Tool       Tool      `json:"tool"`       // what sent the deliveries
	Target     Target    `json:"target"`     // where they went
	Seed       uint64    `json:"seed"`       // of the payloads and ids
	Started    time.Time `json:"started"`    // by the clock of this machine
	DurationMs float64   `json:"durationMs"` // until the last attempt had ended
	Plan       LoadPlan  `json:"plan"`       // what was to be sent

	// Verdict is Failed where a condition does not hold, or no delivery was accepted at
	// all; Inconclusive where all do but the figures are not to be believed, or the run
	// was interrupted; otherwise Passed.
	Verdict    Status          `json:"verdict"`
	Thresholds []LoadThreshold `json:"conditions"` // in the order in which they were asked for
	// Unreliable says why the figures are not to be believed, such as a sender that could
	// not keep up with its own plan; empty where they are.
	Unreliable  string `json:"behind,omitempty"`
	Interrupted bool   `json:"interrupted,omitempty"` // it was ended by hand

	Counts   LoadCounts  `json:"counts"`   // of the whole run
	Statuses []LoadCount `json:"statuses"` // of complete answers, by status: "202"
	Faults   []LoadCount `json:"faults"`   // attempts without a complete answer, by kind: "timeout"

	Throughput LoadThroughput `json:"throughput"` // Count sets it

	// Latency runs from the moment at which a request was due to the end of its answer:
	// the time in which it waited for a free connection counts. That of attempts
	// without a complete answer is the time until they were given up.
	Latency LoadTimes `json:"latency"`
	// Service runs from the moment at which a request was sent. Where it is far below
	// Latency, requests waited for the handler before they could be sent.
	Service LoadTimes `json:"service"`
	// Lateness is how long after its moment the sender sent a request for which a
	// connection was free: its own fault, and in Latency, too.
	Lateness LoadTimes `json:"lateness"`
	// Curve is the latency by percentile, from 0 to 100.
	Curve []LoadPoint `json:"curve"`

	Intervals []LoadInterval `json:"intervals"`          // in order, without gaps
	Quota     LoadQuota      `json:"quota"`              // how much of it was used
	Capacity  *LoadCapacity  `json:"capacity,omitempty"` // where it was searched for
	Cost      LoadCost       `json:"cost"`               // to this machine; zero where the handler is part of it
}

// LoadPlan is what was to be sent.
type LoadPlan struct {
	// Description tell it to people: "1,000 requests/s for 30s".
	Description string `json:"words"`
	// Closed says that each connection sent its next request when the last was
	// answered: there was no moment at which one was due, and Latency is Service.
	Closed      bool    `json:"closed,omitempty"`
	Webhooks    int     `json:"webhooks"`    // that the triggers are dealt to
	Connections int     `json:"connections"` // at most
	TimeScale   float64 `json:"timeScale"`   // how much faster than real time; 1: not at all
	Retries     string  `json:"retries"`     // waits before each: "10s,1m"; empty where there are none
}

// LoadCounts count triggers and attempts. Each trigger has one first attempt, and
// each attempt is one of Accepted, Failed, Cut and Unsent.
type LoadCounts struct {
	Triggers uint64 `json:"triggers"` // those of which an attempt was due
	Attempts uint64 `json:"attempts"` // first ones and retries
	Retries  uint64 `json:"retries"`  // attempts after the first
	Accepted uint64 `json:"accepted"` // 2xx, complete and in time: success to the Hub
	Failed   uint64 `json:"failed"`   // any other answer, or none
	// Aborted were under way when the run was ended by hand.
	Aborted uint64 `json:"cut"`
	// Unsent were due but never sent, for no connection became free in time.
	Unsent uint64 `json:"unsent"`
	// Resent are requests that were sent again on a new connection, because the handler
	// had closed the one that was kept (RFC 9112, 9.3.1). They are not attempts.
	Resent      uint64 `json:"resent"`
	Connections uint64 `json:"connections"` // opened
	// GivenUp are deliveries that failed at the last of their attempts. It is 0 where
	// there are no retries.
	GivenUp uint64 `json:"givenUp"`
}

// LoadThroughput is how many attempts there were a second, each from the first
// interval in which there was any to the last.
type LoadThroughput struct {
	Asked    float64 `json:"asked"`    // due; 0 where the plan has no schedule
	Reached  float64 `json:"reached"`  // sent
	Answered float64 `json:"answered"` // with a complete answer, whichever
}

// LoadCount is how often something came up.
type LoadCount struct {
	Name  string `json:"name"`  // "202", "timeout"
	Count uint64 `json:"count"` // of attempts
	// Example is what was said the first time, in words.
	Example string `json:"example,omitempty"`
}

// LoadTimes sum up durations, in milliseconds. All are zero where there were none.
type LoadTimes struct {
	Count uint64 `json:"count"` // how many durations

	// The mean, the extremes, and what so many of a hundred do not exceed.
	Mean float64 `json:"mean"`
	Min  float64 `json:"min"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P95  float64 `json:"p95"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p99.9"`
	Max  float64 `json:"max"`
}

// LoadPoint is a point of a curve of percentiles.
type LoadPoint struct {
	Percentile float64 `json:"percentile"` // from 0 to 100
	Ms         float64 `json:"ms"`         // that many of a hundred took no longer
}

// LoadInterval is a stretch of a run. Counts are of what fell into it.
type LoadInterval struct {
	AtMs     float64 `json:"atMs"`     // its beginning, from that of the run
	WidthMs  float64 `json:"widthMs"`  // how long it is
	Due      uint64  `json:"due"`      // attempts that were due
	Sent     uint64  `json:"sent"`     // attempts
	InFlight int     `json:"inFlight"` // at its end: sent and not answered
	Waiting  uint64  `json:"waiting"`  // at its end: due and not sent
	Triggers uint64  `json:"triggers"` // up to its end, of all webhooks
	MostUsed uint64  `json:"mostUsed"` // up to its end, triggers of the busiest webhook
	// Latency is of the attempts that ended in it.
	Latency LoadTimes `json:"latency"`
	// Answers are those that ended in it, by class: 1xx to 5xx, of which 1xx is 101 alone, and at
	// 0 attempts without a complete answer.
	Answers [6]uint64 `json:"answers"`
}

// LoadQuota is how much of their quota webhooks used.
type LoadQuota struct {
	Limit    uint64 `json:"limit"`    // triggers of one webhook in 24 hours
	Enforced bool   `json:"enforced"` // whether the plan kept to it
	Used     uint64 `json:"used"`     // triggers of the busiest webhook
	// WebhooksAtQuota is how many webhooks use up their quota with what was triggered.
	WebhooksAtQuota float64 `json:"days"`
}

// LoadThreshold is something that must hold, and whether it did.
type LoadThreshold struct {
	Text  string `json:"text"`  // as it was asked for: "p99<500ms", "errors<=0.1%"
	Value string `json:"value"` // what was measured: "131ms"
	Holds bool   `json:"holds"` // whether it did
	// LimitMs is the bound of a condition on latency, to be drawn; 0 in others.
	LimitMs float64 `json:"limitMs,omitempty"`
}

// LoadCapacity is what a search for the highest rate that holds found.
type LoadCapacity struct {
	Thresholds string `json:"conditions"` // as they were asked for
	// Rate is the highest that held, in requests a second; 0 where none did.
	Rate float64 `json:"rate"`
	// Webhooks is how many at full quota make that rate, their triggers spread evenly.
	Webhooks uint64 `json:"webhooks"`
	// Limit says what kept it from being higher: a condition, the sender, the search's
	// own end.
	Limit string `json:"limit"`
	// AtLeast says that it was the sender that kept it from being higher, and not the
	// handler, which may take more.
	AtLeast bool       `json:"atLeast,omitempty"`
	Steps   []LoadStep `json:"steps"` // in the order in which they were tried
}

// LoadStep is one rate that was tried.
type LoadStep struct {
	Rate    float64   `json:"rate"`          // asked, in requests a second
	Reached float64   `json:"reached"`       // sent, in requests a second
	Latency LoadTimes `json:"latency"`       // as in Load
	Errors  float64   `json:"errors"`        // share of attempts that failed
	Holds   bool      `json:"holds"`         // whether all conditions did
	Why     string    `json:"why,omitempty"` // it does not: "p99 is 812ms"
}

// LoadCost is what sending cost this machine.
type LoadCost struct {
	CPUSeconds   float64 `json:"cpuSeconds"`   // of the whole process, user and system
	PeakMemoryMB float64 `json:"peakMemoryMB"` // resident; 0 where it is not known
}

// Count sets Throughput from Intervals.
func (l *Load) Count() {
	l.Throughput = LoadThroughput{
		Asked:    rateOf(l.Intervals, func(i LoadInterval) uint64 { return i.Due }),
		Reached:  rateOf(l.Intervals, func(i LoadInterval) uint64 { return i.Sent }),
		Answered: rateOf(l.Intervals, LoadInterval.Answered),
	}
	if l.Plan.Closed {
		l.Throughput.Asked = 0
	}
}

// rateOf returns how often a second something happened, from its first interval to its
// last.
func rateOf(intervals []LoadInterval, count func(LoadInterval) uint64) float64 {
	var sum uint64
	var began, ended float64
	for _, i := range intervals {
		n := count(i)
		if n == 0 {
			continue
		}
		if sum == 0 {
			began = i.AtMs
		}
		sum += n
		ended = i.AtMs + i.WidthMs
	}
	if took := ended - began; took > 0 {
		return float64(sum) / took * 1000
	}
	return 0
}

// Answered counts the complete answers that ended in an interval.
func (i LoadInterval) Answered() (sum uint64) {
	for _, n := range i.Answers[1:] {
		sum += n
	}
	return sum
}

// Broken tells whether a condition does not hold.
func (l *Load) Broken() bool { return l.BrokenThresholds() > 0 }

// BrokenThresholds counts the conditions that do not hold.
func (l *Load) BrokenThresholds() (n uint64) {
	for _, c := range l.Thresholds {
		if !c.Holds {
			n++
		}
	}
	return n
}

// LoadProgress is how a load run is going.
type LoadProgress struct {
	Elapsed     time.Duration // since it began
	Description string        // what is being tried, such as "step 3: 800/s"; empty where there is one plan alone

	// The last interval.
	Asked, Reached float64 // requests a second; Asked is 0 where the plan has no schedule
	P50, P95, P99  float64 // latency, in milliseconds; all 0 where nothing ended in it

	InFlight int    // sent and not answered
	Waiting  uint64 // due and not sent

	// So far.
	Statuses   []LoadCount
	Faults     []LoadCount
	Unreliable bool // the sender cannot keep up with the plan
}
