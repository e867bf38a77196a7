package load

import (
	"context"
	"errors"
	"math"
	"net"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/reports"
)

// fakePool has clients that send to a function, which says what came of a delivery. Time
// passes in it by time.Sleep.
type fakePool struct {
	answer func(number uint64) client.Result
	over   chan struct{}
	once   sync.Once
}

func newPool(answer func(number uint64) client.Result) *fakePool {
	return &fakePool{answer: answer, over: make(chan struct{})}
}

func (p *fakePool) Room() int                { return 16 }
func (p *fakePool) NewClient() client.Client { return fakeClient{p} }
func (p *fakePool) Abort()                   { p.once.Do(func() { close(p.over) }) }

type fakeClient struct{ *fakePool }

func (c fakeClient) Close() {}
func (c fakeClient) Do(p *client.Request) client.Result {
	number, err := strconv.ParseUint(string(p.ID), 10, 64)
	if err != nil {
		return client.Result{Err: err}
	}
	came := make(chan client.Result, 1)
	go func() { came <- c.answer(number) }()
	select {
	case o := <-came:
		return o
	case <-c.over:
		return client.Result{Err: client.ErrAborted}
	}
}

// numbers are payloads that are no more than their number.
type numbers struct{ again bool }

func (numbers) Append(dst, id []byte, to emitter.Recipient) ([]byte, []byte, error) {
	return strconv.AppendUint(dst, to.Index, 10), strconv.AppendUint(id, to.Index, 10), nil
}
func (n numbers) Repeatable() bool { return n.again }

// simulated runs a load against a function, in a time of its own.
func simulated(t *testing.T, o Options, answer func(number uint64) client.Result) *reports.Load {
	t.Helper()
	l, err := simulate(t.Context(), t, o, answer)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func simulate(ctx context.Context, t *testing.T, o Options, answer func(number uint64) client.Result) (*reports.Load, error) {
	t.Helper()
	o.To.URL = &url.URL{Scheme: "http", Host: "handler.test"}
	if o.Payloads == nil {
		o.Payloads = numbers{again: true}
	}
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	return simulation{newEngine(o, newPool(answer)), time.Sleep}.run(ctx)
}

// simulation is a run that sleeps by a function.
type simulation struct {
	*engine
	sleeping func(time.Duration)
}

func (s simulation) run(ctx context.Context) (*reports.Load, error) {
	s.sleep = s.sleeping
	if err := s.engine.run(ctx); err != nil {
		return nil, err
	}
	return s.report(ctx), nil
}

// A sender that is late though connections are free says so: what it measured is not the
// handler's. Where the handler takes far longer, it does not matter.
func TestSenderThatFallsBehindSaysSo(t *testing.T) {
	for _, c := range []struct {
		takes  time.Duration
		behind bool
	}{{time.Millisecond, true}, {100 * time.Millisecond, true}, {2 * time.Second, false}} {
		synctest.Test(t, func(t *testing.T) {
			o, err := Options{Plan: steady(t, 20, 5*time.Second), Payloads: numbers{}}.withDefaults()
			if err != nil {
				t.Fatal(err)
			}
			pool := newPool(func(uint64) client.Result {
				time.Sleep(c.takes)
				return accepted()
			})
			l, err := simulation{newEngine(o, pool), func(d time.Duration) { time.Sleep(d + 30*time.Millisecond) }}.run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if behind := l.Unreliable != ""; behind != c.behind || behind != (l.Verdict == reports.Inconclusive) {
				t.Errorf("a handler that takes %v: %q, verdict %s; lateness %+v", c.takes, l.Unreliable, l.Verdict, l.Lateness)
			}
		})
	}
}

func steady(t *testing.T, rate float64, over time.Duration) Plan {
	t.Helper()
	p, err := Steady(rate, over)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// refused is the result if nobody listens.
func refused() error { return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED} }

func accepted() client.Result { return client.Result{Status: 202} }

// A handler that stalls for 200 ms each second keeps every request waiting that is due
// meanwhile, those for which it has no connection left, too: a tenth of them for more
// than 100 ms.
func TestStallsShowInWhatWasDueMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := simulated(t, Options{Plan: steady(t, 1000, 10*time.Second), Connections: 10}, func(uint64) client.Result {
			into := time.Since(began) % time.Second
			if into < 200*time.Millisecond {
				time.Sleep(200*time.Millisecond - into)
			}
			return accepted()
		})
		if l.Counts.Triggers != 10000 || l.Counts.Accepted != 10000 {
			t.Errorf("of 10,000 due, %d were triggered and %d accepted", l.Counts.Triggers, l.Counts.Accepted)
		}
		for _, c := range []struct {
			name      string
			got, want float64
		}{{"p50", l.Latency.P50, 0}, {"p90", l.Latency.P90, 100}, {"p95", l.Latency.P95, 150}, {"p99", l.Latency.P99, 190}, {"max", l.Latency.Max, 200}} {
			if math.Abs(c.got-c.want) > 1.5 {
				t.Errorf("%s is %v ms, wanted %v", c.name, c.got, c.want)
			}
		}
		if l.Service.P95 > 1 {
			t.Errorf("from the send, p95 is %v ms: ten requests a second alone were sent into the stall", l.Service.P95)
		}
		if l.Unreliable != "" || l.Verdict != reports.Passed {
			t.Errorf("the handler's fault is taken for the sender's: %q", l.Unreliable)
		}
	})
}

