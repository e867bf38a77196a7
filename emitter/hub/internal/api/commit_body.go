package api

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// commitLine is a line of a commit's body: {"key":…,"value":…}. The value has the
// properties of its key only.
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
func (c *call) readCommit() (*domain.CommitRequest, error) {
	body, err := readCommitLines(c.Request.Body, c.DB.Room())
	if err != nil {
		io.Copy(io.Discard, c.Request.Body)
	}
	return body, err
}

// readCommitLines reads a commit, with contents of up to room bytes.
func readCommitLines(r io.Reader, room int64) (*domain.CommitRequest, error) {
	lines := newLineReader(r)
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
		if len(body.Operations) == MaxCommitOperations {
			return nil, problem.TooLarge("a commit has at most %d operations", MaxCommitOperations)
		}
		op, err := line.operation()
		if err != nil {
			return nil, lines.at(err)
		}
		if room -= int64(len(op.Content)); room < 0 {
			return nil, domain.NoRoom()
		}
		body.Operations = append(body.Operations, op)
	}
}

func readHeader(lines *lineReader) (*domain.CommitRequest, error) {
	line, err := lines.next()
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case err == io.EOF || line.Key != "header":
		return nil, problem.Invalid(`the first line of a commit is {"key":"header","value":{"summary":…}}`)
	}
	v := &line.Value
	switch {
	case v.Summary == "":
		return nil, problem.Invalid("the header has no summary")
	case len(v.Summary) > MaxSummary || len(v.Description) > maxDescription:
		return nil, problem.TooLarge("a summary has at most %d bytes, and a description %d", MaxSummary, maxDescription)
	}
	return &domain.CommitRequest{Summary: v.Summary, Description: v.Description, Parent: v.Parent}, nil
}

type lineReader struct {
	*bufio.Scanner
	number int
}

func newLineReader(r io.Reader) *lineReader {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), MaxLine)
	return &lineReader{Scanner: lines}
}

// next reads a line, and passes over empty ones. At the end it returns io.EOF.
func (l *lineReader) next() (*commitLine, error) {
	for l.number++; l.Scan() && l.Err() == nil; l.number++ {
		if len(bytes.TrimSpace(l.Bytes())) == 0 {
			continue
		}
		line := &commitLine{}
		if err := json.Unmarshal(l.Bytes(), line); err != nil {
			return nil, l.at(errors.New(problem.DescribeJSON(err)))
		}
		return line, nil
	}
	switch err := l.Err(); err {
	case nil:
		return nil, io.EOF
	case bufio.ErrTooLong:
		return nil, l.at(problem.TooLarge("it is longer than %d bytes: this Hub takes files of up to %d", MaxLine, MaxFile))
	default:
		return nil, router.BodyProblem(err)
	}
}

func (l *lineReader) at(err error) error {
	var p *problem.Error
	if !errors.As(err, &p) {
		return problem.Invalid("line %d: %v", l.number, err)
	}
	placed := *p
	placed.Text = fmt.Sprintf("line %d: %s", l.number, p.Text)
	return &placed
}

func (l *commitLine) operation() (domain.FileOperation, error) {
	v := &l.Value
	op := domain.FileOperation{Path: v.Path, Old: v.OldPath}
	var err error
	switch l.Key {
	case "file":
		op.Kind = domain.PutFile
		err = l.readFile(&op)
	case "lfsFile":
		op.Kind = domain.PutFile
		err = l.readLFS(&op)
	case "deletedFile":
		op.Kind = domain.DeleteFile
	case "deletedFolder":
		op.Kind, op.Path = domain.DeleteFolder, strings.TrimSuffix(op.Path, "/")
	default:
		err = problem.Invalid("the key %q is none of file, lfsFile, deletedFile and deletedFolder", problem.Short(l.Key))
	}
	if err == nil && op.Old != "" {
		err = domain.CheckPath(op.Old)
	}
	return op, cmp.Or(err, domain.CheckPath(op.Path))
}

// readFile takes the content of a file from its line, if it has one: a file that is
// renamed has none.
func (l *commitLine) readFile(op *domain.FileOperation) error {
	v := &l.Value
	if v.Content == "" && v.OldPath != "" {
		return nil
	}
	switch v.Encoding {
	case "base64":
		var err error
		if op.Content, err = base64.StdEncoding.DecodeString(v.Content); err != nil {
			return problem.Invalid("the content of %q is not in base64", problem.Short(v.Path))
		}
	case "", "utf-8":
		op.Content = []byte(v.Content)
	default:
		return problem.Invalid("the encoding %q is neither base64 nor utf-8", problem.Short(v.Encoding))
	}
	if len(op.Content) > MaxFile {
		return problem.TooLarge("%q has %d bytes: this Hub takes files of up to %d",
			problem.Short(v.Path), len(op.Content), MaxFile)
	}
	op.Old = ""
	op.File = domain.GitFile(op.Content)
	return nil
}

func (l *commitLine) readLFS(op *domain.FileOperation) error {
	v := &l.Value
	if v.OID == "" && v.OldPath != "" {
		return nil
	}
	if v.Algo != "sha256" && v.Algo != "" || !domain.SHA256Form.MatchString(v.OID) {
		return problem.Invalid("the oid of %q is no SHA-256 in lower case", problem.Short(v.Path))
	}
	op.Old = ""
	op.File = domain.File{OID: v.OID, LFS: true, Size: domain.UnknownSize}
	if v.Size != nil {
		if *v.Size < 0 {
			return problem.Invalid("the size of %q is below zero", problem.Short(v.Path))
		}
		op.File.Size = *v.Size
	}
	return nil
}
