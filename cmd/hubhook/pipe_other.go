//go:build !linux

package main

import "io"

// widen does nothing where a pipe has the size that it has.
func widen(io.Writer) {}
