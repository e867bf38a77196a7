package schemas

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// streamBuffer is how much is read at once, in bytes.
const streamBuffer = 64 << 10

// DecodeStream reads JSON values one after another, be it one that spans many lines
// or one on each line (NDJSON), and gives each to judge together with the line,
// counted from one, in which it begins. It ends at the first error: of the
// input, with its line, or of judge.
func DecodeStream(input io.Reader, judge func(line int, doc any) error) error {
	return decodeEach(input, func(line int, doc any) error {
		if err := checkNumbers(doc); err != nil {
			return fmt.Errorf("line %d: broken JSON: %w", line, err)
		}
		return judge(line, doc)
	})
}

// RawStream reads JSON values as Stream does, and gives each to take as it stands,
// byte for byte.
func RawStream(input io.Reader, take func(line int, value json.RawMessage) error) error {
	return decodeEach(input, take)
}

// decodeEach decodes one value after another.
func decodeEach[T any](input io.Reader, take func(line int, value T) error) error {
	lines := &lineCounter{input: bufio.NewReaderSize(input, streamBuffer), line: 1, text: -1}
	d := json.NewDecoder(lines)
	d.UseNumber()
	for {
		end := d.InputOffset()
		var value T
		err := d.Decode(&value)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lines.wrapError(err)
		}
		if err := take(lines.lineOfContentAfter(end), value); err != nil {
			return err
		}
	}
}

// lineCounter knows the line of each offset from the last one asked for.
type lineCounter struct {
	input io.Reader
	head  []byte // the first bytes of all
	read  int64
	ahead []lineEnd // lines that end after the last offset asked for
	text  int64     // offset of the last byte but blanks so far; -1 where there is none in this line
	line  int       // of what comes before the first of those ahead
}

// lineEnd is where a line ends.
type lineEnd struct {
	at   int64 // offset of the line break
	text int64 // offset of the last byte but blanks; -1 where there is none
}

// headBytes are enough to tell a text's encoding.
const headBytes = 3

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.input.Read(p)
	if missing := headBytes - len(c.head); missing > 0 {
		c.head = append(c.head, p[:min(n, missing)]...)
	}
	for rest, offset := p[:n], c.read; len(rest) > 0; {
		part, _, broken := bytes.Cut(rest, []byte("\n"))
		if at := len(bytes.TrimRight(part, " \t\r")) - 1; at >= 0 {
			c.text = offset + int64(at)
		}
		if !broken {
			break
		}
		offset += int64(len(part))
		c.ahead = append(c.ahead, lineEnd{at: offset, text: c.text})
		offset++
		rest, c.text = rest[len(part)+1:], -1
	}
	c.read += int64(n)
	return n, err
}

// lineOfContentAfter is the line in which something other than blanks follows an
// offset, which must not lie before an earlier one.
func (c *lineCounter) lineOfContentAfter(offset int64) int {
	return c.advance(func(line lineEnd) bool { return line.text < offset })
}

// lineOf is the line of an offset, which must not lie before an earlier one.
func (c *lineCounter) lineOf(offset int64) int {
	return c.advance(func(line lineEnd) bool { return line.at < offset })
}

// advance goes on to the first line that is not passed.
func (c *lineCounter) advance(passed func(lineEnd) bool) int {
	n := 0
	for n < len(c.ahead) && passed(c.ahead[n]) {
		n++
	}
	c.ahead = c.ahead[n:]
	c.line += n
	return c.line
}

// wrapError adds to a decoder's error the line in which it was found. An input that
// ends too early is at fault in its last line.
func (c *lineCounter) wrapError(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		if wrong := encodingError(c.head); wrong != nil {
			return fmt.Errorf("line 1: broken JSON: %w", wrong)
		}
		return fmt.Errorf("line %d: broken JSON: %w", c.lineOf(syntax.Offset-1), err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d: broken JSON: it ends in the middle of a value", c.lineOf(c.read-1))
	}
	return err
}

// encodingError knows the byte order marks that some editors and shells put
// before a text. JSON allows none, and no encoding but UTF-8 (RFC 8259, 8.1).
func encodingError(head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return errors.New("it begins with a byte order mark, which JSON does not allow: remove it, or save the text as UTF-8 without BOM")
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errors.New("it is UTF-16, and JSON is UTF-8: save the text as UTF-8 without BOM")
	}
	return nil
}
