package emitter

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

// opcode says what a step of a plan does.
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
