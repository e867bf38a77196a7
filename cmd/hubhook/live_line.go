package main

import (
	"fmt"
	"io"
	"os"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

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
