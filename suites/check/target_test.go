package check

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeadersOfUsersTakeThePlaceOfOurs(t *testing.T) {
	got := CanonicalHeader(http.Header{"user-agent": {"mine"}, "x-own": {"1", "2"}})
	if diff := cmp.Diff(http.Header{"User-Agent": {"mine"}, "x-own": {"1", "2"}}, got); diff != "" {
		t.Error(diff)
	}
}
