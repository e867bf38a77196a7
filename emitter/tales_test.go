package emitter_test

import (
	"fmt"
	"testing"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// Whoever triggers events of scopes that they make up does not fill the memory.
func TestScopesThatAreMadeUpAreNotAllKept(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 1})
	for n := range emitter.MostTales + 10 {
		shape := fmt.Sprintf("repo.config.made-up-%d.update", n)
		body, err := g.Payload(emitter.Request{Shape: shape})
		if err != nil || delivery.ShapeOf(body) != shape {
			t.Fatalf("%s: %v, and it is %s", shape, err, delivery.ShapeOf(body))
		}
	}
	if kept := g.Tales(); kept > emitter.MostTales {
		t.Errorf("%d shapes are kept", kept)
	}
}
