// Package suites holds the checks: what a handler of the Hub's webhooks must,
// should and may do, each as data and a function.
//
// There are three ways in. [Judge] runs the checks against a handler and fills in a
// report, which is what `hubhook check` does:
//
//	report, err := suites.Judge(ctx, suites.Target{URL: "http://127.0.0.1:8000/webhook", Secret: "s3cret"}, suites.Options{})
//
// [Test] runs them as subtests of a test of yours, and the package specs as Ginkgo specs.
//
// [Catalogue] has the checks, which live in a file for each area: secret.go, scope.go,
// retry.go, ratelimit.go, payload.go, transport.go, and those named after them. A check
// is given a [Handler], by which it delivers what it makes ([Handler.Deliver], with the
// changes of [Change]), and looks at what came back ([Answer], [BeRejected] and the other
// matchers). To add one is to add it to its area, with a mutant in fixtures/mutants that
// it kills: the matrix of mutants is what checks are proven by.
//
// What no answer shows, an observer does: a page, a command, or a function of yours
// (Target.Observe, Target.ObserveCommand, Target.Look).
//
// Nothing here prints. Of file formats it knows one, that of a saved attempt, which
// says where the secret stood without holding it.
package suites

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega"
)

// Area is what part of a handler a check is about.
type Area string

// The areas, in the order in which they are checked.
const (
	Secret    Area = "secret"
	Scope     Area = "scope"
	Retry     Area = "retry"
	RateLimit Area = "ratelimit"
	Payload   Area = "payload"
	Transport Area = "transport"
)

// Areas lists the areas in their order.
func Areas() []Area { return []Area{Secret, Scope, Retry, RateLimit, Payload, Transport} }

// Level says how binding a check is.
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

// levels in the order in which they bind.
func levels() []Level { return []Level{Must, Should, May} }

// Check is one requirement.
type Check struct {
	ID      string  // explicit, stable, never reused: "SEC-02", "PAY-01a"
	Area    Area    // what part of a handler it is about
	Level   Level   // how binding it is
	Title   string  // what a right handler does, after "it": "refuses a wrong secret"
	Why     string  // what goes wrong where it does not
	Spec    string  // URL of the text that asks for it
	Fix     string  // what to do about it, in words
	Example Example // what code shows how; empty where words are enough
	Needs   Needs   // of the handler and of what is known of it; without them it is skipped, or inconclusive
	// Begin does what must be done long before the check is run, at the start of the
	// whole run; nil where nothing must.
	Begin func(h *Handler)
	// Run tries the handler. It fails through g, and ends early through h where
	// nothing can be said.
	Run func(g gomega.Gomega, h *Handler)
}

