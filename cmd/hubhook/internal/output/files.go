// Package output is where verbs of hubhook write results and progress: report files that
// are replaced whole or not at all, saved attempts, a terminal's last line, and lines on
// standard output for deliveries, replays and validated payloads.
//
// It decides nothing about results; reports and pages are made in package reports.
package output

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hubhook/hubhook/emitter/format"
)

// File is a file for a report of type R. It is replaced whole or not at all: the report goes to
// a temporary file beside it, which is renamed at the end.
type File[R any] struct {
	Flag   string                   // that names the file, for errors
	Path   string                   // empty for a file that is not wanted
	Append bool                     // whether to append to an existing file, instead of replacing it
	Render func(io.Writer, R) error // writes the report

	named string      // Path as it was given; Path follows links
	temp  string      // the temporary file's path; empty if Path is written directly
	mode  fs.FileMode // of the existing file; zero if there is none
	file  *os.File
}

// Files are the files for a report. They are opened before a run begins, so that none is lost
// to a path that cannot be written.
type Files[R any] []*File[R]

// OpenFiles opens the files that have a path. Existing ones are kept until Write.
func OpenFiles[R any](wanted ...File[R]) (Files[R], error) {
	var files Files[R]
	for _, next := range wanted {
		if next.Path == "" {
			continue
		}
		for _, other := range files {
			if filepath.Clean(other.named) == filepath.Clean(next.Path) && !isDevice(next.Path) {
				files.Discard()
				return nil, fmt.Errorf("%s and %s both go to %s: name two files", other.Flag, next.Flag, other.named)
			}
		}
		next.named = next.Path
		if err := next.open(); err != nil {
			files.Discard()
			return nil, fmt.Errorf("%s: %s: %w", next.Flag, next.named, format.WithoutPath(err))
		}
		files = append(files, &next)
	}
	return files, nil
}

// isDevice reports whether a path is one of the system's own, such as /dev/stdout: what it
// leads to must not be replaced, even if that is a file.
func isDevice(path string) bool {
	clean := filepath.ToSlash(filepath.Clean(path))
	return strings.HasPrefix(clean, "/dev/") || strings.HasPrefix(clean, "/proc/")
}

// open finds out whether the file can be replaced, and opens it or its temporary file.
func (f *File[R]) open() (err error) {
	info, err := os.Stat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.openTemp()
	case err != nil:
		return err
	case isDevice(f.Path) || !info.Mode().IsRegular() || f.Append:
		f.file, err = os.OpenFile(f.Path, os.O_WRONLY|os.O_APPEND, 0)
		return err
	}
	// A file that must not be written must not be replaced either.
	existing, err := os.OpenFile(f.Path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	existing.Close()
	if f.Path, err = filepath.EvalSymlinks(f.Path); err != nil {
		return err
	}
	f.mode = info.Mode().Perm()
	return f.openTemp()
}

func (f *File[R]) openTemp() (err error) {
	f.temp = filepath.Join(filepath.Dir(f.Path), ".hubhook-"+rand.Text())
	f.file, err = os.OpenFile(f.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	return err
}

// ReadFile reads a file by a function. Errors do not repeat its path.
func ReadFile[T any](path string, read func(io.Reader) (T, error)) (value T, err error) {
	in, err := os.Open(path)
	if err == nil {
		defer in.Close()
		value, err = read(in)
	}
	return value, format.WithoutPath(err)
}

func (f *File[R]) isDirect() bool { return f.temp == "" }

// Write writes the report to the files, and calls a function that writes it to the terminal.
// An error of one does not keep it from the others. Files that are replaced come first, for
// the terminal may be a pipe that nobody reads any more. Those that are written directly come
// last, for they may be the terminal.
func (o Files[R]) Write(report R, terminal func() error) error {
	return errors.Join(o.writeEach(report, false), terminal(), o.writeEach(report, true))
}

func (o Files[R]) writeEach(report R, direct bool) error {
	var errs []error
	for _, f := range o {
		if f.isDirect() != direct {
			continue
		}
		if err := f.write(report); err != nil {
			errs = append(errs, fmt.Errorf("write the report for %s: %w", f.Flag, format.WithoutPath(err)))
		}
	}
	return errors.Join(errs...)
}

func (f *File[R]) write(report R) error {
	out := bufio.NewWriter(f.file)
	if f.Append && f.isDirect() {
		out.WriteString("\n") // the last line may not have ended
	}
	if err := f.Render(out, report); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if f.mode != 0 {
		if err := f.file.Chmod(f.mode); err != nil {
			return err
		}
	}
	if err := f.file.Close(); err != nil || f.isDirect() {
		return err
	}
	return os.Rename(f.temp, f.Path)
}

// Discard closes the files, and removes temporary ones that Write did not rename.
func (o Files[R]) Discard() {
	for _, f := range o {
		f.file.Close()
		if !f.isDirect() {
			os.Remove(f.temp)
		}
	}
}
