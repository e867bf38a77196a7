package activity

import (
	"encoding/json"
	"time"
)

// Webhook is a registration.
type Webhook struct {
	ID       string    `json:"id"`                    // 24 hex digits
	User     string    `json:"user"`                  // whose token registered it; other users don't see it in the API
	URL      string    `json:"url,omitempty"`         // of the handler; empty if there is a JobID
	JobID    string    `json:"jobSourceId,omitempty"` // of the Job that it runs instead of calling a URL
	Secret   string    `json:"secret,omitempty"`      // printable ASCII; empty: deliveries have none
	Watched  []Watched `json:"watched"`               // a trigger is what happens to any of them
	Domains  []string  `json:"domains"`               // repo, discussion
	Disabled Disabled  `json:"disabled,omitempty"`    // Enabled if empty
	Created  time.Time `json:"created"`               // on the Hub
}

// Watched is what a webhook watches: a repo by its type and name, or all repos of a
// user or an organization.
type Watched struct {
	Type string `json:"type"` // model, dataset, space, bucket, kernel; user, org
	Name string `json:"name"` // owner/name of a repo; of a user or an organization, only its name
}

// Disabled says why a webhook is not delivered to; empty if it is.
type Disabled string

// Why a webhook is not delivered to.
const (
	Enabled        Disabled = ""                        // it is delivered to
	DisabledByUser Disabled = "true"                    // by its user
	Suspended      Disabled = "suspended-after-failure" // attempts kept failing; named so by the OpenAPI document
)

// MarshalJSON writes how a webhook is disabled as the Hub does: true, false, or why.
func (d Disabled) MarshalJSON() ([]byte, error) {
	switch d {
	case Enabled:
		return []byte("false"), nil
	case DisabledByUser:
		return []byte("true"), nil
	}
	return json.Marshal(string(d))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Disabled) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "false":
		*d = Enabled
	case "true":
		*d = DisabledByUser
	default:
		return json.Unmarshal(b, (*string)(d))
	}
	return nil
}
