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

// Assess judges a decoded payload under both readings, by the schema of its own
// shape, or by the named one where a name is given. The problems are those of
// the reading that is asked for. The error is about the schemas.
func (s *Set) Assess(doc any, name string, reading Reading) (Verdict, error) {
	judge := func(reading Reading) (Judgement, error) {
		if name != "" {
			return s.JudgeBy(name, doc, reading)
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
			notes = explained(judged.Problems, open.Problems)
			judged = open
		}
	}
	v := Verdict{Shape: judged.Schema, Readings: readings, Recognised: judged.Recognised, Problems: judged.Problems, Notes: notes}
	if v.Problems == nil {
		v.Problems = []Problem{}
	}
	return v, nil
}

// explained are the problems of which it is known what they may come from, and
// that are not told already.
func explained(strict, told []Problem) []Problem {
	var list []Problem
	for _, p := range strict {
		at := func(other Problem) bool { return other.Pointer == p.Pointer || other.Hint == p.Hint }
		if p.Hint != "" && !slices.ContainsFunc(told, at) {
			list = append(list, p)
		}
	}
	return list
}
