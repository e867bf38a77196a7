package delivery_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// series is a Series to a URL, with its number of messages and the reported statuses.
type series struct {
	delivery.Series
	statuses []int
	left     int
	err      error // after the last message; io.EOF where nil
}

func newSeries(t *testing.T, url string, count int) *series {
	t.Helper()
	parsed, err := delivery.ParseURL("the handler's URL", url)
	if err != nil {
		t.Fatal(err)
	}
	s := &series{left: count}
	s.Series = delivery.Series{
		Sender: sender(t, delivery.SenderOptions{Timeout: 5 * time.Second}),
		To:     delivery.Destination{URL: parsed, SecretIn: delivery.InHeader},
		Secret: formSecret,
		Report: func(_ delivery.Message, x delivery.Exchange) error {
			status := 0
			if x.Err == nil {
				status = x.Response.Status
			}
			s.statuses = append(s.statuses, status)
			return nil
		},
	}
	return s
}

func (s *series) next(context.Context) (delivery.Message, error) {
	if s.left == 0 {
		if s.err != nil {
			return delivery.Message{}, s.err
		}
		return delivery.Message{}, io.EOF
	}
	s.left--
	return message("repo.config.*", delivery.NewWebhookID()), nil
}

// answers sends one status after another, each on a connection of its own; 0 closes it.
func answers(t *testing.T, statuses ...int) string {
	t.Helper()
	var calls atomic.Int64
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		status := statuses[int(calls.Add(1)-1)%len(statuses)]
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Connection", "close")
		w.WriteHeader(status)
	})
}

func TestSeriesTellsWhatCameOfEachDelivery(t *testing.T) {
	s := newSeries(t, answers(t, 200, 404, 503, 0, 302, 202), 6)
	tally, err := s.Run(t.Context(), s.next)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(delivery.Tally{Delivered: 6, Accepted: 2, Rejected: 1, Failed: 2, Unanswered: 1}, tally); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{200, 404, 503, 0, 302, 202}, s.statuses); diff != "" {
		t.Error(diff)
	}
	if got, want := tally.String(), "6 delivered, 2 accepted, 1 refused, 2 failed, 1 unanswered"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if tally.AllAccepted() {
		t.Error("not all were accepted")
	}
}

func TestSeriesOfWhatIsAccepted(t *testing.T) {
	s := newSeries(t, answers(t, 202), 2)
	tally, err := s.Run(t.Context(), s.next)
	if err != nil || !tally.AllAccepted() || tally.String() != "2 delivered, 2 accepted" {
		t.Errorf("%v, %v", tally, err)
	}
}

func TestSeriesSendsAsTheHubDoes(t *testing.T) {
	for in, want := range map[delivery.SecretIn]arrived{
		delivery.InHeader: {URI: "/hook?a=1", Header: http.Header{delivery.SecretHeader: {formSecret}}},
		delivery.InQuery:  {URI: "/hook?a=1&secret=s3cret+%22%24x%27+%26+more"},
		delivery.InNone:   {URI: "/hook?a=1"},
	} {
		handler, requests := arrivals(t)
		s := newSeries(t, handler+"/hook?a=1#part", 2)
		s.To.SecretIn = in
		s.To.Header = http.Header{"user-agent": {"other"}, "X-Added": {"1", "2"}}
		var shape string
		s.Report = func(m delivery.Message, _ delivery.Exchange) error { shape = m.Shape; return nil }
		if _, err := s.Run(t.Context(), s.next); err != nil {
			t.Fatal(err)
		}
		first, second := <-requests, <-requests
		if first.Header.Get(delivery.IDHeader) == second.Header.Get(delivery.IDHeader) {
			t.Error("two deliveries have one Webhook-Id")
		}
		if first.Method != "POST" || first.URI != want.URI || first.Body == "" || shape != "repo.config.dois.minted" {
			t.Errorf("%s: %+v of %s", in, first, shape)
		}
		for _, name := range []string{delivery.IDHeader, "Content-Length"} {
			first.Header.Del(name)
		}
		header := http.Header{"Content-Type": {delivery.ContentType}, "User-Agent": {"other"}, "X-Added": {"1", "2"}}
		for name, values := range want.Header {
			header[name] = values
		}
		if diff := cmp.Diff(header, first.Header, cmp.FilterPath(func(p cmp.Path) bool { return strings.Contains(p.String(), "Accept") }, cmp.Ignore())); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}

func TestSeriesToNobodyIsAnError(t *testing.T) {
	const gone = "http://127.0.0.1:1" // which no server of a test is given
	for _, url := range []string{gone, "http://nobody.invalid:1/?secret=hidden", strings.Replace(gone, "//", "//me:hidden@", 1)} {
		s := newSeries(t, url, 5)
		tally, err := s.Run(t.Context(), s.next)
		if err == nil || !strings.Contains(err.Error(), "is the handler running there?") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%v", err)
		}
		if tally.Delivered != 0 || len(s.statuses) != 0 || s.left != 4 {
			t.Errorf("%v, told %v, %d left", tally, s.statuses, s.left)
		}
	}
}

