package emitter

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// planner compiles plans.
type planner struct {
	sources map[string]source
	edits   []Edit
	extras  bool
	event   string // what is told of: the shape of an act

	steps []step
	grows bool
	used  []bool // which of the edits had a place
	many  int    // how many items there may be of what is being compiled
	bytes int    // how long payloads may at least become
	items string // what the world fills the array with that is being compiled
}

// compile makes the plan of a shape, and says which of the edits it has a place
// for.
func (c planner) compile(tree *schemas.Value) (*plan, []bool, error) {
	if tree == nil {
		return nil, nil, fmt.Errorf("a schema allows no payload at all")
	}
	c.steps, c.used, c.many = nil, make([]bool, len(c.edits)), 1
	if _, err := c.add(place{required: true}, tree); err != nil {
		return nil, nil, err
	}
	return &plan{steps: joined(c.steps), grows: c.grows}, c.used, nil
}

// place is where a value stands.
type place struct {
	path     []string
	key      string // as JSON, with its colon; empty for items and the payload
	required bool
	comma    commaKind
}

// add adds the steps of one value. It tells whether the value is always there.
func (c *planner) add(at place, v *schemas.Value) (bool, error) {
	switch edited, present, err := c.edit(at, v); {
	case err != nil, edited:
		return present, err
	}
	if err := c.weigh(at, v); err != nil {
		return false, err
	}
	from, err := c.source(v)
	if err != nil {
		return false, err
	}
	c.grows = c.grows || from.grows
	named := len(v.Const) > 0 || v.HasEnum && v.From == (schemas.From{})
	switch kind := kindOf(v); {
	case named && from.append == nil: // one of the values that the schema names
	case kind == "object":
		return c.object(at, from, v)
	case kind == "array":
		return c.array(at, from, v)
	}
	return c.single(at, from, v)
}

// single adds a value that is written in one go.
func (c *planner) single(at place, from source, v *schemas.Value) (bool, error) {
	if len(v.Const) > 0 && !from.knows && (from.append == nil || from.always) && !c.hasItems(at) {
		return true, c.constant(at, v)
	}
	if from.fixed != "" && !c.hasItems(at) {
		c.literal(at, from.fixed)
		return true, nil
	}
	var err error
	if from.append == nil {
		if from, err = fallback(v, at.required); err != nil {
			return false, err
		}
	}
	if from, err = c.itemised(at, v, constrained(v, from)); err != nil {
		return false, err
	}
	c.steps = append(c.steps, step{do: value, key: at.key, comma: at.comma, append: from.append, from: &from})
	return from.always, nil
}

// constant adds a value that is always the same.
func (c *planner) constant(at place, v *schemas.Value) error {
	text, err := listedJSON(v.Const[0])
	if err != nil {
		return fmt.Errorf("schema %s: const: %w", v.Location, err)
	}
	c.literal(at, text)
	return nil
}

func (c *planner) literal(at place, text string) {
	c.steps = append(c.steps, step{do: literal, key: at.key, comma: at.comma, text: text})
}

