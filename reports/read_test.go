package reports_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
)

func TestReportIsReadAsItWasWritten(t *testing.T) {
	var out bytes.Buffer
	if err := reports.WriteJSON(&out, sample()); err != nil {
		t.Fatal(err)
	}
	written := out.String()
	for name, text := range map[string]string{
		"as written":         written,
		"with a mark before": "\ufeff" + written,
		"of an earlier form": strings.Replace(written, `"schema": "hubhook.check.v1",`, "", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := reports.ReadJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var again bytes.Buffer
			if err := reports.WriteJSON(&again, got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(written, again.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// endless is a text that goes on for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// What is no report is refused in one line that says why.
func TestWhatIsNoReportIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, says string
		from       io.Reader
	}{
		{"nothing", "there is nothing in it", strings.NewReader(" \n")},
		{"XML", "it is no JSON from byte 1 on", strings.NewReader(`<?xml version="1.0"?>`)},
		{"broken off", "it breaks off after 33 bytes", strings.NewReader(`{"verdict":"passed","checks":[{"i`)},
		{"broken", "it is no JSON from byte 2 on", strings.NewReader("{\x1b[2J}")},
		{"too long", "it is longer than 64 MiB", endless{}},
		{"a list", "it is JSON, but no object: array", strings.NewReader(`[]`)},
		{"a text", "it is JSON, but no object: string", strings.NewReader(`"report"`)},
		{"null", "there are no checks in it", strings.NewReader(`null`)},
		{"a load run", `its form is "hubhook.load.v1", not hubhook.check.v1`, strings.NewReader(`{"schema":"hubhook.load.v1"}`)},
		{"a comparison", `its form is "hubhook.compare.v1"`, strings.NewReader(`{"schema":"hubhook.compare.v1","checks":[]}`)},
		{"an attempt", `its form is "hubhook-attempt/1"`, strings.NewReader(`{"format":"hubhook-attempt/1"}`)},
		{"of tomorrow", "take a newer hubhook", strings.NewReader(`{"schema":"hubhook.check.v2","checks":{}}`)},
		{"a number for a form", `its form is "2"`, strings.NewReader(`{"schema":2,"checks":[]}`)},
		{"another object", "there are no checks in it", strings.NewReader(`{"name":"package"}`)},
		{"checks of null", "there are no checks in it", strings.NewReader(`{"verdict":"passed","checks":null}`)},
		{"another kind of value", "seed is a string", strings.NewReader(`{"verdict":"passed","seed":"7","checks":[]}`)},
		{"a wrong time", "parsing time", strings.NewReader(`{"verdict":"passed","started":"noon","checks":[]}`)},
		{"no verdict", `its verdict is ""`, strings.NewReader(`{"checks":[]}`)},
		{"no ID", "check 1 has no ID", strings.NewReader(`{"verdict":"passed","checks":[{"status":"passed"}]}`)},
		{"an ID twice", `the check "A" twice`, strings.NewReader(`{"verdict":"passed","checks":[{"id":"A","status":"passed"},{"id":"A","status":"failed"}]}`)},
		{"an unknown verdict", `the verdict on "A\u202e" is "fine\x1b"`, strings.NewReader(`{"verdict":"passed","checks":[{"id":"A\u202e","status":"fine\u001b"}]}`)},
		{"not run", `is "not run", which is none`, strings.NewReader(`{"verdict":"passed","checks":[{"id":"A","status":"not run"}]}`)},
		{"too many checks", "it has 10001 checks", strings.NewReader(`{"verdict":"passed","checks":[` + strings.Repeat(`{"id":"A"},`, 10_000) + `{}]}`)},
		{"two", "something follows the report", strings.NewReader(`{"verdict":"passed","checks":[]} {}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := reports.ReadJSON(c.from)
			if err == nil {
				t.Fatalf("it is taken for %+v", r)
			}
			text := err.Error()
			if !strings.HasPrefix(text, "it is no report of hubhook check --json: ") || !strings.Contains(text, c.says) {
				t.Errorf("it says %q, want %q", text, c.says)
			}
			if strings.ContainsAny(text, "\n\x1b\u202e") || len(text) > 200 {
				t.Errorf("not fit for one line: %q", text)
			}
		})
	}
}
