package reports

import (
	"encoding/json"
	"io"
)

// SchemaURL is where the schema of a report as JSON is found.
const SchemaURL = "https://raw.githubusercontent.com/hubhook/hubhook/main/reports/report.schema.json"

// document is a report as it stands in a file: it says first by what it is to be read.
type document struct {
	URL string `json:"$schema"`
	Report
}

// WriteJSON writes a report as JSON, indented, as report.schema.json has it. Lists are
// never null, and text is not escaped for HTML, so that it reads as it is.
func WriteJSON(w io.Writer, r *Report) error {
	whole := *r
	whole.Schema = ReportSchema
	whole.Checks = make([]Check, len(r.Checks))
	for i, check := range r.Checks {
		check.Exchanges = withLists(check.Exchanges)
		whole.Checks[i] = check
	}
	return encode(w, document{SchemaURL, whole})
}

// encode writes JSON for people and machines.
func encode(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// withLists puts an empty list wherever there is none.
func withLists(exchanges []Exchange) []Exchange {
	list := make([]Exchange, len(exchanges))
	for i, x := range exchanges {
		x.Request.Headers = orEmpty(x.Request.Headers)
		if x.Response != nil {
			response := *x.Response
			response.Headers = orEmpty(response.Headers)
			x.Response = &response
		}
		list[i] = x
	}
	return list
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
