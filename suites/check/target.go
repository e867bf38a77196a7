package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/observe"
)

// A Target is the handler to judge.
type Target struct {
	URL      string            // http or https, with the path of the hook
	ShownURL string            // takes the place of URL in commands of reports; if empty, URL
	Secret   string            // printable ASCII
	SecretIn delivery.SecretIn // if empty, in the header
	// Observe is a URL that shows what the handler did, as JSON or text. Of the three
	// ways to observe, at most one may be set.
	Observe string
	// ObserveCommand is a shell command that prints what the handler did.
	ObserveCommand string
	// Look returns what the handler did; it is for handlers in the same process.
	Look func(ctx context.Context) ([]byte, error)
	// HubURL begins the URLs in payloads; if empty, it is emitter.DefaultHubURL.
	HubURL string
	Route  delivery.Route // how the handler is reached, if not as the URL says
	// Curl holds the options of curl that correspond to Route, such as --unix-socket and
	// a path, for the commands in reports.
	Curl    []string
	Header  http.Header    // sent with every delivery, besides the Hub's headers
	Scene   emitter.Scene  // of payloads, unless a check asks for another
	Edits   []emitter.Edit // of every payload
	Watches []string       // repo types that the webhook watches; if empty, all
	// Restart ends the handler and starts it again; it returns once the handler listens.
	// It is nil if that cannot be done.
	Restart func(ctx context.Context) error
}

// Limits are how slow a handler may be before a check says so.
type Limits struct {
	Prompt    time.Duration // for a response to come at once; zero means 5 s
	Rejection time.Duration // for a rejection; zero means 1 s
	Recover   time.Duration // from an overload to accepting again; zero means 60 s
}

// WithDefaults returns the limits with defaults in place of zeros.
func (l Limits) WithDefaults() Limits {
	return Limits{
		Prompt:    cmp.Or(l.Prompt, 5*time.Second),
		Rejection: cmp.Or(l.Rejection, time.Second),
		Recover:   cmp.Or(l.Recover, time.Minute),
	}
}

// Normalize returns the target with defaults set and a query secret cut from its URL. The
// error says what is wrong with the target, without a secret.
func (t Target) Normalize() (Target, error) {
	t.SecretIn = cmp.Or(t.SecretIn, delivery.InHeader)
	parsed, err := t.parseURL()
	if err != nil {
		return t, err
	}
	t.Header = CanonicalHeader(t.Header)
	if err := t.checkObserver(); err != nil {
		return t, err
	}
	if t.SecretIn == delivery.InQuery && parsed.Query().Has("secret") {
		// Otherwise the URL stays as the user wrote it.
		t.Secret = cmp.Or(t.Secret, delivery.CutSecret(parsed))
		t.URL = parsed.String()
	}
	return t, t.checkSecret()
}

func (t Target) parseURL() (*url.URL, error) { return delivery.ParseURL("the handler's URL", t.URL) }

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

// WatchesType reports whether the webhook gets events of repos of a type.
func (t Target) WatchesType(repoType string) bool {
	return len(t.Watches) == 0 || slices.Contains(t.Watches, repoType)
}

// source returns the way in which the target is observed; nil if there is none.
func (t Target) source() observe.Source {
	switch {
	case t.Look != nil:
		return t.Look
	case t.ObserveCommand != "":
		return observe.Command(t.ObserveCommand)
	case t.Observe != "":
		return observe.URL(t.Observe, t.routeTo(t.Observe))
	}
	return nil
}

// routeTo returns how another URL than the handler's is reached: as the handler is, if it
// is on the same host. A socket stands for one port of the host.
func (t Target) routeTo(address string) delivery.Route {
	handler, err := url.Parse(t.URL)
	if err != nil {
		return delivery.Route{}
	}
	other, err := url.Parse(address)
	if err != nil || !strings.EqualFold(handler.Hostname(), other.Hostname()) {
		return delivery.Route{}
	}
	route := t.Route
	if portOf(handler) != portOf(other) {
		route.Unix = ""
	}
	return route
}

func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

// AwaitListening waits until something listens at the target's URL, but no longer than a
// limit.
func (t Target) AwaitListening(ctx context.Context, limit time.Duration) error {
	parsed, err := t.parseURL()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		conn, err := t.Route.Dial(ctx, parsed)
		switch {
		case err == nil:
			return conn.Close()
		case errors.Is(err, delivery.ErrCertificate):
			return nil // whoever has a certificate listens
		}
		if observe.Pause(ctx, 20*time.Millisecond) != nil {
			return fmt.Errorf("nothing listened at %s for %v (%v)", cmp.Or(t.Route.Unix, parsed.Host), limit, dialCause(err))
		}
	}
}

// dialCause returns the innermost reason why nobody was reached, without the address.
func dialCause(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// IsUserHeader reports whether the user gave a header its value.
func (t Target) IsUserHeader(name, value string) bool { return slices.Contains(t.Header[name], value) }

// hideUserHeaders hides the values that the user gave headers, however short they are.
func (t Target) hideUserHeaders(headers []reports.Header) []reports.Header {
	for i, header := range headers {
		if t.IsUserHeader(header.Name, header.Value) {
			headers[i].Value = redact.Placeholder
		}
	}
	return headers
}

// CanonicalHeader returns headers with names spelled as deliveries have them, so that one
// which a user adds replaces the Hub's.
func CanonicalHeader(header http.Header) http.Header {
	canonical := http.Header{}
	for name, values := range header {
		for ours := range delivery.NewAttempt("", "", nil).Header {
			if strings.EqualFold(name, ours) {
				name = ours
			}
		}
		canonical[name] = append(canonical[name], values...)
	}
	return canonical
}
