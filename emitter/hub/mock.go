package hub

import (
	"strings"
	"time"
)

// mockRoot is where the mock's own API stands, apart from the Hub's.
const mockRoot = "/_mock/v1"

// mockVersion is that of the mock's own API.
const mockVersion = 1

// mockCall is a call of the mock's own API, and what it is for.
type mockCall struct {
	method, path string // below mockRoot
	about        string
	serve        func(*call) (any, error)
	limit        int64 // as in route
}

// mockCalls are all of them.
func mockCalls() []mockCall {
	return []mockCall{
		{method: "GET", path: "", about: "this list, and how the Hub is set up", serve: mockOverview},
		{method: "GET", path: "/clock", about: "what time it is", serve: mockClock},
		{method: "POST", path: "/clock", about: `lets time pass: {"advance": "1h30m"}, or "next" for the next attempt`, serve: mockAdvance},
		{method: "POST", path: "/idle", about: "waits until nothing is under way: ?timeout=30s", serve: mockIdle},
		{method: "POST", path: "/reset", about: "forgets everything, and registers the webhooks of the start anew", serve: mockReset},

		{method: "GET", path: "/deliveries", about: "deliveries, the latest first: ?event=&repo=&webhook=&webhookId=&state=&q=&after=&before=&limit=100", serve: mockDeliveries},
		{method: "GET", path: "/deliveries/{delivery}", about: "a delivery, its payload and request, and what the schemas say of it", serve: mockDelivery},
		{method: "GET", path: "/deliveries/{delivery}/payload", about: "its payload, byte for byte", serve: mockPayload},
		{method: "GET", path: "/deliveries/{delivery}/fixture", about: "its payload, indented, as a file for a test", serve: mockFixture},
		{method: "GET", path: "/deliveries/{delivery}/curl", about: "a command that sends it", serve: mockCurl},
		{method: "POST", path: "/deliveries/{delivery}/replay", about: "attempts it once more", serve: mockReplay},
		{method: "GET", path: "/wait", about: "waits for a delivery, with the filters of deliveries: ?timeout=30s", serve: mockWait},

		{method: "POST", path: "/trigger", about: `makes something happen: {"shape": "discussion.comment.create"}; repo, type, num, webhook, count, private`, serve: mockTrigger},
		{method: "POST", path: "/adopt", about: "takes in what a payload tells of", serve: mockAdopt, limit: adoptLimit},

		{method: "GET", path: "/calls", about: "the calls of the Hub's API, the oldest first: ?after=&limit=100", serve: mockAPICalls},
		{method: "GET", path: "/events", about: "server-sent events, one for each change", serve: mockEvents},
	}
}

// mockRoutes are the routes of the mock's own API. They need no token but the Hub's
// own, where it has one.
func mockRoutes() []route {
	var routes []route
	for _, m := range mockCalls() {
		routes = append(routes, route{method: m.method, path: mockRoot + m.path, serve: m.serve, limit: m.limit, open: true})
	}
	return routes
}

// isOwn tells whether a route is of the mock's own API. Its calls are no part of what
// happens on the Hub: who watches that is not told of them, and they are not listed.
func (r *route) isOwn() bool { return strings.HasPrefix(r.path, mockRoot) }

// overview is the answer of GET /_mock/v1/.
type overview struct {
	Name    string           `json:"name"`
	Version int              `json:"version"` // of this API
	Now     time.Time        `json:"now"`
	Seed    uint64           `json:"seed"`
	Calls   []overviewOfCall `json:"calls"`
	Shapes  []string         `json:"shapes"` // that can be triggered; "*" stands for what is narrower
	Options []OptionInForce  `json:"options"`
}

type overviewOfCall struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	About  string `json:"about"`
}

// mockOverview answers with what there is.
func mockOverview(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	o := overview{Name: "hubhook", Version: mockVersion, Now: c.hub.Now(), Seed: c.hub.options.Seed, Options: c.hub.optionsInForce()}
	for _, m := range mockCalls() {
		path := mockRoot + m.path
		if m.path == "" {
			path += "/"
		}
		o.Calls = append(o.Calls, overviewOfCall{m.method, path, m.about})
	}
	for _, shape := range c.hub.schemas.Shapes() {
		o.Shapes = append(o.Shapes, shape.Name)
	}
	return o, nil
}

// mockReset forgets everything but the time. Answer: {"success": true}.
func mockReset(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	return map[string]bool{"success": true}, c.hub.Reset()
}

// numberedCall is a call of the API with its number, which counts up from 1.
type numberedCall struct {
	Number uint64 `json:"number"`
	Call
}

// mockAPICalls lists calls of the Hub's API, the oldest first: those that are
// remembered and whose number is above ?after=, the first ?limit= of them (100 where
// left out, at most 1000). Answer: {"calls": […], "total": how many there have been}.
func mockAPICalls(c *call) (any, error) {
	q, err := c.query("after", "limit")
	if err != nil {
		return nil, err
	}
	after := q.number("after")
	limit := q.limit()
	if q.err != nil {
		return nil, q.err
	}
	calls, total := c.hub.calls.list()
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
