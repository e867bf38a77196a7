//go:build !race

// The race detector has sync.Pool forget what it holds, on purpose.

package emitter_test

import (
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

// Texts that gofakeit draws for a pattern are allocated; these shapes have none.
func TestFeedAllocatesNothing(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 1})
	shapes := []string{
		"repo.content.update", "repo.config.update", "repo.move", "discussion.create", "discussion.comment.update",
	}
	for _, o := range []emitter.FeedOptions{{Shapes: shapes}, {Shapes: shapes, Story: true}} {
		f := feed(t, g, o)
		text := fed(t, f, 200)[0] // after which all shapes are compiled
		if allocs := testing.AllocsPerRun(5000, func() { text, _ = f.Append(text[:0]) }); allocs > 0 {
			t.Errorf("%+v: %v allocations a payload", o, allocs)
		}
	}
	var text []byte
	index := uint64(0)
	allocs := testing.AllocsPerRun(2000, func() {
		text, _ = g.Append(text[:0], emitter.Request{Shape: "discussion.comment.update", Index: index})
		index++
	})
	if allocs > 0 {
		t.Errorf("by index: %v allocations a payload", allocs)
	}
}

func TestRenderAllocatesNothing(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 1})
	for _, shape := range []string{"discussion.comment.create", "repo.content.update", "repo.move"} {
		f := pushOf(shape)
		text := render(t, g, f)
		if allocs := testing.AllocsPerRun(2000, func() { text, _ = g.Render(text[:0], f) }); allocs > 0 {
			t.Errorf("%s: %v allocations a payload", shape, allocs)
		}
	}
}
