package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// completions returns what a shell offers after a command line.
func completions(t *testing.T, words ...string) (offered []string, directive string) {
	t.Helper()
	var out, errors strings.Builder
	if code := run(append([]string{"__complete"}, words...), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors}); code != cli.ExitPassed {
		t.Fatalf("exit code %d: %s", code, &errors)
	}
	for line := range strings.Lines(out.String()) {
		value, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		offered = append(offered, value)
	}
	last := len(offered) - 1
	return offered[:last], offered[last]
}

// What a shell completes is what the flag or the argument takes, and no file.
func TestShellsCompleteNames(t *testing.T) {
	const noFiles = ":4"
	for _, c := range []struct {
		line  string // its last word is what is typed, "." for nothing yet
		among string // what is offered
	}{
		{"check --only SEC", "SEC-02"},
		{"check --skip .", "PAY-01a"},
		{"check --only SEC-02,SEC", "SEC-02,SEC-03"},
		{"check --area .", "ratelimit"},
		{"check --area secret,", "secret,scope"},
		{"check --level .", "should"},
		{"check --watches model,", "model,bucket"},
		{"check --repo-type .", "dataset"},
		{"check --secret-in .", "query"},
		{"list .", "shapes"},
		{"list --area .", "payload"},
		{"explain .", "PAY-01"},
		{"explain SEC-02 --lang .", "fastapi"},
		{"generate .", "discussion.comment.create"},
		{"generate --format .", "ndjson"},
		{"generate --future=scopes,", "scopes,types"},
		{"trigger .", "repo.content.update"},
		{"load --shape .", "repo.move"},
		{"load --quota=", "day"},
		{"validate --schema .", "updatedRefs"},
		{"validate --reading .", "strict"},
		{"handler --bug .", "open-without-header"},
		{"handler --variant .", "http2"},
		{"handler --source .", "express"},
		{"mutants .", "open-without-header"},
		{"mutants --format .", "html"},
		{"compare --format .", "markdown"},
		{"init --ci .", "gitlab"},
		{"serve --over-quota .", "withhold"},
	} {
		words := strings.Fields(c.line)
		words[len(words)-1] = strings.TrimSuffix(words[len(words)-1], ".")
		offered, directive := completions(t, words...)
		if !slices.Contains(offered, c.among) || directive != noFiles {
			t.Errorf("after %q a shell offers %q (%s), want %q among them and no file", c.line, offered, directive, c.among)
		}
	}
}

// If nothing can be offered, a shell does not offer files either.
func TestShellsOfferNoFilesForNumbers(t *testing.T) {
	for _, words := range [][]string{
		{"check", ""}, {"check", "--budget", ""}, {"serve", "--quota", ""}, {"generate", "--count", ""}, {"handler", ""},
	} {
		if offered, directive := completions(t, words...); len(offered) > 0 || directive != ":4" {
			t.Errorf("after %q a shell offers %q (%s), want nothing", words, offered, directive)
		}
	}
}

// Shapes of a folder of schemas are offered like the built-in ones.
func TestShellsCompleteShapesOfAFolder(t *testing.T) {
	offered, _ := completions(t, "generate", "--schemas", "../../schemas/testdata/overlay", "")
	if !slices.Contains(offered, "repo.config.dois.update") || !slices.Contains(offered, "repo.update") {
		t.Errorf("a shell offers %q, want the shape of the folder, and those of today", offered)
	}
}

// Each shell gets a script.
func TestScriptsOfShells(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		var out, errors strings.Builder
		code := run([]string{"completion", shell}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errors})
		if code != cli.ExitPassed || !strings.Contains(out.String(), "__complete") {
			t.Errorf("%s: exit code %d, %d bytes: %s", shell, code, out.Len(), &errors)
		}
	}
}
