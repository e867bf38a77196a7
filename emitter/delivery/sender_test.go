package delivery_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

func sender(t *testing.T, o delivery.SenderOptions) *delivery.Sender {
	t.Helper()
	s := delivery.NewSender(o)
	t.Cleanup(s.Close)
	return s
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// wire serves each connection by hand, where net/http would tidy up.
func wire(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				answer(conn)
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// readRequest reads a request without a body of chunks, as it came.
func readRequest(conn net.Conn) string {
	var head strings.Builder
	reader, length := bufio.NewReader(conn), 0
	for {
		line, err := reader.ReadString('\n')
		head.WriteString(line)
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			fmt.Sscan(value, &length)
		}
		if err != nil || line == "\r\n" {
			break
		}
	}
	body := make([]byte, length)
	n, _ := io.ReadFull(reader, body)
	return head.String() + string(body[:n])
}

func TestAttemptArrivesAsTheHubSendsIt(t *testing.T) {
	requests := make(chan string, 1)
	url := wire(t, func(conn net.Conn) {
		requests <- readRequest(conn)
		io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nX-Answer: yes\r\nContent-Length: 4\r\n\r\nfine")
	})
	attempt := delivery.NewAttempt(url+"/hook?secret=a%20b", "id-1", []byte(`{"a":1}`))
	attempt.Header[delivery.SecretHeader] = []string{"S3cret ~"}
	// Header names count in any case, and a handler must bear with it.
	attempt.Header["x-WEBHOOK-extra"] = []string{"1"}
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), attempt)
	if x.Err != nil || x.Response.Status != 202 || string(x.Response.Body) != "fine" || x.Response.Header.Get("X-Answer") != "yes" {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
	if x.Started.IsZero() || x.Duration <= 0 || x.Attempt.URL != attempt.URL {
		t.Errorf("the exchange is not told: %+v", x)
	}
	got := <-requests
	if !strings.HasPrefix(got, "POST /hook?secret=a%20b HTTP/1.1\r\n") || !strings.HasSuffix(got, "\r\n\r\n{\"a\":1}") {
		t.Errorf("%q", got)
	}
	for _, line := range []string{
		"Content-Type: application/json", "User-Agent: hubhook", "Webhook-Id: id-1",
		"X-Webhook-Secret: S3cret ~", "x-WEBHOOK-extra: 1", "Content-Length: 7",
	} {
		if strings.Count(got, "\r\n"+line+"\r\n") != 1 {
			t.Errorf("%q does not hold the line %q", got, line)
		}
	}
	if strings.Contains(got, "Accept-Encoding") || strings.Contains(got, "Connection") {
		t.Errorf("%q says more than it was told to", got)
	}
}

func TestMethodAndBodyAreThoseOfTheAttempt(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %d %v %q %v", r.Method, r.ContentLength, r.TransferEncoding, body, err)
	})
	s := sender(t, delivery.SenderOptions{})
	for _, c := range []struct {
		attempt delivery.Attempt
		want    string
	}{
		{delivery.Attempt{Body: []byte("{}")}, `POST 2 [] "{}" <nil>`}, // none said
		{delivery.Attempt{Method: "PUT", Body: []byte("{}")}, `PUT 2 [] "{}" <nil>`},
		{delivery.Attempt{Method: "GET"}, `GET 0 [] "" <nil>`},
		{delivery.Attempt{Method: "POST"}, `POST 0 [] "" <nil>`},
		{delivery.Attempt{Method: "POST", Body: []byte("{\xff")}, `POST 2 [] "{\xff" <nil>`},
		{delivery.Attempt{Method: "POST", Body: []byte(`{"a":1}`), Chunked: true}, `POST -1 [chunked] "{\"a\":1}" <nil>`},
	} {
		c.attempt.URL = url
		x := s.Send(t.Context(), c.attempt)
		if x.Err != nil || string(x.Response.Body) != c.want {
			t.Errorf("%+v: %v, %v; want %s", c.attempt, x.Response, x.Err, c.want)
		}
	}
}

func TestRedirectIsAnAnswer(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Errorf("the redirect to %s was followed", r.URL)
			return
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.NewAttempt(url, "1", []byte("{}")))
	if x.Err != nil || x.Response.Status != 307 || x.Response.Header.Get("Location") != "/elsewhere" {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
}

