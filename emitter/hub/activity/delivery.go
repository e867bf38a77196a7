// Package activity describes what a mock Hub is asked for and what happens on it: webhooks,
// triggers, deliveries with their attempts, and calls of the API. See [Delivery] first.
package activity

import (
	"slices"
	"time"
)

// Delivery is what one trigger sends to one webhook. Its JSON is that of the mock's API.
type Delivery struct {
	Number          uint64    `json:"number"`             // counts up from 1, in the order of events
	ID              string    `json:"id"`                 // 24 hex digits: the logId of a replay
	RegistrationID  string    `json:"webhook"`            // the registration's id
	WebhookIDHeader string    `json:"webhookId"`          // the header Webhook-Id: the same on retries and replays
	Shape           string    `json:"shape"`              // "discussion.comment.create"
	Scope           string    `json:"scope"`              // of the event: "discussion.comment", "repo.config.dois"
	Action          string    `json:"action"`             // of the event: "create"
	RepoType        string    `json:"repoType"`           // model, dataset, space, bucket
	RepoName        string    `json:"repoName"`           // "owner/name", after the event
	Num             int       `json:"num,omitempty"`      // of the discussion; zero if the event is about none
	Created         time.Time `json:"created"`            // when the event happened, on the Hub
	State           State     `json:"state"`              // how far it has come
	Reason          Reason    `json:"reason,omitempty"`   // why it is withheld
	Due             time.Time `json:"due,omitzero"`       // of the next attempt, if it is pending
	Attempts        []Attempt `json:"attempts,omitempty"` // the latest last
	Faults          []Fault   `json:"faults,omitempty"`   // that it is subject to: FaultDelay, …
	Job             *Job      `json:"job,omitempty"`      // what the latest attempt ran; nil if the webhook calls a URL
	Size            int       `json:"size"`               // of the payload, in bytes
}

// State is how far a delivery has come.
type State string

// The states.
const (
	Pending   State = "pending"   // attempts are to come
	Delivered State = "delivered" // an attempt was accepted
	Failed    State = "failed"    // there are no more attempts
	Withheld  State = "withheld"  // it is not attempted, for the Reason
)

// Reason is why a delivery is withheld.
type Reason string

// The reasons.
const (
	RateLimited      Reason = "rate-limited"      // the trigger was beyond the quota
	WebhookSuspended Reason = "webhook suspended" // too many attempts had failed in a row
	WebhookDisabled  Reason = "webhook disabled"  // by its user
	WebhookDeleted   Reason = "webhook deleted"   // before the next attempt was due
)

// Attempt is one HTTP request of a delivery, and what came of it.
type Attempt struct {
	At       time.Time     `json:"at"`                 // on the Hub
	Latency  time.Duration `json:"latencyNs"`          // in our time
	Status   int           `json:"status,omitempty"`   // of the answer; zero if none came
	Error    string        `json:"error,omitempty"`    // why no complete answer came
	Header   []Field       `json:"header,omitempty"`   // of the answer
	Body     string        `json:"body,omitempty"`     // of the answer, its first KeptBody bytes
	Cut      bool          `json:"cut,omitempty"`      // whether there was more of it
	Replay   bool          `json:"replay,omitempty"`   // asked for by a user
	URL      string        `json:"url"`                // of the handler at the time, its secrets masked
	Faults   []Fault       `json:"faults,omitempty"`   // what the Hub did wrong on purpose: FaultDuplicate, …
	Accepted bool          `json:"accepted,omitempty"` // 2xx, complete and in time; exit code 0 of a Job
}

// KeptBody is how much of an answer is kept, in bytes.
const KeptBody = 4 << 10

// Field is a line of a head, or a variable of an environment.
type Field struct {
	Name  string `json:"name"`  // as it was spelled
	Value string `json:"value"` // without secrets
}

// Job is the run of a webhook's Job.
type Job struct {
	Source string  `json:"source"`          // the webhook's jobSourceId
	Env    []Field `json:"env"`             // the Job's environment, its secret masked
	Ran    bool    `json:"ran,omitempty"`   // whether a command was run
	Exit   int     `json:"exit,omitempty"`  // its exit code
	Out    string  `json:"out,omitempty"`   // what it wrote, the last KeptBody bytes
	Error  string  `json:"error,omitempty"` // why it did not run
}

// Last returns the latest attempt; nil if there was none.
func (d *Delivery) Last() *Attempt {
	if len(d.Attempts) == 0 {
		return nil
	}
	return &d.Attempts[len(d.Attempts)-1]
}

// Latest returns the attempts that the delivery was last changed by, in their order: the
// Hub's own or a replay, and with the Hub's own those that its faults made beside it.
// Empty if nothing was attempted yet.
func (d *Delivery) Latest() []Attempt {
	own := len(d.Attempts) - 1
	if own > 0 && slices.Contains(d.Attempts[own].Faults, FaultDuplicate) {
		own--
	}
	if own > 0 && !d.Attempts[own].Replay && slices.Contains(d.Attempts[own-1].Faults, FaultWrongSecret) {
		own--
	}
	return d.Attempts[max(own, 0):]
}

// Done reports whether nothing more happens to a delivery by itself.
func (d *Delivery) Done() bool { return d.State != Pending }

// Fault is what the Hub does wrong on purpose, by the name that it has in the activity.
type Fault string

// The faults.
const (
	FaultDuplicate   Fault = "duplicate"    // an attempt like the accepted one before it
	FaultReorder     Fault = "reorder"      // others overtake the delivery
	FaultDelay       Fault = "delay"        // the delivery comes late
	FaultFailFirst   Fault = "fail first"   // an attempt that is not sent
	FaultWrongSecret Fault = "wrong secret" // an attempt with a wrong secret
)
