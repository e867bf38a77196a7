package suites

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
)

// Target is the handler to judge.
type Target struct {
	URL      string            // http or https, the path of the hook included
	Secret   string            // printable ASCII
	SecretIn delivery.SecretIn // in the header where empty
	Observe  string            // URL that tells what the handler did; empty: nothing does
	// ObserveCommand is a command for the shell, the output of which tells what the
	// handler did.
	ObserveCommand string
	// Look tells what the handler did, as JSON or as text; it is for handlers in the
	// same process. Of the three ways to observe, one is enough.
	Look func(ctx context.Context) ([]byte, error)
	// HubURL begins the URLs in payloads; emitter.DefaultHubURL where empty.
	HubURL string
	Route  delivery.Route // how the handler is reached, where not as the URL says
	// Curl are the words that say to curl what Route says, such as --unix-socket and
	// a path; reports have them in their commands.
	Curl    []string
	Header  http.Header    // sent with every delivery, besides those of the Hub
	Scene   emitter.Scene  // of every payload that a check does not ask for otherwise
	Edits   []emitter.Edit // of every payload
	Watches []string       // repo types that the webhook watches; all where empty
	// Restart ends the handler and starts it again; it returns once it listens. Nil
	// where that cannot be done.
	Restart func(ctx context.Context) error
}

// Options say how to judge. The zero value judges by everything, as the Hub
// would.
type Options struct {
	Selection Selection     // of the checks; all where zero
	Seed      uint64        // of the payloads
	Budget    time.Duration // for a check that needs many deliveries; DefaultBudget where zero
	Timeout   time.Duration // for the whole run; DefaultTimeout where zero
	// AnswerWithin is how long a delivery waits for its answer;
	// emitter.AttemptTimeout where zero.
	AnswerWithin time.Duration
	// Wait is how long the handler is waited for until it answers at all, before
	// Timeout begins; where zero, it has to be there. Waiting is told the place that
	// does not answer yet, once; nil where nobody asks.
	Wait    time.Duration
	Waiting func(place string)
	Limits  Limits // what checks hold a handler to
	// Settle is how long what an observer says must stand still to be final, at
	// least; where zero, it follows from how long effects take to show.
	Settle  time.Duration
	Schemas *schemas.Set // the embedded ones where nil
	Version string       // of this tool, for the report
	// Strict has a SHOULD that fails fail the run, too.
	Strict bool
	// Known are IDs of checks that are known to fail: they do not fail the run, but
	// one of them that passes does. The ID of a table stands for its entries.
	Known []string
	// NoBurst leaves out the checks that need many deliveries, for a handler that
	// others depend on.
	NoBurst bool
	// Started and Ended are told of each check as it begins and as it ends; nil
	// where nobody asks.
	Started func(check Check, done, of int)
	Ended   func(reports.Check)
	// Save is given the attempts that failed a check; nil where nobody keeps them.
	Save func(Saved)
	// Rerun writes the command that runs one check alone; none is told where nil.
	// A secret in it is masked like everywhere.
	Rerun func(id string) string
	// Checks replaces the catalogue; for tests.
	Checks []Check
}

// Defaults of Options.
const (
	DefaultBudget  = 40 * time.Second
	DefaultTimeout = 10 * time.Minute
)

// Limits are how slow a handler may be before a check says so.
type Limits struct {
	Prompt  time.Duration // of an answer, for it to come at once; 5 s where zero
	Refusal time.Duration // of a refusal; 1 s where zero
	Recover time.Duration // from having shed load to accepting again; 60 s where zero
}

func (o Options) withDefaults() Options {
	setDefault(&o.Limits.Prompt, 5*time.Second)
	setDefault(&o.Limits.Refusal, time.Second)
	setDefault(&o.Limits.Recover, time.Minute)

	setDefault(&o.Budget, DefaultBudget)
	setDefault(&o.Timeout, DefaultTimeout)
	setDefault(&o.AnswerWithin, delivery.AttemptTimeout)
	if o.Checks == nil {
		o.Checks = Catalogue()
	}
	return o
}

// Chosen are the checks that the options select, in the order in which they are run.
// The error is about the selection.
func (o Options) Chosen() ([]Check, error) {
	o = o.withDefaults()
	checks, err := o.Selection.Select(o.Checks)
	if err != nil {
		return nil, err
	}
	chosen := make([]Check, 0, len(checks))
	for _, i := range inOrder(checks) {
		chosen = append(chosen, checks[i])
	}
	return chosen, nil
}

func setDefault(d *time.Duration, to time.Duration) {
	if *d == 0 {
		*d = to
	}
}

// normal is the target in full, or what is wrong with it in words that hold no
// secret.
func (t Target) normal() (Target, error) {
	if t.SecretIn == "" {
		t.SecretIn = delivery.InHeader
	}
	parsed, err := delivery.ParseURL("the handler's URL", t.URL)
	if err != nil {
		return t, err
	}
	t.Header = spelledAsOurs(t.Header)
	if err := t.checkObserver(); err != nil {
		return t, err
	}
	if t.SecretIn == delivery.InQuery {
		t.takeQuerySecret(parsed)
	}
	return t, t.checkSecret()
}

func (t Target) checkObserver() error {
	ways := 0
	for _, given := range []bool{t.Observe != "", t.ObserveCommand != "", t.Look != nil} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		return errors.New("there are two observers; of --observe, --observe-cmd and --hub, say one")
	}
	if t.Observe == "" {
		return nil
	}
	_, err := delivery.ParseURL("the observer's URL", t.Observe)
	return err
}

// takeQuerySecret takes ?secret=… out of the URL: checks put there what they
// need.
func (t *Target) takeQuerySecret(parsed *url.URL) {
	if !parsed.Query().Has("secret") {
		return // and the URL stays as it was written
	}
	t.Secret = cmp.Or(t.Secret, delivery.CutSecret(parsed))
	t.URL = parsed.String()
}

func (t Target) checkSecret() error {
	switch t.SecretIn {
	case delivery.InNone:
		if t.Secret != "" {
			return errors.New("a secret is given, and --secret-in none says that there is none: drop one of them")
		}
		return nil
	case delivery.InHeader, delivery.InQuery:
	default:
		return fmt.Errorf("unknown place for the secret %q: it is header, query or none", t.SecretIn)
	}
	if t.Secret == "" {
		return errors.New("no secret is given: set HUBHOOK_SECRET or --secret to the one that the handler knows, or --secret-in none if it takes none")
	}
	if err := delivery.CheckSecret(t.Secret); err != nil {
		return fmt.Errorf("the secret cannot be sent: %w", err)
	}
	return nil
}