// A request that no connection becomes free for is given up in the end, counted, and
// never sent.
func TestRequestsThatCannotBeSentAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent atomic.Int64
		l := simulated(t, Options{Plan: steady(t, 100, time.Second), Connections: 2, Timeout: 3 * time.Second}, func(uint64) client.Result {
			sent.Add(1)
			time.Sleep(3 * time.Second)
			return client.Result{Err: delivery.ErrTimeout}
		})
		c := l.Counts
		if c.Triggers != 100 || c.Attempts != 100 || c.Failed != uint64(sent.Load()) || c.Failed+c.Unsent != 100 || c.Unsent < 90 {
			t.Errorf("sent %d, counted %+v", sent.Load(), c)
		}
		if l.DurationMs > 8000 {
			t.Errorf("it took %v ms: a second, MaxQueueWait and Timeout, once each", l.DurationMs)
		}
		if l.Latency.Count != 100 || l.Latency.P50 < 2900 {
			t.Errorf("the latency leaves out what was not sent: %+v", l.Latency)
		}
		if len(l.Faults) != 1 || l.Faults[0].Name != "timeout" || l.Faults[0].Count != c.Failed {
			t.Errorf("faults are %v", l.Faults)
		}
	})
}

// What fails comes back on the schedule, with its own number, until it is accepted or
// there is no retry left.
func TestRetriesComeBack(t *testing.T) {
	for _, again := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			attempts := map[uint64][]time.Time{}
			retries := delivery.Retries{Waits: []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute}}
			l := simulated(t, Options{Plan: steady(t, 100, time.Second), Retries: retries, TimeScale: 60, Payloads: numbers{again}}, func(n uint64) client.Result {
				mu.Lock()
				defer mu.Unlock()
				attempts[n] = append(attempts[n], time.Now())
				switch {
				case n%10 == 0: // never
					return client.Result{Status: 500}
				case n%2 == 0 && len(attempts[n]) < 3:
					return client.Result{Err: errors.New("reset")}
				}
				return accepted()
			})
			want := map[bool]int{true: 4, false: 3}
			for n, at := range attempts {
				if n%2 != 0 {
					continue
				}
				if len(at) != want[n%10 == 0] {
					t.Fatalf("delivery %d was tried %d times", n, len(at))
				}
				for i, wait := range retries.Waits[:len(at)-1] {
					if got := at[i+1].Sub(at[i]); math.Abs(float64(got-wait/60)) > float64(10*time.Millisecond) {
						t.Errorf("delivery %d came back after %v, wanted %v", n, got, wait/60)
					}
				}
			}
			c := l.Counts
			if c.Triggers != 100 || c.Retries != 10*3+40*2 || c.Attempts != 210 || c.Accepted != 90 || c.Failed != 120 || c.GivenUp != 10 {
				t.Errorf("counted %+v", c)
			}
		})
	}
}

// An interrupt ends the run at once, with all that is known.
func TestInterruptGivesAWholeReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		hang := make(chan struct{})
		defer close(hang)
		l, err := simulate(ctx, t, Options{Plan: steady(t, 100, time.Hour), Connections: 5}, func(n uint64) client.Result {
			if n >= 100 {
				<-hang
			}
			return accepted()
		})
		if err != nil {
			t.Fatal(err)
		}
		if !l.Interrupted || l.Verdict != reports.Inconclusive || l.DurationMs > 2100 {
			t.Errorf("interrupted %v, verdict %s, after %v ms", l.Interrupted, l.Verdict, l.DurationMs)
		}
		c := l.Counts
		if c.Accepted != 100 || c.Failed != 0 || c.Aborted == 0 || c.Accepted+c.Aborted != c.Attempts {
			t.Errorf("counted %+v", c)
		}
	})
}

