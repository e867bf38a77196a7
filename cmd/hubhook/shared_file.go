package main

import (
	"errors"
	"io"
	"os"
	"syscall"

	"github.com/hubhook/hubhook/reports"
)

// sharedFile is a file that others write to as well, such as a terminal or the log of a CI
// job. One of them may have it refuse what it cannot take at once: Node does so with the
// pipe that its output goes to, for all who have the same one.
type sharedFile struct{ file *os.File }

// Write writes all of it, and waits where the file cannot take more.
func (s sharedFile) Write(text []byte) (written int, err error) {
	for {
		n, err := s.file.Write(text[written:])
		written += n
		if !errors.Is(err, syscall.EAGAIN) {
			return written, err
		}
		if err := untilWritable(s.file); err != nil {
			return written, err
		}
	}
}

// fileOf is the file that is written to; nil where there is none.
func fileOf(out io.Writer) *os.File {
	switch out := out.(type) {
	case *os.File:
		return out
	case sharedFile:
		return out.file
	}
	return nil
}

// terminalOptions are those of standard output, where that is what it is.
func terminalOptions(std streams) reports.TerminalOptions {
	if file := fileOf(std.out); file != nil {
		return reports.TerminalOptionsFor(file)
	}
	return reports.TerminalOptions{}
}
