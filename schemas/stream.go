package schemas

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// streamBuffer is the size of a read, in bytes.
const streamBuffer = 64 << 10

// DecodeStream decodes JSON values one after another, each of any number of lines, and
// calls yield for each with the line, from one, in which it begins. It returns the first
// error: of the input, with its line, or of yield.
func DecodeStream(input io.Reader, yield func(line int, doc any) error) error {
	return decodeEach(input, func(line int, doc any) error {
		if err := checkNumbers(doc); err != nil {
			return fmt.Errorf("line %d: broken JSON: %w", line, err)
		}
		return yield(line, doc)
	})
}

// RawStream reads like DecodeStream for values that aren't decoded.
func RawStream(input io.Reader, yield func(line int, value json.RawMessage) error) error {
	return decodeEach(input, yield)
}

func decodeEach[T any](input io.Reader, yield func(line int, value T) error) error {
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
		if err := yield(lines.lineOfContentAfter(end), value); err != nil {
			return err
		}
	}
}

// lineCounter is a reader that knows the lines of increasing offsets.
type lineCounter struct {
	input io.Reader
	head  []byte // the first headBytes
	read  int64
	ahead []lineEnd // of the lines that end after the last requested offset
	text  int64     // offset of the last byte of this line that is no blank; -1 if there is none
	line  int       // that the first of ahead ends
}

type lineEnd struct {
	at   int64 // offset of the line break
	text int64 // offset of the last byte that is no blank; -1 if there is none
}

// headBytes suffice to recognize an encoding.
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

// lineOfContentAfter returns the line of the first byte that is no blank after an offset.
// Offsets must not decrease.
func (c *lineCounter) lineOfContentAfter(offset int64) int {
	return c.advance(func(line lineEnd) bool { return line.text < offset })
}

// lineOf returns the line of an offset. Offsets must not decrease.
func (c *lineCounter) lineOf(offset int64) int {
	return c.advance(func(line lineEnd) bool { return line.at < offset })
}

func (c *lineCounter) advance(passed func(lineEnd) bool) int {
	n := 0
	for n < len(c.ahead) && passed(c.ahead[n]) {
		n++
	}
	c.ahead = c.ahead[n:]
	c.line += n
	return c.line
}

// wrapError adds the line to a decoder's error: the last one if the input ends too early.
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

// encodingError returns an error if a text begins with a byte order mark, as some editors
// and shells write. JSON allows none, and no encoding but UTF-8 (RFC 8259, 8.1).
func encodingError(head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return errors.New("it begins with a byte order mark, which JSON does not allow: " +
			"remove it, or save the text as UTF-8 without BOM")
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errors.New("it is UTF-16, and JSON is UTF-8: save the text as UTF-8 without BOM")
	}
	return nil
}
