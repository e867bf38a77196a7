package catalogue

import (
	"testing"

	"github.com/hubhook/hubhook/schemas"
)

// An ID belongs to its shape for ever, so none may be that of a shape that is no more.
func TestIDsBelongToShapes(t *testing.T) {
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, shape := range set.Shapes() {
		known[shape.Name] = true
	}
	taken := map[string]string{}
	for shape, id := range shapeIDs() {
		if !known[shape] {
			t.Errorf("%s is the ID of %s, which is no shape", id, shape)
		}
		if other, twice := taken[id]; twice {
			t.Errorf("%s is the ID of %s and of %s", id, shape, other)
		}
		taken[id] = shape
	}
}
