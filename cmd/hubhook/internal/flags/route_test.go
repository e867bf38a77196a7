package flags

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeadersOfTheCommandLine(t *testing.T) {
	got, err := parseHeaders([]string{"X-Twice: 1", "x-twice:2", "x-empty:", "X-Colons: a: b:c "})
	want := http.Header{"X-Twice": {"1", "2"}, "x-empty": {""}, "X-Colons": {"a: b:c"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
	for _, line := range []string{"", "X", ": hidden", "a b: hidden", "X: hid\nden", "X: hid\x00den", "content-length: 7", "é: hidden"} {
		if _, err := parseHeaders([]string{line}); err == nil || strings.Contains(err.Error(), "hid") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
