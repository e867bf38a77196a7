package curl

import (
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/redact"
)

// A Text is a text of which parts may be hidden: a shell puts a piece's Command in place
// of its Text.
type Text []redact.Piece

// Literal returns a text that hides nothing.
func Literal(text string) Text { return Text{{Text: text}} }

// value returns the text with what is hidden.
func (t Text) value() string {
	var value strings.Builder
	for _, p := range t {
		value.WriteString(p.Text)
	}
	return value.String()
}

// Hides reports whether a part of the text is hidden.
func (t Text) Hides() bool {
	return slices.ContainsFunc(t, func(p redact.Piece) bool { return p.Command != "" })
}

// Quote returns the text as one word of a POSIX command line: in single quotes if nothing
// is hidden, otherwise in double quotes, in which the shell fills in what is hidden.
func (t Text) Quote() string {
	if !t.Hides() {
		return Quote(t.value())
	}
	word := ""
	for i := len(t) - 1; i >= 0; i-- {
		if p := t[i]; p.Command != "" {
			word = JoinShell(p.Command, word)
		} else {
			word = InDoubleQuotes(p.Text) + word
		}
	}
	return `"` + word + `"`
}

// Word returns the text as one word of a POSIX command line, in quotes only if needed.
func (t Text) Word() string {
	if t.Hides() {
		return t.Quote()
	}
	return Word(t.value())
}

// InDoubleQuotes escapes a literal that stands between double quotes. A '!' is
// put in single quotes of its own: there is no other way to write it that both
// an interactive bash, which expands it, and a script understand.
func InDoubleQuotes(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`", `!`, `"'!'"`,
	).Replace(text)
}

// JoinShell joins a shell form and what comes next inside double quotes. redact.SecretVariable
// gets braces where its name would otherwise run on, or where zsh would see a subscript or
// a modifier.
func JoinShell(shell, next string) string {
	bare := strings.HasSuffix(shell, redact.SecretVariable)
	if !bare || next == "" || !runsOn(next[0]) {
		return shell + next
	}
	return strings.TrimSuffix(shell, redact.SecretVariable) + "${" + redact.SecretName + "}" + next
}

func runsOn(c byte) bool {
	return c == '_' || c == '[' || c == ':' ||
		c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