// The intervals add up to the whole, and show what waits.
func TestIntervalsAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan, err := AtOnce(1000)
		if err != nil {
			t.Fatal(err)
		}
		l := simulated(t, Options{Plan: plan, Connections: 10}, func(n uint64) client.Result {
			time.Sleep(100 * time.Millisecond)
			return client.Result{Status: 200 + int(n%2)*300}
		})
		var sum reports.LoadInterval
		for i, interval := range l.Intervals {
			if interval.AtMs != float64(i)*interval.WidthMs {
				t.Fatalf("interval %d begins at %v ms", i, interval.AtMs)
			}
			sum.Due, sum.Sent = sum.Due+interval.Due, sum.Sent+interval.Sent
			sum.Latency.Count += interval.Latency.Count
			sum.Answers[2], sum.Answers[5] = sum.Answers[2]+interval.Answers[2], sum.Answers[5]+interval.Answers[5]
		}
		if sum.Due != 1000 || sum.Sent != 1000 || sum.Latency.Count != 1000 || sum.Answers[2] != 500 || sum.Answers[5] != 500 {
			t.Errorf("they come to %+v", sum)
		}
		first, last := l.Intervals[0], l.Intervals[len(l.Intervals)-1]
		if first.Waiting+uint64(first.InFlight) < 980 || last.Waiting != 0 || last.InFlight != 0 {
			t.Errorf("waiting and in flight: at first %d and %d, in the end %d and %d", first.Waiting, first.InFlight, last.Waiting, last.InFlight)
		}
		if last.Triggers != 1000 || last.MostUsed != 1000 || l.Quota.Used != 1000 || l.Quota.WebhooksAtQuota != 1 {
			t.Errorf("the quota is %+v, in the end %d of %d", l.Quota, last.MostUsed, last.Triggers)
		}
	})
}

// In a closed loop, each connection goes on when it was answered.
func TestClosedLoopGoesAsFastAsItIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := simulated(t, Options{Closed: time.Second, Connections: 4}, func(uint64) client.Result {
			time.Sleep(10 * time.Millisecond)
			return accepted()
		})
		if c := l.Counts; c.Accepted != 400 || c.Attempts != 400 || c.Triggers != 400 || l.Quota.Used != 400 || !l.Plan.Closed {
			t.Errorf("counted %+v, %+v", c, l.Quota)
		}
	})
}

// Where there is nobody, the run ends with the first attempt.
func TestNobodyIsNoResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := simulate(t.Context(), t, Options{Plan: steady(t, 100, time.Minute)}, func(uint64) client.Result {
			return client.Result{Err: refused()}
		})
		if !errors.Is(err, ErrUnreachable) {
			t.Errorf("it ended with %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		l := simulated(t, Options{Plan: steady(t, 100, time.Second)}, func(n uint64) client.Result {
			if n > 50 {
				return client.Result{Err: refused()}
			}
			return accepted()
		})
		if l.Counts.Failed != 49 {
			t.Errorf("a handler that goes away is counted as %+v", l.Counts)
		}
	})
}

// Payloads that cannot be made end the run with the error.
func TestPayloadsThatCannotBeMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("no scene")
		_, err := simulate(t.Context(), t, Options{Plan: steady(t, 100, time.Minute), Payloads: faulty{broken}}, func(uint64) client.Result { return accepted() })
		if !errors.Is(err, broken) {
			t.Errorf("it ended with %v", err)
		}
	})
}

type faulty struct{ err error }

func (f faulty) Append(dst, id []byte, _ emitter.Recipient) ([]byte, []byte, error) {
	return dst, id, f.err
}
func (faulty) Repeatable() bool { return true }

// Progress has what is asked, reached, waiting and in flight.
func TestProgressIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every = 1057 * time.Millisecond // no multiple of it is a moment when something is due or answered
		var seen []reports.LoadProgress
		simulated(t, Options{
			Plan: steady(t, 100, 2900*time.Millisecond), Connections: 5, Timeout: time.Minute,
			Progress: func(now reports.LoadProgress) { seen = append(seen, now) }, ProgressInterval: every,
		}, func(uint64) client.Result {
			time.Sleep(100 * time.Millisecond)
			return accepted()
		})
		if len(seen) != 5 {
			t.Fatalf("told %d times within 5.8 seconds", len(seen))
		}
		due := func(after time.Duration) float64 { return min(100*after.Seconds(), 290) }
		for i, now := range seen {
			at := time.Duration(i+1) * every
			asked, waiting := (due(at)-due(at-every))/every.Seconds(), due(at)-50*at.Seconds()
			if math.Abs(now.Asked-asked) > 2 || math.Abs(now.Reached-50) > 6 || now.InFlight != 5 || math.Abs(float64(now.Waiting)-waiting) > 8 {
				t.Errorf("after %v: %+v, wanted %v asked, 50 reached, %v waiting", at, now, asked, waiting)
			}
			if i > 0 && now.P50 < 300 {
				t.Errorf("after %v the latency is %v ms", at, now.P50)
			}
		}
	})
}
