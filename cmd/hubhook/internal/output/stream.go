package output

import (
	"errors"
	"io"
	"os"
	"syscall"

	"github.com/hubhook/hubhook/reports/terminal"
)

// SharedFile is a file that other processes write to as well, such as a terminal or the log
// of a CI job. One of them may have made it non-blocking: Node does so with the pipe that its
// output goes to, for every process that has the same one.
type SharedFile struct{ File *os.File }

// Write writes all of a text, and waits while the file cannot take more.
func (s SharedFile) Write(text []byte) (written int, err error) {
	for {
		n, err := s.File.Write(text[written:])
		written += n
		if !errors.Is(err, syscall.EAGAIN) {
			return written, err
		}
		if err := untilWritable(s.File); err != nil {
			return written, err
		}
	}
}

func fileOf(out io.Writer) *os.File {
	switch out := out.(type) {
	case *os.File:
		return out
	case SharedFile:
		return out.File
	}
	return nil
}

// TerminalOptions returns the options for reports to out: colors and width, if it is a terminal.
func TerminalOptions(out io.Writer) terminal.Options {
	if file := fileOf(out); file != nil {
		return terminal.OptionsFor(file)
	}
	return terminal.Options{}
}
