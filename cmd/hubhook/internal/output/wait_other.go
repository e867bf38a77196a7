//go:build !unix

package output

import (
	"os"
	"syscall"
)

// untilWritable is never called where files do not become non-blocking.
func untilWritable(*os.File) error { return syscall.EAGAIN }
