//go:build !unix

package dispatch

import "os/exec"

// killTogether leaves it at killing the command: there are no groups of processes.
func killTogether(*exec.Cmd) {}
