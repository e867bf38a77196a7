package emitter

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// plan writes the payloads of one shape. It is a flat list of steps, each of
// which appends to the payload, or says which step comes next.
type plan struct {
	steps []step
	grows bool // whether there is anything in it that can take any size
}

// step is one move of a plan.
type step struct {
	do opcode
	// key is `"name":` where the step begins a property, written with the comma
	// before it.
	key string
	// text is what a literal appends.
	text string
	// append writes a value; see source.
	append func(*scene, []byte) ([]byte, bool)
	from   *source // of anything else
	// end is the step after the last that belongs to an object or an array.
	end   int
	comma commaKind
	known []string // the properties of the object that an extra one is added to
	// unique says that no two items of an array may be the same.
	unique bool
}

// commaKind says whether a comma stands before a property.
type commaKind int8

const (
	commaUnknown commaKind = iota // it shows when the property is written
	commaKept                     // there is none, or it stands in the key
	commaAdded                    // some property before is always there
)

type opcode int8

const (
	literal opcode = iota // append key and text
	value                 // append key and what the source has, or nothing at all
	gate                  // go to end where the source says that there is no object
	repeat                // append key and the steps up to end for each item
	extra                 // append a property that nobody knows
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
			dst = append(st.appendKey(dst), st.text...)
		case value:
			start := len(dst)
			written, ok := st.append(s, st.appendKey(dst))
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
				dst = append(st.appendKey(dst), '[')
				if st.unique {
					dst = p.uniqueItems(dst, s, at, n)
				} else {
					dst = p.items(dst, s, at, n)
				}
				dst = append(dst, ']')
			}
			at = st.end - 1
		case extra:
			dst = s.appendExtra(dst, st.known, at == to-2 && from == 0)
		}
	}
	return dst
}

// items writes the items of the array that begins at a step. What gives no value
// in a scene is no item.
func (p *plan) items(dst []byte, s *scene, at, n int) []byte {
	outer := s.item
	written := false
	for s.item = 0; s.item < n; s.item++ {
		start := len(dst)
		if written {
			dst = append(dst, ',')
		}
		before := len(dst)
		if dst = p.run(dst, s, at+1, p.steps[at].end); len(dst) == before {
			dst = dst[:start]
			continue
		}
		written = true
	}
	s.item = outer
	return dst
}

// uniqueItems writes items of which no two are the same, as far as chance gives
// that many.
func (p *plan) uniqueItems(dst []byte, s *scene, at, n int) []byte {
	outer := s.item
	seen := map[string]bool{"": true} // no value is no item
	for tries := 0; len(seen) <= n && tries < 20*n; tries++ {
		start := len(dst)
		s.item = len(seen) - 1
		if s.item > 0 {
			dst = append(dst, ',')
		}
		before := len(dst)
		dst = p.run(dst, s, at+1, p.steps[at].end)
		if item := string(dst[before:]); !seen[item] {
			seen[item] = true
		} else {
			dst = dst[:start]
		}
	}
	s.item = outer
	return dst
}

// appendKey begins a property. Only the first one of an object has no comma
// before it; which one that is, may be known no sooner than here, for those
// before it may have been left out.
func (st *step) appendKey(dst []byte) []byte {
	if st.key == "" {
		return dst
	}
	if st.comma == commaUnknown && dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(dst, st.key...)
}

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
	named := len(v.Const) > 0 || v.Listed && v.From == (schemas.From{})
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
		return fmt.Errorf("schema %s: const: %w", v.Place, err)
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
		anything.Items = &schemas.Value{Place: v.Place, MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
		v = &anything
	}
	if v.MinItems <= 0 && (v.Items == nil || v.MaxItems == 0) {
		c.literal(at, "[]")
		return true, nil
	}
	outer, many := c.items, c.many
	defer func() { c.items, c.many = outer, many }()
	if from.items == nil {
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
	c.steps = append(c.steps, step{do: repeat, key: at.key, comma: at.comma, from: &from, unique: v.Unique})
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
		return fmt.Errorf("schema %s: with so many items and characters, payloads would have more than %d MiB", v.Place, mostBytes>>20)
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
			return source{}, fmt.Errorf("schema %s: x-from: %w", v.Place, err)
		}
		return from, nil
	}
	from, ok := c.sources[v.From.Name]
	if !ok {
		return source{}, fmt.Errorf("schema %s: x-from: the world has no %q%s", v.Place, v.From.Name, didYouMean(v.From.Name, slices.Collect(maps.Keys(c.sources))))
	}
	if err := c.tellsOf(v.From.Name); err != nil {
		return source{}, fmt.Errorf("schema %s: x-from: %w", v.Place, err)
	}
	fits := map[string]bool{"object": from.present != nil, "array": from.items != nil, "": from.append != nil}
	if !fits[kindOf(v)] || !from.isOf(v.Types) {
		return source{}, fmt.Errorf("schema %s: x-from: %s gives no such value", v.Place, v.From)
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

// joined makes one literal of what always comes together. Steps that others lead
// to stay where they begin.
func joined(steps []step) []step {
	target := map[int]bool{}
	for i, st := range steps {
		target[st.end] = true
		if st.do == repeat {
			target[i+1] = true // each item begins there
		}
	}
	moved := make([]int, len(steps)+1) // where each step has gone
	var list []step
	for i, st := range steps {
		st.settle(list, target[i])
		last := len(list) - 1
		follows := last >= 0 && list[last].do == literal && !target[i] && st.comma == commaKept
		switch {
		case follows && st.do == literal:
			list[last].text += st.text
			moved[i] = last
			continue
		case follows && st.do == value && st.from.always:
			list[last].text += st.key
			st.key = ""
		}
		moved[i] = len(list)
		list = append(list, st)
	}
	moved[len(steps)] = len(list)
	for i := range list {
		if list[i].end > 0 {
			list[i].end = moved[list[i].end]
		}
	}
	return list
}

// settle writes the comma of a step into its key where it is certain, and the key
// of a literal into its text.
func (st *step) settle(before []step, target bool) {
	last := len(before) - 1
	switch {
	case st.comma == commaAdded:
		st.key, st.comma = ","+st.key, commaKept
	case st.key == "":
		st.comma = commaKept
	case last >= 0 && before[last].do == literal && !target:
		if !strings.HasSuffix(before[last].text, "{") {
			st.key = "," + st.key
		}
		st.comma = commaKept
	}
	if st.do == literal && st.comma == commaKept {
		st.key, st.text = "", st.key+st.text
	}
}
