package suites

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/reports"
)

// Saved is an attempt that failed a check, kept so that it can be made again byte for
// byte. It holds no secret, but says where one stood and what was made of it.
type Saved struct {
	Format   string        `json:"format"` // SavedFormat
	Check    string        `json:"check"`
	Title    string        `json:"title"`
	What     string        `json:"what"`     // what was special about it
	Reason   string        `json:"reason"`   // why the check failed
	CameBack string        `json:"cameBack"` // in one line
	Method   string        `json:"method"`
	URL      Parts         `json:"url"`
	Headers  []SavedHeader `json:"headers"`
	Body     Parts         `json:"body"`
	Chunked  bool          `json:"chunked,omitempty"`
	Fresh    bool          `json:"newConnection,omitempty"`
	Wire     *emitter.Wire `json:"wire,omitempty"`
}

// SavedFormat is what a file of a saved attempt says that it is.
const SavedFormat = "hubhook-attempt/1"

// SavedHeader is one header field.
type SavedHeader struct {
	Name  string `json:"name"`
	Value Parts  `json:"value"`
}

// Parts are a text in which secrets are left out.
type Parts []Part

// Part is a piece of a text: UTF-8, other bytes, or something made of the secret.
type Part struct {
	Text   string `json:"text,omitempty"`
	Base64 string `json:"base64,omitempty"`
	Secret string `json:"secret,omitempty"` // one of the ways in which checks change it
	As     string `json:"as,omitempty"`     // how it is escaped: query or json; plain where empty
}

// secretRecipes are what checks make of the secret, by name.
func secretRecipes() map[string]func(SecretForm) SecretForm {
	return map[string]func(SecretForm) SecretForm{
		"itself":                func(f SecretForm) SecretForm { return f },
		"shifted":               SecretForm.shifted,
		"in-another-case":       SecretForm.swappedCase,
		"without-its-last":      SecretForm.withoutLast,
		"with-its-last-shifted": SecretForm.lastShifted,
	}
}

// secretSpellings are the ways in which a secret stands in a request.
func secretSpellings() map[string]func(string) string {
	return map[string]func(string) string{
		"":      func(s string) string { return s },
		"query": url.QueryEscape,
		"json":  jsonEscaped,
	}
}

func jsonEscaped(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return strings.Trim(string(quoted), `"`)
}

// spelling is something made of the secret, as it stands in a request.
type spelling struct{ value, recipe, as string }

// spellings are all that requests can hold, the longest first: what is made of the
// secret can begin with what is made in another way. Of equal ones the plain one is
// first.
func spellings(secret string) []spelling {
	var all []spelling
	if secret == "" {
		return nil
	}
	for recipe, made := range secretRecipes() {
		for as, escape := range secretSpellings() {
			if value := escape(made(theSecret(secret)).value()); value != "" {
				all = append(all, spelling{value, recipe, as})
			}
		}
	}
	slices.SortFunc(all, func(a, b spelling) int {
		return cmp.Or(len(b.value)-len(a.value), cmp.Compare(a.value, b.value), cmp.Compare(a.recipe, b.recipe), cmp.Compare(a.as, b.as))
	})
	return all
}

// parts takes a text apart. What is secret in another way, such as a password in a
// header of the user's, is masked, and cannot be made again.
func (r *run) parts(text string) Parts {
	parts := Parts{}
	for text != "" {
		at, found := firstOf(spellings(r.target.Secret), text)
		if at > 0 {
			parts = append(parts, r.plainPart(text[:at]))
		}
		text = text[at:]
		if found != nil {
			parts = append(parts, Part{Secret: found.recipe, As: found.as})
			text = text[len(found.value):]
		}
	}
	return parts
}

// firstOf finds what of a list comes first in a text; nil and the text's end where
// nothing does.
func firstOf(list []spelling, text string) (at int, found *spelling) {
	at = len(text)
	for i, s := range list {
		if place := strings.Index(text, s.value); place >= 0 && place < at {
			at, found = place, &list[i]
		}
	}
	return at, found
}

func (r *run) plainPart(text string) Part {
	masked := r.mask.text(text)
	if utf8.ValidString(masked) {
		return Part{Text: masked}
	}
	return Part{Base64: base64.StdEncoding.EncodeToString([]byte(masked))}
}

