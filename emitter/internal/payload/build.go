package payload

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/schemas"
)

type builder struct {
	sources      map[string]valueSource
	edits        []Edit
	unknownProps bool
	shape        string // that the schema is for
	event        string // that is reported: the shape of its kind

	steps []step
	grows bool
	used  []bool // which of the edits have a place
	many  int    // how many there may be of the value that is being compiled
	bytes int    // how long payloads may become at least
	items string // the source of the array that is being compiled
}

// build returns the program of a shape, and which of the edits it has a place for.
func (b builder) build(tree *schemas.Value) (*program, []bool, error) {
	if tree == nil {
		return nil, nil, fmt.Errorf("a schema allows no payload at all")
	}
	b.steps, b.used, b.many = nil, make([]bool, len(b.edits)), 1
	if _, err := b.add(location{required: true}, tree); err != nil {
		return nil, nil, err
	}
	return &program{steps: joined(b.steps), grows: b.grows}, b.used, nil
}

// A location says where a value is in a payload.
type location struct {
	path     []string
	key      string // as JSON, with its colon; empty for items and the payload
	required bool
	comma    commaKind
}

// add adds the steps of one value, and reports whether the value is always there.
func (b *builder) add(at location, v *schemas.Value) (bool, error) {
	switch edited, present, err := b.edit(at, v); {
	case err != nil, edited:
		return present, err
	}
	if err := b.checkSize(at, v); err != nil {
		return false, err
	}
	from, err := b.source(v)
	if err != nil {
		return false, err
	}
	b.grows = b.grows || from.grows
	named := len(v.Const) > 0 || v.HasEnum && v.From == (schemas.From{})
	switch kind := kindOf(v); {
	case named && from.append == nil: // one of the values that the schema names
	case kind == "object":
		return b.object(at, from, v)
	case kind == "array":
		return b.array(at, from, v)
	}
	return b.single(at, from, v)
}

// single adds a value that one step writes.
func (b *builder) single(at location, from valueSource, v *schemas.Value) (bool, error) {
	constant, err := constantOf(v)
	if err != nil {
		return false, err
	}
	if from.knows {
		constant = ""
	}
	switch {
	case b.hasItems(at):
	case constant != "" && (from.append == nil || from.always):
		b.literal(at, constant)
		return true, nil
	case from.fixed != "":
		b.literal(at, from.fixed)
		return true, nil
	}
	if from.append == nil {
		if from, err = fallback(v, at.required); err != nil {
			return false, err
		}
	}
	if constant != "" {
		from = constOver(from, constant)
	}
	if from, err = b.withItemEdits(at, v, from); err != nil {
		return false, err
	}
	b.steps = append(b.steps, step{do: opValue, key: at.key, comma: at.comma, append: from.append, from: &from})
	return from.always, nil
}

// constantOf returns a schema's constant as JSON; empty if there is none.
func constantOf(v *schemas.Value) (text string, err error) {
	if len(v.Const) == 0 {
		return "", nil
	}
	if text, err = listedJSON(v.Const[0]); err != nil {
		err = fmt.Errorf("schema %s: const: %w", v.Location, err)
	}
	return text, err
}

func (b *builder) literal(at location, text string) {
	b.steps = append(b.steps, step{do: opLiteral, key: at.key, comma: at.comma, text: text})
}

// constOver returns a source that has a schema's constant if the given one has any value.
func constOver(from valueSource, text string) valueSource {
	inner := from.append
	from.append = func(s *State, dst []byte) ([]byte, bool) {
		start := len(dst)
		dst, ok := inner(s, dst)
		if !ok {
			return dst, false
		}
		return append(dst[:start], text...), true
	}
	return from
}

// kindOf returns "object", "array" or, for what one step writes, nothing.
func kindOf(v *schemas.Value) string {
	switch {
	case len(v.Fields) > 0 || slices.Contains(v.Types, "object"):
		return "object"
	case v.Items != nil || slices.Contains(v.Types, "array"):
		return "array"
	}
	return ""
}

