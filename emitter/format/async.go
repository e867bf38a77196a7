package format

import "io"

// asyncWriter writes one buffer while the next is filled: whoever reads a pipe takes as
// long as a payload does to be made.
type asyncWriter struct {
	full  chan []byte
	empty chan written
}

// written is a buffer that was written, and what went wrong with that.
type written struct {
	buffer []byte
	err    error
}

// pumpBuffer is how much is written at once, in bytes.
const pumpBuffer = 64 << 10

// newAsyncWriter starts to write. It must be closed.
func newAsyncWriter(w io.Writer) *asyncWriter {
	p := &asyncWriter{full: make(chan []byte), empty: make(chan written, 2)}
	p.empty <- written{buffer: p.buffer()}
	go func() {
		defer close(p.empty)
		var err error
		for buffer := range p.full {
			if err == nil {
				_, err = w.Write(buffer)
			}
			p.empty <- written{buffer[:0], err}
		}
	}()
	return p
}

// buffer is a new one, with room for the payload that goes beyond its size.
func (p *asyncWriter) buffer() []byte { return make([]byte, 0, pumpBuffer+pumpBuffer/4) }

// swap gives a full buffer away for an empty one. The error is that of a buffer
// before.
func (p *asyncWriter) swap(buffer []byte) ([]byte, error) {
	p.full <- buffer
	next := <-p.empty
	return next.buffer, next.err
}

// close writes the last buffer, and waits until all is written.
func (p *asyncWriter) close(buffer []byte) error {
	if len(buffer) > 0 {
		p.full <- buffer
	}
	close(p.full)
	var err error
	for last := range p.empty {
		err = last.err
	}
	return err
}
