package reports

import (
	"time"
)

// LoadSchema is the version of a Load as JSON. It changes when a property changes its name
// or meaning.
const LoadSchema = "hubhook.load.v1"

// Load is the result of sending a handler many deliveries.
type Load struct {
	Schema     string    `json:"schema"`     // LoadSchema
	Tool       Tool      `json:"tool"`       // what sent the deliveries
	Target     Target    `json:"target"`     // where they went
	Seed       uint64    `json:"seed"`       // of the payloads and IDs
	Started    time.Time `json:"started"`    // by the clock of this machine
	DurationMs float64   `json:"durationMs"` // until the last attempt had ended
	Plan       LoadPlan  `json:"plan"`       // what was to be sent

	// Verdict is Failed if a threshold does not hold, or no delivery was accepted, otherwise
	// Inconclusive if the results are unreliable or the run was interrupted.
	Verdict    Status          `json:"verdict"`
	Thresholds []LoadThreshold `json:"conditions"` // in the order given
	// Unreliable says why the results are, such as a sender that fell behind its own plan.
	Unreliable  string `json:"behind,omitempty"`
	Interrupted bool   `json:"interrupted,omitempty"` // by the user

	Counts   LoadCounts  `json:"counts"`   // of the whole run
	Statuses []LoadCount `json:"statuses"` // of complete responses, by status: "202"
	Faults   []LoadCount `json:"faults"`   // attempts without one, by kind: "timeout"

	Throughput LoadThroughput `json:"throughput"` // Count sets it

	// Latency runs from when a request was due, so that waiting for a free connection
	// counts, to the end of its response, or until it was given up.
	Latency LoadTimes `json:"latency"`
	// Service runs from when a request was sent. If it is far below Latency, requests
	// waited for the handler before they could be sent.
	Service LoadTimes `json:"service"`
	// Lateness is how late the sender sent a request although a connection was free: its
	// own fault, and part of Latency.
	Lateness LoadTimes `json:"lateness"`
	// Curve is the latency by percentile, from 0 to 100.
	Curve []LoadPoint `json:"curve"`

	Intervals []LoadInterval `json:"intervals"`          // in order, without gaps
	Quota     LoadQuota      `json:"quota"`              // how much of it was used
	Capacity  *LoadCapacity  `json:"capacity,omitempty"` // nil unless searched for
	Cost      LoadCost       `json:"cost"`               // zero if this process runs the handler, too
}

// LoadPlan is what was to be sent.
type LoadPlan struct {
	// Description is for people: "1,000 requests/s for 30s".
	Description string `json:"words"`
	// Closed means that each connection sent its next request after the last response: no
	// request was ever due, and Latency is Service.
	Closed      bool    `json:"closed,omitempty"`
	Webhooks    int     `json:"webhooks"`    // that share the triggers
	Connections int     `json:"connections"` // at most
	TimeScale   float64 `json:"timeScale"`   // how many times as fast as real time
	Retries     string  `json:"retries"`     // waits before each: "10s,1m"; empty without retries
}

// LoadCounts count triggers and attempts. Each trigger has a first attempt, and each attempt
// is one of Accepted, Failed, Aborted and Unsent.
type LoadCounts struct {
	Triggers uint64 `json:"triggers"` // with an attempt that was due
	Attempts uint64 `json:"attempts"` // first ones and retries
	Retries  uint64 `json:"retries"`  // attempts after the first
	Accepted uint64 `json:"accepted"` // 2xx, complete and in time: success to the Hub
	Failed   uint64 `json:"failed"`   // any other response, or none
	// Aborted were in flight when the user ended the run.
	Aborted uint64 `json:"cut"`
	// Unsent were due, but no connection became free in time.
	Unsent uint64 `json:"unsent"`
	// Resent requests were sent again because the handler had closed the idle connection
	// (RFC 9112, 9.3.1). They are not attempts.
	Resent      uint64 `json:"resent"`
	Connections uint64 `json:"connections"` // opened
	// GivenUp are deliveries whose last retry failed.
	GivenUp uint64 `json:"givenUp"`
}

// LoadThroughput is attempts a second, each from the first interval with any to the last.
type LoadThroughput struct {
	Asked    float64 `json:"asked"`    // due; 0 if the plan has no schedule
	Reached  float64 `json:"reached"`  // sent
	Answered float64 `json:"answered"` // with a complete response of any status
}

// LoadCount is how often something happened.
type LoadCount struct {
	Name  string `json:"name"`  // "202", "timeout"
	Count uint64 `json:"count"` // of attempts
	// Example is the first one in words.
	Example string `json:"example,omitempty"`
}

