package suites_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		id   string
		want []string
	}{
		{"SEC-02", []string{"SEC-02"}},
		{"sec-02", []string{"SEC-02"}},
		{"Pay-07B", []string{"PAY-07b"}},
		{"pay-07", []string{"PAY-07a", "PAY-07b", "PAY-07c"}},
	} {
		found, err := suites.Find(catalogue.All(), c.id)
		var ids []string
		for _, check := range found {
			ids = append(ids, check.ID)
		}
		if err != nil || !slices.Equal(ids, c.want) {
			t.Errorf("%s: found %v, %v; want %v", c.id, ids, err, c.want)
		}
	}
}

func TestWhatIsNotFoundHasNeighbors(t *testing.T) {
	for id, want := range map[string]string{
		"SEC02":            "did you mean SEC-02, ",
		"PAY-7a":           "PAY-07a",
		"PYA-07":           "did you mean PAY-07? ",
		"":                 "unknown check \"\": `hubhook list`",
		"weather in Paris": "unknown check \"weather in Paris\": `hubhook list`",
	} {
		found, err := suites.Find(catalogue.All(), id)
		if err == nil || !strings.Contains(err.Error(), want) || len(found) > 0 {
			t.Errorf("%q: found %d, error %v; want one that says %q", id, len(found), err, want)
		}
	}
}
