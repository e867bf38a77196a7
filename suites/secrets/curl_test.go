package secrets

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/redact"
)

func oddBodies() map[string][]byte {
	return map[string][]byte{
		"json":                 []byte(`{"event":{"action":"update","scope":"repo"},"n":1}`),
		"quotes":               []byte(`'single' "double" '' \' \" '\''`),
		"shell":                []byte("$HOME $(id) `id` ${x} \\ !! !$ # ~ * ; & |"),
		"new lines":            []byte("\na\n\nb\n"),
		"carriage returns":     []byte("a\r\nb\r"),
		"tabs":                 []byte("\ta\t"),
		"unicode":              []byte("ä ☃ 𝄞 \u202e \ufeff"),
		"NUL":                  []byte("a\x00b"),
		"escape":               []byte("\x1b[31mred"),
		"no UTF-8":             []byte("\xff\xfe\x80"),
		"at":                   []byte("@/etc/hostname"),
		"at and no UTF-8":      []byte("@\xff"),
		"dash":                 []byte("-X GET"),
		"20 KiB":               bytes.Repeat([]byte(`0123456789"'\$`+"\n ☃é"), 1024),
		"64 KiB":               bytes.Repeat([]byte("x"), 64<<10),
		"longer":               bytes.Repeat([]byte("y"), 64<<10+1),
		"2 MiB":                bytes.Repeat([]byte("z"), 2<<20),
		"looks like a percent": []byte("%s %d %%"),
		"empty":                {},
	}
}

func TestCurlSendsTheBody(t *testing.T) {
	t.Parallel()
	rec := newRecorder(t)
	for name, body := range oddBodies() {
		for _, shell := range []string{"sh", "bash"} {
			for _, extra := range []CurlHeader{
				{Name: "Content-Type", Value: "application/json"},
				{Name: "Transfer-Encoding", Value: "chunked"},
			} {
				r := CurlRequest{Method: "POST", URL: rec.url + "/hook", Headers: []CurlHeader{extra}, Body: body}
				line, got := rec.replay(t, shell, "correct-horse", r)
				if got.method != "POST" || got.path != "/hook" || !bytes.Equal(got.body, body) {
					t.Errorf("%s: %s %s with %.100q from %.300s", name, got.method, got.path, got.body, line)
				}
				if got.chunked != (extra.Value == "chunked") {
					t.Errorf("%s: chunked is %v", name, got.chunked)
				}
				wantType := map[bool]string{true: extra.Value}[extra.Name == "Content-Type"]
				if gotType := got.headers.Get("Content-Type"); gotType != wantType && len(body) > 0 {
					t.Errorf("%s: Content-Type is %q, want %q", name, gotType, wantType)
				}
				if got.headers.Get("Expect") != "" {
					t.Errorf("%s: curl waits for leave to send", name)
				}
			}
		}
	}
}

func TestCurlSendsTheSecret(t *testing.T) {
	t.Parallel()
	rec := newRecorder(t)
	for _, secret := range oddSecrets() {
		for name, form := range formsOf(secret) {
			r := CurlRequest{
				Method: "POST", URL: rec.url + "/hook?a=$b!&c=%22", QuerySecret: form,
				Headers: []CurlHeader{
					{Name: "X-Webhook-Secret", Secret: form},
					{Name: "X-Other", Value: "'it''s' $HOME \"!\" `id` \\"},
				},
				Body: []byte(`{"echo":"` + form.Value() + `_"}`),
			}
			line, got := rec.replay(t, "sh", secret, r)
			if value := got.headers.Get("X-Webhook-Secret"); value != strings.TrimSpace(form.Value()) {
				t.Errorf("%s of %q: header %q from %s", name, secret, value, line)
			}
			if value := got.headers.Get("X-Other"); value != r.Headers[1].Value {
				t.Errorf("%s of %q: other header %q from %s", name, secret, value, line)
			}
			query, err := url.ParseQuery(got.query)
			if err != nil || query.Get("secret") != form.Value() || query.Get("a") != "$b!" || query.Get("c") != `"` {
				t.Errorf("%s of %q: query %q (%v) from %s", name, secret, got.query, err, line)
			}
			if !bytes.Equal(got.body, r.Body) {
				t.Errorf("%s of %q: body %q from %s", name, secret, got.body, line)
			}
		}
	}
}

