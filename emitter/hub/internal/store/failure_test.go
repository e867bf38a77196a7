package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A fault makes writes between a batch and the disk fail.
type fault struct {
	name        string
	begin, end  func(t *testing.T, s *Store)
	want        error // may be nil: any
	wantMessage string
}

func pragma(format string, a ...any) func(*testing.T, *Store) {
	return func(t *testing.T, s *Store) {
		t.Helper()
		if _, err := s.db.Exec(fmt.Sprintf(format, a...)); err != nil {
			t.Fatal(err)
		}
	}
}

func rename(from, to string) func(*testing.T, *Store) {
	return func(t *testing.T, s *Store) {
		t.Helper()
		if err := os.Rename(s.path+from, s.path+to); err != nil {
			t.Fatal(err)
		}
	}
}

func both(first, second func(*testing.T, *Store)) func(*testing.T, *Store) {
	return func(t *testing.T, s *Store) { first(t, s); second(t, s) }
}

func writeEmpty(t *testing.T, s *Store) {
	t.Helper()
	if err := os.WriteFile(s.path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func faults() []fault {
	return []fault{
		{"the disk is full", pragma("PRAGMA max_page_count = 30"), pragma("PRAGMA max_page_count = 1000000"), ErrFull, "the disk is full"},
		{"writing is not allowed", pragma("PRAGMA query_only = ON"), pragma("PRAGMA query_only = OFF"), nil, "readonly"},
		{"the file is moved away", rename("", ".moved"), rename(".moved", ""), nil, "hub.db was removed or replaced"},
		{"the log is moved away", rename("-wal", ".moved"), rename(".moved", "-wal"), nil, "hub.db-wal was removed or replaced"},
		{"the file is replaced", both(rename("", ".moved"), writeEmpty), rename(".moved", ""), nil, "hub.db was removed or replaced"},
	}
}

func TestFailedCommitChangesNothing(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hub.db")
			s := mustOpen(t, path)
			mustCommit(t, s, put("k", "1", "before"), put("k", "2", "before"))

			f.begin(t, s)
			err := s.Commit(largeBatch())
			if err == nil || f.want != nil && !errors.Is(err, f.want) {
				t.Fatalf("Commit gave %v", err)
			}
			wantOneLine(t, err, path, f.wantMessage)
			wantRecords(t, s, record{"k", "1", "before"}, record{"k", "2", "before"})

			f.end(t, s)
			mustCommit(t, s, put("k", "1", "after"))
			mustClose(t, s)
			wantRecords(t, mustOpen(t, path), record{"k", "1", "after"}, record{"k", "2", "before"})
		})
	}
}

// largeBatch has more than a file of 30 pages can take, and small changes first.
func largeBatch() []Change {
	batch := []Change{put("k", "1", "half"), remove("k", "2"), put("k", "3", "half")}
	for i := range 100 {
		batch = append(batch, put("large", fmt.Sprint(i), strings.Repeat("x", 8000)))
	}
	return batch
}

func wantOneLine(t *testing.T, err error, parts ...string) {
	t.Helper()
	text := err.Error()
	if strings.ContainsRune(text, '\n') {
		t.Errorf("%q has several lines", text)
	}
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}
