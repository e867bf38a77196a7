package main

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
)

// reportFile is a file that a report of some kind goes to, whole or not at all: it is
// written beside what stands there, and takes its place at the end.
type reportFile[R any] struct {
	flag   string
	path   string
	named  string      // the path as it was given
	beside string      // what is written first, where it is not written directly
	adds   bool        // to what stands there, instead of taking its place
	mode   fs.FileMode // of what stands there; zero where nothing does
	file   *os.File
	render func(io.Writer, R) error
}

// outputs are the files that reports go to. They are opened before anything is
// judged, so that no run is lost to a path that cannot be written.
type outputs[R any] []*reportFile[R]

// openOutputs opens the files that are named; those without a path are left out. What
// they hold is kept until there is something to write.
func openOutputs[R any](wanted ...reportFile[R]) (outputs[R], error) {
	var files outputs[R]
	for _, next := range wanted {
		if next.path == "" {
			continue
		}
		for _, other := range files {
			if filepath.Clean(other.named) == filepath.Clean(next.path) && !isDevice(next.path) {
				files.discard()
				return nil, fmt.Errorf("%s and %s both go to %s: name two files", other.flag, next.flag, other.named)
			}
		}
		next.named = next.path
		if err := next.open(); err != nil {
			files.discard()
			return nil, fmt.Errorf("%s: %s: %w", next.flag, next.named, withoutPath(err))
		}
		files = append(files, &next)
	}
	return files, nil
}

// isDevice tells whether a path is one of the system's own, such as /dev/stdout:
// what it leads to must not be replaced, even where that is a file.
func isDevice(path string) bool {
	clean := filepath.ToSlash(filepath.Clean(path))
	return strings.HasPrefix(clean, "/dev/") || strings.HasPrefix(clean, "/proc/")
}

// open finds out how the file can be written, and opens what is written first.
func (f *reportFile[R]) open() (err error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.openBeside()
	case err != nil:
		return err
	case isDevice(f.path) || !info.Mode().IsRegular() || f.adds:
		f.file, err = os.OpenFile(f.path, os.O_WRONLY|os.O_APPEND, 0)
		return err
	}
	// What must not be written must not be replaced either.
	there, err := os.OpenFile(f.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	there.Close()
	if f.path, err = filepath.EvalSymlinks(f.path); err != nil {
		return err
	}
	f.mode = info.Mode().Perm()
	return f.openBeside()
}

// openBeside opens a new file in the same folder.
func (f *reportFile[R]) openBeside() (err error) {
	f.beside = filepath.Join(filepath.Dir(f.path), ".hubhook-"+rand.Text())
	f.file, err = os.OpenFile(f.beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	return err
}

// withoutPath drops the path from an error: that of the file beside says nothing to
// a user.
func withoutPath(err error) error {
	var at *fs.PathError
	var between *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &between):
		return between.Err
	}
	return err
}

func (f *reportFile[R]) isWhole() bool { return f.beside != "" }

func (f *reportFile[R]) isDirect() bool { return !f.isWhole() }

// write writes the report to those files that are wanted. It tells of all that
// cannot be written.
func (o outputs[R]) write(report R, wanted func(*reportFile[R]) bool) error {
	var faults []error
	for _, f := range o {
		if !wanted(f) {
			continue
		}
		if err := f.write(report); err != nil {
			faults = append(faults, fmt.Errorf("write the report for %s: %w", f.flag, withoutPath(err)))
		}
	}
	return errors.Join(faults...)
}

func (f *reportFile[R]) write(report R) error {
	out := bufio.NewWriter(f.file)
	if f.adds && f.isDirect() {
		out.WriteString("\n") // the last line that is there may have no end
	}
	if err := f.render(out, report); err != nil {
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
	return os.Rename(f.beside, f.path)
}

// discard drops what was not written whole.
func (o outputs[R]) discard() {
	for _, f := range o {
		f.file.Close()
		if f.isWhole() {
			os.Remove(f.beside) // which is gone where it took its place
		}
	}
}
