package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
)

// clock is a clock that a test sets.
type clock struct{ now time.Time }

func (c *clock) time() time.Time { return c.now }

func TestProgressInLines(t *testing.T) {
	var out strings.Builder
	c := &clock{time.Unix(1000, 0)}
	p := &CheckProgress{liveLine: liveLine{out: &out}, now: c.time, began: c.now}
	p.tick() // before anything began
	for i := range 37 {
		p.CheckStarted(check.Check{ID: "SEC-01"}, i, 152)
		p.CheckEnded(reports.Check{Status: reports.Passed})
	}
	p.CheckStarted(check.Check{ID: "SEC-02"}, 37, 152)
	c.now = c.now.Add(10 * time.Second)
	p.tick()
	p.CheckEnded(reports.Check{Status: reports.Failed})
	p.CheckStarted(check.Check{ID: "SEC-03"}, 38, 152)
	p.CheckEnded(reports.Check{Status: reports.Failed, Known: true})
	ticks := make(chan time.Time)
	stop := p.Start(ticks)
	c.now = c.now.Add(10 * time.Second)
	ticks <- c.now
	stop()
	want := "37 of 152 checks, 0 failed so far, 10s\n39 of 152 checks, 1 failed so far, 20s\n"
	if got := out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressInOneLine(t *testing.T) {
	var out strings.Builder
	c := &clock{time.Unix(1000, 0)}
	p := &CheckProgress{liveLine: liveLine{out: &out, width: func() int { return 60 }}, now: c.time, began: c.now}
	stop := p.Start(nil)
	p.CheckStarted(check.Check{ID: "SEC-02", Title: "refuses a wrong secret"}, 5, 152)
	c.now = c.now.Add(12 * time.Second)
	p.CheckStarted(check.Check{ID: "RTY-07", Title: "accepts attempts at one delivery that come at the same time"}, 37, 152)
	stop()
	want := "\r[  5/152] SEC-02 refuses a wrong secret … 0 s\x1b[K" +
		"\r[ 37/152] RTY-07 accepts attempts at one delivery th … 12 s\x1b[K" +
		"\r\x1b[K"
	if got := out.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// No terminal is too narrow: the line never wraps, for it could not be drawn again.
func TestProgressFitsAnyTerminal(t *testing.T) {
	for width := range 40 {
		var out strings.Builder
		p := &CheckProgress{liveLine: liveLine{out: &out, width: func() int { return width }}, now: time.Now}
		p.CheckStarted(check.Check{ID: "SEC-02", Title: "refuses 秘密 that are wrong"}, 5, 152)
		line := strings.TrimSuffix(strings.TrimPrefix(out.String(), "\r"), "\x1b[K")
		if n := len([]rune(line)) + strings.Count(line, "秘") + strings.Count(line, "密"); n > max(width-1, 0) {
			t.Errorf("in %d columns it takes %d: %q", width, n, line)
		}
	}
}

func TestProgressIsDrawnOnTerminalsOnly(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "err"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if p := NewCheckProgress(file); p.width != nil || p.Interval() != 10*time.Second {
		t.Errorf("a line is drawn in a file, every %v", p.Interval())
	}
}
