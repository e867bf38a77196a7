package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// piped are clients whose connections never leave the process, so that time is the
// test's own. Each connection is served.
func piped(t *testing.T, timeout time.Duration, serve func(net.Conn)) *Pool {
	var served sync.WaitGroup
	cs, err := NewPool(Options{
		To:      delivery.Destination{URL: &url.URL{Scheme: "http", Host: "localhost"}},
		Timeout: timeout,
	})
	if err != nil {
		t.Fatal(err)
	}
	cs.dial = func(context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		served.Go(func() {
			defer theirs.Close()
			serve(theirs)
		})
		return ours, nil
	}
	t.Cleanup(func() {
		cs.Close()
		served.Wait()
	})
	return cs
}

// slow answers each request after the next of some waits, then at once.
func slow(waits ...time.Duration) func(net.Conn) {
	var mu sync.Mutex
	next := func() (wait time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		if len(waits) > 0 {
			wait, waits = waits[0], waits[1:]
		}
		return wait
	}
	return func(conn net.Conn) {
		for reader := bufio.NewReader(conn); readRequest(reader) != nil; {
			time.Sleep(next())
			if _, err := conn.Write([]byte(fine)); err != nil {
				return
			}
		}
	}
}

func TestResponsesInTimeCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = time.Second
		cs := piped(t, limit, slow(0, limit-1, limit-1, 0))
		client := cs.NewClient()
		for range 4 {
			delivered(t, client, newRequest(cs, "{}"))
			time.Sleep(3 * limit) // a client that does nothing is not late
		}
	})
}

func TestLateResponsesDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = time.Second
		cs := piped(t, limit, slow(0, 2*limit, 0))
		client := cs.NewClient()
		delivered(t, client, newRequest(cs, "{}"))
		began := time.Now()
		o := client.Do(newRequest(cs, "{}"))
		if !errors.Is(o.Err, delivery.ErrTimeout) || o.Status != 0 || o.Resent {
			t.Errorf("%+v", o)
		}
		if took := time.Since(began); took < limit || took > limit+limit/50 {
			t.Errorf("after %v", took)
		}
		if o := delivered(t, client, newRequest(cs, "{}")); o.Opened != 1 {
			t.Errorf("the late answer may come for the next request: %+v", o)
		}
	})
}

// Answers about the moment at which the sweeper gives up: each counts, or is late, and none
// is late for the request before it.
func TestNoRequestIsEndedForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 100 * time.Millisecond
		var waits []time.Duration
		for range 2000 {
			waits = append(waits, limit-2*minSweepInterval+rand.N(4*minSweepInterval))
		}
		cs := piped(t, limit, slow(waits...))
		client, late := cs.NewClient(), 0
		for range waits {
			began := time.Now()
			o := client.Do(newRequest(cs, "{}"))
			took := time.Since(began)
			switch {
			case o.Err == nil && o.Status == 200 && took <= limit+minSweepInterval:
			case errors.Is(o.Err, delivery.ErrTimeout) && o.Status == 0 && took >= limit:
				late++
			default:
				t.Fatalf("%+v after %v", o, took)
			}
		}
		if late == 0 || late == len(waits) {
			t.Errorf("%d of %d were late", late, len(waits))
		}
	})
}

// Whoever finds a request late may be held up until the next has begun.
func TestNextRequestIsNotEndedForTheOneBefore(t *testing.T) {
	w := newSweeper(time.Hour)
	defer w.close()
	for range 1000 {
		one := w.add()
		moment, err := one.begin()
		if err != nil || !one.onExpiry(moment, func() { t.Error("it was stopped") }) {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		one.mu.Lock()
		all.Go(func() { one.expire(moment, stateLate) })
		for range 10 {
			runtime.Gosched()
		}
		if err := one.finish(moment); err != nil {
			one.mu.Unlock()
			t.Fatal(err)
		}
		next, err := one.begin()
		one.mu.Unlock()
		all.Wait()
		if err := errors.Join(err, one.finish(next)); err != nil {
			t.Fatal(err)
		}
	}
}

// The same over real connections, with all at once.
func TestManyRequestsThatAreLateAtOnce(t *testing.T) {
	target := listen(t, func(conn net.Conn) {
		for reader := bufio.NewReader(conn); readRequest(reader) != nil; {
			time.Sleep(rand.N(2 * minSweepInterval))
			conn.Write([]byte(fine))
		}
	})
	const limit = minSweepInterval
	for way := range ways {
		cs := by(way, newPool(t, Options{To: delivery.Destination{URL: target}, Timeout: limit}))
		var all sync.WaitGroup
		for range 32 {
			client := cs.NewClient()
			all.Go(func() {
				for range 30 {
					began := time.Now()
					o := client.Do(newRequest(cs, "{}"))
					if took := time.Since(began); o.Status != 200 && (FaultKind(o.Err) != "timeout" || took < limit) {
						t.Errorf("%+v after %v", o, took)
					}
				}
			})
		}
		all.Wait()
	}
}

func TestWhatMayTakeTooLong(t *testing.T) {
	silent := func(conn net.Conn) { readRequest(bufio.NewReader(conn)); conn.Read(make([]byte, 1)) }
	for name, c := range map[string]struct {
		serve   func(net.Conn)
		payload string
	}{
		"no answer":            {silent, "{}"},
		"no answer to much":    {silent, largePayload},
		"nobody reads it":      {func(conn net.Conn) { time.Sleep(time.Hour) }, "{}"},
		"nobody reads so much": {func(conn net.Conn) { conn.Read(make([]byte, 1)); time.Sleep(time.Hour) }, largePayload},
		"a head that drips":    {drips("HTTP/1.1 200 OK\r\nX: "), "{}"},
		"a body that drips":    {drips("HTTP/1.1 200 OK\r\n\r\n"), "{}"},
		"a body of a length":   {drips("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"), "{}"},
		"interim answers":      {drips("HTTP/1.1 100 Continue\r\n\r\n"), "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cs := piped(t, time.Minute, c.serve)
				began := time.Now()
				o := cs.NewClient().Do(newRequest(cs, c.payload))
				checkFault(t, o.Err, "timeout")
				if took := time.Since(began); o.Opened != 1 || took > 61*time.Second {
					t.Errorf("%+v after %v", o, took)
				}
			})
		})
	}
}

