package reports

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteLoadJSON writes what came of a load run as JSON, indented. Lists are never
// null, and text is not escaped for HTML, so that it reads as it is.
func WriteLoadJSON(w io.Writer, l *Load) error {
	whole := *l
	whole.Thresholds = listed(l.Thresholds)
	whole.Statuses = listed(l.Statuses)
	whole.Faults = listed(l.Faults)
	whole.Curve = listed(l.Curve)
	whole.Intervals = listed(l.Intervals)
	if l.Capacity != nil {
		capacity := *l.Capacity
		capacity.Steps = listed(capacity.Steps)
		whole.Capacity = &capacity
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(whole); err != nil {
		return fmt.Errorf("write the load run as JSON: %w", err)
	}
	return nil
}

// listed is a list, or an empty one where there is none.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
