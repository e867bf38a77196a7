package format_test

import (
	"bufio"
	"bytes"
	"net/http"
	"net/textproto"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/schemas"
)

var variable = regexp.MustCompile(`\{\{.*?\}\}`)

// requestFile reads a request file as editors do: variables are filled in
// everywhere, "###" ends a request, and "#" begins a comment.
func requestFile(t *testing.T, text string) []arrived {
	t.Helper()
	text = variable.ReplaceAllStringFunc(text, func(name string) string {
		if name == "{{$processEnv HUBHOOK_SECRET}}" {
			return formSecret
		}
		return "filled in"
	})
	var list []arrived
	for _, part := range regexp.MustCompile(`(?m)^###.*\n`).Split(text, -1)[1:] {
		line, rest, _ := strings.Cut(part, "\n")
		head, body, _ := strings.Cut(rest, "\n\n")
		header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(head + "\n\n"))).ReadMIMEHeader()
		if err != nil {
			t.Fatalf("%v in %q", err, head)
		}
		method, url, _ := strings.Cut(line, " ")
		list = append(list, arrived{method, url, http.Header(header), strings.TrimSuffix(body, "\n\n")})
	}
	return list
}

func TestRequestFileIsWhatTheHubSends(t *testing.T) {
	messages := oddMessages()
	for in, want := range map[delivery.SecretIn]arrived{
		delivery.InHeader: {URI: "http://h/hook?a=1", Header: http.Header{delivery.SecretHeader: {formSecret}}},
		delivery.InQuery:  {URI: "http://h/hook?a=1&secret=" + formSecret},
		delivery.InNone:   {URI: "http://h/hook?a=1"},
	} {
		text := written(t, form(t, "http", format.Options{To: "http://h/hook?a=1#part", SecretIn: in}), messages)
		if bytes.Contains(text, []byte(formSecret)) {
			t.Error("the secret is written down")
		}
		requests := requestFile(t, string(text))
		if len(requests) != len(messages) {
			t.Fatalf("%d requests for %d payloads", len(requests), len(messages))
		}
		for i, got := range requests {
			m := messages[i]
			header := delivery.NewAttempt("", m.ID, nil).Header
			for name, values := range want.Header {
				header[name] = values
			}
			if got.Method != "POST" || got.URI != want.URI {
				t.Errorf("%s: %s %s, want %s", m.ID, got.Method, got.URI, want.URI)
			}
			if diff := cmp.Diff(header, got.Header); diff != "" {
				t.Errorf("%s: %s", m.ID, diff)
			}
			sameJSON(t, m, got.Body)
		}
	}
}

// sameJSON holds that a body says what a payload does, and that its bytes are the
// same unless a brace had to be escaped.
func sameJSON(t *testing.T, m delivery.Message, body string) {
	t.Helper()
	want, err := schemas.Decode(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := schemas.Decode([]byte(body))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%s: %v, %.300s", m.ID, err, diff)
	}
	if !bytes.Contains(m.Body, []byte("{{")) && body != string(m.Body) {
		t.Errorf("%s: %.200q is not %.200q", m.ID, body, m.Body)
	}
}

func TestRequestFileHoldsNoBodyThatCouldEndARequest(t *testing.T) {
	text := written(t, form(t, "http", format.Options{}), []delivery.Message{{Body: []byte("\n### another\nGET http://elsewhere/\n\n")}})
	if requests := requestFile(t, string(text)); len(requests) != 1 || !strings.Contains(requests[0].Body, "36 bytes") {
		t.Errorf("%+v", requests)
	}
}
