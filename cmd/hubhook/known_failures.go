package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites"
)

// readKnown reads the IDs of checks that are known to fail: one on a line, behind
// which anything may stand, such as a reason; # begins a comment.
func readKnown(file string) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--known-failures: %w", err)
	}
	known := []string{}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		number++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if err := checkID(words[0]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		known = append(known, words[0])
	}
	return known, nil
}

// checkID finds an ID that no check has.
func checkID(id string) error {
	selection := suites.Selection{Only: []string{id}}
	checks := suites.Catalogue()
	if _, err := selection.Select(checks); err == nil {
		return nil
	}
	var ids []string
	for _, check := range checks {
		ids = append(ids, check.ID)
	}
	if near, ok := schemas.Closest(id, slices.Compact(ids)); ok {
		return fmt.Errorf("unknown check %q: did you mean %q?", id, near)
	}
	return fmt.Errorf("unknown check %q: `hubhook list` shows them all", id)
}
