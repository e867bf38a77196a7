package safetext_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/reports/safetext"
)

func TestEscape(t *testing.T) {
	for _, test := range []struct{ text, keep, want string }{
		{"200 OK: accepté ✓", "", "200 OK: accepté ✓"},
		{"\x1b[2J\a\x00", "", `\x1b[2J\a\x00`},
		{"a\u202eb\u200bc\u00a0d", "", `a\u202eb\u200bc\u00a0d`},
		{"\U000e0001", "", `\U000e0001`},
		{"no \xff UTF-8, \ufffd", "", "no \\xff UTF-8, \ufffd"},
		{`"quoted" 'text' \n`, "", `"quoted" 'text' \n`},
		{"one\ntwo\tthree\r\n", "", `one\ntwo\tthree\r\n`},
		{"one\ntwo\tthree\r\n", "\n\t", "one\ntwo\tthree\\r\n"},
	} {
		if got := safetext.Escape(test.text, test.keep); got != test.want {
			t.Errorf("%q but %q: got %q, want %q", test.text, test.keep, got, test.want)
		}
	}
}

func TestLines(t *testing.T) {
	const text = "sent:      a\n\n  b\tc\n"
	if got, want := safetext.OneLine(text), "sent: a b c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := safetext.Line(text+"\x1b\xff"), "sent: a; ; b c; \\x1b\ufffd"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTruncate(t *testing.T) {
	for limit, want := range map[int]string{5: "grün!", 4: "grün…", 0: "…"} {
		if got := safetext.Truncate("grün!", limit); got != want {
			t.Errorf("%d: got %q, want %q", limit, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	for text, want := range map[string]string{
		"ab":                           "ab",
		"a\n b":                        "a; b",
		"abcdef":                       "abcd…",
		"a" + strings.Repeat(" ", 100): "a…",
		strings.Repeat("\u00fc", 100):  "üüüü…",
	} {
		if got := safetext.Excerpt(text, 4); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestTruncateList(t *testing.T) {
	words := []string{"a", "b", "c", "d"}
	for limit, want := range map[int]string{4: "a, b, c, d", 3: "a, b, c, d", 2: "a, b and 2 more"} {
		if got := safetext.TruncateList(words, limit); got != want {
			t.Errorf("%d: got %q, want %q", limit, got, want)
		}
	}
}