// LoadTimes sum up durations, in milliseconds; all zero without any.
type LoadTimes struct {
	Count uint64 `json:"count"` // of durations

	// The mean, the extremes and percentiles.
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
	Ms         float64 `json:"ms"`         // that percentage took no longer
}

// LoadInterval is a part of a run, with the counts of what happened in it.
type LoadInterval struct {
	AtMs     float64 `json:"atMs"`     // its start, from that of the run
	WidthMs  float64 `json:"widthMs"`  // its length
	Due      uint64  `json:"due"`      // attempts that were due
	Sent     uint64  `json:"sent"`     // attempts
	InFlight int     `json:"inFlight"` // at its end: sent and not answered
	Waiting  uint64  `json:"waiting"`  // at its end: due and not sent
	Triggers uint64  `json:"triggers"` // up to its end, of all webhooks
	MostUsed uint64  `json:"mostUsed"` // up to its end, triggers of the busiest webhook
	// Latency is of the attempts that ended in it.
	Latency LoadTimes `json:"latency"`
	// Answers are the responses that ended in it, by class: 1xx (only 101) to 5xx, and at 0
	// attempts without a complete response.
	Answers [6]uint64 `json:"answers"`
}

// LoadQuota is how much of their quota webhooks used.
type LoadQuota struct {
	Limit    uint64 `json:"limit"`    // triggers of one webhook in 24 hours
	Enforced bool   `json:"enforced"` // whether the plan kept to it
	Used     uint64 `json:"used"`     // triggers of the busiest webhook
	// WebhooksAtQuota is how many webhooks would use up their quota with these triggers.
	WebhooksAtQuota float64 `json:"days"`
}

// LoadThreshold is a limit that the results must keep.
type LoadThreshold struct {
	Text  string `json:"text"`  // as given: "p99<500ms", "errors<=0.1%"
	Value string `json:"value"` // what was measured: "131ms"
	Holds bool   `json:"holds"` // whether it is kept
	// LimitMs is the limit of a threshold of latency, to be drawn; 0 in others.
	LimitMs float64 `json:"limitMs,omitempty"`
}

// LoadCapacity is the result of a search for the highest rate that keeps the thresholds.
type LoadCapacity struct {
	Thresholds string `json:"conditions"` // as given
	// Rate is the highest that held, in requests a second; 0 if none did.
	Rate float64 `json:"rate"`
	// Webhooks is how many at full quota make that rate, their triggers spread evenly.
	Webhooks uint64 `json:"webhooks"`
	// Limit says what prevented a higher one: a threshold, the sender, the search's end.
	Limit string `json:"limit"`
	// AtLeast means that the sender was the limit, and the handler may take more.
	AtLeast bool       `json:"atLeast,omitempty"`
	Steps   []LoadStep `json:"steps"` // in the order tried
}

// LoadStep is one rate that was tried.
type LoadStep struct {
	Rate    float64   `json:"rate"`          // asked, in requests a second
	Reached float64   `json:"reached"`       // sent, in requests a second
	Latency LoadTimes `json:"latency"`       // as in Load
	Errors  float64   `json:"errors"`        // share of attempts that failed
	Holds   bool      `json:"holds"`         // whether it keeps all thresholds
	Why     string    `json:"why,omitempty"` // it does not: "p99 is 812ms"
}

// LoadCost is what sending cost this machine.
type LoadCost struct {
	CPUSeconds   float64 `json:"cpuSeconds"`   // of the whole process, user and system
	PeakMemoryMB float64 `json:"peakMemoryMB"` // resident; 0 if unknown
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

// Answered returns the number of complete responses that ended in an interval.
func (i LoadInterval) Answered() (sum uint64) {
	for _, n := range i.Answers[1:] {
		sum += n
	}
	return sum
}

// Broken reports whether a threshold does not hold.
func (l *Load) Broken() bool { return l.BrokenThresholds() > 0 }

// BrokenThresholds returns how many do not hold.
func (l *Load) BrokenThresholds() uint64 {
	return uint64(len(filter(l.Thresholds, func(t LoadThreshold) bool { return !t.Holds })))
}

// LoadProgress is the state of a load run that goes on.
type LoadProgress struct {
	Elapsed     time.Duration // since it began
	Description string        // such as "step 3: 800/s"; empty with a single plan

	// The last interval.
	Asked, Reached float64 // requests a second; Asked is 0 without a schedule
	P50, P95, P99  float64 // latency, in milliseconds; all 0 if nothing ended

	InFlight int    // sent and not answered
	Waiting  uint64 // due and not sent

	// So far.
	Statuses   []LoadCount
	Faults     []LoadCount
	Unreliable bool // the sender cannot keep up with the plan
}
