package schemas_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/schemas"
)

// embedded returns the schemas without an overlay, compiled once for all tests.
var embedded = sync.OnceValues(func() (*schemas.Set, error) { return schemas.Load(schemas.Options{}) })

func load(t testing.TB) *schemas.Set {
	t.Helper()
	set, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func loadWith(t testing.TB, o schemas.Options) *schemas.Set {
	t.Helper()
	set, err := schemas.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// sample returns a payload that is valid under both readings.
func sample(t testing.TB, shape string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", shape+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decode(t testing.TB, text []byte) any {
	t.Helper()
	doc, err := schemas.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// change is a difference from a sample: the raw JSON at a path; empty means no member.
type change struct{ path, raw string }

func changed(t testing.TB, text []byte, changes ...change) []byte {
	t.Helper()
	for _, c := range changes {
		var err error
		if c.raw == "" {
			text, err = sjson.DeleteBytes(text, c.path)
		} else {
			text, err = sjson.SetRawBytes(text, c.path, []byte(c.raw))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return text
}
