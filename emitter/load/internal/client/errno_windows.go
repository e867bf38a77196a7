package client

import "golang.org/x/sys/windows"

var errnos = errnoSets{
	files:   []error{windows.WSAEMFILE, windows.ERROR_TOO_MANY_OPEN_FILES},
	ports:   []error{windows.WSAEADDRNOTAVAIL, windows.WSAEADDRINUSE, windows.WSAENOBUFS},
	refused: []error{windows.WSAECONNREFUSED},
	reset:   []error{windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAESHUTDOWN},
	unreachable: []error{windows.WSAEHOSTUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETUNREACH, windows.WSAENETDOWN,
		windows.WSAETIMEDOUT},
}
