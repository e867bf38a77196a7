package suites

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
	"github.com/hubhook/hubhook/suites/secrets"
)

// A Saved is an attempt that failed a check, kept so that it can be made again byte for
// byte. It holds no secret, but says where it was, and which variant of it.
type Saved struct {
	Format   string `json:"format"`           // SavedFormat
	Check    string `json:"check"`            // ID of the one that failed
	Title    string `json:"title"`            // of that check
	What     string `json:"what"`             // what was special about it
	Reason   string `json:"reason"`           // why the check failed
	Status   int    `json:"status,omitempty"` // of the answer; absent if no complete one came
	CameBack string `json:"cameBack"`         // in one line

	// The request, and how it was sent.
	Method  string        `json:"method"`
	URL     Parts         `json:"url"`
	Headers []SavedHeader `json:"headers"` // by name
	Body    Parts         `json:"body"`
	Chunked bool          `json:"chunked,omitempty"`       // without a Content-Length
	Fresh   bool          `json:"newConnection,omitempty"` // on a connection of its own
	Wire    *SavedWire    `json:"wire,omitempty"`          // absent if net/http wrote it
}

// SavedFormat is the value of Saved.Format.
const SavedFormat = "hubhook-attempt/1"

// A SavedHeader is one header field.
type SavedHeader struct {
	Name  string `json:"name"`            // as it was spelled
	Value Parts  `json:"value,omitempty"` // absent if Given
	// Given says that the user gave its value, which is not kept.
	Given bool `json:"given,omitempty"`
}

// SavedWire says how an attempt was written by hand, as delivery.RawRequest does, as far as
// checks use it.
type SavedWire struct {
	PieceBytes   int   `json:"pieceBytes,omitempty"` // size of the pieces of the body
	PauseMs      int64 `json:"pauseMs,omitempty"`    // before each piece
	Expect       bool  `json:"expect,omitempty"`     // it asks for 100 Continue before the body
	CutAfter     int   `json:"cutAfter,omitempty"`   // bytes of the body after which it ends
	SkipResponse bool  `json:"giveUp,omitempty"`     // it reads no response
}

func newSavedWire(w *delivery.RawRequest) *SavedWire {
	if w == nil {
		return nil
	}
	return &SavedWire{w.PieceBytes, w.Pause.Milliseconds(), w.Expect, w.CutAfter, w.SkipResponse}
}

func (w *SavedWire) rawRequest() *delivery.RawRequest {
	if w == nil {
		return nil
	}
	return &delivery.RawRequest{
		PieceBytes: w.PieceBytes, Pause: time.Duration(w.PauseMs) * time.Millisecond,
		Expect: w.Expect, CutAfter: w.CutAfter, SkipResponse: w.SkipResponse,
	}
}

// save keeps the attempts that failed a check.
func (s *Session) save(c check.Check, h *check.Handler, o check.Outcome) {
	if s.options.Save == nil || o.Status != reports.Failed {
		return
	}
	for _, record := range h.Records() {
		a := record.Response.Exchange().Attempt
		saved := Saved{
			Format: SavedFormat, Check: c.ID, Title: c.Title,
			What: s.run.Mask.Text(record.Response.What()), Reason: s.run.Mask.Text(o.Reason),
			Status: record.Response.Status(), CameBack: record.Response.String(),
			Method: a.Method, URL: s.parts(redact.Password(a.URL)), Body: s.parts(string(a.Body)),
			Chunked: a.Chunked, Fresh: a.NewConnection, Wire: newSavedWire(a.Raw),
		}
		for _, name := range slices.Sorted(maps.Keys(a.Header)) {
			for _, value := range a.Header[name] {
				header := SavedHeader{Name: name, Given: s.target.IsUserHeader(name, value)}
				if !header.Given {
					header.Value = s.parts(value)
				}
				saved.Headers = append(saved.Headers, header)
			}
		}
		s.options.Save(saved)
	}
}

