package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/load/peers/server"
)

// serving is a server that runs in this process.
type serving struct {
	t     *testing.T
	url   string
	lines *json.Decoder
	stop  *os.File
	over  chan error
}

func start(t *testing.T, o server.Options) *serving {
	t.Helper()
	until, stop, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in, out := io.Pipe()
	o.Address, o.Stop, o.Out = "127.0.0.1:0", until, out
	s := &serving{t: t, lines: json.NewDecoder(in), stop: stop, over: make(chan error, 1)}
	go func() {
		s.over <- server.Serve(o)
		out.Close()
		until.Close()
	}()
	t.Cleanup(func() { stop.Close() })
	s.url = "http://" + s.next().Listening + "/webhook"
	return s
}

func (s *serving) next() (line server.Line) {
	s.t.Helper()
	if err := s.lines.Decode(&line); err != nil {
		s.t.Fatal(err)
	}
	return line
}

func (s *serving) finish() *server.Stats {
	s.t.Helper()
	s.stop.Close()
	line := s.next()
	if err := <-s.over; err != nil {
		s.t.Fatal(err)
	}
	if line.Stats == nil {
		s.t.Fatalf("in the end it tells %+v", line)
	}
	return line.Stats
}

func (s *serving) post(id, body string) error {
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Webhook-Id", id)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusAccepted {
		return fmt.Errorf("answered with %s", answer.Status)
	}
	return nil
}

// dial opens a connection that does not wait for ever.
func (s *serving) dial() net.Conn {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/webhook"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	return conn
}

func TestAcceptsCountsAndWritesDown(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	s := start(t, server.Options{Log: name})
	before := time.Now()
	var posts sync.WaitGroup
	for i := range 8 {
		posts.Go(func() {
			for j := range 25 {
				if err := s.post(fmt.Sprintf("id-%d-%d", i, j), strings.Repeat("x", 1000*i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	posts.Wait()
	after := time.Now()
	stats := s.finish()
	if stats.Requests != 200 || stats.BodyBytes != 25*1000*28 || stats.Connections == 0 || stats.Seconds <= 0 {
		t.Errorf("of 200 requests with 700,000 bytes it tells %+v", *stats)
	}
	seen := map[string]bool{}
	for _, e := range readLog(t, name) {
		seen[e.ID] = true
		if e.Arrived.Before(before.Round(0)) || e.Answered.Before(e.Arrived) || e.Answered.After(after) {
			t.Errorf("sent between %v and %v: %+v", before, after, e)
		}
	}
	for i := range 8 {
		for j := range 25 {
			if id := fmt.Sprintf("id-%d-%d", i, j); !seen[id] {
				t.Errorf("%s is not written down", id)
			}
		}
	}
}

func readLog(t *testing.T, name string) []server.Exchange {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list, err := server.ReadLog(file)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What comes in a stall is seen to come, and answered when the stall is over.
func TestStallHoldsBackAnswers(t *testing.T) {
	const length, every = 20 * time.Millisecond, 40 * time.Millisecond
	name := filepath.Join(t.TempDir(), "log")
	s := start(t, server.Options{Log: name, Stall: server.Stall{Length: length, Every: every}})
	for i, end := 0, time.Now().Add(5*every); time.Now().Before(end); i++ {
		if err := s.post(fmt.Sprint(i), "{}"); err != nil {
			t.Fatal(err)
		}
	}
	s.finish()
	into := func(at time.Time) time.Duration { return time.Duration(at.UnixNano()) % every }
	held := 0
	for _, e := range readLog(t, name) {
		if into(e.Answered) < length {
			t.Errorf("%+v was answered %v into a stall", e, into(e.Answered))
		}
		if into(e.Arrived) < length {
			held++
		} else if e.Answered != e.Arrived {
			t.Errorf("%+v was held back, and there was no stall", e)
		}
	}
	if held == 0 {
		t.Error("nothing came in a stall")
	}
}

func TestMarksAreToldAsTheyAreReached(t *testing.T) {
	s := start(t, server.Options{Marks: []uint64{1, 3}})
	for _, c := range []struct{ posts, mark int }{{1, 1}, {2, 3}} {
		marks := make(chan uint64, 1)
		go func() { // the server waits until its mark is read
			var line server.Line
			_ = s.lines.Decode(&line)
			marks <- line.Mark
		}()
		for range c.posts {
			if err := s.post("x", "{}"); err != nil {
				t.Fatal(err)
			}
		}
		if got := <-marks; got != uint64(c.mark) {
			t.Errorf("told of %d, wanted %d", got, c.mark)
		}
	}
	s.finish()
}

// Requests come in pieces, and several at once.
func TestRequestsInPieces(t *testing.T) {
	s := start(t, server.Options{})
	conn := s.dial()
	text := strings.Repeat("POST / HTTP/1.1\r\ncontent-length: 3\r\nwebhook-id: a\r\n\r\nabc", 3)
	for _, piece := range []string{text[:10], text[10:60], text[60:]} {
		if _, err := conn.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	answers := make([]byte, 3*len("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"))
	if _, err := io.ReadFull(conn, answers); err != nil {
		t.Fatal(err)
	}
	if stats := s.finish(); stats.Requests != 3 || stats.BodyBytes != 9 {
		t.Errorf("it tells %+v", *stats)
	}
}

// A request that it cannot read costs its connection and nothing else.
func TestRefusesWhatItCannotRead(t *testing.T) {
	s := start(t, server.Options{})
	for _, text := range []string{
		"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
	} {
		conn := s.dial()
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
			t.Errorf("%q is answered", text)
		} else if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q leaves the connection open", text)
		}
	}
	if err := s.post("x", "{}"); err != nil {
		t.Error(err)
	}
	if stats := s.finish(); stats.Requests != 1 {
		t.Errorf("it tells %+v", *stats)
	}
}
