package emitter

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hubhook/hubhook/schemas"
)

// plan writes the payloads of one shape. It is a flat list of steps, each of
// which appends to the payload, or says which step comes next.
type plan struct{ steps []step }

// step is one move of a plan.
type step struct {
	do opcode
	// key is `"name":` where the step begins a property, written with the comma
	// before it.
	key string
	// text is what a literal appends.
	text string
	from source
	// end is the step after the last that belongs to an object or an array.
	end int
}

type opcode int8

const (
	literal opcode = iota // append key and text
	value                 // append key and what the source has, or nothing at all
	gate                  // go to end where the source says that there is no object
	repeat                // append key and the steps up to end for each item
)

// append writes a payload.
func (p *plan) append(dst []byte, s *scene) []byte {
	return p.run(dst, s, 0, len(p.steps))
}

// run executes the steps from one up to another.
func (p *plan) run(dst []byte, s *scene, from, to int) []byte {
	for at := from; at < to; at++ {
		st := &p.steps[at]
		switch st.do {
		case literal:
			dst = append(appendKey(dst, st.key), st.text...)
		case value:
			start := len(dst)
			written, ok := st.from.append(s, appendKey(dst, st.key))
			if !ok {
				written = written[:start]
			}
			dst = written
		case gate:
			if !st.from.present(s) {
				at = st.end - 1
			}
		case repeat:
			if n := st.from.items(s); n > 0 {
				dst = append(appendKey(dst, st.key), '[')
				dst = p.items(dst, s, at, n)
				dst = append(dst, ']')
			}
			at = st.end - 1
		}
	}
	return dst
}

// items writes the items of the array that begins at a step.
func (p *plan) items(dst []byte, s *scene, at, n int) []byte {
	outer := s.item
	defer func() { s.item = outer }()
	for s.item = 0; s.item < n; s.item++ {
		if s.item > 0 {
			dst = append(dst, ',')
		}
		dst = p.run(dst, s, at+1, p.steps[at].end)
	}
	return dst
}

// appendKey begins a property. Only the first one of an object has no comma
// before it; which one that is, is known no sooner than here, for those before
// it may have been left out.
func appendKey(dst []byte, key string) []byte {
	if key == "" {
		return dst
	}
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(dst, key...)
}

// planner compiles plans.
type planner struct {
	sources map[string]source
	steps   []step
}

// compile makes the plan of a shape.
func (c planner) compile(tree *schemas.Value) (*plan, error) {
	if tree == nil {
		return nil, fmt.Errorf("a schema allows no payload at all")
	}
	c.steps = nil
	if err := c.add("", true, tree); err != nil {
		return nil, err
	}
	return &plan{steps: c.steps}, nil
}

// add adds the steps of one value.
func (c *planner) add(key string, required bool, v *schemas.Value) error {
	from, err := c.source(v)
	if err != nil {
		return err
	}
	if len(v.Const) > 0 && from.append == nil {
		text, err := json.Marshal(v.Const[0])
		if err != nil {
			return fmt.Errorf("schema %s: %w", v.Place, err)
		}
		c.steps = append(c.steps, step{do: literal, key: key, text: string(text)})
		return nil
	}
	switch kindOf(v) {
	case "object":
		return c.object(key, from, v)
	case "array":
		return c.array(key, from, v)
	}
	if from.append == nil {
		if from, err = fallback(v, required); err != nil {
			return err
		}
	}
	c.steps = append(c.steps, step{do: value, key: key, from: constrained(v, from)})
	return nil
}

// constrained lets a constant stand for what the world would say, where the
// world says anything.
func constrained(v *schemas.Value, from source) source {
	if len(v.Const) == 0 {
		return from
	}
	text, err := json.Marshal(v.Const[0])
	if err != nil {
		return from
	}
	return source{append: func(s *scene, dst []byte) ([]byte, bool) {
		start := len(dst)
		dst, ok := from.append(s, dst)
		if !ok {
			return dst, false
		}
		return append(dst[:start], text...), true
	}}
}

// kindOf is "object", "array" or anything else that is written in one go.
func kindOf(v *schemas.Value) string {
	switch {
	case len(v.Fields) > 0 || slices.Contains(v.Types, "object"):
		return "object"
	case v.Items != nil || slices.Contains(v.Types, "array"):
		return "array"
	}
	return ""
}

func (c *planner) object(key string, from source, v *schemas.Value) error {
	start := len(c.steps)
	if from.present != nil {
		c.steps = append(c.steps, step{do: gate, from: from})
	}
	c.steps = append(c.steps, step{do: literal, key: key, text: "{"})
	for _, field := range v.Fields {
		name := string(appendString(nil, field.Name)) + ":"
		if err := c.add(name, field.Required, field.Value); err != nil {
			return err
		}
	}
	c.steps = append(c.steps, step{do: literal, text: "}"})
	if from.present != nil {
		c.steps[start].end = len(c.steps)
	}
	return nil
}

func (c *planner) array(key string, from source, v *schemas.Value) error {
	if v.Items == nil {
		c.steps = append(c.steps, step{do: literal, key: key, text: "[]"})
		return nil
	}
	if from.items == nil {
		from.items = fewItems(v)
	}
	start := len(c.steps)
	c.steps = append(c.steps, step{do: repeat, key: key, from: from})
	if err := c.add("", true, v.Items); err != nil {
		return err
	}
	c.steps[start].end = len(c.steps)
	return nil
}

// source finds what "x-from" names, and that it fits the value.
func (c *planner) source(v *schemas.Value) (source, error) {
	if v.From == (schemas.From{}) {
		return source{}, nil
	}
	if v.From.Kind == "fake" {
		from, err := fakeSource(v.From.Name, v.Types)
		if err != nil {
			return source{}, fmt.Errorf("schema %s: x-from: %w", v.Place, err)
		}
		return from, nil
	}
	from, ok := c.sources[v.From.Name]
	if !ok {
		return source{}, fmt.Errorf("schema %s: x-from: the world has no %q", v.Place, v.From.Name)
	}
	fits := map[string]bool{"object": from.present != nil, "array": from.items != nil, "": from.append != nil}
	if !fits[kindOf(v)] {
		return source{}, fmt.Errorf("schema %s: x-from: %s gives no such value", v.Place, v.From)
	}
	return from, nil
}
