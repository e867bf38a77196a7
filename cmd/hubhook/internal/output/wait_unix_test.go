//go:build unix

package output

import (
	"bytes"
	"io"
	"os"
	"syscall"
	"testing"
)

// All that hubhook writes to a pipe arrives, though another process made it non-blocking.
func TestNonBlockingPipeGetsEverything(t *testing.T) {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		t.Fatal(err)
	}
	read, write := os.NewFile(uintptr(ends[0]), "read"), os.NewFile(uintptr(ends[1]), "write")
	defer read.Close()
	if err := syscall.SetNonblock(ends[1], true); err != nil { // after the file was made, as another process does
		t.Fatal(err)
	}
	text := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	written := make(chan error, 1)
	go func() {
		_, err := SharedFile{write}.Write(text)
		write.Close()
		written <- err
	}()
	came, err := io.ReadAll(read)
	if err != nil || !bytes.Equal(came, text) {
		t.Errorf("%d of %d bytes arrived: %v", len(came), len(text), err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestPipeThatNobodyReadsIsAnError(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	defer write.Close()
	if _, err := (SharedFile{write}).Write([]byte("text")); err == nil {
		t.Error("nothing says that nobody reads")
	}
}