func TestCurlSendsTheHeaders(t *testing.T) {
	t.Parallel()
	rec := newRecorder(t)
	host := strings.TrimPrefix(rec.url, "http://")
	r := CurlRequest{
		Method: "POST", URL: rec.url,
		Headers: []CurlHeader{
			{Name: "Host", Value: host},
			{Name: "Content-Length", Value: "99"},
			{Name: "User-Agent", Value: "hub'hook/1"},
			{Name: "X-Webhook-Secret", Secret: Of("")},
			{Name: "X-Blank", Value: "  "},
			{Name: "X-Twice", Value: "1"},
			{Name: "X-Twice", Value: "2"},
			{Name: "X-Wrong", Secret: Literal("not 'it'")},
		},
		Body: []byte("{}"),
	}
	line, got := rec.replay(t, "sh", "", r)
	for name, want := range map[string][]string{
		"User-Agent":       {"hub'hook/1"},
		"X-Webhook-Secret": {""},
		"X-Blank":          {""},
		"X-Twice":          {"1", "2"},
		"X-Wrong":          {"not 'it'"},
		"Content-Length":   {"2"},
		"Content-Type":     nil,
	} {
		if !slices.Equal(got.headers[name], want) {
			t.Errorf("%s: got %q, want %q", name, got.headers[name], want)
		}
	}
	if strings.Contains(line, "Host") || strings.Contains(line, "Length") {
		t.Errorf("curl is told what it knows: %s", line)
	}
	r.Headers[0].Value = "other.example"
	if _, got = rec.replay(t, "sh", "", r); got.host != "other.example" {
		t.Errorf("host is %s", got.host)
	}
}

func TestCurlKeepsMethodAndURL(t *testing.T) {
	t.Parallel()
	rec := newRecorder(t)
	tests := []struct {
		method, path, query string
	}{
		{"GET", "/", ""},
		{"HEAD", "/hook", "x=1"},
		{"PUT", "/hook", ""},
		{"DELETE", "/hook", ""},
		{"OPTIONS", "/hook", ""},
		{"PROPFIND-X", "/hook", ""},
		{"POST", "/a/../b/./c", ""},
		{"POST", "/a{1,2}[1-3]", "q={a,b}[1-2]"},
		{"POST", "/it's/$HOME/!!", "q=%27`id`"},
	}
	for _, test := range tests {
		address := rec.url + test.path
		if test.query != "" {
			address += "?" + test.query
		}
		line, got := rec.replay(t, "bash", "correct-horse", CurlRequest{Method: test.method, URL: address + "#part"})
		if got.method != test.method || got.query != test.query || len(got.body) > 0 {
			t.Errorf("%v: got %+v from %s", test, got, line)
		}
		if unescaped, err := url.PathUnescape(got.path); err != nil || unescaped != test.path {
			t.Errorf("%v: got path %s from %s", test, got.path, line)
		}
	}
}

func TestCurlSecretParameterStandsLast(t *testing.T) {
	t.Parallel()
	rec := newRecorder(t)
	for suffix, want := range map[string]string{
		"/":      "secret=plain-1",
		"/?":     "secret=plain-1",
		"/?a=1":  "a=1&secret=plain-1",
		"/?a=1&": "a=1&secret=plain-1",
		"/#part": "secret=plain-1",
	} {
		r := CurlRequest{Method: "POST", URL: rec.url + suffix, QuerySecret: Of("plain-1")}
		if _, got := rec.replay(t, "sh", "plain-1", r); got.query != want {
			t.Errorf("%s: got %s, want %s", suffix, got.query, want)
		}
	}
}

func FuzzCurlShowsNoSecret(f *testing.F) {
	for _, secret := range oddSecrets() {
		f.Add(secret, secret, "body "+secret)
	}
	f.Fuzz(func(t *testing.T, secret, header, body string) {
		if len(secret) < 8 || strings.Contains(fmt.Sprintf("%q", redact.SecretVariable), secret) {
			return
		}
		m := NewMask(secret)
		r := CurlRequest{Method: "POST", URL: "http://h/", Body: []byte(body),
			Headers: []CurlHeader{{Name: "X", Value: header}, {Name: "X-Webhook-Secret", Secret: Of(secret)}}}
		fixed := CurlRequest{Method: "POST", URL: "http://h/", Body: []byte("-")}.Command(NewMask(""))
		if line := r.Command(m); strings.Contains(line, secret) && !strings.Contains(fixed, secret) {
			t.Errorf("%q is shown in %s", secret, line)
		}
	})
}
