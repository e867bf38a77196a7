package redact

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeader(t *testing.T) {
	given := http.Header{"authorization": {"Bearer t0ken", "x"}, "X-Webhook-Secret": {"secret"}, "X-Own": {"open"}}
	want := http.Header{"authorization": {"***", "***"}, "X-Webhook-Secret": {"***"}, "X-Own": {"open"}}
	if diff := cmp.Diff(want, Header(given)); diff != "" {
		t.Error(diff)
	}
}

func TestHideHeader(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:hunter2"))
	m := &Mask{}
	m.HideHeader(http.Header{"Authorization": {"Bearer t0ken-of-mine", basic}, "Cookie": {"abc"}, "X-Own": {"long-enough"}})
	for text, want := range map[string]string{
		"Bearer t0ken-of-mine": "***", "it was t0ken-of-mine!": "it was ***!",
		basic: "***", "hunter2 is wrong": "*** is wrong",
		"abc long-enough": "abc long-enough",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
