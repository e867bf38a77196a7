package client

import (
	"bytes"
	"strconv"
	"strings"
)

type simpleResponse struct {
	status     int
	size, body int64 // bytes: of all of it, and of its body without the framing of chunks
	keep       bool
}

// parseSimple reads the head of a response: final, of HTTP/1.1, with well-formed lines, and
// a body with a length or in chunks that are all there. It returns false for others, right
// or wrong: net/http reads them.
func parseSimple(text []byte) (simpleResponse, bool) {
	p := simpleResponse{keep: true}
	at, ok := p.statusLine(text)
	if !ok {
		return p, false
	}
	f := framing{length: -1}
	for {
		end := bytes.IndexByte(text[at:], '\n')
		if end < 1 || text[at+end-1] != '\r' {
			return p, false
		}
		line := text[at : at+end-1]
		at += end + 1
		if len(line) == 0 {
			return p, p.frame(text, at, f)
		}
		if !p.field(line, &f) {
			return p, false
		}
	}
}

const (
	statusAt = len("HTTP/1.1 ")
	reasonAt = len("HTTP/1.1 200")
)

// statusLine reads the first line and returns where the next begins.
func (p *simpleResponse) statusLine(text []byte) (next int, ok bool) {
	if len(text) < reasonAt+2 || string(text[:statusAt]) != "HTTP/1.1 " {
		return 0, false
	}
	class, tens, ones := text[statusAt]-'0', text[statusAt+1]-'0', text[statusAt+2]-'0'
	if class < 2 || class > 5 || tens > 9 || ones > 9 {
		return 0, false
	}
	p.status = int(class)*100 + int(tens)*10 + int(ones)
	end := bytes.IndexByte(text, '\n')
	if end < reasonAt+1 || text[end-1] != '\r' || end > reasonAt+1 && text[reasonAt] != ' ' {
		return 0, false
	}
	return end + 1, true
}

type framing struct {
	length  int64 // -1: unknown
	chunked bool
	closing bool // Connection was there
}

// field reads a line of the head. It returns false for what is left to net/http.
func (p *simpleResponse) field(line []byte, f *framing) bool {
	name := bytes.IndexByte(line, ':')
	if name < 1 || !isName(line[:name]) || !isValue(line[name+1:]) {
		return false
	}
	value := bytes.Trim(line[name+1:], " \t")
	switch name {
	case len("connection"):
		if equalFold(line[:name], "connection") {
			p.keep = equalFold(value, "keep-alive")
			known := !f.closing && (p.keep || equalFold(value, "close"))
			f.closing = true
			return known
		}
	case len("content-length"):
		if equalFold(line[:name], "content-length") {
			known := f.length < 0
			f.length = parseNumber(value, 10, 15)
			return known && f.length >= 0
		}
	case len("transfer-encoding"):
		if equalFold(line[:name], "transfer-encoding") {
			known := !f.chunked
			f.chunked = true
			return known && equalFold(value, "chunked")
		}
	case len("trailer"):
		return !equalFold(line[:name], "trailer")
	}
	return true
}

func (p *simpleResponse) frame(text []byte, at int, f framing) bool {
	p.size = int64(at)
	switch {
	case p.status == 204 || p.status == 304:
		return true // they have no body, whatever its length field says
	case f.chunked:
		return f.length < 0 && p.chunks(text)
	}
	p.body = f.length
	p.size += f.length
	return f.length >= 0
}

// chunks reads a body in chunks that is all there and has neither extensions nor trailers.
func (p *simpleResponse) chunks(text []byte) bool {
	for {
		line := bytes.IndexByte(text[p.size:], '\r')
		if line < 0 {
			return false
		}
		size := parseNumber(text[p.size:p.size+int64(line)], 16, 7)
		data := p.size + int64(line+len(lineEnd))
		next := data + size + int64(len(lineEnd))
		if size < 0 || next > int64(len(text)) || text[data-1] != '\n' || string(text[data+size:next]) != lineEnd {
			return false
		}
		p.size, p.body = next, p.body+size
		if size == 0 {
			return true
		}
	}
}

// equalFold reports whether text is an ASCII word in whatever case.
func equalFold(text []byte, word string) bool {
	return len(text) == len(word) && strings.EqualFold(string(text), word)
}

// isName reports whether text is an ordinary name of a field (RFC 9110, 5.6.2).
func isName(text []byte) bool {
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isValue reports whether text may be the value of a field (RFC 9110, 5.5).
func isValue(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// parseNumber parses digits; it returns -1 for anything else, and for more digits than most.
func parseNumber(text []byte, base, most int) int64 {
	if len(text) > most {
		return -1
	}
	n, err := strconv.ParseUint(string(text), base, 63)
	if err != nil {
		return -1
	}
	return int64(n)
}
