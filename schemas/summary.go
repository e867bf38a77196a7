package schemas

import (
	"cmp"
	"slices"
)

// Summary counts verdicts. As JSON it is the last line of "hubhook validate
// --json", under "summary"; a run that was broken off has none.
type Summary struct {
	Reading  Reading `json:"reading"`  // that decides what is valid
	Payloads int     `json:"payloads"` // all that were judged
	Valid    int     `json:"valid"`    // payloads, under Reading
	Problems int     `json:"problems"` // of all payloads, under Reading
	Shapes   []Count `json:"shapes"`   // those of which there were payloads; never null

	order []string // of the names of shapes
}

// Count counts the payloads of one shape, or of one kind that is none.
type Count struct {
	Name     string `json:"name"`     // "repo.update", "version 2", "no shape"
	Payloads int    `json:"payloads"` // the sum of those below
	Strict   int    `json:"strict"`   // valid under both readings
	OpenOnly int    `json:"openOnly"` // valid under the open reading alone
	Invalid  int    `json:"invalid"`  // valid under neither
}

// Summary begins to count. Shapes are listed as Shapes does, then what is none.
func (s *Set) Summary(reading Reading) *Summary {
	return &Summary{Reading: reading, Shapes: []Count{}, order: s.names()}
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
func (s *Summary) count(name string) *Count {
	at, found := slices.BinarySearchFunc(s.Shapes, name, func(c Count, name string) int {
		return cmp.Or(cmp.Compare(s.rank(c.Name), s.rank(name)), cmp.Compare(c.Name, name))
	})
	if !found {
		s.Shapes = slices.Insert(s.Shapes, at, Count{Name: name})
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
