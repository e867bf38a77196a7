package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// secretVariable is where the secret is looked for: in the environment it is
// seen by fewer than on a command line.
const secretVariable = "HUBHOOK_SECRET"

// secretFlags are the flags that say what the secret is, and where it stands.
type secretFlags struct{ secret, in string }

func (f *secretFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.secret, "secret", "", "the webhook's secret; better in $"+secretVariable)
	cmd.Flags().StringVar(&f.in, "secret-in", string(delivery.InHeader), "`place` where the secret stands: header, query (?secret=) or none")
	complete(cmd, "secret-in", func() []string { return []string{"header", "query", "none"} })
}

// value is the secret. One in the environment is left alone where the flags say
// that there is none.
func (f *secretFlags) value() string {
	if f.secret == "" && f.in != string(delivery.InNone) {
		return os.Getenv(secretVariable)
	}
	return f.secret
}

// takeFrom finds out the secret of the handler at a URL. One that stands in there is
// taken out and used, where that is its place and there is no other.
func (f *secretFlags) takeFrom(address *url.URL) error {
	in := delivery.SecretIn(f.in)
	if taken := delivery.CutSecret(address); taken != "" && in != delivery.InQuery {
		return errors.New("the handler's URL holds ?secret=…: say --secret-in query")
	} else if f.value() == "" {
		f.secret = taken
	}
	if in == delivery.InNone && f.value() != "" {
		return errors.New("a secret is given, and --secret-in none says that there is none: drop one of them")
	}
	return nil
}

// check finds a secret that could never be sent.
func (f *secretFlags) check() error {
	if f.value() == "" && f.in != string(delivery.InNone) {
		return errors.New("no secret is given: set HUBHOOK_SECRET or --secret, or --secret-in none for a handler that takes none")
	}
	if err := delivery.CheckSecret(f.value()); err != nil {
		return fmt.Errorf("the secret cannot be sent: %w", err)
	}
	return nil
}
