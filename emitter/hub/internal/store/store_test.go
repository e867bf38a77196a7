package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A record is one that Load passes.
type record struct{ Kind, Key, Value string }

func mustOpen(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func mustCommit(t testing.TB, s *Store, changes ...Change) {
	t.Helper()
	if err := s.Commit(changes); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, s *Store) []record {
	t.Helper()
	var list []record
	err := s.Load(func(kind, key string, value []byte) error {
		if value == nil {
			t.Errorf("%q %q came without a value", kind, key)
		}
		list = append(list, record{kind, key, string(value)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func wantRecords(t testing.TB, s *Store, want ...record) {
	t.Helper()
	if diff := cmp.Diff(want, load(t, s)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func put(kind, key, value string) Change { return Change{kind, key, []byte(value)} }

func remove(kind, key string) Change { return Change{Kind: kind, Key: key} }

func TestRecordsOutliveTheStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	mustCommit(t, s, put("webhook", "2", "b"), put("webhook", "1", "a"), put("repo", "9", "r"))
	mustCommit(t, s, put("webhook", "2", "B"), remove("webhook", "1"), remove("webhook", "none"))
	mustClose(t, s)

	s = mustOpen(t, path)
	wantRecords(t, s, record{"repo", "9", "r"}, record{"webhook", "2", "B"})
	mustCommit(t, s, remove("repo", "9"))
	mustClose(t, s)
	wantRecords(t, mustOpen(t, path), record{"webhook", "2", "B"})
}

func TestChangesOfOneBatchFollowEachOther(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "hub.db"))
	mustCommit(t, s,
		put("k", "kept", "1"), remove("k", "kept"), put("k", "kept", "2"), put("k", "kept", "3"),
		put("k", "gone", "1"), remove("k", "gone"))
	wantRecords(t, s, record{"k", "kept", "3"})
}

func TestLoadComparesBytes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	want := []record{
		{"", "", ""}, {"", "\x00", "nul"}, {"", "a", "x"},
		{"\x00", "", "under NUL"},
		{"B", "10", "x"}, {"B", "9", "x"},
		{"a", "", ""}, {"a", "a", "x"}, {"a", "a\x00b", "a\x00b"}, {"a", "a\x00c", "x"}, {"a", "\xc3", "\xff\xfe"},
		{"a\x00", "", "x"}, {"ab", "", "x"}, {"\xff", "\xff", strings.Repeat("\xff", 100_000)},
	}
	s := mustOpen(t, path)
	for i := range want {
		r := want[len(want)-1-i]
		mustCommit(t, s, put(r.Kind, r.Key, r.Value))
	}
	wantRecords(t, s, want...)
	mustClose(t, s)
	wantRecords(t, mustOpen(t, path), want...)
}

func TestLoadEndsWithTheErrorOfItsReceiver(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "hub.db"))
	mustCommit(t, s, put("k", "1", ""), put("k", "2", ""))
	enough := errors.New("enough")
	calls := 0
	err := s.Load(func(string, string, []byte) error { calls++; return enough })
	if err != enough || calls != 1 {
		t.Errorf("got %v after %d records", err, calls)
	}
	mustCommit(t, s, remove("k", "1"))
	wantRecords(t, s, record{"k", "2", ""})
}

func TestPathsMayHoldAnything(t *testing.T) {
	for _, name := range []string{
		"a b.db", "what?.db", "what?mode=memory", "a#b.db", "100%.db", "%41.db", "a&b=c;d.db",
		"file:x.db", ":memory:", "häb.db", "a'b\"c.db", "-x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			s := mustOpen(t, name)
			mustCommit(t, s, put("k", "1", name))
			if names := namesIn(t, "."); !cmp.Equal(names, []string{name, name + "-wal"}) {
				t.Errorf("made %q", names)
			}
			mustClose(t, s)
			wantRecords(t, mustOpen(t, name), record{"k", "1", name})
		})
	}
}

func namesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestOnlyTheOwnerMayReadTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	mustCommit(t, s, put("webhook", "1", "secret"))
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(name), info.Mode())
		}
	}
}

func TestLinkLeadsToTheFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "hub.db"), filepath.Join(dir, "link.db")
	if err := os.Symlink("hub.db", link); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, link)
	mustCommit(t, s, put("k", "1", "x"))
	mustClose(t, s)
	wantRecords(t, mustOpen(t, file), record{"k", "1", "x"})
}

func TestClosedStoreSaysSo(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "hub.db"))
	mustClose(t, s)
	mustClose(t, s)
	if err := s.Commit([]Change{put("k", "1", "")}); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
	if err := s.Load(func(string, string, []byte) error { return nil }); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
}

func TestSpaceOfRemovedRecordsIsUsedAgain(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "hub.db"))
	pages := map[int]int{}
	for round := range 20 {
		mustCommit(t, s, evenPace(round)...)
		var n int
		if err := s.db.QueryRow("PRAGMA page_count").Scan(&n); err != nil {
			t.Fatal(err)
		}
		pages[round] = n
	}
	if pages[19] > pages[9]*11/10 {
		t.Errorf("the file grew from %d pages after 10 rounds to %d after 20", pages[9], pages[19])
	}
}

// evenPace adds as many records as it removes of the round before.
func evenPace(round int) []Change {
	var changes []Change
	for i := range 300 {
		changes = append(changes,
			put("k", fmt.Sprintf("%06d-%03d", round, i), strings.Repeat("x", 100+i*5)),
			remove("k", fmt.Sprintf("%06d-%03d", round-1, i)))
	}
	return changes
}

func TestLogDoesNotGrowWithoutEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	value := strings.Repeat("x", 4<<20)
	for i := range 12 { // 48 MB in all
		mustCommit(t, s, put("k", fmt.Sprint(i%2), value))
	}
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 24<<20 {
		t.Errorf("the log has %d bytes", info.Size())
	}
}
