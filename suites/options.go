package suites

import (
	"cmp"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

// A Target is the handler to judge.
type Target = check.Target

// Limits are how slow a handler may be before a check says so.
type Limits = check.Limits

// Options say how to judge. The zero value runs all checks with what the Hub sends.
type Options struct {
	Selection Selection     // of the checks; zero means all
	Seed      uint64        // of the payloads
	Budget    time.Duration // for a check that needs many deliveries; zero means DefaultBudget
	Timeout   time.Duration // for the whole run; zero means DefaultTimeout
	// AnswerWithin is how long a delivery waits for its response; zero means
	// delivery.AttemptTimeout.
	AnswerWithin time.Duration
	// Wait is how long to wait for the handler to answer at all, before Timeout begins. If
	// it is zero, the handler has to be there. Waiting, unless nil, is called once with
	// the address that does not answer yet.
	Wait    time.Duration
	Waiting func(address string)
	Limits  Limits
	// Settle is the least time after which an unchanged state of the observer is final. If
	// it is zero, that follows from how long effects take to show.
	Settle  time.Duration
	Schemas *schemas.Set // nil means the embedded ones
	Version string       // of this tool, for the report
	// Strict makes a SHOULD that fails fail the run, too.
	Strict bool
	// Known are IDs of checks that are known to fail: they do not fail the run, but one of
	// them that passes does. The ID of a table stands for its entries.
	Known []string
	// NoBurst leaves out the checks that need many deliveries, for a handler that others
	// depend on.
	NoBurst bool
	// Started and Ended, unless nil, are called when a check begins and when it ends.
	Started func(c check.Check, done, of int)
	Ended   func(reports.Check)
	// Save, unless nil, is called with the attempts that failed a check.
	Save func(Saved)
	// Rerun, unless nil, returns the command that runs only one check. Secrets in it are
	// masked.
	Rerun func(id string) string
	// Checks replaces the catalogue; for tests.
	Checks []check.Check
}

// Defaults of Options.
const (
	DefaultBudget  = 40 * time.Second
	DefaultTimeout = 10 * time.Minute
)

func (o Options) withDefaults() Options {
	o.Limits = o.Limits.WithDefaults()
	o.Budget = cmp.Or(o.Budget, DefaultBudget)
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	o.AnswerWithin = cmp.Or(o.AnswerWithin, delivery.AttemptTimeout)
	if o.Checks == nil {
		o.Checks = catalogue.All()
	}
	return o
}

func (o Options) config() check.Config {
	return check.Config{
		Seed: o.Seed, Schemas: o.Schemas, Timeout: o.Timeout, Budget: o.Budget,
		AnswerWithin: o.AnswerWithin, Settle: o.Settle, Limits: o.Limits, NoBurst: o.NoBurst,
	}
}

// Selected returns the selected checks in the order in which they are run. The error is
// about the selection.
func (o Options) Selected() ([]check.Check, error) {
	o = o.withDefaults()
	checks, err := o.Selection.Select(o.Checks)
	if err != nil {
		return nil, err
	}
	selected := make([]check.Check, 0, len(checks))
	for _, i := range inOrder(checks) {
		selected = append(selected, checks[i])
	}
	return selected, nil
}

// ForMutants returns options with which mutants take less time than a user's handler may:
// one that hangs, or is slow, takes this much each time. PAY-23 is left out: it sends the
// shapes that schemas add, and a mutant lists its failures for those that have an ID.
func ForMutants() Options {
	return Options{
		Selection:    Selection{Skip: []string{"PAY-23"}},
		AnswerWithin: 2 * time.Second,
		Limits:       Limits{Prompt: 600 * time.Millisecond, Rejection: 600 * time.Millisecond, Recover: 4 * time.Second},
	}
}
