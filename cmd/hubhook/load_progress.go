package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/reports"
)

// loadProgress tells how a load goes, in one line that is drawn again and again where
// that can be; elsewhere in a line now and then.
type loadProgress struct {
	liveLine
	profile colorprofile.Profile // of its colours

	mu    sync.Mutex
	words string
}

func newLoadProgress(out io.Writer) *loadProgress {
	return &loadProgress{liveLine: newLiveLine(out), profile: colorprofile.Detect(out, os.Environ())}
}

// every is the time between two lines.
func (p *loadProgress) every() time.Duration {
	if p.width != nil {
		return redrawEvery
	}
	return lineEvery
}

// starting is for load.Search.
func (p *loadProgress) starting(step int, rate float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.words = fmt.Sprintf("step %d: %s/s", step, humanize.CommafWithDigits(rate, 2))
	if p.width == nil {
		fmt.Fprintln(p.out, p.words)
	}
}

// tell is for load.Options.
func (p *loadProgress) tell(now reports.LoadNow) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now.Words = p.words
	if p.width == nil {
		fmt.Fprintln(p.out, reports.LoadLogLine(now))
		return
	}
	p.draw(reports.LoadLine(now, reports.TerminalOptions{Profile: p.profile, Width: p.width() - 1}))
}

// erase leaves nothing of the line.
func (p *loadProgress) erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.liveLine.erase()
}
