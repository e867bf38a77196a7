package format

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

var errDiskFull = errors.New("no space left")

// smallDisk takes the first bytes of a file, and then no more.
type smallDisk struct {
	io.WriteCloser
	left int
}

func (d *smallDisk) Write(p []byte) (int, error) {
	n, err := d.WriteCloser.Write(p[:min(len(p), d.left)])
	d.left -= n
	if err == nil && n < len(p) {
		err = errDiskFull
	}
	return n, err
}

func TestFullDiskLeavesNoHalfFile(t *testing.T) {
	form, err := New("ndjson", Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	before := filepath.Join(dir, "repo.update-2.json")
	if err := os.WriteFile(before, []byte("of before"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := NewDirWriter(dir, DirOptions{Format: form})
	if err != nil {
		t.Fatal(err)
	}
	left := 10
	create := f.create
	f.create = func(name string) (io.WriteCloser, error) {
		file, err := create(name)
		return &smallDisk{file, left}, err
	}
	if err := f.Add(delivery.Message{Shape: "repo.update", Body: []byte("1")}); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(delivery.Message{Shape: "repo.update", Body: []byte("1234567890")}); !errors.Is(err, errDiskFull) {
		t.Error(err)
	}
	if err := f.Close(); !errors.Is(err, errDiskFull) {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 || entries[0].Name() != "repo.update-1.json" {
		t.Errorf("left are %v, %v", entries, err)
	}
	if text, err := os.ReadFile(before); err != nil || string(text) != "of before" {
		t.Errorf("what was there became %q, %v", text, err)
	}
}
