package output

import (
	"io"

	"golang.org/x/sys/unix"
)

// widePipe is the capacity of a pipe in bytes: the most that Linux grants without privileges
// (fs.pipe-max-size).
const widePipe = 1 << 20

// Widen makes the buffer of a pipe larger: with the usual 64 KiB, writer and reader wait for
// each other most of the time. If that fails, writing is only slower.
func Widen(out io.Writer) {
	if file := fileOf(out); file != nil {
		_, _ = unix.FcntlInt(file.Fd(), unix.F_SETPIPE_SZ, widePipe)
	}
}
