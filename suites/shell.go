package suites

import (
	"strings"

	"github.com/hubhook/hubhook/emitter/curl"
)

// segment is a piece of a text: either literal, or hidden behind what a shell
// writes for it inside double quotes.
type segment struct {
	text  string
	shell string // empty where text may be shown
}

// shellWord writes segments as one word of a POSIX command line: in single
// quotes where all is literal, otherwise in double ones, so that the shell fills
// in what is hidden.
func shellWord(segments []segment) string {
	if !hidesAny(segments) {
		return curl.Quote(shown(segments))
	}
	word := ""
	for i := len(segments) - 1; i >= 0; i-- {
		if s := segments[i]; s.shell != "" {
			word = followedBy(s.shell, word)
		} else {
			word = inDoubleQuotes(s.text) + word
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
