package suites

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// Target is the handler to judge.
type Target struct {
	URL      string           // http or https, the path of the hook included
	Secret   string           // printable ASCII
	SecretIn emitter.SecretIn // in the header where empty
	Observe  string           // URL that tells what the handler did; empty: nothing does
}

// Options say how to judge. The zero value judges by everything, as the Hub
// would.
type Options struct {
	Selection Selection
	Seed      uint64        // of the payloads
	Budget    time.Duration // for a check that needs many deliveries; DefaultBudget where zero
	Timeout   time.Duration // for the whole run; DefaultTimeout where zero
	// AnswerWithin is how long a delivery waits for its answer;
	// emitter.AttemptTimeout where zero.
	AnswerWithin time.Duration
	// Settle is how long what an observer says must stand still to be final;
	// DefaultSettle where zero.
	Settle  time.Duration
	Schemas *schemas.Set // the embedded ones where nil
	Version string       // of this tool, for the report
	// Rerun writes the command that runs one check alone; none is told where nil.
	// A secret in it is masked like everywhere.
	Rerun func(id string) string
	// Checks replaces the catalogue; for tests.
	Checks []Check
}

// Defaults of Options.
const (
	DefaultBudget  = 20 * time.Second
	DefaultTimeout = 10 * time.Minute
	DefaultSettle  = 150 * time.Millisecond
)

func (o Options) withDefaults() Options {
	setDefault(&o.Budget, DefaultBudget)
	setDefault(&o.Timeout, DefaultTimeout)
	setDefault(&o.AnswerWithin, emitter.AttemptTimeout)
	setDefault(&o.Settle, DefaultSettle)
	if o.Checks == nil {
		o.Checks = Catalogue()
	}
	return o
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
		t.SecretIn = emitter.InHeader
	}
	parsed, err := emitter.ParseURL("the handler's URL", t.URL)
	if err != nil {
		return t, err
	}
	if t.Observe != "" {
		if _, err := emitter.ParseURL("the observer's URL", t.Observe); err != nil {
			return t, err
		}
	}
	if t.SecretIn == emitter.InQuery {
		t.takeQuerySecret(parsed)
	}
	return t, t.checkSecret()
}

// takeQuerySecret takes ?secret=… out of the URL: checks put there what they
// need.
func (t *Target) takeQuerySecret(parsed *url.URL) {
	if !parsed.Query().Has("secret") {
		return // and the URL stays as it was written
	}
	t.Secret = cmp.Or(t.Secret, emitter.TakeSecret(parsed))
	t.URL = parsed.String()
}

func (t Target) checkSecret() error {
	switch t.SecretIn {
	case emitter.InNone:
		if t.Secret != "" {
			return errors.New("a secret is given, and --secret-in none says that there is none: drop one of them")
		}
		return nil
	case emitter.InHeader, emitter.InQuery:
	default:
		return fmt.Errorf("unknown place for the secret %q: it is header, query or none", t.SecretIn)
	}
	if t.Secret == "" {
		return errors.New("no secret is given: set HUBHOOK_SECRET or --secret to the one that the handler knows, or --secret-in none if it takes none")
	}
	if err := emitter.CheckSecret(t.Secret); err != nil {
		return fmt.Errorf("the secret cannot be sent: %w", err)
	}
	return nil
}
