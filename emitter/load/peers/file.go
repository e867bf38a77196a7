package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// wholeFile is a file that is written whole or not at all, which shows before anything is measured.
type wholeFile struct {
	name string
	temp *os.File
}

func newWholeFile(name string) (*wholeFile, error) {
	temp, err := os.CreateTemp(filepath.Dir(name), ".peers-")
	if err != nil {
		return nil, fmt.Errorf("--json %s: %w", name, err)
	}
	return &wholeFile{name: name, temp: temp}, nil
}

// write writes a value as JSON and moves the file to its place.
func (f *wholeFile) write(value any) error {
	encoder := json.NewEncoder(f.temp)
	encoder.SetIndent("", " ")
	err := errors.Join(encoder.Encode(value), f.temp.Chmod(0o644), f.temp.Close())
	if err == nil {
		err = os.Rename(f.temp.Name(), f.name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.name, err)
	}
	return nil
}

// discard removes a file that was not written.
func (f *wholeFile) discard() {
	_ = f.temp.Close()
	_ = os.Remove(f.temp.Name())
}
