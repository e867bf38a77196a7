//go:build !linux

package output

import "io"

// Widen does nothing: the size of a pipe cannot be changed here.
func Widen(io.Writer) {}
