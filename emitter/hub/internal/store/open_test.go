package store

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestForeignFilesAreLeftAlone(t *testing.T) {
	for name, text := range map[string][]byte{
		"text":                        []byte("name: my notes\n"),
		"long text":                   []byte(strings.Repeat("my notes ", 2000)),
		"one byte":                    {0},
		"another program's database":  foreignDatabase(t),
		"a database's header alone":   foreignDatabase(t)[:headerSize],
		"less than a database's head": foreignDatabase(t)[:40],
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hub.db")
			wantRefused(t, path, text, ErrForeign)
		})
	}
}

// wantRefused requires that a file is not opened, and neither changed nor joined by
// another.
func wantRefused(t *testing.T, path string, text []byte, want error) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path)
	if !errors.Is(err, want) {
		t.Fatalf("Open gave %v", err)
	}
	wantOneLine(t, err, path, want.Error())
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, text) {
		t.Errorf("the file was changed, %v", err)
	}
	if names := namesIn(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("there are %q", names)
	}
}

// foreignDatabase returns the bytes of a database without the application id of ours.
func foreignDatabase(t *testing.T) []byte {
	t.Helper()
	return databaseWith(t, "CREATE TABLE note (text)")
}

// databaseWith returns a database's bytes after some statements.
func databaseWith(t *testing.T, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	mustClose(t, &Store{db: otherDatabase(t, path, statements...)})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// otherDatabase opens a database as another program would.
func otherDatabase(t *testing.T, path string, statements ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// A foreign database whose program crashed has a log, which opening it in SQLite
// would move into it.
func TestForeignLogIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	theirs := filepath.Join(dir, "theirs.db")
	otherDatabase(t, theirs, "PRAGMA journal_mode = WAL", "CREATE TABLE note (text)")
	crashed := filepath.Join(t.TempDir(), "hub.db")
	before := map[string][]byte{}
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(theirs + suffix)
		if err != nil || len(text) == 0 {
			t.Fatal(len(text), err)
		}
		if err := os.WriteFile(crashed+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
		before[suffix] = text
	}
	if _, err := Open(crashed); !errors.Is(err, ErrForeign) {
		t.Fatalf("Open gave %v", err)
	}
	for suffix, text := range before {
		if after, err := os.ReadFile(crashed + suffix); err != nil || !bytes.Equal(after, text) {
			t.Errorf("hub.db%s was changed, %v", suffix, err)
		}
	}
}

func TestFileOfANewerHubhookIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	mustCommit(t, s, put("k", "1", "x"))
	mustClose(t, s)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(text[headerUserVersion:], layoutVersion+1)
	wantRefused(t, path, text, ErrNewer)
}

// The log may know what the file does not yet.
func TestVersionInTheLogCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	pragma("PRAGMA user_version = %d", layoutVersion+1)(t, s)
	crashed := filepath.Join(t.TempDir(), "hub.db")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(crashed); !errors.Is(err, ErrNewer) {
		t.Errorf("Open gave %v", err)
	}
}

func TestDamagedFileIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	mustCommit(t, s, evenPace(1)...)
	mustClose(t, s)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 8192
	for name, damage := range map[string]func([]byte) []byte{
		"cut off in its second page": func(b []byte) []byte { return b[:page+100] },
		"cut off between pages":      func(b []byte) []byte { return b[:3*page] },
		"a page of zeros":            func(b []byte) []byte { clear(b[page : 2*page]); return b },
		"a page of other bytes":      func(b []byte) []byte { copy(b[2*page:], b[:page]); return b },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hub.db")
			if err := os.WriteFile(path, damage(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(path)
			if err == nil {
				defer s.Close()
				err = s.Load(func(string, string, []byte) error { return nil })
			}
			if !errors.Is(err, errDamaged) {
				t.Fatalf("the error is %v", err)
			}
			wantOneLine(t, err)
		})
	}
}

func TestEmptyFileIsTakenForANewOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, path)
	wantRecords(t, s)
	mustCommit(t, s, put("k", "1", "x"))
}

func TestPlacesWithoutAFile(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, path, message string
		want                error
	}{
		{"no folder", filepath.Join(dir, "none", "hub.db"), "there is no folder " + filepath.Join(dir, "none"), fs.ErrNotExist},
		{"a folder", dir, dir, ErrForeign},
		{"a device", os.DevNull, os.DevNull, ErrForeign},
		{"no name", "", "no such file", nil},
		{"NUL in the name", filepath.Join(dir, "a\x00b"), "invalid argument", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.path)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Fatalf("Open gave %v", err)
			}
			wantOneLine(t, err, c.message)
		})
	}
}
