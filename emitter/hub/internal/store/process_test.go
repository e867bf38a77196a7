package store

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The test binary is also the other process that some tests need, if one of these
// variables is set. They hold the path of the file.
const (
	openVariable  = "HUBHOOK_STORE_TEST_OPEN"
	crashVariable = "HUBHOOK_STORE_TEST_CRASH"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(openVariable); path != "" {
		os.Exit(openAsOther(path))
	}
	if path := os.Getenv(crashVariable); path != "" {
		os.Exit(commitUntilKilled(path))
	}
	os.Exit(m.Run())
}

func otherProcess(t *testing.T, variable, path string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(executable)
	command.Env = append(os.Environ(), variable+"="+path)
	command.Stderr = os.Stderr
	return command
}

// openAsOther prints how opening a file ends.
func openAsOther(path string) int {
	s, err := Open(path)
	switch {
	case errors.Is(err, ErrLocked):
		fmt.Println("locked")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println("opened")
		if err := s.Close(); err != nil {
			fmt.Println(err)
		}
	}
	return 0
}

func wantInOther(t *testing.T, path, want string) {
	t.Helper()
	out, err := otherProcess(t, openVariable, path).Output()
	if err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("the other process said %q, %v; want %q", out, err, want)
	}
}

func TestOneProcessHasTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	wantInOther(t, path, "locked")
	mustCommit(t, s, put("k", "1", "x"))
	wantInOther(t, path, "locked")
	mustClose(t, s)
	wantInOther(t, path, "opened")
	wantRecords(t, mustOpen(t, path), record{"k", "1", "x"})
}

func TestOneStoreOfAProcessHasTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	s := mustOpen(t, path)
	_, err := Open(path)
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("Open gave %v", err)
	}
	wantOneLine(t, err, path)
	mustCommit(t, s, put("k", "1", "x"))
	mustClose(t, s)
	wantRecords(t, mustOpen(t, path), record{"k", "1", "x"})
}

// commitUntilKilled commits numbered batches, each of which removes an older one,
// and prints a batch's number once it is on disk.
func commitUntilKilled(path string) int {
	s, err := Open(path)
	if err != nil {
		return complain(err)
	}
	// The log is moved into the file often, so that the end comes then too.
	if _, err := s.db.Exec("PRAGMA wal_autocheckpoint = 20"); err != nil {
		return complain(err)
	}
	number := 0
	err = s.Load(func(_, key string, _ []byte) error {
		number, _, err = batchOf(key)
		return err
	})
	if err != nil {
		return complain(err)
	}
	for {
		number++
		if err := s.Commit(numberedBatch(number)); err != nil {
			return complain(err)
		}
		fmt.Println(number)
	}
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// keptBatches is how many batches there are before the oldest is removed.
const keptBatches = 50

func batchSize(number int) int { return 1 + number%40 }

func numberedBatch(number int) []Change {
	var changes []Change
	for i := range batchSize(number) {
		changes = append(changes, put("batch", batchKey(number, i), batchValue(number, i)))
	}
	if old := number - keptBatches; old > 0 {
		for i := range batchSize(old) {
			changes = append(changes, remove("batch", batchKey(old, i)))
		}
	}
	return changes
}

func batchKey(number, i int) string { return fmt.Sprintf("%08d/%02d", number, i) }

func batchValue(number, i int) string { return strings.Repeat(batchKey(number, i), 1+number%100) }

func batchOf(key string) (number, i int, err error) {
	_, err = fmt.Sscanf(key, "%d/%d", &number, &i)
	return number, i, err
}

func TestWhatWasCommittedOutlivesACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	for _, count := range []int{1, 2, 60, 7, 150, 33} {
		reported := killAfter(t, path, count)
		s := mustOpen(t, path)
		wantWholeBatches(t, s, reported)
		mustClose(t, s)
	}
}

// killAfter kills the other process when it has reported count batches, and returns
// the number of the last that it reported.
func killAfter(t *testing.T, path string, count int) int {
	t.Helper()
	command := otherProcess(t, crashVariable, path)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	last, seen := 0, 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Error(err)
		}
		if seen++; seen == count {
			_ = command.Process.Kill()
		}
	}
	_ = command.Wait() // it was killed
	if seen < count {
		t.Fatalf("the other process ended after %d batches", seen)
	}
	return last
}

// wantWholeBatches requires the last batch that was reported, or the one after it,
// which may have been on disk before it could be reported; and those before it that
// were not removed, each with all that it has.
func wantWholeBatches(t *testing.T, s *Store, reported int) {
	t.Helper()
	got := load(t, s)
	if len(got) == 0 {
		t.Fatalf("nothing is there, though %d batches were committed", reported)
	}
	last, _, err := batchOf(got[len(got)-1].Key)
	if err != nil {
		t.Fatal(err)
	}
	if last != reported && last != reported+1 {
		t.Errorf("the last batch is %d, want %d or the next", last, reported)
	}
	var want []record
	for number := max(1, last-keptBatches+1); number <= last; number++ {
		for i := range batchSize(number) {
			want = append(want, record{"batch", batchKey(number, i), batchValue(number, i)})
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d records up to batch %d, want %d", len(got), last, len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("record %d is %s, want %s", i, got[i].Key, want[i].Key)
		}
	}
}

func FuzzRecordsComeBack(f *testing.F) {
	for _, seed := range []record{{}, {"k", "1", "x"}, {"\x00", "\xff\xfe", "\x00"}, {"'", "\"", "%"}} {
		f.Add([]byte(seed.Kind), []byte(seed.Key), []byte(seed.Value))
	}
	s := mustOpen(f, filepath.Join(f.TempDir(), "hub.db"))
	f.Fuzz(func(t *testing.T, kind, key, value []byte) {
		value = append([]byte{}, value...) // never nil
		mustCommit(t, s, Change{string(kind), string(key), value})
		wantRecords(t, s, record{string(kind), string(key), string(value)})
		mustCommit(t, s, Change{Kind: string(kind), Key: string(key)})
		if left := load(t, s); len(left) != 0 {
			t.Errorf("left are %q", left)
		}
	})
}
