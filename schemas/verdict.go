package schemas

import (
	"cmp"
	"slices"
)

// Verdict is what there is to say of one payload. As JSON it is a line of
// "hubhook validate --json".
type Verdict struct {
	File string `json:"file"` // where the payload was found, "standard input" where in none
	Line int    `json:"line"` // in which it begins, counted from one
	// Shape is the shape or the part that it was judged by; empty where its
	// event tells none.
	Shape string `json:"shape"`
	// Readings are those under which it is valid, whichever was asked for.
	Readings Readings `json:"readings"`
	// Recognised says what it is instead of a payload of today: "version 2",
	// "GitHub"; left out where nothing is recognised.
	Recognised string `json:"recognised,omitempty"`
	// Problems are those under the reading that was asked for; never null.
	Problems []Problem `json:"problems"`
	// Notes are what the open reading allows and is a slip all the same, as far as
	// can be told: "head_sha" is a property that nobody knows, and looks like one
	// that everybody does. Left out where there are none.
	Notes []Problem `json:"notes,omitempty"`
}

// Readings says under which readings a payload is valid.
type Readings struct {
	Open   bool `json:"open"`   // a handler must accept it
	Strict bool `json:"strict"` // the Hub is known to send such; then Open is true, too
}

// Label names what a payload is: its shape, unless it was recognised as
// something else, or has none.
func (v Verdict) Label() string { return cmp.Or(v.Recognised, v.Shape, "no shape") }

// Classify judges a decoded payload under both readings, by the schema of its own
// shape, or by the named one where a name is given. The problems are those of
// the reading that is asked for. The error is about the schemas.
func (s *Set) Classify(doc any, name string, reading Reading) (Verdict, error) {
	judge := func(reading Reading) (Judgement, error) {
		if name != "" {
			return s.JudgeAs(name, doc, reading)
		}
		return s.Judge(doc, reading)
	}
	// What is valid under the strict reading is so under the open one.
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
	v := Verdict{Shape: judged.Schema, Readings: readings, Recognised: judged.Recognised, Problems: judged.Problems, Notes: notes}
	if v.Problems == nil {
		v.Problems = []Problem{}
	}
	return v, nil
}

// withHints are the problems of which it is known what they may come from, and
// that are not told already.
func withHints(strict, told []Problem) []Problem {
	var list []Problem
	for _, p := range strict {
		at := func(other Problem) bool { return other.Pointer == p.Pointer || other.Hint == p.Hint }
		if p.Hint != "" && !slices.ContainsFunc(told, at) {
			list = append(list, p)
		}
	}
	return list
}

// Summary counts verdicts. As JSON it is the last line of "hubhook validate
// --json", under "summary"; a run that was broken off has none.
type Summary struct {
	Reading  Reading      `json:"reading"`  // that decides what is valid
	Payloads int          `json:"payloads"` // all that were judged
	Valid    int          `json:"valid"`    // payloads, under Reading
	Problems int          `json:"problems"` // of all payloads, under Reading
	Shapes   []ShapeCount `json:"shapes"`   // those of which there were payloads; never null

	order []string // of the names of shapes
}

// ShapeCount counts the payloads of one shape, or of one kind that is none.
type ShapeCount struct {
	Name     string `json:"name"`     // "repo.update", "version 2", "no shape"
	Payloads int    `json:"payloads"` // the sum of those below
	Strict   int    `json:"strict"`   // valid under both readings
	OpenOnly int    `json:"openOnly"` // valid under the open reading alone
	Invalid  int    `json:"invalid"`  // valid under neither
}

// NewSummary begins to count. Shapes are listed as Shapes does, then what is none.
func (s *Set) NewSummary(reading Reading) *Summary {
	return &Summary{Reading: reading, Shapes: []ShapeCount{}, order: s.names()}
}

// Add counts a verdict.
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

// count finds the count of a name, or makes room for it in its place.
func (s *Summary) count(name string) *ShapeCount {
	at, found := slices.BinarySearchFunc(s.Shapes, name, func(c ShapeCount, name string) int {
		return cmp.Or(cmp.Compare(s.rank(c.Name), s.rank(name)), cmp.Compare(c.Name, name))
	})
	if !found {
		s.Shapes = slices.Insert(s.Shapes, at, ShapeCount{Name: name})
	}
	return &s.Shapes[at]
}

// rank is where a name stands among the shapes, or behind them.
func (s *Summary) rank(name string) int {
	if at := slices.Index(s.order, name); at >= 0 {
		return at
	}
	return len(s.order)
}
