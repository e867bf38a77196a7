package cli

import (
	"strings"
	"testing"
)

func TestManualBearsNoDateOfToday(t *testing.T) {
	for _, c := range []struct{ ofBuild, epoch, want string }{
		{"2026-02-03T04:05:06Z", "", "2026-02-03"},
		{"2026-02-03T04:05:06Z", "1767225600", "2026-01-01"},
		{"", "1767225600", "2026-01-01"},
		{"", "", "1970-01-01"},
	} {
		if date, err := manualDate(c.ofBuild, c.epoch); err != nil || date.Format("2006-01-02") != c.want {
			t.Errorf("build of %q, epoch %q: %v, %v; want %s", c.ofBuild, c.epoch, date, err, c.want)
		}
	}
	if _, err := manualDate("", "today"); err == nil || !strings.Contains(err.Error(), `"today" is no number of seconds`) {
		t.Errorf("epoch today: %v", err)
	}
}
