package schemas

import (
	"cmp"
	"slices"
)

// Verdict is the result of judging a payload under both readings. As JSON it is a line of
// "hubhook validate --json".
type Verdict struct {
	File string `json:"file"` // that contains the payload, or "standard input"
	Line int    `json:"line"` // in which it begins, from one
	// Shape is the shape or the part whose schema was used; empty if the event has none.
	Shape string `json:"shape"`
	// Readings are those under which it is valid, whichever was requested.
	Readings Readings `json:"readings"`
	// Recognised is what it is instead of a payload of today, such as "version 2" or
	// "GitHub"; omitted if unknown.
	Recognised string `json:"recognised,omitempty"`
	// Problems are those under the requested reading; never null.
	Problems []Problem `json:"problems"`
	// Notes are likely mistakes that the open reading allows: "head_sha" is an unknown
	// property with the name of a known one. Omitted if there are none.
	Notes []Problem `json:"notes,omitempty"`
}

// Readings has the readings under which a payload is valid.
type Readings struct {
	Open   bool `json:"open"`   // a handler must accept it
	Strict bool `json:"strict"` // the Hub is known to send it; then Open is true, too
}

// Label returns what a payload was recognized as, its shape, or "no shape".
func (v Verdict) Label() string { return cmp.Or(v.Recognised, v.Shape, "no shape") }

// Classify judges a decoded payload under both readings, by the schema of its own
// shape, or of the named shape or part unless name is empty. The verdict has the problems
// under the given reading. The error is about the schemas.
func (s *Set) Classify(doc any, name string, reading Reading) (Verdict, error) {
	judge := func(reading Reading) (Judgement, error) {
		if name != "" {
			return s.JudgeAs(name, doc, reading)
		}
		return s.Judge(doc, reading)
	}
	// Whatever is valid under the strict reading is valid under the open one.
	judged, err := judge(Strict)
	if err != nil {
		return Verdict{}, err
	}
	readings := Readings{Open: true, Strict: judged.Valid()}
	var notes []Problem
	if !readings.Strict {
		open, err := judge(Open)
		if err != nil {
			return Verdict{}, err
		}
		readings.Open = open.Valid()
		if reading == Open {
			notes = withHints(judged.Problems, open.Problems)
			judged = open
		}
	}
	return Verdict{
		Shape: judged.Schema, Readings: readings, Recognised: judged.Recognised,
		Problems: append([]Problem{}, judged.Problems...), Notes: notes,
	}, nil
}

// withHints returns the problems that have a hint and are none under the open reading.
func withHints(strict, open []Problem) []Problem {
	var list []Problem
	for _, p := range strict {
		same := func(other Problem) bool { return other.Pointer == p.Pointer || other.Hint == p.Hint }
		if p.Hint != "" && !slices.ContainsFunc(open, same) {
			list = append(list, p)
		}
	}
	return list
}

// Summary counts verdicts. As JSON it is in the last line of "hubhook validate --json";
// an aborted run has none.
type Summary struct {
	Reading  Reading      `json:"reading"`  // under which Valid and Problems are counted
	Payloads int          `json:"payloads"` // number of payloads
	Valid    int          `json:"valid"`    // number of valid ones
	Problems int          `json:"problems"` // of all payloads
	Shapes   []ShapeCount `json:"shapes"`   // with payloads; never null

	order []string // of the names of shapes
}

// ShapeCount counts the payloads with the same label.
type ShapeCount struct {
	Name     string `json:"name"`     // "repo.update", "version 2", "no shape"
	Payloads int    `json:"payloads"` // the sum of those below
	Strict   int    `json:"strict"`   // valid under both readings
	OpenOnly int    `json:"openOnly"` // valid under the open reading only
	Invalid  int    `json:"invalid"`  // valid under neither
}

// NewSummary returns an empty summary. It lists shapes in the order of Shapes, then other
// labels.
func (s *Set) NewSummary(reading Reading) *Summary {
	return &Summary{Reading: reading, Shapes: []ShapeCount{}, order: s.names()}
}

// Add adds a verdict.
func (s *Summary) Add(v Verdict) {
	count := s.count(v.Label())
	count.Payloads++
	switch {
	case v.Readings.Strict:
		count.Strict++
	case v.Readings.Open:
		count.OpenOnly++
	default:
		count.Invalid++
	}
	s.Payloads++
	s.Problems += len(v.Problems)
	if s.Reading == Open && v.Readings.Open || v.Readings.Strict {
		s.Valid++
	}
}

// count returns the count of a label, and inserts it if there is none.
func (s *Summary) count(name string) *ShapeCount {
	at, found := slices.BinarySearchFunc(s.Shapes, name, func(c ShapeCount, name string) int {
		return cmp.Or(cmp.Compare(s.rank(c.Name), s.rank(name)), cmp.Compare(c.Name, name))
	})
	if !found {
		s.Shapes = slices.Insert(s.Shapes, at, ShapeCount{Name: name})
	}
	return &s.Shapes[at]
}

// rank returns the position of a label among the shapes, or after them.
func (s *Summary) rank(name string) int {
	if at := slices.Index(s.order, name); at >= 0 {
		return at
	}
	return len(s.order)
}