// constrained lets a constant stand for what the world would say, where the
// world says anything.
func constrained(v *schemas.Value, from source) source {
	if len(v.Const) == 0 || from.knows {
		return from
	}
	text, err := listedJSON(v.Const[0])
	if err != nil {
		return from
	}
	inner := from.append
	from.append = func(s *scene, dst []byte) ([]byte, bool) {
		start := len(dst)
		dst, ok := inner(s, dst)
		if !ok {
			return dst, false
		}
		return append(dst[:start], text...), true
	}
	return from
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

func (c *planner) object(at place, from source, v *schemas.Value) (bool, error) {
	start := len(c.steps)
	if from.present != nil {
		c.steps = append(c.steps, step{do: gate, from: &from})
	}
	c.literal(at, "{")
	comma := commaUnknown
	known := make([]string, len(v.Fields))
	for i, field := range v.Fields {
		known[i] = field.Name
		inner := place{
			path: append(slices.Clip(at.path), field.Name), key: string(appendString(nil, field.Name)) + ":",
			required: field.Required, comma: comma,
		}
		always, err := c.add(inner, field.Value)
		if err != nil {
			return false, err
		}
		if always {
			comma = commaAdded
		}
	}
	if c.extras {
		c.steps = append(c.steps, step{do: extra, known: known})
	}
	c.literal(place{}, "}")
	if from.present != nil {
		c.steps[start].end = len(c.steps)
	}
	return from.present == nil, nil
}

func (c *planner) array(at place, from source, v *schemas.Value) (bool, error) {
	if v.Items == nil && v.MinItems > 0 && v.MaxItems != 0 {
		anything := *v
		anything.Items = &schemas.Value{Location: v.Location, MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
		v = &anything
	}
	if v.MinItems <= 0 && (v.Items == nil || v.MaxItems == 0) {
		c.literal(at, "[]")
		return true, nil
	}
	outer, many := c.items, c.many
	defer func() { c.items, c.many = outer, many }()
	drawn := from.items == nil // what the world has is as it is
	if drawn {
		var most int
		var err error
		if from.items, most, err = fewItems(v); err != nil {
			return false, err
		}
		c.many *= most
	} else {
		c.items = v.From.Name
	}
	start := len(c.steps)
	c.steps = append(c.steps, step{do: repeat, key: at.key, comma: at.comma, from: &from, unique: v.UniqueItems && drawn})
	inner := place{path: append(slices.Clip(at.path), anyItem), required: true}
	if _, err := c.add(inner, v.Items); err != nil {
		return false, err
	}
	c.steps[start].end = len(c.steps)
	return false, nil
}

// mostBytes bounds how long a payload is that a schema asks for. The Hub's own
// stay below 2 MB.
const mostBytes = 16 << 20

// weigh adds up how long a payload may become, so that one without end is refused
// before it is made.
func (c *planner) weigh(at place, v *schemas.Value) error {
	each := len(at.key) + len("null,") + max(0, v.MinLength)
	if c.bytes += c.many * each; c.bytes > mostBytes {
		return fmt.Errorf("schema %s: with so many items and characters, payloads would have more than %d MiB", v.Location, mostBytes>>20)
	}
	return nil
}

// source finds what "x-from" names, and that it fits the value.
func (c *planner) source(v *schemas.Value) (source, error) {
	if v.From == (schemas.From{}) {
		return source{}, nil
	}
	if v.From.Kind == "fake" {
		from, err := fakeSource(v)
		if err != nil {
			return source{}, fmt.Errorf("schema %s: x-from: %w", v.Location, err)
		}
		return from, nil
	}
	from, ok := c.sources[v.From.Name]
	if !ok {
		return source{}, fmt.Errorf("schema %s: x-from: the world has no %q%s", v.Location, v.From.Name, didYouMean(v.From.Name, slices.Sorted(maps.Keys(c.sources))))
	}
	if err := c.tellsOf(v.From.Name); err != nil {
		return source{}, fmt.Errorf("schema %s: x-from: %w", v.Location, err)
	}
	fits := map[string]bool{"object": from.present != nil, "array": from.items != nil, "": from.append != nil}
	if !fits[kindOf(v)] || !from.isOf(v.Types) {
		return source{}, fmt.Errorf("schema %s: x-from: %s gives no such value", v.Location, v.From)
	}
	return from, nil
}

// isOf tells whether what a source has can be of one of the types.
func (from source) isOf(types []string) bool {
	return from.gives == "" || len(types) == 0 || slices.Contains(types, from.gives) ||
		from.gives == "integer" && slices.Contains(types, "number")
}

// tellsOf checks that what a payload tells of has a value of a source at all.
func (c *planner) tellsOf(name string) error {
	part, _, _ := strings.Cut(name, ".")
	event := map[string]string{"discussion": "discussion", "comment": "discussion", "movedTo": "repo.move"}[part]
	if !strings.HasPrefix(c.event, event) {
		return fmt.Errorf("world:%s is of %s, and this tells of what happens on %s", name, event, c.event)
	}
	array := map[string]string{"ref": "refs", "file": "files"}[part]
	if array != "" && c.items != array {
		return fmt.Errorf("world:%s is of the items of an array from world:%s", name, array)
	}
	return nil
}
