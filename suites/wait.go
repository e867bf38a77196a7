package suites

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// How often a handler that does not answer yet is asked, and how long each time.
const (
	askEvery  = 100 * time.Millisecond
	askWithin = 5 * time.Second
)

// await waits until the handler answers, as long as the options say, and says why
// nobody was met in that time. It asks by a GET for /, which is safe (RFC 9110, 9.2.1)
// and no delivery: neither secret nor body comes with it. To connect would not be
// enough, for a container's proxy takes connections before anybody listens behind it;
// nor is the answer of a gateway with nobody behind it.
//
// Whoever listened, but without such an answer, is there, and is judged.
func await(ctx context.Context, target Target, options Options) error {
	if options.Wait == 0 {
		return nil
	}
	question, place, err := whetherThere(target)
	if err != nil {
		return err
	}
	sender := delivery.NewSender(delivery.SenderOptions{Timeout: askWithin, Route: target.Route})
	defer sender.Close()
	bounded, cancel := context.WithTimeout(ctx, options.Wait)
	defer cancel()
	var unmet error
	for tries := 0; ; tries++ {
		x := sender.Send(bounded, question)
		if isReady(x) {
			return nil
		}
		if bounded.Err() == nil || tries == 0 { // else our own haste is all that it tells
			unmet = unmetBy(x)
		}
		if tries == 0 && options.Waiting != nil {
			options.Waiting(place)
		}
		if pause(bounded, askEvery) == nil {
			continue
		}
		if unmet == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("nothing answered at %s within %v (%v): is the handler running there?", place, options.Wait, dialFault(unmet))
	}
}

// whetherThere asks whether anybody is at the target's place.
func whetherThere(target Target) (question delivery.Attempt, place string, err error) {
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

// isReady tells whether more waiting would change nothing: somebody answered, or speaks
// in a way that a user has to know of.
func isReady(x delivery.Exchange) bool {
	if x.Err != nil {
		return errors.Is(x.Err, delivery.ErrCertificate) || errors.Is(x.Err, http.ErrSchemeMismatch)
	}
	nobodyBehind := []int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}
	return !slices.Contains(nobodyBehind, x.Response.Status)
}

// unmetBy is why nobody was met; nil where somebody was, however it ended.
func unmetBy(x delivery.Exchange) error {
	var failed *net.OpError
	if errors.As(x.Err, &failed) && failed.Op == "dial" {
		return x.Err
	}
	return nil
}
