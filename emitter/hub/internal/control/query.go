package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// parameters are those of a call's URL. The first that cannot be is remembered.
type parameters struct {
	values url.Values
	err    error
}

// readQuery reads the parameters of a call's URL, each of which is known and given once:
// a filter with a slip in its name would otherwise let everything through.
func readQuery(u *url.URL, known []string) (*parameters, error) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, problem.Invalid("the query cannot be read: names and values are percent-encoded, and separated by &")
	}
	for name, given := range values {
		switch {
		case !slices.Contains(known, name):
			return nil, unknownParameter(name, known)
		case len(given) > 1:
			return nil, problem.Invalid("%s is given %d times", name, len(given))
		}
	}
	return &parameters{values: values}, nil
}

func unknownParameter(name string, known []string) error {
	if len(known) == 0 {
		return problem.Invalid("this call has no parameters, and %q is one", problem.Short(name))
	}
	if closest, near := suggest.Closest(name, known); near {
		return problem.Invalid("there is no parameter %q: did you mean %q?", problem.Short(name), closest)
	}
	return problem.Invalid("there is no parameter %q: there are %s", problem.Short(name), strings.Join(known, ", "))
}

func (p *parameters) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// read returns a parameter, or the usual value if it is left out.
func read[T any](p *parameters, name string, usual T, parse func(string) (T, error), fits func(T) bool,
	wanted string) T {
	text := p.values.Get(name)
	if text == "" {
		return usual
	}
	value, err := parse(text)
	if err != nil || !fits(value) {
		p.fail(problem.Invalid("%s is %q, and must be %s", name, problem.Short(text), wanted))
	}
	return value
}

// number returns zero if it is left out.
func (p *parameters) number(name string) uint64 {
	parse := func(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }
	return read(p, name, 0, parse, func(uint64) bool { return true }, "a whole number from 0")
}

// Bounds of what is listed at once.
const (
	usualLimit = 100
	maxListed  = 1000
)

func (p *parameters) limit() int {
	fits := func(n int) bool { return n >= 1 && n <= maxListed }
	return read(p, "limit", usualLimit, strconv.Atoi, fits, fmt.Sprintf("a whole number from 1 to %d", maxListed))
}

// Bounds of how long a call waits, in our time.
const (
	usualWait = 30 * time.Second
	maxWait   = 10 * time.Minute
)

func (p *parameters) timeout() time.Duration {
	fits := func(d time.Duration) bool { return d >= 0 && d <= maxWait }
	return read(p, "timeout", usualWait, time.ParseDuration, fits,
		fmt.Sprintf("a duration up to %v, such as 30s", maxWait))
}

// readKnown reads the body as read does, and rejects unknown names: a typo in a name
// would otherwise have something else happen.
func (c *call) readKnown(into any) error {
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return router.BodyProblem(err)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if !json.Valid(body) {
		return problem.Invalid("the body is no JSON")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return problem.Invalid("the body is not what this call takes: %s", problem.DescribeJSON(err))
	}
	return nil
}

// filters are the parameters that say which deliveries are meant.
var filters = []string{"event", "repo", "webhook", "webhookId", "state", "q", "after", "before"}

func (p *parameters) deliveries() activity.Query {
	v := p.values
	q := activity.Query{
		Event: v.Get("event"), Repo: v.Get("repo"), RegistrationID: v.Get("webhook"), WebhookIDHeader: v.Get("webhookId"),
		State: activity.State(v.Get("state")), Text: v.Get("q"), After: p.number("after"), Before: p.number("before"),
	}
	if q.State != "" {
		if err := problem.OneOf("state", activity.State(problem.Short(string(q.State))), activity.Pending, activity.Delivered,
			activity.Failed, activity.Withheld); err != nil {
			p.fail(problem.Invalid("%v", err))
		}
	}
	return q
}
