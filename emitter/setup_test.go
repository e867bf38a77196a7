package emitter_test

import (
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

func generator(t testing.TB, o emitter.Options) *emitter.Generator {
	t.Helper()
	g, err := emitter.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func payload(t testing.TB, g *emitter.Generator, r emitter.Request) []byte {
	t.Helper()
	text, err := g.Payload(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// seven is a generator that many tests share: compiling one takes a while.
var seven = sync.OnceValues(func() (*emitter.Generator, error) { return emitter.New(emitter.Options{Seed: 7}) })

// each calls look with the payloads of a request at the first n indices.
func each(t *testing.T, r emitter.Request, n uint64, look func(text []byte, p gjson.Result)) {
	t.Helper()
	g, err := seven()
	if err != nil {
		t.Fatal(err)
	}
	for r.Index = range n {
		text := payload(t, g, r)
		look(text, gjson.ParseBytes(text))
		if t.Failed() {
			t.Fatalf("%s, index %d: %s", r.Shape, r.Index, text)
		}
	}
}

// problems returns what the strict reading finds.
func problems(t *testing.T, set *schemas.Set, text []byte) (string, []schemas.Problem) {
	t.Helper()
	doc, err := schemas.Decode(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	judgement, err := set.Judge(doc, schemas.Strict)
	if err != nil {
		t.Fatal(err)
	}
	return judgement.Schema, judgement.Problems
}
