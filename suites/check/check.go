// Package check holds what the checks of handlers are written in.
//
// A [Check] is data and a function. The function gets a [Handler], by which it sends
// deliveries ([Handler.Deliver], changed by a [DeliveryOption]), and expects something of
// each [Response] ([BeAccepted], [BeRejected] and the other matchers). What no response
// shows, an observer does ([Handler.EffectOf]). A check that needs something first says so
// by a Require method: without it, the check ends as inconclusive.
//
// A [Run] is what the checks of one run share, and runs them one by one.
//
// Package check holds no check (they are in suites/catalogue), and does not select or
// report any.
package check

import (
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/reports"
)

// Area is the part of a handler that a check is about.
type Area string

// The areas, in the order in which they are checked.
const (
	AreaSecret    Area = "secret"
	AreaScope     Area = "scope"
	AreaRetry     Area = "retry"
	AreaRateLimit Area = "ratelimit"
	AreaPayload   Area = "payload"
	AreaTransport Area = "transport"
)

// Areas returns the areas in their order.
func Areas() []Area {
	return []Area{AreaSecret, AreaScope, AreaRetry, AreaRateLimit, AreaPayload, AreaTransport}
}

// Level is how binding a check is.
type Level string

// The levels.
const (
	// Must: the Hub's documentation, or an RFC that it rests on, asks for it.
	Must Level = "MUST"
	// Should: documented advice, or plain good sense with a reason given.
	Should Level = "SHOULD"
	// May: worth knowing.
	May Level = "MAY"
)

// Levels returns the levels, the most binding first.
func Levels() []Level { return []Level{Must, Should, May} }

// Description returns what the level means, in half a sentence.
func (l Level) Description() string {
	return map[Level]string{
		Must:   "the Hub's documentation, or an RFC that it rests on, asks for it; a failure fails the run",
		Should: "documented advice, or plain good sense with a reason given; a failure does not fail the run, unless --strict is given",
		May:    "worth knowing; a failure never fails the run",
	}[l]
}

// A Check is one requirement.
type Check struct {
	ID      string // explicit, stable, never reused: "SEC-02", "PAY-01a"
	Area    Area   // what part of a handler it is about
	Level   Level  // how binding it is
	Title   string // what a right handler does: "refuses a wrong secret"
	Why     string // what goes wrong otherwise
	Spec    string // URL of the text that asks for it
	Fix     string // what to do about it, in words
	Example Example
	Needs   Needs // without them the check is skipped, or inconclusive
	// Begin does what must be done long before Run, at the start of the whole run. It may
	// be nil.
	Begin func(h *Handler)
	// Run tries the handler. It fails through g, and ends early through h if nothing can
	// be said.
	Run func(g gomega.Gomega, h *Handler)
}

// Table returns the ID that a check shares with the other entries of its table: see
// reports.TableOf.
func (c Check) Table() string { return reports.TableOf(c.ID) }

// HasID reports whether id is the check's or its table's, in any letter case.
func (c Check) HasID(id string) bool {
	return strings.EqualFold(c.ID, id) || strings.EqualFold(c.Table(), id)
}

// Example names a piece of code that shows how something is done right; it is empty if
// words are enough. The right handlers in several languages mark these pieces, so that the
// code that is shown has passed the checks.
type Example string

// The pieces of code.
const (
	ExampleSecret      Example = "secret"       // a comparison in constant time, of exactly one header
	ExampleReject      Example = "refuse"       // before anything else is done; nothing is echoed
	ExampleQuerySecret Example = "query-secret" // the secret in the URL
	ExampleScope       Example = "scope"        // the walk up to a scope that is known
	ExampleAcknowledge Example = "acknowledge"  // 2xx to any object; what is unknown is ignored
	ExampleIdempotency Example = "idempotency"  // one act for each Webhook-Id
	ExampleAnswerFirst Example = "answer-first" // 2xx at once, the work afterwards
	ExampleParse       Example = "parse"        // lenient parsing, of objects only
	ExampleModel       Example = "model"        // types that accept what comes later
	ExampleOptional    Example = "optional"     // properties that can be missing or null
	ExampleBodyLimit   Example = "body-limit"   // how long a body may be
	ExampleMethod      Example = "method"       // 405 with Allow
	ExampleEncoding    Example = "encoding"     // Content-Type and Content-Encoding
	ExampleOverload    Example = "overload"     // a bounded queue, 503 with Retry-After
	ExampleServer      Example = "server"       // time-outs, connections
	ExampleRestart     Example = "restart"      // IDs that outlive the process
)
