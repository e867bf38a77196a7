package secrets

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

func TestHeadersOfUsersAreHidden(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:hunter2"))
	m := NewMask("Sekr3t-value")
	m.HideHeaders(http.Header{
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
