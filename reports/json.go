package reports

import (
	"encoding/json"
	"io"
)

// WriteJSON writes a report as JSON, indented. Lists are never null, and text is
// not escaped for HTML, so that it reads as it is.
func WriteJSON(w io.Writer, r *Report) error {
	whole := *r
	whole.Checks = make([]Check, len(r.Checks))
	for i, check := range r.Checks {
		check.Exchanges = withLists(check.Exchanges)
		whole.Checks[i] = check
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(whole)
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

func orEmpty(headers []Header) []Header {
	if headers == nil {
		return []Header{}
	}
	return headers
}
