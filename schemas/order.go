package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxNesting is how many objects and arrays may stand within each other in a
// schema.
const maxNesting = 100

// propertyOrder reads a schema and gives, for the JSON pointer of each object in
// it, the names of its members in the order in which they are written. JSON
// Schema knows no order, but people who read payloads do, and so the same seed
// gives the same bytes.
func propertyOrder(text []byte) (map[string][]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	order := map[string][]string{}
	if err := encodingFault(text); err != nil {
		return nil, err
	}
	if err := readOrder(d, "", order); err != nil {
		return nil, fmt.Errorf("line %d: %w", lineAt(text, d.InputOffset()), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line %d: more than one value", lineAt(text, d.InputOffset()))
	}
	if len(order) == 0 {
		return nil, errors.New("expected a JSON object")
	}
	return order, nil
}

// readOrder reads one value.
func readOrder(d *json.Decoder, pointer string, order map[string][]string) error {
	if strings.Count(pointer, "/") > maxNesting {
		return fmt.Errorf("more than %d objects and arrays stand within each other", maxNesting)
	}
	token, err := d.Token()
	if err != nil {
		return brokenJSON(err)
	}
	switch token {
	case json.Delim('{'):
		order[pointer] = []string{}
		seen := map[string]bool{}
		for d.More() {
			token, err := d.Token()
			if err != nil {
				return brokenJSON(err)
			}
			name := token.(string)
			if seen[name] {
				return fmt.Errorf("%q stands twice in one object", name)
			}
			seen[name] = true
			order[pointer] = append(order[pointer], name)
			if err := readOrder(d, pointer+"/"+escapePointer(name), order); err != nil {
				return err
			}
		}
		_, err = d.Token()
	case json.Delim('['):
		for i := 0; d.More(); i++ {
			if err := readOrder(d, fmt.Sprintf("%s/%d", pointer, i), order); err != nil {
				return err
			}
		}
		_, err = d.Token()
	}
	return brokenJSON(err)
}

func brokenJSON(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("it ends too early")
	}
	return fmt.Errorf("broken JSON: %w", err)
}

// lineAt is the line, counted from one, of a byte's offset.
func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n"))
}

// unescapePointer undoes what escapePointer does.
func unescapePointer(segment string) string {
	if !strings.Contains(segment, "~") {
		return segment
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(segment)
}

// escapePointer escapes a name for a JSON pointer (RFC 6901, 3).
func escapePointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