// savedLimit is the size limit of a saved attempt in bytes: the longest body of a check has
// 10 MiB, and JSON needs six bytes for a control character.
const savedLimit = 64 << 20

var errLongSaved = fmt.Errorf("it is no saved attempt: it is longer than %d MiB", savedLimit>>20)

// ReadSaved reads a single saved attempt. The error tells a user what is wrong with it.
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
		return Saved{}, fmt.Errorf("it is no saved attempt: %s is a %s, and must be another kind of value", kind.Field,
			kind.Value)
	case err != nil:
		return Saved{}, fmt.Errorf("it is no saved attempt: %w", err)
	}
	if err := saved.validate(); err != nil {
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

// Parts are a text without its secrets.
type Parts []Part

// A Part is a piece of a text: UTF-8, other bytes, or a variant of the secret.
type Part struct {
	Text   string `json:"text,omitempty"`   // as it was
	Base64 string `json:"base64,omitempty"` // of bytes that are no UTF-8
	Secret string `json:"secret,omitempty"` // one of secretRecipes
	As     string `json:"as,omitempty"`     // how it is escaped: query or json; plain if empty
}

// secretRecipes returns the variants of the secret that checks send, by name.
func secretRecipes() map[string]func(secrets.Variant) secrets.Variant {
	return map[string]func(secrets.Variant) secrets.Variant{
		"itself":                func(f secrets.Variant) secrets.Variant { return f },
		"shifted":               secrets.Variant.Shifted,
		"in-another-case":       secrets.Variant.SwappedCase,
		"without-its-last":      secrets.Variant.WithoutLast,
		"with-its-last-shifted": secrets.Variant.LastShifted,
	}
}

// secretSpellings returns the escapes of a secret in a request, by name.
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
	return string(quoted[1 : len(quoted)-1])
}

// spelling is a variant of the secret, escaped as in a request.
type spelling struct{ value, recipe, as string }

// spellings returns all that requests can hold, the longest first, since one variant can
// begin with another. Of equal ones the plain one is first.
func spellings(secret string) []spelling {
	var all []spelling
	if secret == "" {
		return nil
	}
	for recipe, made := range secretRecipes() {
		for as, escape := range secretSpellings() {
			if value := escape(made(secrets.Of(secret)).Value()); value != "" {
				all = append(all, spelling{value, recipe, as})
			}
		}
	}
	slices.SortFunc(all, func(a, b spelling) int {
		return cmp.Or(len(b.value)-len(a.value), cmp.Compare(a.value, b.value), cmp.Compare(a.recipe, b.recipe),
			cmp.Compare(a.as, b.as))
	})
	return all
}

// parts takes a text apart. Other secrets, such as a password in a header of the user's,
// are masked, and cannot be restored.
func (s *Session) parts(text string) Parts {
	parts := Parts{}
	for text != "" {
		at, found := firstOf(spellings(s.target.Secret), text)
		if at > 0 {
			parts = append(parts, s.plainPart(text[:at]))
		}
		text = text[at:]
		if found != nil {
			parts = append(parts, Part{Secret: found.recipe, As: found.as})
			text = text[len(found.value):]
		}
	}
	return parts
}

// firstOf returns the spelling that comes first in a text, and where; nil and the text's end
// if none does.
func firstOf(list []spelling, text string) (at int, found *spelling) {
	at = len(text)
	for i, s := range list {
		if place := strings.Index(text, s.value); place >= 0 && place < at {
			at, found = place, &list[i]
		}
	}
	return at, found
}

func (s *Session) plainPart(text string) Part {
	masked := s.run.Mask.Text(text)
	if utf8.ValidString(masked) {
		return Part{Text: masked}
	}
	return Part{Base64: base64.StdEncoding.EncodeToString([]byte(masked))}
}

// text puts a text together again, with the secret.
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
			text.WriteString(escape(recipe(secrets.Of(secret)).Value()))
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
