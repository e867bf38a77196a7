package main

import (
	"io"

	"golang.org/x/sys/unix"
)

// widePipe is the capacity of a pipe in bytes, and the most that Linux gives
// without asking (fs.pipe-max-size).
const widePipe = 1 << 20

// widen gives a pipe more room: with the usual 64 KiB, writer and reader wait for
// each other most of the time. Where that fails, it is only slower.
func widen(out io.Writer) {
	if file := fileOf(out); file != nil {
		_, _ = unix.FcntlInt(file.Fd(), unix.F_SETPIPE_SZ, widePipe)
	}
}
