package delivery_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// peers serves, and responds with the address that each connection came from.
func peers(t *testing.T) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, r.RemoteAddr)
	})
}

// peer sends an attempt, and returns the address of its connection.
func peer(t *testing.T, s *delivery.Sender, url string, fresh bool) (string, bool) {
	t.Helper()
	attempt := delivery.NewAttempt(url, "1", []byte("{}"))
	attempt.NewConnection = fresh
	x := s.Send(t.Context(), attempt)
	if x.Err != nil {
		t.Fatal(x.Err)
	}
	return string(x.Response.Body), x.Response.Reused
}

func TestConnectionIsKeptForLaterAttempts(t *testing.T) {
	url, s := peers(t), sender(t, delivery.SenderOptions{})
	first, reused := peer(t, s, url, false)
	if reused {
		t.Error("the first connection is one of before")
	}
	for range 3 {
		if again, reused := peer(t, s, url, false); again != first || !reused {
			t.Errorf("went over %s, not %s; reused is %v", again, first, reused)
		}
	}
	s.Close()
	if again, reused := peer(t, s, url, false); again == first || reused {
		t.Error("a closed connection was used again")
	}
}

func TestNewConnectionIsNotOneOfBefore(t *testing.T) {
	url, s := peers(t), sender(t, delivery.SenderOptions{})
	first, _ := peer(t, s, url, false)
	if second, reused := peer(t, s, url, true); second == first || reused {
		t.Error("an attempt that wanted its own connection went over one of before")
	}
}

func TestNewConnectionIsNotLeftToOthers(t *testing.T) {
	url, s := peers(t), sender(t, delivery.SenderOptions{})
	first, reused := peer(t, s, url, true)
	if reused {
		t.Error("the first connection is one of before")
	}
	if second, reused := peer(t, s, url, false); second == first || reused {
		t.Error("a later attempt went over the connection of one that wanted its own")
	}
}

// A kept connection that was closed says nothing of the next delivery, which is sent once more
// on another one. If that is closed, too, there is no answer.
func TestClosedKeptConnectionIsNoAnswer(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  int
		answers []int // of the connections, in order
		err     bool
	}{
		{"closed after an error", 500, []int{1, 2}, false},
		{"closed after an error, and the next", 500, []int{1, 0}, true},
		{"closed at the second delivery", 200, []int{1, 2}, false},
		{"closed at each later delivery", 200, []int{1, 0, 2}, true},
	} {
		s := sender(t, delivery.SenderOptions{})
		attempt := delivery.NewAttempt(closes(t, c.status, c.answers), "1", []byte("{}"))
		if x := s.Send(t.Context(), attempt); x.Err != nil {
			t.Fatal(c.name, x.Err)
		}
		if x := s.Send(t.Context(), attempt); (x.Err != nil) != c.err || x.Response != nil && x.Response.Reused {
			t.Errorf("%s: %+v, error %v", c.name, x.Response, x.Err)
		}
	}
}

// closes serves connections that each give a number of answers, and are then closed at the
// next request.
func closes(t *testing.T, status int, answers []int) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for _, n := range answers {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			from := bufio.NewReader(connection)
			for range n {
				request, err := http.ReadRequest(from)
				if err != nil {
					break
				}
				io.Copy(io.Discard, request.Body)
				fmt.Fprintf(connection, "HTTP/1.1 %d Answered\r\nContent-Length: 2\r\n\r\nok", status)
			}
			from.Peek(1)
			connection.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}

func TestSenderIsSafeForConcurrentUse(t *testing.T) {
	url, s := peers(t), sender(t, delivery.SenderOptions{})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range 5 {
				attempt := delivery.NewAttempt(url, delivery.NewWebhookID(), []byte("{}"))
				attempt.NewConnection = i%2 == 0
				if x := s.Send(t.Context(), attempt); x.Err != nil || x.Response.Status != 200 {
					t.Errorf("%+v", x)
				}
			}
		})
	}
	wg.Wait()
}

func TestAttemptBelongsToItsCaller(t *testing.T) {
	attempt := delivery.NewAttempt(peers(t), "1", []byte("{}"))
	attempt.NewConnection = true
	sender(t, delivery.SenderOptions{}).Send(t.Context(), attempt)
	if len(attempt.Header) != 3 || string(attempt.Body) != "{}" {
		t.Errorf("sending changed it to %+v", attempt)
	}
}

func TestCheckSecretTakesWhatAHeaderHolds(t *testing.T) {
	for _, c := range []struct{ secret, says string }{
		{"", ""},
		{"s3cret", ""},
		{"with a space, and ~!@#$%^&*()", ""},
		{"!", ""},
		{"sécret", "character 2"},
		{"new\nline", "character 4"},
		{"tab\t", "character 4"},
		{"\x7f", "character 1"},
		{"emoji🤗", "character 6"},
		{" before", "space"},
		{"after ", "space"},
		{" ", "space"},
	} {
		err := delivery.CheckSecret(c.secret)
		switch {
		case c.says == "" && err != nil:
			t.Errorf("%q: %v", c.secret, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%q: %v does not say %q", c.secret, err, c.says)
		case len(c.secret) > 3 && err != nil && strings.Contains(err.Error(), c.secret):
			t.Errorf("%v gives the secret away", err)
		}
	}
}
