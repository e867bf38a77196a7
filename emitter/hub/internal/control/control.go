// Package control has the mock's own API, below /_mock/v1: what tests and other programs
// ask about a Hub, and have it do.
package control

import (
	"context"
	"io"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/dispatch"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/inspect"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/emitter/hub/internal/scenario"
)

const apiVersion = 1

type route struct {
	method, path string // below MockRoot
	about        string
	serve        func(*call) (any, error)
	limit        int64    // as in router.Route
	query        []string // parameters that the call knows
}

func routes() []route {
	return []route{
		{method: "GET", path: "", about: "this list, and how the Hub is set up", serve: getOverview},
		{method: "GET", path: "/clock", about: "what time it is", serve: getClock},
		{method: "POST", path: "/clock", about: `lets time pass: {"advance": "1h30m"}, or "next" for the next attempt`, serve: advanceClock},
		{method: "POST", path: "/idle", about: "waits until nothing is under way: ?timeout=30s", serve: waitIdle, query: []string{"timeout"}},
		{method: "POST", path: "/reset", about: "forgets everything, and registers the webhooks of the start anew", serve: reset},

		{method: "GET", path: "/deliveries", about: "deliveries, the latest first: ?event=&repo=&webhook=&webhookId=&state=&q=&after=&before=&limit=100", serve: listDeliveries, query: append([]string{"limit"}, filters...)},
		{method: "GET", path: "/deliveries/{delivery}", about: "a delivery, its payload and request, and what the schemas say of it", serve: ofDelivery(getDelivery)},
		{method: "GET", path: "/deliveries/{delivery}/payload", about: "its payload, byte for byte", serve: ofDelivery(getPayload)},
		{method: "GET", path: "/deliveries/{delivery}/fixture", about: "its payload, indented, as a file for a test", serve: ofDelivery(getFixture)},
		{method: "GET", path: "/deliveries/{delivery}/curl", about: "a command that sends it", serve: ofDelivery(getCurl)},
		{method: "POST", path: "/deliveries/{delivery}/replay", about: "attempts it once more", serve: ofDelivery(replay)},
		{method: "GET", path: "/wait", about: "waits for a delivery, with the filters of deliveries: ?timeout=30s", serve: waitForDelivery, query: append([]string{"timeout"}, filters...)},

		{method: "POST", path: "/trigger", about: `makes something happen: {"shape": "discussion.comment.create"}; repo, type, num, webhook, count, private`, serve: trigger},
		{method: "POST", path: "/adopt", about: "takes in what a payload tells of", serve: importPayload, limit: maxPayload},

		{method: "GET", path: "/calls", about: "the calls of the Hub's API, the oldest first: ?after=&limit=100", serve: listCalls, query: []string{"after", "limit"}},
		{method: "GET", path: "/events", about: "server-sent events, one for each change", serve: sendEvents},
	}
}

// Control serves the mock's own API.
type Control struct {
	DB         *domain.DB
	Clock      *dispatch.Clock
	Dispatcher *dispatch.Dispatcher
	Scenario   *scenario.Runner
	Calls      *router.CallLog
	Inspector  *inspect.Inspector
	Options    []Option // in force
	TimeScale  float64
	Done       <-chan struct{} // closed when the Hub ends
	Reset      func() error
	Idle       func(context.Context) error
	WaitFor    func(context.Context, activity.Query) (activity.Delivery, error)
}

type call struct {
	*router.Call
	*Control
	query *parameters
}

// Routes returns all calls. They need no token but the Hub's own, if it has one.
func (o *Control) Routes() []router.Route {
	var list []router.Route
	for _, m := range routes() {
		list = append(list, router.Route{Method: m.method, Path: router.MockRoot + m.path, Limit: m.limit, Open: true, Serve: func(c *router.Call) (any, error) {
			query, err := readQuery(c.Request.URL, m.query)
			if err != nil {
				return nil, err
			}
			return m.serve(&call{c, o, query})
		}})
	}
	return list
}

type overview struct {
	Name    string           `json:"name"`
	Version int              `json:"version"` // of this API
	Now     time.Time        `json:"now"`
	Seed    uint64           `json:"seed"`
	Calls   []overviewOfCall `json:"calls"`
	Shapes  []string         `json:"shapes"` // that can be triggered; "*" is any narrower scope
	Options []Option         `json:"options"`
}

type overviewOfCall struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`
}

func getOverview(c *call) (any, error) {
	o := overview{Name: "hubhook", Version: apiVersion, Now: c.DB.Now(), Seed: c.DB.Seed(), Options: c.Options}
	for _, m := range routes() {
		path := router.MockRoot + m.path
		if m.path == "" {
			path += "/"
		}
		o.Calls = append(o.Calls, overviewOfCall{m.method, path, m.about})
	}
	for _, shape := range c.Inspector.Schemas.Shapes() {
		o.Shapes = append(o.Shapes, shape.Name)
	}
	return o, nil
}

// reset forgets everything but the time. Answer: {"success": true}.
func reset(c *call) (any, error) {
	return map[string]bool{"success": true}, c.Reset()
}

type numberedCall struct {
	Number uint64 `json:"number"`
	activity.Call
}

// listCalls lists calls of the Hub's API, the oldest first: those that are
// remembered and whose number is above ?after=, the first ?limit= of them (100 if
// left out, at most 1000). Answer: {"calls": […], "total": how many there have been}.
func listCalls(c *call) (any, error) {
	after, limit := c.query.number("after"), c.query.limit()
	if c.query.err != nil {
		return nil, c.query.err
	}
	calls, total := c.Calls.List()
	first := total - uint64(len(calls)) + 1
	list := []numberedCall{}
	for i, made := range calls {
		if number := first + uint64(i); number > after && len(list) < limit {
			list = append(list, numberedCall{number, made})
		}
	}
	return struct {
		Calls []numberedCall `json:"calls"`
		Total uint64         `json:"total"`
	}{list, total}, nil
}

// Option is an option as it is in force. No secret is among them, and none of the machine's paths.
type Option struct {
	Name  string `json:"name"`  // "timeScale", "fault.delay"
	Value any    `json:"value"` // a text, a number or a boolean
	About string `json:"about"` // what it means, in a few words
	// Assumed reports whether the Hub's own value is not documented.
	Assumed bool `json:"assumed,omitempty"`
}

type triggerResponse struct {
	Deliveries []activity.Delivery `json:"deliveries"`
	Reason     string              `json:"reason,omitempty"` // why there are none
}

// trigger makes something happen. Body: {"shape", "repo"?, "type"?, "num"?, "webhook"?, "count"?,
// "private"?}; see Trigger. Answer: {"deliveries": […], "reason"?: why there are none}.
func trigger(c *call) (any, error) {
	var t activity.Trigger
	if err := c.readKnown(&t); err != nil {
		return nil, err
	}
	made, err := c.Scenario.Trigger(c.Origin(), t)
	if err != nil {
		return nil, err
	}
	if len(made) == 0 {
		return triggerResponse{[]activity.Delivery{}, "it happened, but no webhook that is enabled watches the repo and has the event's domain"}, nil
	}
	return triggerResponse{Deliveries: made}, nil
}

// maxPayload is how long a payload may be that is adopted, in bytes. The longest that
// the Hub sends, with 10,000 files of a bucket, has about 1.5 MB.
const maxPayload = 4 << 20

// importPayload takes in what a payload says: see Hub.ImportPayload. The body is the payload.
// Answer: {"success": true}.
func importPayload(c *call) (any, error) {
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, router.BodyProblem(err)
	}
	return map[string]bool{"success": true}, c.Scenario.Import(body)
}
