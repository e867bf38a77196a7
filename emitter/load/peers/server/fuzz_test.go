package server

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\r\nContent-Length: 3\r\nWebhook-Id: a\r\n\r\nabcPOST"))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add([]byte("POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nab"))
	f.Add([]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, whole, err := parse(text)
		if err != nil || !whole {
			return
		}
		if r.size > len(text) || r.body < 0 || r.body > r.size {
			t.Errorf("of %d bytes, the request has %d, and its body %d", len(text), r.size, r.body)
		}
		if !bytes.Contains(text[:r.size-r.body], r.id) {
			t.Errorf("%q stands nowhere in the head", r.id)
		}
	})
}

// What net/http sends is read as it was meant.
func TestParseReadsWhatOthersSend(t *testing.T) {
	request, err := http.NewRequest(http.MethodPost, "http://h/webhook", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Webhook-Id", "an-id")
	var text bytes.Buffer
	if err := request.Write(&text); err != nil {
		t.Fatal(err)
	}
	for cut := range text.Len() {
		if _, whole, err := parse(text.Bytes()[:cut]); whole || err != nil {
			t.Fatalf("%d of %d bytes are %v, %v", cut, text.Len(), whole, err)
		}
	}
	r, whole, err := parse(text.Bytes())
	if !whole || err != nil || string(r.id) != "an-id" || r.body != 5 || r.size != text.Len() {
		t.Errorf("it is %+v, %v, %v", r, whole, err)
	}
}

func FuzzReadLog(f *testing.F) {
	f.Add("an-id 1700000000000000000 1700000000000000001\n")
	f.Add(" 1 0\n")
	f.Add("x\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadLog(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, e := range list {
			if strings.Contains(e.ID, " ") || e.Arrived.Before(time.Unix(0, 0)) && !e.Arrived.IsZero() {
				t.Errorf("%q was read as %+v", text, e)
			}
		}
	})
}

func TestStallEnds(t *testing.T) {
	s := Stall{Length: 200 * time.Millisecond, Every: time.Second}
	const second = int64(time.Second)
	for _, c := range []struct{ now, want int64 }{
		{5 * second, 5*second + second/5},
		{5*second + second/10, 5*second + second/5},
		{5*second + second/5, 0},
		{6*second - 1, 0},
	} {
		if got := s.end(c.now); got != c.want {
			t.Errorf("at %d it ends at %d, wanted %d", c.now, got, c.want)
		}
	}
	if got := (Stall{}).end(5 * second); got != 0 {
		t.Errorf("without stalls, one ends at %d", got)
	}
}