func TestSeriesEndsSoonAfterItsHandlerDied(t *testing.T) {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		server.Listener.Close()
		w.Header().Set("Connection", "close")
	}))
	defer server.Close()
	s := newSeries(t, server.URL, 1000)
	tally, err := s.Run(t.Context(), s.next)
	if err != nil || tally.Delivered != 4 || tally.Accepted != 1 || tally.Unanswered != 3 || tally.AllAccepted() {
		t.Errorf("%+v, %v", tally, err)
	}
	if want := "4 delivered, 1 accepted, 3 unanswered; stopped: the handler left 3 deliveries in a row without a complete answer"; tally.String() != want {
		t.Errorf("%q", tally)
	}
}

func TestSeriesEndsSoonWhereItsHandlerHangs(t *testing.T) {
	over := make(chan struct{})
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	})
	t.Cleanup(func() { close(over) })
	s := newSeries(t, url, 1000)
	s.Sender = sender(t, delivery.SenderOptions{Timeout: 20 * time.Millisecond})
	tally, err := s.Run(t.Context(), s.next)
	if err != nil || tally.Unanswered != 3 || tally.Delivered != 3 || tally.Stopped == "" {
		t.Errorf("%+v, %v", tally, err)
	}
}

func TestSeriesEndsWithItsContextBetweenDeliveries(t *testing.T) {
	ctx, cancel := contextWithCause(t)
	url := serve(t, func(http.ResponseWriter, *http.Request) { cancel(nil) })
	s := newSeries(t, url, 1000)
	tally, err := s.Run(ctx, s.next)
	if err != nil || tally.Delivered != 1 || tally.Accepted != 1 || tally.Stopped != "interrupted" || tally.AllAccepted() {
		t.Errorf("%+v, %v", tally, err)
	}
}

func TestSeriesTellsErrorsOfItsSource(t *testing.T) {
	errSource, errTell := errors.New("broken"), errors.New("nobody listens")
	s := newSeries(t, answers(t, 202), 2)
	s.err = errSource
	if tally, err := s.Run(t.Context(), s.next); err != errSource || tally.Delivered != 2 {
		t.Errorf("%+v, %v", tally, err)
	}
	s = newSeries(t, answers(t, 202), 2)
	s.Report = func(delivery.Message, delivery.Exchange) error { return errTell }
	if tally, err := s.Run(t.Context(), s.next); err != errTell || tally.Delivered != 1 {
		t.Errorf("%+v, %v", tally, err)
	}
}

func TestSeriesKeepsItsConnection(t *testing.T) {
	s := newSeries(t, peers(t), 5)
	reused := 0
	s.Report = func(_ delivery.Message, x delivery.Exchange) error {
		if x.Response.Reused {
			reused++
		}
		return nil
	}
	if _, err := s.Run(t.Context(), s.next); err != nil || reused != 4 {
		t.Errorf("%d of 4 went over a connection of before: %v", reused, err)
	}
}

// A secret that is taken out of a URL is put there again by each attempt; nothing
// else of the URL may change, and nothing of the secret stay.
func TestSecretIsTakenOutOfAURL(t *testing.T) {
	for _, c := range []struct{ text, secret, left string }{
		{"http://h/hook?secret=s3cret", "s3cret", "http://h/hook"},
		{"http://h/hook?a=1&secret=a%20b%26c&b=2", "a b&c", "http://h/hook?a=1&b=2"},
		{"http://h/hook?secret=one&secret=two", "one", "http://h/hook"},
		{"http://h/hook?a=%20&secrets=5", "", "http://h/hook?a=%20&secrets=5"},
		{"http://h/hook", "", "http://h/hook"},
	} {
		parsed, err := delivery.ParseURL("the handler's URL", c.text)
		if err != nil {
			t.Fatal(err)
		}
		if secret := delivery.CutSecret(parsed); secret != c.secret || parsed.String() != c.left {
			t.Errorf("%s: took %q, and left %s", c.text, secret, parsed)
		}
	}
}

const formSecret = `s3cret "$x' & more`

// arrived is a request as a handler saw it.
type arrived struct {
	Method, URI string
	Header      http.Header
	Body        string
}

// arrivals serves, and hands on what arrived.
func arrivals(t *testing.T) (string, <-chan arrived) {
	requests := make(chan arrived, 100)
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		requests <- arrived{r.Method, r.RequestURI, r.Header, string(body)}
		io.WriteString(w, "fine")
	}), requests
}

func message(shape, id string) delivery.Message {
	return delivery.Message{Shape: shape, ID: id, Body: []byte(`{"event":{"scope":"repo.config.dois","action":"minted"},"id":"` + id + `"}`)}
}

func contextWithCause(t *testing.T) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	return ctx, cancel
}
