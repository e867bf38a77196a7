package payload

import (
	"strings"

	"github.com/brianvoe/gofakeit/v7"

	"github.com/hubhook/hubhook/emitter/internal/world"
)

// program writes the payloads of one shape. It is a flat list of steps, each of which appends to the payload, or says
// which step comes next.
type program struct {
	steps []step
	grows bool // whether a value in it can take any size
}

type step struct {
	do     opcode
	key    string                              // `"name":` if the step begins a property, with the comma before it
	text   string                              // of a literal
	append func(*State, []byte) ([]byte, bool) // of a value; see source
	from   *valueSource                        // of anything else
	end    int                                 // the step after the last that belongs to an object or an array
	comma  commaKind
	known  []string // the properties of the object that an extra one is added to
	unique bool     // whether no two items of an array may be the same
}

type commaKind int8

const (
	commaUnknown commaKind = iota // it shows when the property is written
	commaKept                     // there is none, or the key has it
	commaAdded                    // a property before is always there
)

type opcode int8

const (
	opLiteral opcode = iota // append key and text
	opValue                 // append key and the source's value, or nothing at all
	opGate                  // go to end if the source has no object
	opRepeat                // append key and the steps up to end for each item
	opExtra                 // append a property that nobody knows
)

func (p *program) append(dst []byte, s *State) []byte {
	return p.run(dst, s, 0, len(p.steps))
}

// run executes the steps from one up to another.
func (p *program) run(dst []byte, s *State, from, to int) []byte {
	for at := from; at < to; at++ {
		st := &p.steps[at]
		switch st.do {
		case opLiteral:
			dst = append(st.appendKey(dst), st.text...)
		case opValue:
			start := len(dst)
			written, ok := st.append(s, st.appendKey(dst))
			if !ok {
				written = written[:start]
			}
			dst = written
		case opGate:
			if !st.from.present(s) {
				at = st.end - 1
			}
		case opRepeat:
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
		case opExtra:
			dst = s.appendExtra(dst, st.known, at == to-2 && from == 0)
		}
	}
	return dst
}

// items writes the items of the array that begins at a step. What has no value is no item.
func (p *program) items(dst []byte, s *State, at, n int) []byte {
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

// uniqueItems writes items of which no two are the same, as far as chance gives that many.
func (p *program) uniqueItems(dst []byte, s *State, at, n int) []byte {
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

// appendKey begins a property. Only the first one of an object has no comma before it; which one that is may be known
// no sooner than here, for those before it may have been left out.
func (st *step) appendKey(dst []byte) []byte {
	if st.key == "" {
		return dst
	}
	if st.comma == commaUnknown && dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(dst, st.key...)
}

// joined makes one literal of what always comes together. Steps that others lead to stay separate.
func joined(steps []step) []step {
	target := map[int]bool{}
	for i, st := range steps {
		target[st.end] = true
		if st.do == opRepeat {
			target[i+1] = true // each item begins there
		}
	}
	moved := make([]int, len(steps)+1) // where each step has gone
	var list []step
	for i, st := range steps {
		st.settle(list, target[i])
		last := len(list) - 1
		follows := last >= 0 && list[last].do == opLiteral && !target[i] && st.comma == commaKept
		switch {
		case follows && st.do == opLiteral:
			list[last].text += st.text
			moved[i] = last
			continue
		case follows && st.do == opValue && st.from.always:
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

// settle writes the comma of a step into its key if it is certain, and the key of a literal into its text.
func (st *step) settle(before []step, target bool) {
	last := len(before) - 1
	switch {
	case st.comma == commaAdded:
		st.key, st.comma = ","+st.key, commaKept
	case st.key == "":
		st.comma = commaKept
	case last >= 0 && before[last].do == opLiteral && !target:
		if !strings.HasSuffix(before[last].text, "{") {
			st.key = "," + st.key
		}
		st.comma = commaKept
	}
	if st.do == opLiteral && st.comma == commaKept {
		st.key, st.text = "", st.key+st.text
	}
}

// State is what the steps of a program read: an event, and how far its payload is written.
type State struct {
	world.Event
	Webhook       world.ObjectID
	version       uint64 // of the payload
	Scope, Action string
	Given         GivenData

	// Loose and faker are for values that no part of an event has.
	Loose world.RNG
	faker *gofakeit.Faker

	item         int // the index of the array's item that is being written
	padding      padding
	unknownProps unknownProps
}

// GivenData is what event data says, if it differs from what a world has.
type GivenData struct {
	Title, Content string // of the discussion and of the comment
	Head           bool   // whether the commit of main is known
	MergeCommit    bool
	MovedTo        bool
	More           bool // whether there are more files than are listed
}

// Init prepares a state for payloads; each seed of loose gives others.
func (s *State) Init(webhook world.ObjectID) {
	s.Webhook, s.version = webhook, versionToday
	s.faker = gofakeit.NewFaker(&s.Loose, false)
}

func (s *State) ref() *world.RefChange {
	if s.item < len(s.Refs) {
		return &s.Refs[s.item]
	}
	return &s.padding.ref
}

func (s *State) file() *world.FileChange {
	if s.item < len(s.Files) {
		return &s.Files[s.item]
	}
	return &s.padding.file
}
