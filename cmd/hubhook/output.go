package main

import (
	"fmt"
	"io"
	"os"

	"github.com/hubhook/hubhook/reports"
)

// outputs are the files that reports go to. They are opened before anything is
// judged, so that no run is lost to a path that cannot be written.
type outputs struct {
	json, junit *os.File // nil where not asked for
}

// openOutputs opens the files that are named. What they hold is kept until
// there is something to write.
func openOutputs(json, junit string) (o outputs, err error) {
	if o.json, err = openOutput("--json", json); err != nil {
		return o, err
	}
	if o.junit, err = openOutput("--junit", junit); err != nil {
		o.close()
	}
	return o, err
}

func openOutput(flag, path string) (*os.File, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return file, nil
}

func (o outputs) close() {
	for _, file := range []*os.File{o.json, o.junit} {
		if file != nil {
			file.Close()
		}
	}
}

// write writes the report to all files.
func (o outputs) write(report *reports.Report) error {
	for _, to := range []struct {
		file   *os.File
		render func(io.Writer, *reports.Report) error
	}{{o.json, reports.WriteJSON}, {o.junit, reports.WriteJUnit}} {
		if to.file == nil {
			continue
		}
		if err := rewrite(to.file, func() error { return to.render(to.file, report) }); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return nil
}

// rewrite replaces what a file holds. What is no regular file, such as a pipe,
// holds nothing.
func rewrite(file *os.File, write func() error) error {
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		if err := file.Truncate(0); err != nil {
			return err
		}
	}
	return write()
}
