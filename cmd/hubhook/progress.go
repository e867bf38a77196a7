package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize"
	"golang.org/x/term"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// progress tells those who wait how far a run has come: in one line that is drawn
// again and again, where that can be; elsewhere in a line now and then.
type progress struct {
	liveLine
	now func() time.Time // for tests

	mu       sync.Mutex
	began    time.Time
	check    suites.Check
	done, of int
	failed   int
}

// How often progress is told.
const (
	redrawEvery = time.Second
	lineEvery   = 10 * time.Second
)

// newProgress tells of progress by way of a stream, live where that is a terminal on
// which a line can be drawn again.
func newProgress(out io.Writer) *progress {
	return &progress{liveLine: newLiveLine(out), now: time.Now, began: time.Now()}
}

// every is the time between two ticks.
func (p *progress) every() time.Duration {
	if p.width != nil {
		return redrawEvery
	}
	return lineEvery
}

// start tells of progress at each tick until what it gives back is called.
func (p *progress) start(ticks <-chan time.Time) (stop func()) {
	over, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-ticks:
				p.tick()
			case <-over:
				return
			}
		}
	}()
	return func() {
		close(over)
		<-stopped
		p.erase()
	}
}

// started and end are for suites.Options.
func (p *progress) started(check suites.Check, done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.check, p.done, p.of = check, done, of
	p.draw()
}

func (p *progress) end(check reports.Check) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if check.Status == reports.Failed && !check.Known {
		p.failed++
	}
}

func (p *progress) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.of == 0: // nothing has begun
	case p.width != nil:
		p.draw()
	default:
		fmt.Fprintf(p.out, "%d of %d checks, %d failed so far, %v\n", p.done, p.of, p.failed, p.elapsed())
	}
}

func (p *progress) elapsed() time.Duration { return p.now().Sub(p.began).Round(time.Second) }

// draw draws the line again. It ends before the last column, in which some
// terminals begin a new line.
func (p *progress) draw() {
	if p.width == nil {
		return
	}
	digits := len(fmt.Sprint(p.of))
	head := fmt.Sprintf("[%*d/%d] %s ", digits, p.done, p.of, p.check.ID)
	tail := fmt.Sprintf(" … %d s", int(p.elapsed().Seconds()))
	room := p.width() - 1 - ansi.StringWidth(head) - ansi.StringWidth(tail)
	line := ansi.Truncate(head+ansi.Truncate(p.check.Title, max(room, 0), "")+tail, max(p.width()-1, 0), "")
	p.liveLine.draw(line)
}

// erase leaves nothing of the line.
func (p *progress) erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.liveLine.erase()
}

// liveLine is a line that is drawn again and again. It is not safe for concurrent use.
type liveLine struct {
	out   io.Writer
	width func() int // in columns; nil where there is no terminal on which it can be drawn
	drawn bool
}

// newLiveLine finds out whether a stream is a terminal on which a line can be drawn again.
func newLiveLine(out io.Writer) liveLine { return liveLine{out: out, width: liveWidth(out)} }

// liveWidth finds out how wide a line may be that is drawn again and again; nil where
// there is no terminal on which it can be.
func liveWidth(out io.Writer) func() int {
	file := fileOf(out)
	if file == nil || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return nil
	}
	return func() int {
		width, _, err := term.GetSize(int(file.Fd()))
		if err != nil {
			return 0
		}
		return width
	}
}

// draw draws the line anew.
func (l *liveLine) draw(text string) {
	fmt.Fprintf(l.out, "\r%s%s", text, ansi.EraseLineRight)
	l.drawn = true
}

// erase leaves nothing of it.
func (l *liveLine) erase() {
	if l.drawn {
		fmt.Fprint(l.out, "\r"+ansi.EraseLineRight)
	}
}

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
func (p *loadProgress) tell(now reports.LoadProgress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now.Description = p.words
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