// text puts a text together again.
func (p Parts) text(secret string) (string, error) {
	var text strings.Builder
	for _, part := range p {
		switch {
		case part.Secret != "":
			recipe, escape := secretRecipes()[part.Secret], secretSpellings()[part.As]
			if recipe == nil || escape == nil {
				return "", fmt.Errorf("nothing is known of a secret that is %s (%s)", part.Secret, part.As)
			}
			if secret == "" {
				return "", errNoSecretToReplay
			}
			text.WriteString(escape(recipe(theSecret(secret)).value()))
		case part.Base64 != "":
			bytes, err := base64.StdEncoding.DecodeString(part.Base64)
			if err != nil {
				return "", fmt.Errorf("read base64: %w", err)
			}
			text.Write(bytes)
		default:
			text.WriteString(part.Text)
		}
	}
	return text.String(), nil
}

var errNoSecretToReplay = fmt.Errorf("it has something of the secret in it: set HUBHOOK_SECRET to the one that the handler knows")

// save keeps what led to a failure.
func (r *run) save(check Check, h *Handler, v verdict) {
	if r.options.Save == nil || v.status != reports.Failed {
		return
	}
	for _, n := range h.notes.kept {
		a := n.got.x.Attempt
		saved := Saved{
			Format: SavedFormat, Check: check.ID, Title: check.Title,
			What: n.sent.words(), Reason: r.mask.text(v.reason), CameBack: n.got.String(),
			Method: a.Method, URL: r.parts(a.URL), Body: r.parts(string(a.Body)),
			Chunked: a.Chunked, Fresh: a.NewConnection, Wire: a.Wire,
		}
		for _, header := range r.target.withoutGiven(headerList(a.Header)) {
			saved.Headers = append(saved.Headers, SavedHeader{header.Name, r.parts(header.Value)})
		}
		r.options.Save(saved)
	}
}

// attempt is the attempt as it was made.
func (s Saved) attempt(secret string) (emitter.Attempt, error) {
	a := emitter.Attempt{Method: s.Method, Header: http.Header{}, Chunked: s.Chunked, NewConnection: s.Fresh, Wire: s.Wire}
	target, err := s.URL.text(secret)
	if err != nil {
		return a, fmt.Errorf("its URL: %w", err)
	}
	a.URL = target
	body, err := s.Body.text(secret)
	if err != nil {
		return a, fmt.Errorf("its body: %w", err)
	}
	if body != "" {
		a.Body = []byte(body)
	}
	for _, header := range s.Headers {
		value, err := header.Value.text(secret)
		if err != nil {
			return a, fmt.Errorf("its header %s: %w", header.Name, err)
		}
		a.Header[header.Name] = append(a.Header[header.Name], value)
	}
	return a, nil
}

// ReplayOptions say how an attempt is made again. The zero value makes it where it was
// made.
type ReplayOptions struct {
	Secret  string        // that the handler knows
	URL     string        // of another handler; a secret in it is not kept
	Route   emitter.Route // how the handler is reached
	Timeout time.Duration // emitter.AttemptTimeout where zero
}

// Replay makes a saved attempt again. The exchange is masked. The error tells a user
// why the attempt cannot be made; that no answer comes is none.
func Replay(ctx context.Context, saved Saved, o ReplayOptions) (reports.Exchange, error) {
	if saved.Format != SavedFormat {
		return reports.Exchange{}, fmt.Errorf("it is no saved attempt: its format is %q, not %q", saved.Format, SavedFormat)
	}
	a, err := saved.attempt(o.Secret)
	if err != nil {
		return reports.Exchange{}, err
	}
	if o.URL != "" {
		a.URL = movedTo(a.URL, o.URL)
	}
	if _, err := emitter.ParseURL("the handler's URL", a.URL); err != nil {
		return reports.Exchange{}, err
	}
	sender := emitter.NewSender(emitter.SenderOptions{Timeout: o.Timeout, Route: o.Route})
	defer sender.Close()
	r := &run{target: Target{URL: withoutQuerySecret(a.URL), Secret: o.Secret}, mask: newMasker(o.Secret)}
	r.mask.learnURL(a.URL)
	for _, recipe := range secretRecipes() {
		r.mask.learn(recipe(theSecret(o.Secret)))
	}
	x := sender.Send(ctx, a)
	return r.record(Delivery{what: []string{saved.What}}, Answer{what: saved.What, x: x, mask: r.mask}), nil
}

// movedTo is a URL of another handler, with the secret that stood in the first.
func movedTo(from, to string) string {
	before, err := url.Parse(from)
	if err != nil || !before.Query().Has("secret") {
		return to
	}
	to = withoutQuerySecret(to)
	for _, secret := range before.Query()["secret"] {
		to = withQuerySecret(to, secret)
	}
	return to
}

// withoutQuerySecret is a URL without ?secret=….
func withoutQuerySecret(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || !parsed.Query().Has("secret") {
		return text
	}
	emitter.TakeSecret(parsed)
	return parsed.String()
}
