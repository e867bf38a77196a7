package dispatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/hubhook/hubhook/emitter/delivery"
)

const maxRedirects = 5

// Why redirects lead nowhere. The errors don't name the target, which may hold a secret.
var (
	errRedirects = fmt.Errorf("the handler redirected more than %d times", maxRedirects)
	errCircle    = errors.New("the handler redirected in a circle")
	errNowhere   = errors.New("the handler redirected to what is no http or https URL")
)

// follow sends redirected requests on if redirects are followed. What comes of it is
// an exchange that took as long as all of them.
func (p *Dispatcher) follow(ctx context.Context, x delivery.Exchange) delivery.Exchange {
	if !p.config.Redirects {
		return x
	}
	been := map[string]bool{}
	for n := 0; isRedirect(x); n++ {
		been[x.Attempt.Method+" "+x.Attempt.URL] = true
		next, err := redirected(x.Attempt, x.Response)
		switch {
		case err != nil:
		case been[next.Method+" "+next.URL]:
			err = errCircle
		case n == maxRedirects:
			err = errRedirects
		}
		if err != nil {
			x.Err = err
			return x
		}
		began, took := x.Started, x.Duration
		x = p.config.Sender.Send(ctx, next)
		x.Started, x.Duration = began, took+x.Duration
	}
	return x
}

// isRedirect reports whether an answer is complete, and leads elsewhere (RFC 9110, 15.4).
// A redirect without a Location is a response like any other.
func isRedirect(x delivery.Exchange) bool {
	if x.Err != nil || x.Response == nil || x.Response.Header.Get("Location") == "" {
		return false
	}
	return slices.Contains([]int{
		http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect,
	}, x.Response.Status)
}

// redirected returns the attempt that an answer to another asks for. As browsers do it, 307
// and 308 keep what is sent, and the others have it fetched without a body. The secret
// is for the handler's own origin, and is not sent on to others.
func redirected(a delivery.Attempt, answer *delivery.Response) (delivery.Attempt, error) {
	from, err := url.Parse(a.URL)
	if err != nil {
		return a, errNowhere
	}
	to, err := from.Parse(answer.Header.Get("Location"))
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return a, errNowhere
	}
	to.Fragment, to.RawFragment = "", ""
	a.URL, a.Header = to.String(), a.Header.Clone()
	if originOf(from) != originOf(to) {
		a.Header.Del(delivery.SecretHeader)
	}
	if answer.Status != http.StatusTemporaryRedirect && answer.Status != http.StatusPermanentRedirect {
		a.Method, a.Body, a.Chunked = http.MethodGet, nil, false
		a.Header.Del("Content-Type")
	}
	return a, nil
}

// originOf returns whom a URL reaches (RFC 6454, 4).
func originOf(u *url.URL) string {
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	return u.Scheme + " " + u.Hostname() + " " + port
}
