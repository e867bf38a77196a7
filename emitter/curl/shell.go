package curl

import "strings"

// Quote makes any text without NUL one word that a POSIX shell leaves
// alone.
func Quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// plainInShell are the characters that mean nothing to a shell within a word.
const plainInShell = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@%+,"

// Word is a text as a word for a POSIX shell: as it stands where that is
// plain, which reads better, otherwise in quotes.
func Word(text string) string {
	special := func(r rune) bool { return !strings.ContainsRune(plainInShell, r) }
	if text == "" || strings.ContainsFunc(text, special) {
		return Quote(text)
	}
	return text
}

// ShellComment is a text as the rest of a comment: whatever would end the line
// is taken out.
func ShellComment(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
