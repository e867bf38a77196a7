//go:build recipes

package main

import "testing"

// The recipes of the README that need Python or Node besides Go, as .ci/readme has them.
func TestRecipes(t *testing.T) {
	for _, s := range readmeSections() {
		if s.recipe {
			t.Run(s.heading, s.run)
		}
	}
}
