package check

import (
	"fmt"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
)

// Needs are what a check needs of the target, besides a URL.
type Needs struct {
	Secret       bool   // a secret, in the header or the URL
	HeaderSecret bool   // a secret in the header
	QuerySecret  bool   // a secret in the URL
	Observer     bool   // a way to see what the handler did
	Burst        bool   // permission to send many deliveries
	HTTPS        bool   // a handler that speaks https
	Restart      bool   // a way to restart the handler
	RepoType     string // a webhook that watches repos of this type
	SecretLength int    // least length of the secret, in characters
	SecretLetter bool   // a letter in the secret
}

// NoObserver is the reason of a check that needs an observer, without one.
const NoObserver = "no answer shows what the handler did: --observe URL would, a page that tells it, or --observe-cmd COMMAND"

// requireNeeds ends a check whose needs the target does not meet.
func (r *Run) requireNeeds(needs Needs, h *Handler) {
	secret := r.target.SecretIn
	switch {
	case (needs.Secret || needs.HeaderSecret || needs.QuerySecret) && secret == delivery.InNone:
		h.Skip("this handler takes no secret")
	case needs.HeaderSecret && secret != delivery.InHeader:
		h.Skip("this handler takes its secret in the URL: see SEC-16")
	case needs.QuerySecret && secret != delivery.InQuery:
		h.Skip("this handler takes its secret in a header, not in the URL")
	case len(r.target.Secret) < needs.SecretLength:
		h.Skip("the secret has fewer than %d characters", needs.SecretLength)
	case needs.SecretLetter && !h.Secret().Differs(h.Secret().SwappedCase()):
		h.Skip("the secret has no letters")
	case needs.Burst && r.config.NoBurst:
		h.Skip("it needs many deliveries, which --no-burst spares this handler")
	case needs.Restart && r.target.Restart == nil:
		h.Skip("nothing restarts the handler: --restart-cmd COMMAND would")
	case needs.HTTPS && !strings.HasPrefix(r.target.URL, "https:"):
		h.Skip("this handler is reached over http")
	case needs.RepoType != "" && !r.target.WatchesType(needs.RepoType):
		h.Skip("a webhook that watches %v never gets a %s", r.target.Watches, needs.RepoType)
	case needs.Observer && r.observer == nil:
		h.Inconclusive(NoObserver)
	}
}

// List returns the needs of a target besides a URL and a secret in the header, with the
// flags that meet them.
func (n Needs) List() []reports.Need {
	list := []reports.Need{}
	for _, row := range []struct {
		needed bool
		reports.Need
	}{
		{n.QuerySecret, reports.Need{What: "a handler that takes its secret from the URL", Flag: "--secret-in query"}},
		{n.SecretLength > 1, reports.Need{What: fmt.Sprintf("a secret of at least %d characters", n.SecretLength)}},
		{n.SecretLetter, reports.Need{What: "a secret with a letter in it"}},
		{n.Observer, reports.Need{What: "an observer", Flag: "--observe http://127.0.0.1:8000/state",
			How: "answers do not show what the handler did; a page that counts it does, as with " +
				`{"acted":{"repo.update":3}}; any JSON or text will do`}},
		{n.HTTPS, reports.Need{What: "a handler that is reached over https"}},
		{n.Restart, reports.Need{What: "a way to end the handler and start it again", Flag: "--restart-cmd COMMAND"}},
		{n.RepoType != "", reports.Need{What: "a webhook that gets events of a " + n.RepoType}},
	} {
		if row.needed {
			list = append(list, row.Need)
		}
	}
	return list
}
