//go:build !windows

package client

import "syscall"

var errnos = errnoSets{
	files:   []error{syscall.EMFILE, syscall.ENFILE},
	ports:   []error{syscall.EADDRNOTAVAIL, syscall.EADDRINUSE},
	refused: []error{syscall.ECONNREFUSED},
	reset:   []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE},
	unreachable: []error{syscall.EHOSTUNREACH, syscall.EHOSTDOWN, syscall.ENETUNREACH, syscall.ENETDOWN,
		syscall.ETIMEDOUT},
}
