package output

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// AttemptDir is a folder of saved attempts: SEC-03-1.json and so on.
type AttemptDir struct {
	folder string                    // empty to save nothing
	made   []string                  // folders that did not exist before, the outermost first
	saved  map[string][]suites.Saved // by check
}

var attemptName = regexp.MustCompile(`^([A-Z]+-[0-9]+[a-z]*)-[0-9]+\.json$`)

// OpenAttemptDir creates a folder if it does not exist, and checks that attempts can be saved
// in it, before a run begins. Without a folder, nothing is saved.
func OpenAttemptDir(folder string) (*AttemptDir, error) {
	a := &AttemptDir{folder: folder, saved: map[string][]suites.Saved{}}
	if folder == "" {
		return a, nil
	}
	if err := a.open(); err != nil {
		a.Discard()
		return nil, fmt.Errorf("--save: %s: %w", folder, format.WithoutPath(err))
	}
	return a, nil
}

func (a *AttemptDir) open() error {
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
	if err := cmp.Or(os.WriteFile(probe, nil, 0o644), os.Remove(probe)); err != nil {
		return err
	}
	return a.checkOurs()
}

// checkOurs returns an error for a file with the name of an attempt that is none.
func (a *AttemptDir) checkOurs() error {
	entries, err := os.ReadDir(a.folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !attemptName.MatchString(entry.Name()) {
			continue
		}
		if _, err := ReadFile(filepath.Join(a.folder, entry.Name()), suites.ReadSaved); err != nil {
			return fmt.Errorf("there is a %s that hubhook did not write: name another folder", entry.Name())
		}
	}
	return nil
}

// Saver returns a function that takes attempts to be saved, or nil if none are.
func (a *AttemptDir) Saver() func(suites.Saved) {
	if a.folder == "" {
		return nil
	}
	return func(s suites.Saved) { a.saved[s.Check] = append(a.saved[s.Check], s) }
}

// Write replaces the attempts of an earlier run of the checks, and notes the files in the report.
func (a *AttemptDir) Write(report *reports.Report) error {
	var errs []error
	for i := range report.Checks {
		check := &report.Checks[i]
		files, err := a.writeCheck(check.ID)
		if err != nil {
			errs = append(errs, fmt.Errorf("keep what %s sent, for --save: %w", check.ID, format.WithoutPath(err)))
			continue
		}
		check.Saved = files
	}
	return errors.Join(errs...)
}

func (a *AttemptDir) writeCheck(check string) (files []string, err error) {
	for i, saved := range a.saved[check] {
		file := filepath.Join(a.folder, fmt.Sprintf("%s-%d.json", check, i+1))
		if err := writeAttempt(file, saved); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, nil
	}
	return files, a.removeOthers(check, files)
}

// removeOthers removes the attempts of a check that an earlier run saved.
func (a *AttemptDir) removeOthers(check string, files []string) error {
	entries, err := os.ReadDir(a.folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name, file := attemptName.FindStringSubmatch(entry.Name()), filepath.Join(a.folder, entry.Name())
		if name == nil || name[1] != check || slices.Contains(files, file) {
			continue
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

func writeAttempt(file string, saved suites.Saved) error {
	var text bytes.Buffer
	encoder := NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(saved); err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(file), ".hubhook-"+rand.Text())
	err := os.WriteFile(temp, text.Bytes(), 0o644)
	if err == nil {
		err = os.Rename(temp, file)
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}

// Discard removes the folders that were created and are still empty.
func (a *AttemptDir) Discard() {
	for i := len(a.made) - 1; i >= 0; i-- {
		os.Remove(a.made[i]) // which fails if it is not empty
	}
}
