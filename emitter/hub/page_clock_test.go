package hub

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestClockIsAdvancedByForm(t *testing.T) {
	r := newRig(t, Options{Start: time.Date(2026, 5, 4, 10, 20, 30, 0, time.UTC)})
	r.page("/").has(t, "4 May 2026 10:20:30 UTC", "stands still")
	for by, then := range map[string]string{"90s": "1m30s", " 1h 30m ": "1h30m", "2d": "48h", "0.5d": "12h"} {
		before := r.Now()
		want, _ := time.ParseDuration(then)
		if s := r.submit("POST", "/_mock/clock", url.Values{"by": {by}, "back": {"/_mock/calls?skip=0&note=saved"}}); s.status != 303 || s.header.Get("Location") != "/_mock/calls?note=advanced&skip=0" || r.Now().Sub(before) != want {
			t.Errorf("by %q: %d to %s, %v later", by, s.status, s.header.Get("Location"), r.Now().Sub(before))
		}
	}
	for _, by := range []string{"", "soon", "-1h", "0s", "400d", "9999999h", "NaNd", "Infd", "1e300d"} {
		before := r.Now()
		if s := r.submit("POST", "/_mock/clock", url.Values{"by": {by}}); s.status != 400 || !r.Now().Equal(before) {
			t.Errorf("by %q: %d, %v later", by, s.status, r.Now().Sub(before))
		}
	}
	for _, back := range []string{"//evil.example/", "////evil.example/", "https://evil.example/", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "", "x", "/%2f/%5cevil"} {
		to := r.submit("POST", "/_mock/clock", url.Values{"by": {"1s"}, "back": {back}}).header.Get("Location")
		if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t") {
			t.Errorf("%q leads to %q", back, to)
		}
	}
}
