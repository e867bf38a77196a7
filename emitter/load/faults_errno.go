//go:build !windows

package load

import "syscall"

var errnos = errnosOf{
	files:       []error{syscall.EMFILE, syscall.ENFILE},
	ports:       []error{syscall.EADDRNOTAVAIL, syscall.EADDRINUSE},
	refused:     []error{syscall.ECONNREFUSED},
	reset:       []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE},
	unreachable: []error{syscall.EHOSTUNREACH, syscall.EHOSTDOWN, syscall.ENETUNREACH, syscall.ENETDOWN, syscall.ETIMEDOUT},
}