func TestSlowAnswerTimesOut(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"before its head": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"within its body": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "begun")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := sender(t, delivery.SenderOptions{Timeout: 60 * time.Millisecond})
			// Without a body to read, the server notices that the sender is gone.
			x := s.Send(t.Context(), delivery.NewAttempt(serve(t, handler), "1", nil))
			if !errors.Is(x.Err, delivery.ErrTimeout) || !strings.Contains(x.Err.Error(), "60ms") {
				t.Errorf("%v", x.Err)
			}
			if x.Duration < 60*time.Millisecond {
				t.Errorf("it gave up after %v", x.Duration)
			}
		})
	}
}

func TestSenderWaitsAsLongAsTheHubUnlessTold(t *testing.T) {
	for set, want := range map[time.Duration]time.Duration{0: 30 * time.Second, time.Second: time.Second} {
		if got := sender(t, delivery.SenderOptions{Timeout: set}).Timeout(); got != want {
			t.Errorf("a time-out of %v becomes %v", set, got)
		}
	}
}

func TestCancelledAttemptIsNoTimeout(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	x := sender(t, delivery.SenderOptions{}).Send(ctx, delivery.NewAttempt(url, "1", nil))
	if !errors.Is(x.Err, context.Canceled) || errors.Is(x.Err, delivery.ErrTimeout) {
		t.Errorf("%v", x.Err)
	}
}

func TestEndlessBodyIsCutOff(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		block := bytes.Repeat([]byte("x"), 1<<16)
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.NewAttempt(url, "1", nil))
	if !errors.Is(x.Err, delivery.ErrEndless) || x.Response == nil || len(x.Response.Body) != delivery.ResponseLimit {
		t.Errorf("%v", x.Err)
	}
}

func TestLongestCompleteBody(t *testing.T) {
	for more, want := range map[int]error{0: nil, 1: delivery.ErrEndless} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Write(make([]byte, delivery.ResponseLimit+more))
		})
		x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.NewAttempt(url, "1", nil))
		if !errors.Is(x.Err, want) || len(x.Response.Body) != delivery.ResponseLimit {
			t.Errorf("%d bytes above the limit: %v", more, x.Err)
		}
	}
}

func TestBrokenAnswerIsToldWithoutTheURL(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		status       int // 0 where no answer came at all
		body         string
	}{
		{"closed at once", "", 0, ""},
		{"closed within the head", "HTTP/1.1 200 OK\r\nContent-Le", 0, ""},
		{"closed within the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun", 200, "begun"},
		{"closed within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbegun", 200, "begun"},
		{"no HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := wire(t, func(conn net.Conn) {
				readRequest(conn)
				io.WriteString(conn, c.answer)
			})
			x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.NewAttempt(url+"/hook?secret=tr0ub4dor", "1", []byte("{}")))
			checkSecretHidden(t, x.Err)
			if c.status == 0 && x.Response != nil {
				t.Errorf("an answer came: %+v", x.Response)
			}
			if c.status != 0 && (x.Response == nil || x.Response.Status != c.status || string(x.Response.Body) != c.body) {
				t.Errorf("the part that came is not told: %+v", x.Response)
			}
		})
	}
}

func TestUnreachableHandlerIsToldWithoutTheURL(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	for _, target := range []string{
		"http://" + closed + "/?secret=tr0ub4dor",
		"gopher://localhost/?secret=tr0ub4dor",
		"http://local host/?secret=tr0ub4dor",
		"/?secret=tr0ub4dor",
	} {
		x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.NewAttempt(target, "1", nil))
		checkSecretHidden(t, x.Err)
		if x.Response != nil {
			t.Errorf("%s answers %+v", target, x.Response)
		}
	}
}

func checkSecretHidden(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	if text := err.Error(); strings.Contains(text, "tr0ub4dor") || strings.Contains(text, "secret=") || strings.Contains(text, "\n") {
		t.Errorf("%q", text)
	}
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestNewWebhookIDIsAUniqueUUID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := delivery.NewWebhookID()
		if !uuidForm.MatchString(id) || seen[id] {
			t.Fatalf("%q", id)
		}
		seen[id] = true
	}
}
