package main

import (
	"fmt"
	"os"
	"strings"

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
		if _, err := suites.Find(suites.Catalogue(), words[0]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		known = append(known, words[0])
	}
	return known, nil
}