// drips answers byte by byte, for longer than anybody waits.
func drips(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		readRequest(bufio.NewReader(conn))
		for text := answer; ; text = "x" {
			if _, err := conn.Write([]byte(text)); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
}

func TestDiallingMayTakeTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := piped(t, time.Second, nil)
		cs.dial = func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		o := cs.NewClient().Do(newRequest(cs, "{}"))
		checkFault(t, o.Err, "timeout")
		if o.Opened != 0 {
			t.Errorf("%+v", o)
		}
	})
}

func TestConnectionThatComesTooLateIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := piped(t, time.Second, func(conn net.Conn) {
			if n, err := conn.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("%d bytes came, %v", n, err)
			}
		})
		dial := cs.dial
		cs.dial = func(ctx context.Context) (net.Conn, error) {
			time.Sleep(time.Minute)
			return dial(ctx)
		}
		checkFault(t, cs.NewClient().Do(newRequest(cs, "{}")).Err, "timeout")
	})
}

func TestNothingIsDialledOnceARunIsAborted(t *testing.T) {
	cs := piped(t, time.Hour, nil)
	client := newRawClient(cs)
	client.began, _ = client.deadline.begin()
	cs.Abort()
	cs.dial = func(context.Context) (net.Conn, error) {
		t.Error("it is dialled")
		return nil, io.EOF
	}
	if err := client.connect(); err == nil {
		t.Error("there is a connection")
	}
}

func TestPayloadThatIsRefusedIsNotSentOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := piped(t, time.Hour, func(conn net.Conn) {
			readHeadOnly(visit{Conn: conn, reader: bufio.NewReaderSize(conn, 16)})
			io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
			for _, err := conn.Read(make([]byte, uploadThreshold)); err == nil; _, err = conn.Read(make([]byte, uploadThreshold)) {
				time.Sleep(uploadGrace / 2)
			}
		})
		began := time.Now()
		o := cs.NewClient().Do(newRequest(cs, largePayload))
		if took := time.Since(began); o.Status != 413 || took != 0 {
			t.Errorf("%+v after %v", o, took)
		}
	})
}

func TestPayloadThatIsAnsweredEarlyIsSentOnWhileItIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := piped(t, time.Hour, func(conn net.Conn) {
			v := visit{Conn: conn, reader: bufio.NewReaderSize(conn, 16)}
			readHeadOnly(v)
			v.say(fine)
			for left := len(largePayload); left > 0; left -= uploadThreshold {
				time.Sleep(uploadGrace * 3 / 4)
				if _, err := io.ReadFull(v.reader, make([]byte, min(left, uploadThreshold))); err != nil {
					t.Errorf("%d bytes did not come: %v", left, err)
					return
				}
			}
			for v.read() {
				v.say(fine)
			}
		})
		client := cs.NewClient()
		delivered(t, client, newRequest(cs, largePayload))
		if o := delivered(t, client, newRequest(cs, "{}")); o.Opened != 0 {
			t.Errorf("%+v", o)
		}
	})
}

func TestAbortEndsAllThatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cs := piped(t, time.Minute, func(conn net.Conn) { conn.Read(make([]byte, 1)); time.Sleep(time.Hour) })
		var all sync.WaitGroup
		for i := range 3 {
			client := cs.NewClient()
			p := newRequest(cs, []string{"{}", largePayload, ""}[i])
			all.Go(func() { checkFault(t, client.Do(p).Err, "cut") })
		}
		idle := cs.NewClient()
		time.Sleep(time.Second)
		began := time.Now()
		cs.Abort()
		all.Wait()
		checkFault(t, idle.Do(newRequest(cs, "{}")).Err, "cut")
		if took := time.Since(began); took != 0 {
			t.Errorf("after %v", took)
		}
	})
}

// Whenever a cut comes, each request is answered or cut.
func TestAbortAtAnyMoment(t *testing.T) {
	target := listen(t, wellBehaved)
	for way := range ways {
		for n := range 50 {
			cs := by(way, newPool(t, Options{To: delivery.Destination{URL: target}}))
			var all sync.WaitGroup
			for range 4 {
				client := cs.NewClient()
				all.Go(func() {
					for o := (Result{Status: 200}); o.Status == 200; {
						if o = client.Do(newRequest(cs, fmt.Sprintf(`{"a":%d}`, n))); o.Status != 200 && !errors.Is(o.Err, ErrAborted) {
							t.Errorf("%+v", o)
						}
					}
				})
			}
			cs.Abort()
			all.Wait()
			cs.Close()
		}
	}
}
