package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/reports/safetext"
)

// Limits of a report that is read.
const (
	readLimit = 64 << 20 // in bytes; a run of all checks has some 3 MiB
	maxChecks = 10_000
)

// ReadJSON reads a report that WriteJSON wrote. The error is for users.
func ReadJSON(from io.Reader) (*Report, error) {
	text, err := io.ReadAll(io.LimitReader(from, readLimit+1))
	if err != nil {
		return nil, err
	}
	if len(text) > readLimit {
		return nil, notReport("it is longer than %d MiB", readLimit>>20)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := checkDocument(text); err != nil {
		return nil, err
	}
	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, wrongValue(err)
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return &r, nil
}

func notReport(format string, a ...any) error {
	return fmt.Errorf("it is no report of hubhook check --json: "+format, a...)
}

// checkDocument recognizes documents other than a report.
func checkDocument(text []byte) error {
	var document struct {
		Schema any             `json:"schema"`
		Format any             `json:"format"` // of saved attempts
		Checks json.RawMessage `json:"checks"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	err := decoder.Decode(&document)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return notReport("there is nothing in it")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return notReport("it breaks off after %d bytes", len(text))
	case errors.As(err, &syntax):
		return notReport("it is no JSON from byte %d on: %s", syntax.Offset, safetext.Line(syntax.Error()))
	case errors.As(err, &kind) && kind.Field == "":
		return notReport("it is JSON, but no object: %s", kind.Value)
	case err != nil:
		return wrongValue(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return notReport("something follows the report: one file holds one")
	}
	return checkSchema(document.Schema, document.Format, document.Checks)
}

// checkSchema recognizes other documents by what they say of themselves.
func checkSchema(schema, format any, checks json.RawMessage) error {
	name, named := schema.(string)
	other, formatted := format.(string)
	family := strings.TrimSuffix(ReportSchema, "1")
	switch {
	case named && name != ReportSchema && strings.HasPrefix(name, family):
		return notReport("its form is %.40q, and this hubhook knows %s: take a newer hubhook", name, ReportSchema)
	case schema != nil && name != ReportSchema:
		return notReport("its form is %.40q, not %s", fmt.Sprint(schema), ReportSchema)
	case schema == nil && formatted:
		return notReport("its form is %.40q", other)
	case checks == nil:
		return notReport("there are no checks in it")
	}
	return nil
}

func wrongValue(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return notReport("%s is a %s, and must be another kind of value", safetext.Line(kind.Field), kind.Value)
	}
	return notReport("%s", safetext.Line(err.Error()))
}

// check returns an error for what cannot be in a report.
func (r *Report) check() error {
	if r.Checks == nil {
		return notReport("there are no checks in it")
	}
	if n := len(r.Checks); n > maxChecks {
		return notReport("it has %d checks, and at most %d are read", n, maxChecks)
	}
	if !slices.Contains(Statuses(), r.Verdict) {
		return notReport("its verdict is %.40q, which is none", r.Verdict)
	}
	seen := map[string]bool{}
	for i, check := range r.Checks {
		switch {
		case strings.TrimSpace(check.ID) == "":
			return notReport("check %d has no ID", i+1)
		case seen[check.ID]:
			return notReport("it has the check %.40q twice", check.ID)
		case !slices.Contains(Statuses(), check.Status):
			return notReport("the verdict on %.40q is %.40q, which is none", check.ID, check.Status)
		}
		seen[check.ID] = true
	}
	return nil
}
