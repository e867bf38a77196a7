package client

import "bytes"

// simpleResponse is an answer that is as most are.
type simpleResponse struct {
	status     int
	size, body int64 // bytes: of all of it, and of its body without what frames chunks
	keep       bool
}

// parseSimple reads the head of an answer: one of HTTP/1.1 that is final, has a body
// with a length, or in chunks that are all there, and lines as they should be. Of
// others it says that they are not so, be they right or wrong: net/http reads them.
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

// statusLine reads the first line, and tells where the next begins.
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

// framing is what fields say of where a body ends.
type framing struct {
	length  int64 // -1: not said
	chunked bool
	closing bool // Connection was said
}

// field reads a line of the head. It is false where that is to be left to net/http.
func (p *simpleResponse) field(line []byte, f *framing) bool {
	name := bytes.IndexByte(line, ':')
	if name < 1 || !isName(line[:name]) || !isValue(line[name+1:]) {
		return false
	}
	value := bytes.Trim(line[name+1:], " \t")
	switch name {
	case len("connection"):
		if isText(line[:name], "connection") {
			p.keep = isText(value, "keep-alive")
			known := !f.closing && (p.keep || isText(value, "close"))
			f.closing = true
			return known
		}
	case len("content-length"):
		if isText(line[:name], "content-length") {
			known := f.length < 0
			f.length = number(value)
			return known && f.length >= 0
		}
	case len("transfer-encoding"):
		if isText(line[:name], "transfer-encoding") {
			known := !f.chunked
			f.chunked = true
			return known && isText(value, "chunked")
		}
	case len("trailer"):
		return !isText(line[:name], "trailer")
	}
	return true
}

// frame finds out where the body ends that begins at a place.
func (p *simpleResponse) frame(text []byte, at int, f framing) bool {
	p.size = int64(at)
	switch {
	case p.status == 204 || p.status == 304:
		return true // they have no body, whatever is said of its length
	case f.chunked:
		return f.length < 0 && p.chunks(text)
	}
	p.body = f.length
	p.size += f.length
	return f.length >= 0
}

// chunks reads a body in chunks that is all there, and has neither extensions nor
// trailers.
func (p *simpleResponse) chunks(text []byte) bool {
	for {
		line := bytes.IndexByte(text[p.size:], '\r')
		if line < 0 {
			return false
		}
		size := hexNumber(text[p.size : p.size+int64(line)])
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

// isText tells whether a text is a word, which is in lower case, in whatever case.
func isText(text []byte, word string) bool {
	if len(text) != len(word) {
		return false
	}
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// isName tells whether a text is the name of a field as most are (RFC 9110, 5.6.2).
func isName(text []byte) bool {
	for _, c := range text {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isValue tells whether a text may be the value of a field (RFC 9110, 5.5).
func isValue(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// How many digits of a number are read here.
const (
	digitsMax    = 15
	hexDigitsMax = 7
)

// number is what decimal digits say; -1 where there are others, or too many.
func number(text []byte) int64 {
	if len(text) == 0 || len(text) > digitsMax {
		return -1
	}
	n := int64(0)
	for _, c := range text {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// hexNumber is what hexadecimal digits say, as number is.
func hexNumber(text []byte) int64 {
	if len(text) == 0 || len(text) > hexDigitsMax {
		return -1
	}
	n := int64(0)
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		n = n<<4 | int64(c)
	}
	return n
}
