package hub

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// commitLine is a line of a commit's body: {"key":…,"value":…}. The value has the
// properties of its key alone.
type commitLine struct {
	Key   string `json:"key"`
	Value struct {
		Summary     string `json:"summary"`
		Description string `json:"description"`
		Parent      string `json:"parentCommit"`

		Path     string `json:"path"`
		OldPath  string `json:"oldPath"`
		Content  string `json:"content"`
		Encoding string `json:"encoding"`
		Algo     string `json:"algo"`
		OID      string `json:"oid"`
		Size     *int64 `json:"size"`
	} `json:"value"`
}

// readCommit reads the body of a commit line by line, so that no more than one file is
// held twice. What is left of a body that is refused is read all the same: clients
// look for an answer when they have sent all of it.
func (c *call) readCommit() (*CommitRequest, error) {
	body, err := readCommitLines(c.Request.Body, c.DB.Room())
	if err != nil {
		io.Copy(io.Discard, c.Request.Body)
	}
	return body, err
}

// readCommitLines reads a commit, with contents of up to so many bytes.
func readCommitLines(r io.Reader, room int64) (*CommitRequest, error) {
	lines := &lineReader{from: bufio.NewReaderSize(r, 64<<10)}
	body, err := readHeader(lines)
	if err != nil {
		return nil, err
	}
	for {
		line, err := lines.next()
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
		if len(body.Operations) == mostCommitOperations {
			return nil, tooLarge("a commit has at most %d operations", mostCommitOperations)
		}
		op, err := line.operation()
		if err != nil {
			return nil, lines.at(err)
		}
		if room -= int64(len(op.Content)); room < 0 {
			return nil, noRoom()
		}
		body.Operations = append(body.Operations, op)
	}
}

func readHeader(lines *lineReader) (*CommitRequest, error) {
	line, err := lines.next()
	if err != nil && err != io.EOF {
		return nil, err
	}
	if err == io.EOF || line.Key != "header" {
		return nil, invalid(`the first line of a commit is {"key":"header","value":{"summary":…}}`)
	}
	v := &line.Value
	switch {
	case v.Summary == "":
		return nil, invalid("the header has no summary")
	case len(v.Summary) > longestSummary || len(v.Description) > longestDescription:
		return nil, tooLarge("a summary has at most %d bytes, and a description %d", longestSummary, longestDescription)
	}
	return &CommitRequest{Summary: v.Summary, Description: v.Description, Parent: v.Parent}, nil
}

// lineReader reads the lines of a commit.
type lineReader struct {
	from   *bufio.Reader
	buffer []byte
	number int
}

// next reads a line, and passes over empty ones.
func (l *lineReader) next() (*commitLine, error) {
	for {
		err := l.fill()
		if len(bytes.TrimSpace(l.buffer)) > 0 {
			line := &commitLine{}
			if err := json.Unmarshal(l.buffer, line); err != nil {
				return nil, l.at(errors.New(DescribeJSON(err)))
			}
			return line, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// fill reads up to the end of a line, or of the body, of which it tells with io.EOF.
func (l *lineReader) fill() error {
	l.buffer = l.buffer[:0]
	l.number++
	for {
		part, err := l.from.ReadSlice('\n')
		if len(l.buffer)+len(part) > longestLine {
			l.buffer = l.buffer[:0]
			return l.at(tooLarge("it is longer than %d bytes: this Hub takes files of up to %d", longestLine, longestFile))
		}
		if cap(l.buffer)-len(l.buffer) < len(part) {
			// Twice as long each time: append alone would copy a long line several times.
			l.buffer = slices.Grow(l.buffer, len(l.buffer)+len(part))
		}
		l.buffer = append(l.buffer, part...)
		switch {
		case err == bufio.ErrBufferFull:
		case err == nil || err == io.EOF:
			return err
		default:
			l.buffer = l.buffer[:0]
			return BodyProblem(err)
		}
	}
}

// at says in which line something is wrong.
func (l *lineReader) at(err error) error {
	var p *problem
	if !errors.As(err, &p) {
		return invalid("line %d: %v", l.number, err)
	}
	placed := *p
	placed.text = fmt.Sprintf("line %d: %s", l.number, p.text)
	return &placed
}
