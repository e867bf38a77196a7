package client

import (
	"net"
	"sync/atomic"
	"time"
)

// upload writes a long request while its response is read. A handler may answer before it
// has read all; if that is more than sockets buffer, both sides would write and neither
// would read.
type upload struct {
	conn    net.Conn
	request []byte
	written atomic.Int64
	ended   chan error
}

const (
	// uploadThreshold is the size in bytes of the smallest request written like that, and of
	// each write. It is well under what sockets buffer.
	uploadThreshold = 64 << 10
	// uploadGrace is how long a handler that has answered may take none of the rest before
	// the upload ends.
	uploadGrace = 200 * time.Millisecond
)

func newUpload(conn net.Conn, request []byte) *upload {
	u := &upload{conn: conn, request: request, ended: make(chan error, 1)}
	go func() { u.ended <- u.run() }()
	return u
}

func (u *upload) run() error {
	for rest := u.request; len(rest) > 0; {
		n, err := u.conn.Write(rest[:min(len(rest), uploadThreshold)])
		if err != nil {
			return err
		}
		rest = rest[n:]
		u.written.Add(int64(n))
	}
	return nil
}

// finish waits until all is written that is wanted, and reports whether that is the whole
// request. The request is not used any more then.
func (u *upload) finish(wanted bool) (whole bool) {
	for before := int64(-1); wanted; {
		select {
		case err := <-u.ended:
			return err == nil
		case <-time.After(uploadGrace):
			now := u.written.Load()
			wanted, before = now > before, now
		}
	}
	u.conn.SetWriteDeadline(past())
	<-u.ended
	return false
}
