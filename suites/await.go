package suites

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites/observe"
)

// How often a handler that does not answer yet is asked, and how long each time.
const (
	askEvery  = 100 * time.Millisecond
	askWithin = 5 * time.Second
)

// await waits until the handler answers, as long as the options say. The error says why
// nobody was reached in that time. It sends a GET for /, which is safe (RFC 9110, section
// 9.2.1) and no delivery: it has neither secret nor body. To connect would not be enough,
// since a container's proxy accepts connections before anybody listens behind it; nor is
// the response of a gateway with nobody behind it.
//
// A handler that listens, but does not answer, is there, and is judged.
func await(ctx context.Context, target Target, options Options) error {
	if options.Wait == 0 {
		return nil
	}
	question, address, err := newQuestion(target)
	if err != nil {
		return err
	}
	sender := delivery.NewSender(delivery.SenderOptions{Timeout: askWithin, Route: target.Route})
	defer sender.Close()
	bounded, cancel := context.WithTimeout(ctx, options.Wait)
	defer cancel()
	var unreached error
	for tries := 0; ; tries++ {
		x := sender.Send(bounded, question)
		if isReady(x) {
			return nil
		}
		if bounded.Err() == nil || tries == 0 { // otherwise the error may be only our own time-out
			unreached = delivery.DialError(x.Err)
		}
		if tries == 0 && options.Waiting != nil {
			options.Waiting(address)
		}
		if observe.Pause(bounded, askEvery) == nil {
			continue
		}
		if unreached == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("nothing answered at %s within %v (%v): is the handler running there?", address, options.Wait,
			unreached)
	}
}

// newQuestion returns a request that asks whether anybody is at the target's address.
func newQuestion(target Target) (question delivery.Attempt, address string, err error) {
	parsed, err := delivery.ParseURL("the handler's URL", target.URL)
	if err != nil {
		return question, "", err
	}
	root := url.URL{Scheme: parsed.Scheme, User: parsed.User, Host: parsed.Host, Path: "/"}
	header := target.Header.Clone() // a gateway may ask for it
	if header == nil {
		header = http.Header{}
	}
	question = delivery.Attempt{Method: http.MethodGet, URL: root.String(), Header: header, NewConnection: true}
	return question, cmp.Or(target.Route.Unix, parsed.Host), nil
}

// isReady reports whether more waiting would change nothing: somebody answered, or failed
// in a way that a user has to know about.
func isReady(x delivery.Exchange) bool {
	if x.Err != nil {
		return errors.Is(x.Err, delivery.ErrCertificate) || errors.Is(x.Err, http.ErrSchemeMismatch)
	}
	nobodyBehind := []int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
	return !slices.Contains(nobodyBehind, x.Response.Status)
}
