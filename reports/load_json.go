package reports

import (
	"fmt"
	"io"
)

// WriteLoadJSON writes what came of a load run as JSON, indented. Lists are never
// null, and text is not escaped for HTML, so that it reads as it is.
func WriteLoadJSON(w io.Writer, l *Load) error {
	whole := *l
	whole.Thresholds = orEmpty(l.Thresholds)
	whole.Statuses = orEmpty(l.Statuses)
	whole.Faults = orEmpty(l.Faults)
	whole.Curve = orEmpty(l.Curve)
	whole.Intervals = orEmpty(l.Intervals)
	if l.Capacity != nil {
		capacity := *l.Capacity
		capacity.Steps = orEmpty(capacity.Steps)
		whole.Capacity = &capacity
	}
	if err := encode(w, whole); err != nil {
		return fmt.Errorf("write the load run as JSON: %w", err)
	}
	return nil
}
