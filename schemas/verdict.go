package schemas

import "cmp"

// Verdict is what there is to say of one payload. As JSON it is a line of
// "hubhook validate --json".
type Verdict struct {
	File string `json:"file"` // where the payload was found, "standard input" where in none
	Line int    `json:"line"` // in which it begins, counted from one
	// Shape is the shape or the part that it was judged by; empty where its
	// event tells none.
	Shape    string   `json:"shape"`
	Readings Readings `json:"readings"`
	// Recognised says what it is instead of a payload of today: "version 2",
	// "GitHub"; left out where nothing is recognised.
	Recognised string `json:"recognised,omitempty"`
	// Problems are those under the reading that was asked for; never null.
	Problems []Problem `json:"problems"`
}

// Readings says under which readings a payload is valid.
type Readings struct {
	Open   bool `json:"open"`
	Strict bool `json:"strict"`
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
	if !readings.Strict {
		open, err := judge(Open)
		if err != nil {
			return Verdict{}, err
		}
		readings.Open = open.Valid()
		if reading == Open {
			judged = open
		}
	}
	v := Verdict{Shape: judged.Schema, Readings: readings, Recognised: judged.Recognised, Problems: judged.Problems}
	if v.Problems == nil {
		v.Problems = []Problem{}
	}
	return v, nil
}
