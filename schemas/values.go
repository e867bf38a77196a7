package schemas

import (
	"encoding/json"
	"errors"
	"io"
)

// Values reads JSON values one after another, as Stream does, and gives each to
// take as it stands, byte for byte, together with the line, counted from one, in
// which it begins. It ends at the first error: of the input, with its line, or of
// take.
func Values(input io.Reader, take func(line int, value json.RawMessage) error) error {
	lines := &lineCounter{input: input, line: 1}
	d := json.NewDecoder(lines)
	for {
		var value json.RawMessage
		err := d.Decode(&value)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return lines.fault(err)
		}
		if err := take(lines.at(d.InputOffset()-int64(len(value))), value); err != nil {
			return err
		}
	}
}
