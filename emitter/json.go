package emitter

import (
	"encoding/binary"
	"slices"
	"strconv"
)

const hexDigits = "0123456789abcdef"

// hexPairs are the bytes in hex, two digits each, the first in the lower byte.
var hexPairs = func() (pairs [256]uint16) {
	for i := range pairs {
		pairs[i] = uint16(hexDigits[i>>4]) | uint16(hexDigits[i&15])<<8
	}
	return pairs
}()

// appendHexOf appends bytes in hex.
func appendHexOf(dst, b []byte) []byte {
	dst = slices.Grow(dst, 2*len(b))
	at := len(dst)
	dst = dst[:at+2*len(b)]
	for i, c := range b {
		binary.LittleEndian.PutUint16(dst[at+2*i:], hexPairs[c])
	}
	return dst
}

// appendHex appends bytes as a JSON string of hex digits.
func appendHex(dst, b []byte) []byte {
	return append(appendHexOf(append(dst, '"'), b), '"')
}

func appendNumber(dst []byte, n uint64) []byte {
	if n < 10 {
		return append(dst, byte('0'+n))
	}
	return strconv.AppendUint(dst, n, 10)
}

// appendString appends a JSON string as JavaScript writes it, which is what the
// Hub does: nothing is escaped but what must be.
func appendString(dst []byte, text string) []byte {
	return append(appendText(append(dst, '"'), text), '"')
}

// appendText appends what stands between the quotes of a JSON string.
func appendText(dst []byte, text string) []byte {
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
