package world

import (
	"encoding/binary"
	"slices"
	"strconv"
)

const hexDigits = "0123456789abcdef"

// hexPairs has the bytes in hex, two digits each, the first in the lower byte.
var hexPairs = func() (pairs [256]uint16) {
	for i := range pairs {
		pairs[i] = uint16(hexDigits[i>>4]) | uint16(hexDigits[i&15])<<8
	}
	return pairs
}()

// AppendHex appends bytes in hex.
func AppendHex(dst, b []byte) []byte {
	dst = slices.Grow(dst, 2*len(b))
	at := len(dst)
	dst = dst[:at+2*len(b)]
	for i, c := range b {
		binary.LittleEndian.PutUint16(dst[at+2*i:], hexPairs[c])
	}
	return dst
}

// AppendID appends an id as a JSON string. Ids and commits are in every payload, several times; that their length is
// constant saves the checks of bounds.
func AppendID(dst []byte, id *ObjectID) []byte {
	const size = 2*len(id) + 2
	dst = slices.Grow(dst, size)
	dst = dst[:len(dst)+size]
	text := (*[size]byte)(dst[len(dst)-size:])
	text[0], text[size-1] = '"', '"'
	for i, c := range id {
		pair := hexPairs[c]
		text[1+2*i], text[2+2*i] = byte(pair), byte(pair>>8)
	}
	return dst
}

// AppendSHA appends a commit as a JSON string.
func AppendSHA(dst []byte, h *SHA) []byte {
	const size = 2*len(h) + 2
	dst = slices.Grow(dst, size)
	dst = dst[:len(dst)+size]
	text := (*[size]byte)(dst[len(dst)-size:])
	text[0], text[size-1] = '"', '"'
	for i, c := range h {
		pair := hexPairs[c]
		text[1+2*i], text[2+2*i] = byte(pair), byte(pair>>8)
	}
	return dst
}

// AppendNumber appends a number in decimal.
func AppendNumber(dst []byte, n uint64) []byte {
	if n < 10 {
		return append(dst, byte('0'+n))
	}
	return strconv.AppendUint(dst, n, 10)
}

// AppendString appends a JSON string as JavaScript writes it, which is what the Hub does: it escapes only what must
// be.
func AppendString(dst []byte, text string) []byte {
	return append(AppendEscaped(append(dst, '"'), text), '"')
}

// AppendEscaped appends what comes between the quotes of a JSON string.
func AppendEscaped(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// DecodeHex decodes a text of exactly as many bytes as dst has, in lower-case hex.
func DecodeHex(dst []byte, text string) bool {
	if len(text) != 2*len(dst) {
		return false
	}
	for i := range dst {
		high, low := hexValue(text[2*i]), hexValue(text[2*i+1])
		if high|low > 15 {
			return false
		}
		dst[i] = high<<4 | low
	}
	return true
}

// hexValue returns the value of a hex digit; above 15 if it is none.
func hexValue(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}
