package load_test

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load"
)

// BenchmarkLoad is one request, from its payload to its answer, over loopback: from a
// plan, and in a closed loop. The handler's part is in its CPU time, and allocates nothing.
// emitter/load/peers compares with other tools.
func BenchmarkLoad(b *testing.B) {
	planned := func(b *testing.B, o *load.Options) {
		plan, err := load.AtOnce(uint64(b.N))
		if err != nil {
			b.Fatal(err)
		}
		o.Plan, o.MaxQueueWait = plan, time.Hour
	}
	closed := func(_ *testing.B, o *load.Options) { o.Closed = time.Hour }
	b.Run("planned", func(b *testing.B) { benchmarkLoad(b, planned) })
	b.Run("closed", func(b *testing.B) { benchmarkLoad(b, closed) })
}

func benchmarkLoad(b *testing.B, fill func(*testing.B, *load.Options)) {
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	payloads := &counted{Payloads: indexedPayloads(b), over: stop}
	payloads.left.Store(int64(b.N))
	o := load.Options{To: delivery.Destination{URL: fastHandler(b)}, Connections: 64, Payloads: payloads}
	fill(b, &o)
	b.ReportAllocs()
	b.ResetTimer()
	l, err := load.Run(ctx, o)
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	if l.Counts.Failed > 0 {
		b.Fatalf("of %d requests, these failed: %v", b.N, l.Faults)
	}
	b.ReportMetric(float64(l.Counts.Accepted)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(l.Cost.CPUSeconds*1e9/float64(b.N), "cpu-ns/op")
}

// counted ends a run after a number of payloads.
type counted struct {
	load.Payloads
	left atomic.Int64
	over func()
}

func (c *counted) Append(dst, id []byte, to emitter.Recipient) ([]byte, []byte, error) {
	if c.left.Add(-1) < 0 {
		c.over()
	}
	return c.Payloads.Append(dst, id, to)
}

func indexedPayloads(b *testing.B) load.Payloads {
	g, err := emitter.New(emitter.Options{Seed: 7})
	if err != nil {
		b.Fatal(err)
	}
	n, err := g.Indexed(emitter.FeedOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return load.FromIndexed(n)
}

// fastHandler is a handler that accepts everything, and allocates nothing for it.
func fastHandler(b *testing.B) *url.URL {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go accept(conn)
		}
	}()
	return &url.URL{Scheme: "http", Host: listener.Addr().String(), Path: "/webhook"}
}

// accept answers one request after another, until there are no more.
func accept(conn net.Conn) {
	defer conn.Close()
	answer := []byte("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
	requests, length := bufio.NewReader(conn), 0
	for {
		line, err := requests.ReadSlice('\n')
		if err != nil {
			return
		}
		name, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(": "))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return
			}
		}
		if len(name) > 0 {
			continue
		}
		if _, err := requests.Discard(length); err != nil {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}
