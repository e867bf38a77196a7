package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// loop serves all connections on one thread: goroutines would cost as much as the leanest client.
type loop struct {
	poll, listener, stop int // files
	conns                []*conn
	events               []unix.EpollEvent
	text                 []byte // what was read last

	stall Stall
	held  []response // that wait for the end of a stall

	logging bool
	log     log
	marks   []uint64
	out     *json.Encoder

	counted     Stats
	first, last int64 // moments, in nanoseconds since 1970
	before      time.Duration
}

// conn is a connection.
type conn struct {
	file int    // -1 if it is closed
	rest []byte // of a request that is not whole yet
}

// A response is due to a request.
type response struct {
	to     *conn
	logged int // where in the log
}

func newLoop(listener, stop int) (*loop, error) {
	l := &loop{listener: listener, stop: stop, events: make([]unix.EpollEvent, 256), text: make([]byte, 256<<10)}
	var err error
	if l.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("poll: %w", err)
	}
	if err := unix.SetNonblock(listener, true); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	for _, file := range []int{listener, stop} {
		if err := l.watch(file); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *loop) watch(file int) error {
	err := unix.EpollCtl(l.poll, unix.EPOLL_CTL_ADD, file, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(file)})
	if err != nil {
		return fmt.Errorf("poll: %w", err)
	}
	return nil
}

func (l *loop) close() {
	for _, c := range l.conns {
		if c != nil && c.file >= 0 {
			unix.Close(c.file)
		}
	}
	unix.Close(l.poll)
}

func (l *loop) run() error {
	for {
		n, err := l.wait()
		if err != nil {
			return fmt.Errorf("poll: %w", err)
		}
		for _, event := range l.events[:n] {
			switch file := int(event.Fd); file {
			case l.stop:
				return nil
			case l.listener:
				if err := l.accept(); err != nil {
					return err
				}
			default:
				l.read(l.conns[file])
			}
		}
		l.release()
	}
}

// wait waits for something to happen, or for the end of a stall, to the microsecond: the
// poll of many files knows only milliseconds.
func (l *loop) wait() (int, error) {
	left := -1
	if len(l.held) > 0 {
		if end := l.stall.end(now()); end > 0 {
			until := unix.NsecToTimespec(end - now())
			if _, err := unix.Ppoll([]unix.PollFd{{Fd: int32(l.poll), Events: unix.POLLIN}}, &until, nil); err != nil &&
				err != unix.EINTR && err != unix.EINVAL {
				return 0, err
			}
		}
		left = 0
	}
	n, err := unix.EpollWait(l.poll, l.events, left)
	if errors.Is(err, unix.EINTR) {
		return 0, nil
	}
	return n, err
}

func now() int64 { return time.Now().UnixNano() }

// accept takes all connections that wait for it.
func (l *loop) accept() error {
	for {
		file, _, err := unix.Accept4(l.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return nil
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.ECONNABORTED):
			continue
		case err != nil:
			return fmt.Errorf("accept: %w", err)
		}
		for len(l.conns) <= file {
			l.conns = append(l.conns, nil)
		}
		l.conns[file] = &conn{file: file}
		l.counted.Connections++
		if err := l.watch(file); err != nil {
			return err
		}
	}
}

func (l *loop) end(c *conn) {
	unix.Close(c.file)
	c.file = -1
}

// read takes what came on a connection.
func (l *loop) read(c *conn) {
	n, err := unix.Read(c.file, l.text)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return
	case err != nil || n == 0:
		l.end(c)
		return
	}
	text := l.text[:n]
	if len(c.rest) > 0 {
		c.rest = append(c.rest, text...)
		text = c.rest
	}
	for len(text) > 0 && c.file >= 0 {
		r, whole, err := parse(text)
		if err != nil {
			l.end(c)
			return
		}
		if !whole {
			break
		}
		l.take(c, r)
		text = text[r.size:]
	}
	c.rest = append(c.rest[:0], text...)
}

// take answers a request, or holds the answer back until the end of a stall.
func (l *loop) take(c *conn, r request) {
	at := now()
	l.count(r, at)
	a := response{to: c}
	if l.logging {
		a.logged = l.log.arrived(r.id, at)
	}
	if len(l.held) > 0 || l.stall.end(at) > 0 {
		l.held = append(l.held, a)
		return
	}
	l.answer(a, at)
}

func (l *loop) count(r request, at int64) {
	if l.counted.Requests == 0 {
		l.first, l.before = at, used()
	}
	l.last = at
	l.counted.Requests++
	l.counted.BodyBytes += uint64(r.body)
	if len(l.marks) > 0 && l.counted.Requests >= l.marks[0] {
		_ = l.out.Encode(Line{Mark: l.marks[0]}) // whoever reads it may be gone
		l.marks = l.marks[1:]
	}
}

// release gives the answers that were held back, unless a stall is going on.
func (l *loop) release() {
	for i, a := range l.held {
		at := now()
		if l.stall.end(at) > 0 {
			l.held = append(l.held[:0], l.held[i:]...)
			return
		}
		if a.to.file >= 0 {
			l.answer(a, at)
		}
	}
	clear(l.held)
	l.held = l.held[:0]
}

var accepted = []byte("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

// answer sends an answer. It fits into what the kernel has room for: whoever does not
// read so little is cut off.
func (l *loop) answer(a response, at int64) {
	if n, err := unix.Write(a.to.file, accepted); err != nil || n < len(accepted) {
		l.end(a.to)
		return
	}
	if l.logging {
		l.log.records[a.logged].answered = at
	}
}