// Catalogue lists all checks, by area and ID.
func Catalogue() []Check {
	var all []Check
	for _, area := range [][]Check{
		secretChecks(), oddSecretChecks(), refusalChecks(), scopeChecks(),
		retryChecks(), brokenChecks(), idChecks(), rateLimitChecks(),
		payloadChecks(), transportChecks(), bodyChecks(), connectionChecks(),
	} {
		all = append(all, area...)
	}
	slices.SortStableFunc(all, func(a, b Check) int {
		return cmp.Or(cmp.Compare(slices.Index(Areas(), a.Area), slices.Index(Areas(), b.Area)), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// entry is one row of a check that is a table.
type entry struct {
	title string
	run   func(g gomega.Gomega, h *Handler)
}

// table makes a check for each entry: PAY-01a, PAY-01b and so on.
func table(common Check, entries []entry) []Check {
	var checks []Check
	for i, e := range entries {
		check := common
		check.ID += string(rune('a' + i))
		check.Title = e.title
		check.Run = e.run
		checks = append(checks, check)
	}
	return checks
}

// Selection says which checks to run. The zero value runs all.
type Selection struct {
	Areas []string // areas to run; all where empty
	Only  []string // IDs to run; the ID of a table stands for its entries
	Skip  []string // IDs not to run
	Level string   // the least binding level to run: must, should or may
}

// Select picks checks. A name that nothing has is an error, as is a selection
// that leaves none.
func (s Selection) Select(from []Check) ([]Check, error) {
	least, err := s.level()
	if err != nil {
		return nil, err
	}
	if err := s.checkNames(from); err != nil {
		return nil, err
	}
	var picked []Check
	for _, check := range from {
		wanted := len(s.Areas) == 0 || slices.Contains(s.Areas, string(check.Area))
		wanted = wanted && (len(s.Only) == 0 || matchesAny(check.ID, s.Only))
		if wanted && !matchesAny(check.ID, s.Skip) && slices.Index(levels(), check.Level) <= least {
			picked = append(picked, check)
		}
	}
	if len(picked) == 0 {
		return nil, fmt.Errorf("no check is selected: areas, IDs and level leave none")
	}
	return picked, nil
}

// level is the position of the least binding level to run.
func (s Selection) level() (int, error) {
	if s.Level == "" {
		return len(levels()) - 1, nil
	}
	if at := slices.Index(levels(), Level(strings.ToUpper(s.Level))); at >= 0 {
		return at, nil
	}
	return 0, fmt.Errorf("unknown level %q: it is must, should or may", s.Level)
}

// checkNames finds areas and IDs that do not exist.
func (s Selection) checkNames(from []Check) error {
	for _, area := range s.Areas {
		if !slices.Contains(Areas(), Area(area)) {
			return fmt.Errorf("unknown area %q: it is one of %s", area, joinAreas())
		}
	}
	for _, id := range slices.Concat(s.Only, s.Skip) {
		if _, err := Find(from, id); err != nil {
			return err
		}
	}
	return nil
}

func joinAreas() string {
	var names []string
	for _, area := range Areas() {
		names = append(names, string(area))
	}
	return strings.Join(names, ", ")
}

func matchesAny(id string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return matchesID(id, name) })
}

// matchesID tells whether a name is a check's ID, or that of the table which it
// is an entry of. The case does not matter.
func matchesID(id, name string) bool {
	return strings.EqualFold(id, name) || strings.EqualFold(strings.TrimRight(id, "abcdefghijklmnopqrstuvwxyz"), name)
}

// Means says in half a sentence how binding a level is.
func (l Level) Means() string {
	return map[Level]string{
		Must:   "the Hub's documentation, or an RFC that it rests on, asks for it; a failure fails the run",
		Should: "documented advice, or plain good sense with a reason given; a failure does not fail the run, unless --strict is given",
		May:    "worth knowing; a failure never fails the run",
	}[l]
}

// Example names a piece of code that shows how something is done right. The right
// handlers in several languages mark these pieces, so that what is shown is what
// was seen to pass.
type Example string

// The pieces that there are.
const (
	ExampleSecret      Example = "secret"       // a comparison in constant time, of exactly one header
	ExampleReject      Example = "refuse"       // before anything else is done; nothing is repeated
	ExampleQuerySecret Example = "query-secret" // the secret in the URL
	ExampleScope       Example = "scope"        // the walk up to a scope that is known
	ExampleAcknowledge Example = "acknowledge"  // 2xx to whatever is an object; what is not known is ignored
	ExampleIdempotency Example = "idempotency"  // one act for each Webhook-Id
	ExampleAnswerFirst Example = "answer-first" // 2xx at once, the work afterwards
	ExampleParse       Example = "parse"        // an open reading, of objects only
	ExampleModel       Example = "model"        // types that take what comes later
	ExampleOptional    Example = "optional"     // properties that can be missing or null
	ExampleBodyLimit   Example = "body-limit"   // how long a body may be
	ExampleMethod      Example = "method"       // 405 with Allow
	ExampleEncoding    Example = "encoding"     // Content-Type and Content-Encoding
	ExampleOverload    Example = "overload"     // a bounded queue, 503 with Retry-After
	ExampleServer      Example = "server"       // time-outs, connections
	ExampleRestart     Example = "restart"      // ids that outlive the process
)
