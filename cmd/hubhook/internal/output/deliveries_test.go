package output

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

func exchange(status int, body string, err error) delivery.Exchange {
	x := delivery.Exchange{Duration: 1234567 * time.Microsecond, Err: err}
	if status > 0 {
		x.Response = &delivery.Response{Status: status, Body: []byte(body)}
	}
	return x
}

func TestLinesOfDeliveries(t *testing.T) {
	const secret = "Sekr3t-value"
	writer := &DeliveryWriter{Mask: redact.NewMask(secret)}
	for _, c := range []struct {
		name, shape string
		x           delivery.Exchange
		want        string
	}{
		{"accepted", "repo.update", exchange(202, "fine\n", nil), "repo.update                id-1  202 Accepted  1234 ms  fine"},
		{"nothing said", "repo.update", exchange(204, "", nil), "repo.update                id-1  204 No Content  1234 ms"},
		{"no shape", "", exchange(400, "{\n  \"error\": \"no\"\n}", nil), `?                          id-1  400 Bad Request  1234 ms  { "error": "no" }`},
		{"a status of its own", "x", exchange(799, "", nil), "x                          id-1  799  1234 ms"},
		{"no answer", "x", exchange(0, "", errors.New("reset by "+secret)), "x                          id-1  no complete answer: reset by $HUBHOOK_SECRET  1234 ms"},
		{"cut in the secret", "x", exchange(200, "at Sekr3t", errors.New("EOF")), "x                          id-1  no complete answer: EOF  1234 ms  at $HUBHOOK_SECRET"},
		{"secret, encoded", "x", exchange(200, "%53ekr3t-value", nil), "x                          id-1  200 OK  1234 ms  $HUBHOOK_SECRET"},
		{"secret in the shape", "repo." + secret, exchange(200, "", nil), "repo.$HUBHOOK_SECRET       id-1  200 OK  1234 ms"},
		{"acts on terminals", "x\x1b[2J", exchange(200, "\x1b[31m\a\xff\u202e é🤗", nil), `x\x1b[2J                   id-1  200 OK  1234 ms  \x1b[31m\a\xff\u202e é🤗`},
		{"long", "x", exchange(200, strings.Repeat("é", 101), nil), "x                          id-1  200 OK  1234 ms  " + strings.Repeat("é", 100) + "…"},
	} {
		if got := writer.line(delivery.Message{Shape: c.shape, ID: "id-1"}, c.x); got != c.want {
			t.Errorf("%s: got\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

func TestRecordsOfDeliveries(t *testing.T) {
	const secret = "Sekr3t-value"
	for _, c := range []struct {
		name string
		x    delivery.Exchange
		want map[string]any
	}{
		{"accepted", exchange(202, "<fine>\n", nil), map[string]any{"accepted": true, "status": 202.0, "body": "<fine>\n"}},
		{"refused", exchange(403, secret, nil), map[string]any{"accepted": false, "status": 403.0, "body": "$HUBHOOK_SECRET"}},
		{"no text", exchange(200, "\xff"+secret, nil), map[string]any{"accepted": true, "status": 200.0, "body": "/yRIVUJIT09LX1NFQ1JFVA==", "base64": true}},
		{"no answer", exchange(0, "", delivery.ErrTimeout), map[string]any{"accepted": false, "body": "", "error": "no complete answer in time"}},
		{"half an answer", exchange(200, "half", errors.New("EOF")), map[string]any{"accepted": false, "body": "half", "error": "EOF"}},
		{"long", exchange(200, strings.Repeat("x", 64<<10-6)+secret, nil), map[string]any{
			"accepted": true, "status": 200.0, "body": strings.Repeat("x", 64<<10-6) + "$HUBHOOK_SECRET", "truncated": true}},
	} {
		var out strings.Builder
		writer := &DeliveryWriter{Out: &out, Mask: redact.NewMask(secret), JSON: true}
		if err := writer.Write(delivery.Message{Shape: "x", ID: "id-1"}, c.x); err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
			t.Fatal(err)
		}
		c.want["shape"], c.want["webhookId"], c.want["durationMs"] = "x", "id-1", 1234.567
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %.500s", c.name, diff)
		}
	}
}
