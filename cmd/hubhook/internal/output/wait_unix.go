//go:build unix

package output

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// untilWritable waits until a file takes more, or returns why it never will.
func untilWritable(file *os.File) error {
	waiting := []unix.PollFd{{Fd: int32(file.Fd()), Events: unix.POLLOUT}}
	for {
		if _, err := unix.Poll(waiting, -1); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
