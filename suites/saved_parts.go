package suites

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

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

var errNoSecretToReplay = errors.New("it has something of the secret in it: set HUBHOOK_SECRET to the one that the handler knows")
