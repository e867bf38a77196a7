package delivery

import (
	"encoding/hex"
)

// formatUUID writes a UUID of version 4.
func formatUUID(b [16]byte) string { return string(AppendUUID(nil, b)) }

// AppendUUID appends a UUID of version 4.
func AppendUUID(dst []byte, b [16]byte) []byte {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	dst = append(hex.AppendEncode(dst, b[:4]), '-')
	dst = append(hex.AppendEncode(dst, b[4:6]), '-')
	dst = append(hex.AppendEncode(dst, b[6:8]), '-')
	dst = append(hex.AppendEncode(dst, b[8:10]), '-')
	return hex.AppendEncode(dst, b[10:])
}
