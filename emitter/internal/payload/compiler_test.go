package payload

import (
	"fmt"
	"testing"

	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/schemas"
)

// Whoever triggers events of scopes that they make up does not fill the memory.
func TestScopesThatAreMadeUpAreNotAllKept(t *testing.T) {
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Schemas: set, World: world.NewConfig(1, "https://huggingface.co")}
	for _, c := range []*Compiler{NewCompiler(o), NewDataCompiler(o)} {
		for n := range maxShapes + 10 {
			name := fmt.Sprintf("repo.config.made-up-%d.update", n)
			shape, err := c.Shape(name)
			if err != nil || shape.Scope+"."+shape.Action != name {
				t.Fatalf("%s: %v, and it is %+v", name, err, shape)
			}
		}
		kept := 0
		c.shapes.Range(func(any, any) bool {
			kept++
			return true
		})
		if kept > maxShapes {
			t.Errorf("%d shapes are kept", kept)
		}
	}
}
