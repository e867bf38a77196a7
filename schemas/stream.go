package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Stream reads JSON values one after another, be it one that spans many lines
// or one on each line (NDJSON), and gives each to judge together with the line,
// counted from one, in which it begins. It ends at the first error: of the
// input, with its line, or of judge.
func Stream(input io.Reader, judge func(line int, doc any) error) error {
	lines := &lineCounter{input: input, line: 1}
	d := json.NewDecoder(lines)
	for {
		var raw json.RawMessage
		err := d.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lines.fault(err)
		}
		line := lines.at(d.InputOffset() - int64(len(raw)))
		doc, err := Decode(raw)
		if err != nil {
			return fmt.Errorf("line %d: broken JSON: %w", line, err)
		}
		if err := judge(line, doc); err != nil {
			return err
		}
	}
}

// lineCounter knows the line of each offset from the last one asked for.
type lineCounter struct {
	input  io.Reader
	read   int64
	breaks []int64 // offsets of line breaks that are still ahead
	line   int     // of what comes before the first of them
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.input.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.breaks = append(c.breaks, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// at is the line of an offset, which must not lie before an earlier one.
func (c *lineCounter) at(offset int64) int {
	passed := 0
	for passed < len(c.breaks) && c.breaks[passed] < offset {
		passed++
	}
	c.breaks = c.breaks[passed:]
	c.line += passed
	return c.line
}

// fault adds to a decoder's error the line in which it was found. An input that
// ends too early is at fault in its last line.
func (c *lineCounter) fault(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: broken JSON: %w", c.at(syntax.Offset-1), err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d: broken JSON: it ends in the middle of a value", c.at(c.read-1))
	}
	return err
}
