package activity

import "time"

// Query selects deliveries. Zero fields match any.
type Query struct {
	Webhook   string // the registration's id
	WebhookID string // the header
	Event     string // a shape or a scope: "discussion.comment.create", "discussion"
	Repo      string // its name
	State     State  // how far they have come; any if empty
	Text      string // stands in the payload, or in an answer
	After     uint64 // a number: only later deliveries
	Before    uint64 // a number: only earlier ones, where above zero
	Limit     int    // of the latest; all if zero
}

// Call is a call of the API, as it was answered.
type Call struct {
	At     time.Time `json:"at"`             // on the Hub
	User   string    `json:"user,omitempty"` // whose its token is; Options.User where it has none
	Name   string    `json:"name"`           // of the official Python client's function, where there is one
	Method string    `json:"method"`         // "GET", "POST"
	Path   string    `json:"path"`           // percent-encoded, its first KiB
	Status int       `json:"status"`         // of the answer
	// Changed says that the call changed something.
	Changed bool `json:"changed,omitempty"`
}
