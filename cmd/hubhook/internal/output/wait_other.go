//go:build !unix

package output

import (
	"os"
	"syscall"
)

// untilWritable does nothing: files do not become non-blocking here.
func untilWritable(*os.File) error { return syscall.EAGAIN }
