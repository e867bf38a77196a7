package suites

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
	"github.com/hubhook/hubhook/suites/secrets"
)

// Limits of a saved attempt: no check needs more, and each piece takes memory before the
// first one is sent.
const (
	maxPause  = time.Minute
	maxPieces = 1 << 20
)

// validate returns an error for what no saved attempt says.
func (s Saved) validate() error {
	if s.Format != SavedFormat {
		return fmt.Errorf("it is no saved attempt: its format is %q, not %q", s.Format, SavedFormat)
	}
	if s.Method != "" && !httpguts.ValidHeaderFieldName(s.Method) {
		return fmt.Errorf("its method is %q, which is none", s.Method)
	}
	if s.Wire == nil {
		return nil
	}
	for _, number := range []struct {
		name  string
		value int64
	}{{"pieceBytes", int64(s.Wire.PieceBytes)}, {"pauseMs", s.Wire.PauseMs}, {"cutAfter", int64(s.Wire.CutAfter)}} {
		if number.value < 0 {
			return fmt.Errorf("its %s is %d, and must not be below zero", number.name, number.value)
		}
	}
	if most := maxPause.Milliseconds(); s.Wire.PauseMs > most {
		return fmt.Errorf("its pauseMs is %d, and must not be above %d", s.Wire.PauseMs, most)
	}
	return nil
}

// attempt returns the attempt as it was made.
func (s Saved) attempt(o ReplayOptions) (delivery.Attempt, error) {
	a := delivery.Attempt{Method: s.Method, Chunked: s.Chunked, NewConnection: s.Fresh, Raw: s.Wire.rawRequest()}
	if err := s.validate(); err != nil {
		return a, err
	}
	var err error
	if a.URL, err = s.target(o); err != nil {
		return a, err
	}
	body, err := s.Body.text(o.Secret)
	if err != nil {
		return a, fmt.Errorf("its body: %w", err)
	}
	if body != "" || s.Chunked { // an empty body in chunks is one, too
		a.Body = []byte(body)
	}
	if a.Raw != nil && a.Raw.PieceBytes > 0 && len(body)/a.Raw.PieceBytes > maxPieces {
		return a, fmt.Errorf("its body makes more than %d pieces of %d bytes", maxPieces, a.Raw.PieceBytes)
	}
	a.Header, err = s.header(o)
	return a, err
}

// target returns the URL of the attempt.
func (s Saved) target(o ReplayOptions) (string, error) {
	target, err := s.URL.text(o.Secret)
	if err != nil {
		return "", fmt.Errorf("its URL: %w", err)
	}
	if o.URL != "" {
		target = movedTo(target, o.URL)
	}
	parsed, err := delivery.ParseURL("the handler's URL", target)
	if err != nil {
		return "", err
	}
	if password, _ := parsed.User.Password(); password == redact.Placeholder {
		return "", errors.New("its URL holds a password, which is not kept: name the whole URL by --to")
	}
	return target, nil
}

// header returns the header of the attempt, with the values that the user gives.
func (s Saved) header(o ReplayOptions) (http.Header, error) {
	header, taken := http.Header{}, map[string]int{}
	given := check.CanonicalHeader(o.Header)
	for _, field := range s.Headers {
		value, err := field.Value.text(o.Secret)
		if err != nil {
			return nil, fmt.Errorf("its header %s: %w", field.Name, err)
		}
		if field.Given {
			values := valuesOf(given, field.Name)
			if taken[field.Name] >= len(values) {
				return nil, fmt.Errorf("its header %s is one of yours, the value of which is not kept: give it again, by --header '%s: …' or HUBHOOK_HEADER", field.Name, field.Name)
			}
			value = values[taken[field.Name]]
			taken[field.Name]++
		}
		// A raw request may contain anything; net/http would refuse to send it.
		if s.Wire == nil && (!httpguts.ValidHeaderFieldName(field.Name) || !httpguts.ValidHeaderFieldValue(value)) {
			return nil, fmt.Errorf("its header %q cannot be sent", field.Name)
		}
		header[field.Name] = append(header[field.Name], value)
	}
	return header, nil
}

// valuesOf returns the values of a header, in any case of its name.
func valuesOf(header http.Header, name string) []string {
	for other, values := range header {
		if strings.EqualFold(other, name) {
			return values
		}
	}
	return nil
}

// ReplayOptions say how an attempt is made again. The zero value makes it at the same URL.
type ReplayOptions struct {
	Secret  string         // that the handler knows
	URL     string         // of another handler; a secret in it is not kept
	Header  http.Header    // values of headers that are not kept
	Route   delivery.Route // how the handler is reached
	Timeout time.Duration  // zero means delivery.AttemptTimeout
}

// A Replayed is a saved attempt and what came of it this time.
type Replayed struct {
	Exchange reports.Exchange // masked; without Curl
	Status   int              // of the response; 0 if no complete one came
	CameBack string           // in one line, masked
	// LeftAsMeant says that nobody waited for a response, as with the first attempt.
	LeftAsMeant bool
}

// CanReplay tells a user why an attempt cannot be made; nil if it can.
func (s Saved) CanReplay(o ReplayOptions) error {
	_, err := s.attempt(o)
	return err
}

// Replay makes a saved attempt again. The error is that of CanReplay; a missing response
// is no error.
func Replay(ctx context.Context, saved Saved, o ReplayOptions) (Replayed, error) {
	a, err := saved.attempt(o)
	if err != nil {
		return Replayed{}, err
	}
	sender := delivery.NewSender(delivery.SenderOptions{Timeout: o.Timeout, Route: o.Route})
	defer sender.Close()
	mask := secrets.NewMask(o.Secret)
	userHeaders := saved.userHeaders(a.Header)
	mask.HidePassword(a.URL)
	mask.HideHeaders(userHeaders)
	for _, recipe := range secretRecipes() {
		mask.Learn(recipe(secrets.Of(o.Secret)))
	}
	x := sender.Send(ctx, a)
	r := check.NewResponse(saved.What, x, mask)
	return Replayed{check.ReportExchange(r, Target{Header: userHeaders}), r.Status(), r.String(),
		errors.Is(x.Err, delivery.ErrAbandoned)}, nil
}

// userHeaders returns the headers of an attempt that have values of the user's.
func (s Saved) userHeaders(header http.Header) http.Header {
	given := http.Header{}
	for name, values := range header {
		if slices.ContainsFunc(s.Headers, func(h SavedHeader) bool { return h.Given && h.Name == name }) {
			given[name] = values
		}
	}
	return given
}

// movedTo returns the URL of another handler, with the secret of the first.
func movedTo(from, to string) string {
	before, err := url.Parse(from)
	if err != nil || !before.Query().Has("secret") {
		return to
	}
	to = withoutQuerySecret(to)
	for _, secret := range before.Query()["secret"] {
		to = check.WithQuerySecret(to, secret)
	}
	return to
}

// withoutQuerySecret returns a URL without ?secret=….
func withoutQuerySecret(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || !parsed.Query().Has("secret") {
		return text
	}
	delivery.CutSecret(parsed)
	return parsed.String()
}
