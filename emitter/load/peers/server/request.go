package server

import (
	"bytes"
	"errors"
	"strconv"
)

// request is what the server must know of one.
type request struct {
	id   []byte // its Webhook-Id; a part of the text
	body int    // bytes
	size int    // bytes, the head's included
}

// maxBody is how long a body may be.
const maxBody = 64 << 20

var errRequest = errors.New("a request without a length that can be read")

// parse reads a request, which must have a Content-Length; false if it is not whole yet.
func parse(text []byte) (r request, whole bool, err error) {
	end := bytes.Index(text, []byte("\r\n\r\n"))
	if end < 0 {
		return r, false, nil
	}
	for head := text[:end]; len(head) > 0; {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte("\r\n"))
		switch {
		case named(line, "Content-Length:"):
			if r.body, err = strconv.Atoi(string(bytes.TrimSpace(line[len("Content-Length:"):]))); err != nil || r.body < 0 ||
				r.body > maxBody {
				return r, false, errRequest
			}
		case named(line, "Webhook-Id:"):
			r.id = bytes.TrimSpace(line[len("Webhook-Id:"):])
		case named(line, "Transfer-Encoding:"):
			return r, false, errRequest
		}
	}
	r.size = end + len("\r\n\r\n") + r.body
	return r, len(text) >= r.size, nil
}

func named(line []byte, name string) bool {
	return len(line) >= len(name) && line[0]|0x20 == name[0]|0x20 && bytes.EqualFold(line[:len(name)], []byte(name))
}
