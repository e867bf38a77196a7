package suites

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

// Saved is an attempt that failed a check, kept so that it can be made again byte for
// byte. It holds no secret, but says where one stood and what was made of it.
type Saved struct {
	Format   string `json:"format"`           // SavedFormat
	Check    string `json:"check"`            // ID of the one that failed
	Title    string `json:"title"`            // of that check
	What     string `json:"what"`             // what was special about it
	Reason   string `json:"reason"`           // why the check failed
	Status   int    `json:"status,omitempty"` // of the answer; absent where no complete one came
	CameBack string `json:"cameBack"`         // in one line

	// The request, and how it went over the wire.
	Method  string        `json:"method"`
	URL     Parts         `json:"url"`
	Headers []SavedHeader `json:"headers"` // by name
	Body    Parts         `json:"body"`
	Chunked bool          `json:"chunked,omitempty"`       // without a Content-Length
	Fresh   bool          `json:"newConnection,omitempty"` // on a connection of its own
	Wire    *SavedWire    `json:"wire,omitempty"`          // absent where net/http wrote it
}

// SavedFormat is what a file of a saved attempt says that it is.
const SavedFormat = "hubhook-attempt/1"

// SavedHeader is one header field.
type SavedHeader struct {
	Name  string `json:"name"`            // as it was spelled
	Value Parts  `json:"value,omitempty"` // absent where Given
	// Given says that the user gave its value, which is not kept.
	Given bool `json:"given,omitempty"`
}

// SavedWire says how an attempt was written by hand, as emitter.Wire does. What that
// has besides, no check asks for.
type SavedWire struct {
	PieceBytes int   `json:"pieceBytes,omitempty"` // the body goes in pieces of so many
	PauseMs    int64 `json:"pauseMs,omitempty"`    // before each piece
	Expect     bool  `json:"expect,omitempty"`     // it asks for 100 Continue before the body
	CutAfter   int   `json:"cutAfter,omitempty"`   // it ends after so many bytes of the body
	GiveUp     bool  `json:"giveUp,omitempty"`     // it awaits no answer
}

func savedWire(w *delivery.RawRequest) *SavedWire {
	if w == nil {
		return nil
	}
	return &SavedWire{w.PieceBytes, w.Pause.Milliseconds(), w.Expect, w.CutAfter, w.SkipResponse}
}

func (w *SavedWire) wire() *delivery.RawRequest {
	if w == nil {
		return nil
	}
	return &delivery.RawRequest{
		PieceBytes: w.PieceBytes, Pause: time.Duration(w.PauseMs) * time.Millisecond,
		Expect: w.Expect, CutAfter: w.CutAfter, SkipResponse: w.GiveUp,
	}
}

// save keeps what led to a failure.
func (r *run) save(check Check, h *Handler, v verdict) {
	if r.options.Save == nil || v.status != reports.Failed {
		return
	}
	for _, n := range h.recorder.kept {
		a := n.got.exchange.Attempt
		saved := Saved{
			Format: SavedFormat, Check: check.ID, Title: check.Title,
			What: r.mask.Text(n.sent.String()), Reason: r.mask.Text(v.reason),
			Status: n.got.Status(), CameBack: n.got.String(),
			Method: a.Method, URL: r.parts(redact.Password(a.URL)), Body: r.parts(string(a.Body)),
			Chunked: a.Chunked, Fresh: a.NewConnection, Wire: savedWire(a.Raw),
		}
		for _, header := range headerList(a.Header) {
			kept := SavedHeader{Name: header.Name, Given: r.target.given(header.Name, header.Value)}
			if !kept.Given {
				kept.Value = r.parts(header.Value)
			}
			saved.Headers = append(saved.Headers, kept)
		}
		r.options.Save(saved)
	}
}

// savedLimit is how long a saved attempt may be, in bytes: the longest body of a check
// has 10 MiB, and JSON makes six bytes of a control character.
const savedLimit = 64 << 20

var errLongSaved = fmt.Errorf("it is no saved attempt: it is longer than %d MiB", savedLimit>>20)

// ReadSaved reads a saved attempt, and nothing but one. The error tells a user what is
// wrong with it.
func ReadSaved(from io.Reader) (Saved, error) {
	var saved Saved
	limited := &io.LimitedReader{R: from, N: savedLimit + 1}
	decoder := json.NewDecoder(limited)
	err := decoder.Decode(&saved)
	var kind *json.UnmarshalTypeError
	switch {
	case limited.N == 0:
		return Saved{}, errLongSaved
	case errors.Is(err, io.EOF):
		return Saved{}, errors.New("it is no saved attempt: there is nothing in it")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Saved{}, errors.New("it is no saved attempt: it breaks off")
	case errors.As(err, &kind) && kind.Field == "":
		return Saved{}, fmt.Errorf("it is no saved attempt: it is JSON, but no object: %s", kind.Value)
	case errors.As(err, &kind):
		return Saved{}, fmt.Errorf("it is no saved attempt: %s is a %s, and must be another kind of value", kind.Field, kind.Value)
	case err != nil:
		return Saved{}, fmt.Errorf("it is no saved attempt: %w", err)
	}
	if err := saved.check(); err != nil {
		return Saved{}, err
	}
	_, err = decoder.Token()
	switch {
	case limited.N == 0:
		return Saved{}, errLongSaved
	case !errors.Is(err, io.EOF):
		return Saved{}, errors.New("something follows the attempt: one file holds one")
	}
	return saved, nil
}

// Parts are a text in which secrets are left out.
type Parts []Part

// Part is a piece of a text: UTF-8, other bytes, or something made of the secret.
type Part struct {
	Text   string `json:"text,omitempty"`   // as it stands
	Base64 string `json:"base64,omitempty"` // of bytes that are no UTF-8
	Secret string `json:"secret,omitempty"` // one of the ways in which checks change it
	As     string `json:"as,omitempty"`     // how it is escaped: query or json; plain where empty
}

// secretRecipes are what checks make of the secret, by name.
func secretRecipes() map[string]func(Variant) Variant {
	return map[string]func(Variant) Variant{
		"itself":                func(f Variant) Variant { return f },
		"shifted":               Variant.shifted,
		"in-another-case":       Variant.swappedCase,
		"without-its-last":      Variant.withoutLast,
		"with-its-last-shifted": Variant.lastShifted,
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
	masked := r.mask.Text(text)
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

var errNoSecretToReplay = errors.New("it has something of the secret in it: set HUBHOOK_SECRET to the one that the handler knows")
