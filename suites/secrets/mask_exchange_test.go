package secrets

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

func TestExchangeIsMaskedThroughout(t *testing.T) {
	const secret = "Sekr3t-value"
	binary := base64.StdEncoding.EncodeToString([]byte("\xff" + secret + "\x00"))
	headers := []reports.Header{{Name: "X-" + secret, Value: secret}}
	e := reports.Exchange{
		What: "sent " + secret,
		Request: reports.Request{
			Method: "POST", URL: "http://u:p4ssword@h/" + secret, Headers: headers,
			Body: reports.Body{Text: secret, Bytes: 12},
		},
		Response: &reports.Response{
			Status: 200, Headers: headers,
			Body: reports.Body{Text: binary, Base64: true, Bytes: 14},
		},
		Error: "dial: " + secret,
		Curl:  `curl "$HUBHOOK_SECRET"`,
	}
	m := NewMask(secret)
	m.Exchange(&e)
	masked := []reports.Header{{Name: "X-$HUBHOOK_SECRET", Value: "$HUBHOOK_SECRET"}}
	want := reports.Exchange{
		What: "sent $HUBHOOK_SECRET",
		Request: reports.Request{
			Method: "POST", URL: "http://u:***@h/$HUBHOOK_SECRET", Headers: masked,
			Body: reports.Body{Text: "$HUBHOOK_SECRET", Bytes: 12},
		},
		Response: &reports.Response{
			Status: 200, Headers: masked,
			Body: reports.Body{
				Text:   base64.StdEncoding.EncodeToString([]byte("\xff$HUBHOOK_SECRET\x00")),
				Base64: true, Bytes: 14,
			},
		},
		Error: "dial: $HUBHOOK_SECRET",
		Curl:  `curl "$HUBHOOK_SECRET"`,
	}
	if !reflect.DeepEqual(e, want) {
		got, _ := json.MarshalIndent(e, "", " ")
		t.Errorf("got %s", got)
	}
	if headers[0].Value != secret {
		t.Error("a list of headers that others may share was written to")
	}
}

func TestBodiesThatMayBeCut(t *testing.T) {
	tests := []struct {
		name     string
		exchange reports.Exchange
		want     string
	}{
		{"complete", reports.Exchange{Response: &reports.Response{Body: reports.Body{Text: "Sekr3t-"}}}, "Sekr3t-"},
		{"truncated", reports.Exchange{Response: &reports.Response{Body: reports.Body{Text: "Sekr3t-", Truncated: true}}}, redact.SecretVariable},
		{"broken off", reports.Exchange{Error: "EOF", Response: &reports.Response{Body: reports.Body{Text: "Sekr3t-"}}}, redact.SecretVariable},
	}
	for _, test := range tests {
		NewMask("Sekr3t-value").Exchange(&test.exchange)
		if got := test.exchange.Response.Body.Text; got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