func (b *builder) object(at location, from valueSource, v *schemas.Value) (bool, error) {
	start := len(b.steps)
	if from.present != nil {
		b.steps = append(b.steps, step{do: opGate, from: &from})
	}
	b.literal(at, "{")
	comma := commaUnknown
	known := make([]string, len(v.Fields))
	for i, field := range v.Fields {
		known[i] = field.Name
		inner := location{
			path: append(slices.Clip(at.path), field.Name), key: string(world.AppendString(nil, field.Name)) + ":",
			required: field.Required, comma: comma,
		}
		always, err := b.add(inner, field.Value)
		if err != nil {
			return false, err
		}
		if always {
			comma = commaAdded
		}
	}
	if b.unknownProps {
		b.steps = append(b.steps, step{do: opExtra, known: known})
	}
	b.literal(location{}, "}")
	if from.present != nil {
		b.steps[start].end = len(b.steps)
	}
	return from.present == nil, nil
}

func (b *builder) array(at location, from valueSource, v *schemas.Value) (bool, error) {
	if v.Items == nil && v.MinItems > 0 && v.MaxItems != 0 {
		anything := *v
		anything.Items = &schemas.Value{Location: v.Location, MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
		v = &anything
	}
	if v.MinItems <= 0 && (v.Items == nil || v.MaxItems == 0) {
		b.literal(at, "[]")
		return true, nil
	}
	outer, many := b.items, b.many
	defer func() { b.items, b.many = outer, many }()
	drawn := from.items == nil // the world's items are as they are
	if drawn {
		var most int
		var err error
		if from.items, most, err = fewItems(v); err != nil {
			return false, err
		}
		b.many *= most
	} else {
		b.items = v.From.Name
	}
	start := len(b.steps)
	array := step{do: opRepeat, key: at.key, comma: at.comma, from: &from, unique: v.UniqueItems && drawn}
	b.steps = append(b.steps, array)
	inner := location{path: append(slices.Clip(at.path), anyItem), required: true}
	if _, err := b.add(inner, v.Items); err != nil {
		return false, err
	}
	b.steps[start].end = len(b.steps)
	return false, nil
}

// maxBytes bounds how long a payload a schema may ask for. The Hub's own stay below 2 MB.
const maxBytes = 16 << 20

// checkSize adds up how long a payload may become, so that one without end is an error before it is made.
func (b *builder) checkSize(at location, v *schemas.Value) error {
	each := len(at.key) + len("null,") + max(0, v.MinLength)
	if b.bytes += b.many * each; b.bytes > maxBytes {
		return fmt.Errorf("schema %s: with so many items and characters, payloads would have more than %d MiB",
			v.Location, maxBytes>>20)
	}
	return nil
}

// source returns the source that "x-from" names, which must fit the value.
func (b *builder) source(v *schemas.Value) (valueSource, error) {
	if v.From == (schemas.From{}) {
		return valueSource{}, nil
	}
	if v.From.Kind == "fake" {
		from, err := fakeSource(v)
		if err != nil {
			return valueSource{}, fmt.Errorf("schema %s: x-from: %w", v.Location, err)
		}
		return from, nil
	}
	from, ok := b.sources[v.From.Name]
	if !ok {
		return valueSource{}, fmt.Errorf("schema %s: x-from: the world has no %q%s",
			v.Location, v.From.Name, didYouMean(v.From.Name, slices.Sorted(maps.Keys(b.sources))))
	}
	if err := b.checkAvailable(v.From.Name); err != nil {
		return valueSource{}, fmt.Errorf("schema %s: x-from: %w", v.Location, err)
	}
	fits := map[string]bool{"object": from.present != nil, "array": from.items != nil, "": from.append != nil}
	if !fits[kindOf(v)] || !from.isOf(v.Types) {
		return valueSource{}, fmt.Errorf("schema %s: x-from: %s gives no such value", v.Location, v.From)
	}
	return from, nil
}

func (from valueSource) isOf(types []string) bool {
	return from.gives == "" || len(types) == 0 || slices.Contains(types, from.gives) ||
		from.gives == "integer" && slices.Contains(types, "number")
}

// checkAvailable returns an error if the reported event has no value of a source.
func (b *builder) checkAvailable(name string) error {
	part, _, _ := strings.Cut(name, ".")
	event := map[string]string{"discussion": "discussion", "comment": "discussion", "movedTo": "repo.move"}[part]
	if !strings.HasPrefix(b.event, event) {
		return fmt.Errorf("world:%s is of %s, and %s tells of what happens on %s", name, event, b.shape, b.event)
	}
	array := map[string]string{"ref": "refs", "file": "files"}[part]
	if array != "" && b.items != array {
		return fmt.Errorf("world:%s is of the items of an array from world:%s", name, array)
	}
	return nil
}
