package suites

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/redact"
)

// secretVariable is how a command line names the secret.
const secretVariable = "$HUBHOOK_SECRET"

// Variant is a value derived from the secret, and how a POSIX shell, given
// $HUBHOOK_SECRET, writes it inside double quotes without giving it away.
//
// Printed or marshalled by whatever means, it shows its shell form. Shell forms
// hold for values of printable ASCII (0x20–0x7E), which is all a header carries.
type Variant struct {
	// reveal is a function, not a string, because fmt and Gomega read unexported
	// strings by reflection and never ask the methods below.
	reveal  func() string
	shell   string
	literal bool // says nothing about the secret, so there is nothing to hide
}

// theSecret is the secret itself.
func theSecret(secret string) Variant {
	return newForm(secret, secretVariable)
}

// literalSecret is a value that has nothing to do with the secret, such as "wrong".
func literalSecret(value string) Variant {
	form := newForm(value, inDoubleQuotes(value))
	form.literal = true
	return form
}

func newForm(value, shell string) Variant {
	return Variant{reveal: func() string { return value }, shell: shell}
}

// value is what goes over the wire. It belongs in a request and nowhere else.
func (f Variant) value() string {
	if f.reveal == nil {
		return ""
	}
	return f.reveal()
}

// isZero tells a form that was never set from one of an empty value.
func (f Variant) isZero() bool { return f.reveal == nil }

// differs tells whether two forms are different on the wire. A secret without
// letters does not change when its case is swapped, nor blanks when shifted.
func (f Variant) differs(g Variant) bool { return f.value() != g.value() }

// shifted has each visible character replaced by the next one, '~' by '!': as
// long as the original, and wrong everywhere but in its blanks.
func (f Variant) shifted() Variant {
	// In octal, since an interactive bash or zsh expands '!' inside double quotes.
	return f.derived(strings.Map(nextVisible, f.value()), `tr '\041-\176' '\042-\176\041'`)
}

// swappedCase has lower case made upper and upper case made lower.
func (f Variant) swappedCase() Variant {
	return f.derived(strings.Map(otherCase, f.value()), `tr a-zA-Z A-Za-z`)
}

// withoutLast lacks the last character.
func (f Variant) withoutLast() Variant {
	value := f.value()
	_, last := utf8.DecodeLastRuneInString(value)
	shorter := value[:len(value)-last]
	if f.shell == secretVariable {
		return newForm(shorter, "${HUBHOOK_SECRET%?}")
	}
	return f.derived(shorter, `sed 's/.$//'`)
}

// lastShifted has its last character replaced by the next one.
func (f Variant) lastShifted() Variant {
	head := f.withoutLast()
	last := strings.TrimPrefix(f.value(), head.value())
	tail := f.derived(strings.Map(nextVisible, last), `tail -c 1 | tr '\041-\176' '\042-\176\041'`)
	form := newForm(head.value()+tail.value(), head.shell+tail.shell)
	form.literal = f.literal
	return form
}

// appended is followed by a literal.
func (f Variant) appended(literal string) Variant { return f.within("", literal) }

// quoted stands between double quotes.
func (f Variant) quoted() Variant { return f.within(`"`, `"`) }

// within stands between two literals.
func (f Variant) within(before, after string) Variant {
	shell := inDoubleQuotes(before) + followedBy(f.shell, inDoubleQuotes(after))
	form := newForm(before+f.value()+after, shell)
	form.literal = f.literal
	return form
}

// derived is the output of a shell filter that reads f. Quoting starts anew
// inside $(…), so the result may stand inside double quotes, and be derived from.
func (f Variant) derived(value, filter string) Variant {
	form := newForm(value, `$(printf %s "`+f.shell+`" | `+filter+`)`)
	form.literal = f.literal
	return form
}

// String is the shell form.
func (f Variant) String() string { return f.shell }

// GoString is the shell form, for %#v.
func (f Variant) GoString() string { return f.shell }

// GomegaString is the shell form, for failure messages.
func (f Variant) GomegaString() string { return f.shell }

// Format writes the shell form whatever the verb: %x would otherwise see fields.
func (f Variant) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, f.shell) }

// MarshalText is the shell form, for JSON, XML and log/slog.
func (f Variant) MarshalText() ([]byte, error) { return []byte(f.shell), nil }

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

// shellWord writes pieces as one word of a POSIX command line: in single quotes
// where all is literal, otherwise in double ones, so that the shell fills in what
// is hidden.
func shellWord(pieces []redact.Piece) string {
	if !hidesAny(pieces) {
		literal := ""
		for _, p := range pieces {
			literal += p.Text
		}
		return curl.Quote(literal)
	}
	word := ""
	for i := len(pieces) - 1; i >= 0; i-- {
		if p := pieces[i]; p.Command != "" {
			word = followedBy(p.Command, word)
		} else {
			word = inDoubleQuotes(p.Text) + word
		}
	}
	return `"` + word + `"`
}

// inDoubleQuotes escapes a literal that stands between double quotes. A '!' is
// put in single quotes of its own: there is no other way to write it that both
// an interactive bash, which expands it, and a script understand.
func inDoubleQuotes(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", `!`, `"'!'"`,
	).Replace(text)
}

// followedBy joins a shell form and what comes next. A bare variable gets braces
// where its name would otherwise run on, or where zsh would see a subscript or
// a modifier.
func followedBy(shell, next string) string {
	bare := strings.HasSuffix(shell, secretVariable)
	if !bare || next == "" || !runsOn(next[0]) {
		return shell + next
	}
	return strings.TrimSuffix(shell, secretVariable) + "${HUBHOOK_SECRET}" + next
}

func runsOn(c byte) bool {
	return c == '_' || c == '[' || c == ':' ||
		c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
