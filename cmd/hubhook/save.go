package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// attempts is a folder of saved attempts, SEC-03-1.json and so on. The zero value
// keeps nothing.
type attempts struct {
	folder string
	made   []string                  // folders that were not there before, the outermost first
	kept   map[string][]suites.Saved // by check
}

// attemptName is the name of a saved attempt's file.
var attemptName = regexp.MustCompile(`^([A-Z]+-[0-9]+[a-z]*)-[0-9]+\.json$`)

// openAttempts finds out whether attempts can be kept in a folder, which is made where
// there is none, before anything is judged.
func openAttempts(folder string) (*attempts, error) {
	a := &attempts{folder: folder, kept: map[string][]suites.Saved{}}
	if folder == "" {
		return a, nil
	}
	if err := a.open(); err != nil {
		a.discard()
		return nil, fmt.Errorf("--save: %s: %w", folder, withoutPath(err))
	}
	return a, nil
}

func (a *attempts) open() error {
	for dir := filepath.Clean(a.folder); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		a.made = append([]string{dir}, a.made...)
	}
	if err := os.MkdirAll(a.folder, 0o755); err != nil {
		return err
	}
	probe := filepath.Join(a.folder, ".hubhook-"+rand.Text())
	if err := os.WriteFile(probe, nil, 0o644); err != nil {
		return err
	}
	if err := os.Remove(probe); err != nil {
		return err
	}
	return a.checkOurs()
}

// checkOurs finds a file that would be replaced, and is none of ours.
func (a *attempts) checkOurs() error {
	entries, err := os.ReadDir(a.folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !attemptName.MatchString(entry.Name()) {
			continue
		}
		if _, err := readAttempt(filepath.Join(a.folder, entry.Name())); err != nil {
			return fmt.Errorf("there is a %s that hubhook did not write: name another folder", entry.Name())
		}
	}
	return nil
}

// keep is what takes attempts; nil where none are kept.
func (a *attempts) keep() func(suites.Saved) {
	if a.folder == "" {
		return nil
	}
	return func(s suites.Saved) { a.kept[s.Check] = append(a.kept[s.Check], s) }
}

// write writes what was kept, and says in the report where. What an earlier run kept
// of the same checks is gone then.
func (a *attempts) write(report *reports.Report) error {
	var faults []error
	for i := range report.Checks {
		check := &report.Checks[i]
		files, err := a.writeOf(check.ID)
		if err != nil {
			faults = append(faults, fmt.Errorf("keep what %s sent, for --save: %w", check.ID, withoutPath(err)))
			continue
		}
		check.Saved = files
	}
	return errors.Join(faults...)
}

// writeOf writes what was kept of one check.
func (a *attempts) writeOf(check string) (files []string, err error) {
	for i, saved := range a.kept[check] {
		file := filepath.Join(a.folder, fmt.Sprintf("%s-%d.json", check, i+1))
		if err := writeAttempt(file, saved); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, nil
	}
	return files, a.removeAfter(check, len(files))
}

// removeAfter removes what an earlier run kept of a check beyond so many.
func (a *attempts) removeAfter(check string, count int) error {
	entries, err := os.ReadDir(a.folder)
	if err != nil {
		return err
	}
	written := map[string]bool{}
	for i := range count {
		written[fmt.Sprintf("%s-%d.json", check, i+1)] = true
	}
	for _, entry := range entries {
		name := attemptName.FindStringSubmatch(entry.Name())
		if name == nil || name[1] != check || written[entry.Name()] {
			continue
		}
		if err := os.Remove(filepath.Join(a.folder, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// writeAttempt writes a file, whole or not at all.
func writeAttempt(file string, saved suites.Saved) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false) // it stands in no page
	if err := encoder.Encode(saved); err != nil {
		return err
	}
	beside := filepath.Join(filepath.Dir(file), ".hubhook-"+rand.Text())
	err := os.WriteFile(beside, text.Bytes(), 0o644)
	if err == nil {
		err = os.Rename(beside, file)
	}
	if err != nil {
		os.Remove(beside)
	}
	return err
}

// discard removes the folders that were made, where nothing came into them.
func (a *attempts) discard() {
	for i := len(a.made) - 1; i >= 0; i-- {
		os.Remove(a.made[i]) // which fails where there is something in it
	}
}

// readAttempt reads a saved attempt of a file.
func readAttempt(file string) (suites.Saved, error) {
	in, err := os.Open(file)
	if err != nil {
		return suites.Saved{}, withoutPath(err)
	}
	defer in.Close()
	saved, err := suites.ReadSaved(in)
	return saved, withoutPath(err)
}
