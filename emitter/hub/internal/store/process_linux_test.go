package store

import (
	"os"
	"path/filepath"
	"testing"
)

// A program may copy its own file, for a backup.
func TestReadingTheFileLeavesItLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	mustOpen(t, path)
	if _, err := os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	wantInOther(t, path, "locked")
}
