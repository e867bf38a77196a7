//go:build !unix

package hub

import "os/exec"

// killTogether leaves it at killing the command: there are no groups of processes.
func killTogether(*exec.Cmd) {}
