package activity

import "time"

// Query selects deliveries. Zero fields match any.
type Query struct {
	RegistrationID  string // the registration's id
	WebhookIDHeader string // the header
	Event           string // a shape or a scope: "discussion.comment.create", "discussion"
	Repo            string // its name
	State           State  // how far they have come; any if empty
	Text            string // in the payload or a response
	After           uint64 // a number: only later deliveries
	Before          uint64 // a number: only earlier ones, if above zero
	Limit           int    // of the latest; all if zero
}

// Call is a call of the API and its result.
type Call struct {
	At     time.Time `json:"at"`             // on the Hub
	User   string    `json:"user,omitempty"` // of the token; Options.User if it has none
	Name   string    `json:"name"`           // of the official Python client's function, if there is one
	Method string    `json:"method"`         // "GET", "POST"
	Path   string    `json:"path"`           // percent-encoded, its first KiB
	Status int       `json:"status"`         // of the answer
	// Changed reports whether the call changed something.
	Changed bool `json:"changed,omitempty"`
}

// Trigger asks for something to happen on the Hub, by the shape of its event.
// What is missing for it, such as a repo, is created without an event.
type Trigger struct {
	// Shape is one of the schemas': "discussion.comment.create", "repo.config.*" (a
	// narrower scope is drawn), "repo.config.dois.update".
	Shape string `json:"shape"`
	// Repo is "owner/name", or only "name"; "demo" of the Hub's user if empty.
	Repo string `json:"repo"`
	// Type is model, dataset, space or bucket; if empty, that of the repo of the name,
	// or model if there is none.
	Type string `json:"type"`
	// Num is the discussion; if zero, the latest one, which is made if there is none.
	Num int `json:"num"`
	// Webhook is the only one that gets the event, by its id, whether it watches the repo or not;
	// if empty, all that watch do.
	Webhook string `json:"webhook"`
	Count   int    `json:"count"` // how often it happens, up to MaxTriggers; once if zero
	// Private is whether the repo is private, if it is made or its settings change.
	// If nil, it is public, or changes to what it was not.
	Private *bool `json:"private"`
}

// MaxTriggers limits Trigger.Count.
const MaxTriggers = 1000
