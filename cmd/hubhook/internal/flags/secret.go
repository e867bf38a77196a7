package flags

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

// SecretVariable is the environment variable that holds the webhook's secret. Fewer can see
// it there than on a command line.
const SecretVariable = redact.SecretName

// Secret are the flags of the webhook's secret and of its place in a request.
type Secret struct {
	In     string // --secret-in
	secret string
}

// Add adds the flags.
func (f *Secret) Add(cmd *cobra.Command) {
	f.AddSecret(cmd)
	cmd.Flags().StringVar(&f.In, "secret-in", string(delivery.InHeader), "`place` where the secret stands: header, query (?secret=) or none")
	cli.Complete(cmd, "secret-in", func() []string { return []string{"header", "query", "none"} })
}

// AddSecret adds --secret, but not --secret-in.
func (f *Secret) AddSecret(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.secret, "secret", "", "the webhook's secret; better in $"+SecretVariable)
}

// Value returns the secret: that of --secret, or else that of the environment, which is
// ignored with --secret-in none.
func (f *Secret) Value() string {
	if f.secret == "" && f.In != string(delivery.InNone) {
		return os.Getenv(SecretVariable)
	}
	return f.secret
}

// TakeFrom removes the secret from the query of a handler's URL, and uses it if none is given
// elsewhere. It is an error if a secret in the query, or any secret, contradicts --secret-in.
func (f *Secret) TakeFrom(address *url.URL) error {
	in := delivery.SecretIn(f.In)
	taken := delivery.CutSecret(address)
	if taken != "" && in != delivery.InQuery {
		return errors.New("the handler's URL holds ?secret=…: say --secret-in query")
	}
	if f.Value() == "" {
		f.secret = taken
	}
	if in == delivery.InNone && f.Value() != "" {
		return errors.New("a secret is given, and --secret-in none says that there is none: drop one of them")
	}
	return nil
}

// Check reports a secret that is missing, or that cannot be sent.
func (f *Secret) Check() error {
	if f.Value() == "" && f.In != string(delivery.InNone) {
		return errors.New("no secret is given: set HUBHOOK_SECRET or --secret, or --secret-in none for a handler that takes none")
	}
	if err := delivery.CheckSecret(f.Value()); err != nil {
		return fmt.Errorf("the secret cannot be sent: %w", err)
	}
	return nil
}
