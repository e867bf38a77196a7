package curl_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/curl"
)

// oddTexts are those on which careless quoting fails.
func oddTexts() []string {
	return []string{
		"", " ", "plain", "-n", "it's", `''`, `"double"`, "dollar$HOME ${x} $(id) `id`", `back\slash\\n\`,
		"bang!bang!!", "a*b?[c]~", "#no comment", "two\nlines\n", "tab\t", "é☃🤗 à\u0081\u0088", "{{x}}", "a=b",
		"\x01\x02\x1b[31m\x7f", "%s %d %%", strings.Repeat("long'", 50_000),
	}
}

func TestShellTakesATextAsItIs(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"sh", "bash"} {
		for _, text := range oddTexts() {
			for _, word := range []string{curl.Quote(text), curl.Word(text)} {
				command := exec.CommandContext(t.Context(), shell)
				command.Stdin = strings.NewReader("printf %s " + word)
				if got, err := command.Output(); err != nil || string(got) != text {
					t.Errorf("%s made %.60q of %.60q: %v", shell, got, text, err)
				}
			}
		}
	}
}

func TestPlainWordsStandWithoutQuotes(t *testing.T) {
	for text, want := range map[string]string{
		"": "''", "http://127.0.0.1:8000/webhook": "http://127.0.0.1:8000/webhook", "a b": "'a b'", "repo.config.*": "'repo.config.*'",
	} {
		if got := curl.Word(text); got != want {
			t.Errorf("%q became %s, want %s", text, got, want)
		}
	}
}
