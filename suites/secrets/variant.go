// Package secrets hides the webhook's secret. A [Variant] is a value derived from the
// secret, which prints as what a shell writes for it; a [Mask] hides the secret and its
// variants in whatever a handler answers; a [CurlRequest] writes a command that sends them
// without showing them.
//
// It knows nothing of checks, and keeps nothing.
package secrets

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/redact"
)

// A Variant is a value derived from the secret, and how a POSIX shell, given
// $HUBHOOK_SECRET, writes it inside double quotes without giving it away.
//
// Printed or marshalled by whatever means, it shows its shell form. Shell forms
// hold for values of printable ASCII (0x20–0x7E), which is all a header carries.
type Variant struct {
	// reveal is a function, not a string, because fmt and Gomega read unexported
	// strings by reflection and never ask the methods below.
	reveal   func() string
	shell    string
	literal  bool // says nothing about the secret, so there is nothing to hide
	filtered bool // shell is the output of a filter
}

// Of returns the secret itself as a variant.
func Of(secret string) Variant {
	return newVariant(secret, redact.SecretVariable)
}

// Literal returns a value that has nothing to do with the secret, such as "wrong".
func Literal(value string) Variant {
	v := newVariant(value, curl.InDoubleQuotes(value))
	v.literal = true
	return v
}

// Hidden returns a value that is shown as redact.Placeholder, such as one of the user's own headers.
func Hidden(value string) Variant { return newVariant(value, redact.Placeholder) }

func newVariant(value, shell string) Variant {
	return Variant{reveal: func() string { return value }, shell: shell}
}

// Value returns what goes over the wire. It belongs in a request and nowhere else.
func (v Variant) Value() string {
	if v.reveal == nil {
		return ""
	}
	return v.reveal()
}

// IsZero reports whether the variant was never set, which is not one of an empty value.
func (v Variant) IsZero() bool { return v.reveal == nil }

// Differs reports whether two variants differ on the wire. A secret without
// letters does not change when its case is swapped, nor blanks when shifted.
func (v Variant) Differs(other Variant) bool { return v.Value() != other.Value() }

// Shifted returns the value with each visible character replaced by the next one, '~' by '!': as
// long as the original, and wrong everywhere but in its blanks.
func (v Variant) Shifted() Variant {
	// In octal, since an interactive bash or zsh expands '!' inside double quotes.
	return v.derived(strings.Map(nextVisible, v.Value()), `tr '\041-\176' '\042-\176\041'`)
}

// SwappedCase returns the value with lower case made upper and upper case made lower.
func (v Variant) SwappedCase() Variant {
	return v.derived(strings.Map(otherCase, v.Value()), `tr a-zA-Z A-Za-z`)
}

// WithoutLast returns the value without its last character.
func (v Variant) WithoutLast() Variant {
	value := v.Value()
	_, last := utf8.DecodeLastRuneInString(value)
	shorter := value[:len(value)-last]
	if v.shell == redact.SecretVariable {
		return newVariant(shorter, "${HUBHOOK_SECRET%?}")
	}
	return v.derived(shorter, `sed 's/.$//'`)
}

// LastShifted returns the value with its last character replaced by the next one.
func (v Variant) LastShifted() Variant {
	head := v.WithoutLast()
	last := strings.TrimPrefix(v.Value(), head.Value())
	tail := v.derived(strings.Map(nextVisible, last), `tail -c 1 | tr '\041-\176' '\042-\176\041'`)
	shifted := newVariant(head.Value()+tail.Value(), head.shell+tail.shell)
	shifted.literal, shifted.filtered = v.literal, head.filtered
	return shifted
}

// Appended returns the value followed by a literal.
func (v Variant) Appended(literal string) Variant { return v.Within("", literal) }

// Quoted returns the value between double quotes.
func (v Variant) Quoted() Variant { return v.Within(`"`, `"`) }

// Within returns the value between two literals.
func (v Variant) Within(before, after string) Variant {
	shell := curl.InDoubleQuotes(before) + curl.JoinShell(v.shell, curl.InDoubleQuotes(after))
	within := newVariant(before+v.Value()+after, shell)
	within.literal, within.filtered = v.literal, v.filtered
	return within
}

// derived returns the output of a shell filter that reads v. Quoting starts anew
// inside $(…), so the result may stand inside double quotes, and be derived from.
func (v Variant) derived(value, filter string) Variant {
	derived := newVariant(value, `$(printf %s "`+v.shell+`" | `+filter+`)`)
	derived.literal, derived.filtered = v.literal, true
	return derived
}

// String returns the shell form.
func (v Variant) String() string { return v.shell }

// GoString returns the shell form, for %#v.
func (v Variant) GoString() string { return v.shell }

// GomegaString returns the shell form, for failure messages.
func (v Variant) GomegaString() string { return v.shell }

// Format writes the shell form whatever the verb: %x would otherwise see fields.
func (v Variant) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, v.shell) }

// MarshalText returns the shell form, for JSON, XML and log/slog.
func (v Variant) MarshalText() ([]byte, error) { return []byte(v.shell), nil }

func nextVisible(r rune) rune {
	switch {
	case r == '~':
		return '!'
	case r >= '!' && r < '~':
		return r + 1
	}
	return r
}

func otherCase(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case r >= 'A' && r <= 'Z':
		return r - 'A' + 'a'
	}
	return r
}
