package html

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// A textRun is a piece of a text. An odd one stands for a character that would be
// invisible, or would reorder others.
type textRun struct {
	Text string
	Odd  bool
}

func textRuns(text string) (runs []textRun) {
	start := 0
	for i, r := range text {
		if isSeen(r) {
			continue
		}
		if start < i {
			runs = append(runs, textRun{Text: text[start:i]})
		}
		runs = append(runs, textRun{safetext.Escape(string(r), ""), true})
		start = i + utf8.RuneLen(r)
	}
	if start < len(text) {
		runs = append(runs, textRun{Text: text[start:]})
	}
	return runs
}

// isSeen reports whether a character is visible, or is a visible break.
func isSeen(r rune) bool { return unicode.IsPrint(r) || r == '\n' || r == '\t' }

// The longest texts that a page has, in bytes.
const (
	maxLine       = 2 << 10  // a header, or a line of a reason
	maxTrace      = 8 << 10  // where something went wrong in this tool
	maxBody       = 16 << 10 // a body, if there is room for it
	minText       = 64       // of each, if there is hardly any
	maxHeaders    = 60       // of a message
	roomOfHeaders = 400_000  // for those of all messages together
	roomOfBodies  = 1400_000 // for all bodies together, as they are written
	roomOfCurls   = 600_000  // for all commands together
)

// pageLimits are the longest body, command and header that a page has room for, in bytes
// as written.
type pageLimits struct{ body, command, line int }

func (b *pageBuilder) limitsOf(r *reports.Report) pageLimits {
	var bodies, commands, lines []int
	for _, check := range r.Checks {
		for i, x := range check.Exchanges {
			if i == check.DecisiveIndex() || check.Status == reports.Failed {
				commands = append(commands, writtenLength(x.Curl))
			}
			bodies = append(bodies, b.whole(x.Request.Body).length)
			lines = append(lines, headerLengths(x.Request.Headers)...)
			if x.Response != nil {
				lines = append(lines, headerLengths(x.Response.Headers)...)
				bodies = append(bodies, b.whole(x.Response.Body).length)
			}
		}
	}
	whole := func(n, limit int) int { return min(n, limit) }
	return pageLimits{
		body: limitOf(bodies, roomOfBodies, maxBody, whole),
		line: limitOf(lines, roomOfHeaders, maxLine, whole),
		command: limitOf(commands, roomOfCurls, wording.MaxCurl, func(n, limit int) int {
			if n > limit {
				return minText // of what stands in its place
			}
			return n
		}),
	}
}

func headerLengths(headers []reports.Header) (lengths []int) {
	for _, h := range headers[:min(len(headers), maxHeaders)] {
		lengths = append(lengths, writtenLength(h.Name+h.Value))
	}
	return lengths
}

// limitOf returns the greatest limit with which texts of these lengths fit, where written
// is what is written of one.
func limitOf(lengths []int, room, limit int, written func(n, limit int) int) int {
	for ; limit > minText; limit /= 2 {
		sum := 0
		for _, n := range lengths {
			sum += written(n, limit)
		}
		if sum <= room {
			break
		}
	}
	return limit
}

func writtenLength(text string) (length int) {
	for _, r := range text {
		length += writtenRune(r)
	}
	return length
}

// writtenRune returns the length of a character in a page, where some are written as
// "&#34;" or in words.
func writtenRune(r rune) int {
	switch r {
	case '"', '\'', '&', '<', '>', '+':
		return len("&#34;")
	}
	switch {
	case r >= ' ' && r <= '~':
		return 1
	case !isSeen(r):
		return len(`<i>\u202e</i>`)
	}
	return utf8.RuneLen(r)
}

// excerpt returns as much of a text as fits a limit, in bytes as written.
func excerpt(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if part := text[:fitsIn(text, limit)]; part != text {
		return part + "…"
	}
	return text
}

// fitsIn returns how many bytes of a text fit a limit, in bytes as written.
func fitsIn(text string, limit int) int {
	size := 0
	for i, r := range text {
		if size += writtenRune(r); size > limit {
			return i
		}
	}
	return len(text)
}

// curl returns a command, or where to find it: a command that is cut would do harm.
func (l pageLimits) curl(command string) string {
	if n := writtenLength(command); n > l.command {
		return fmt.Sprintf("# too long to be shown, %s: --save DIR keeps what was sent, for hubhook replay",
			english.Plural(len(command), "byte", ""))
	}
	return wording.EscapeCode(command)
}
