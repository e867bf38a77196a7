package output

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
	"github.com/hubhook/hubhook/reports/terminal"
	"github.com/hubhook/hubhook/suites/check"
)

// CheckProgress shows how far a run of checks has come: on a terminal in one line that is
// drawn again and again, elsewhere in a line now and then.
type CheckProgress struct {
	liveLine
	now func() time.Time // for tests

	began    time.Time
	check    check.Check
	done, of int
	failed   int
}

// How often progress is shown, on a terminal and elsewhere.
const (
	redrawEvery = time.Second
	lineEvery   = 10 * time.Second
)

// NewCheckProgress returns the progress of a run that begins now.
func NewCheckProgress(out io.Writer) *CheckProgress {
	return &CheckProgress{liveLine: newLiveLine(out), now: time.Now, began: time.Now()}
}

// Start shows progress at each tick until stop is called.
func (p *CheckProgress) Start(ticks <-chan time.Time) (stop func()) {
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
		p.Erase()
	}
}

// CheckStarted notes that a check begins, after done of all checks.
func (p *CheckProgress) CheckStarted(c check.Check, done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.check, p.done, p.of = c, done, of
	p.draw()
}

// CheckEnded counts a check.
func (p *CheckProgress) CheckEnded(c reports.Check) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if c.Status == reports.Failed && !c.Known {
		p.failed++
	}
}

func (p *CheckProgress) tick() {
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

func (p *CheckProgress) elapsed() time.Duration { return p.now().Sub(p.began).Round(time.Second) }

// draw draws the line. It ends before the last column, where some terminals begin a new one.
func (p *CheckProgress) draw() {
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

// liveLine is a line of a terminal that is drawn again and again.
type liveLine struct {
	mu    sync.Mutex // also of what the line shows
	out   io.Writer
	width func() int // in columns; nil if out is no terminal on which a line can be drawn again
	drawn bool
}

func newLiveLine(out io.Writer) liveLine { return liveLine{out: out, width: liveWidth(out)} }

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

// Interval returns how often progress is to be shown.
func (l *liveLine) Interval() time.Duration {
	if l.width != nil {
		return redrawEvery
	}
	return lineEvery
}

func (l *liveLine) draw(text string) {
	fmt.Fprintf(l.out, "\r%s%s", text, ansi.EraseLineRight)
	l.drawn = true
}

// Erase removes the line from a terminal.
func (l *liveLine) Erase() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.drawn {
		fmt.Fprint(l.out, "\r"+ansi.EraseLineRight)
	}
}

// LoadProgress shows how a load goes, as CheckProgress does.
type LoadProgress struct {
	liveLine
	profile colorprofile.Profile // of the terminal
	step    string               // of a search, and its rate
}

// NewLoadProgress returns the progress of a load that is shown on out.
func NewLoadProgress(out io.Writer) *LoadProgress {
	return &LoadProgress{liveLine: newLiveLine(out), profile: colorprofile.Detect(out, os.Environ())}
}

// StartStep notes that a step of a search begins, with a rate per second.
func (p *LoadProgress) StartStep(step int, rate float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step = fmt.Sprintf("step %d: %s/s", step, humanize.CommafWithDigits(rate, 2))
	if p.width == nil {
		fmt.Fprintln(p.out, p.step)
	}
}

// Update shows where the load is now.
func (p *LoadProgress) Update(now reports.LoadProgress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now.Description = p.step
	if p.width == nil {
		fmt.Fprintln(p.out, terminal.ProgressLog(now))
		return
	}
	p.draw(terminal.ProgressLine(now, terminal.Options{Profile: p.profile, Width: p.width() - 1}))
}
