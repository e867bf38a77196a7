package suites

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
)

func TestHeadersOfUsersAreHidden(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:hunter2"))
	m := newMasker("Sekr3t-value")
	m.learnHeaders(http.Header{
		"Authorization": {"Bearer t0ken-of-mine", basic}, "Cookie": {"four"}, "X-Own": {"long-enough"},
		"X-Env": {"test"}, "Accept": {delivery.ContentType},
	})
	for text, want := range map[string]string{
		"Bearer t0ken-of-mine":        "***",
		"the token is t0ken-of-mine!": "the token is ***!",
		basic:                         "***",
		"hunter2 is wrong":            "*** is wrong",
		"four":                        "***",
		"x=long%2Denough":             "x=***",
		"the latest test":             "the latest test",
		"a body of application/json":  "a body of application/json",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestHeadersOfUsersTakeThePlaceOfOurs(t *testing.T) {
	got := spelledAsOurs(http.Header{"user-agent": {"mine"}, "x-own": {"1", "2"}})
	if diff := cmp.Diff(http.Header{"User-Agent": {"mine"}, "x-own": {"1", "2"}}, got); diff != "" {
		t.Error(diff)
	}
}
