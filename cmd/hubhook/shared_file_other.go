//go:build !unix

package main

import (
	"os"
	"syscall"
)

// untilWritable is not asked for where files never refuse what they cannot take at once.
func untilWritable(*os.File) error { return syscall.EAGAIN }
