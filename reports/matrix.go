package reports

import "slices"

// Matrix says which mutants each check finds. It holds every check and every mutant,
// by area.
type Matrix struct {
	Checks  []MatrixCheck // the rows
	Mutants []Mutant      // the columns
	// Judged says that the mutants were judged: Found holds what came of it, to be
	// compared with Fails.
	Judged bool
}

// MatrixCheck is a row of the matrix.
type MatrixCheck struct {
	ID    string // "SEC-02", "PAY-01a"
	Area  string // as in Check
	Level string // MUST, SHOULD or MAY
	Title string // what a right handler does
	Proof string // how it was seen to fail where no mutant does; empty where none is needed
}

// Mutant is the built-in handler with one known defect.
type Mutant struct {
	Name  string   `json:"name"`  // by which hubhook handler --bug plants it
	Area  string   `json:"area"`  // what the defect is about
	Title string   `json:"title"` // what it does wrong
	Fails []string `json:"fails"` // IDs of the checks that must find it
	// Found are those that did, where it was judged.
	Found []string `json:"found,omitempty"`
	Run   string   `json:"run"` // a command line that starts it
}

// Missed are the checks that should have found a mutant and did not.
func (m Mutant) Missed() []string { return without(m.Fails, m.Found) }

// UnexpectedlyFound are the checks that found a mutant and should not have.
func (m Mutant) UnexpectedlyFound() []string { return without(m.Found, m.Fails) }

func without(list, others []string) (left []string) {
	for _, id := range list {
		if !slices.Contains(others, id) {
			left = append(left, id)
		}
	}
	return left
}

// Mismatches lists the mutants with which it came otherwise than they say.
func (m Matrix) Mismatches() (list []Mutant) {
	if !m.Judged {
		return nil
	}
	for _, mutant := range m.Mutants {
		if len(mutant.Missed())+len(mutant.UnexpectedlyFound()) > 0 {
			list = append(list, mutant)
		}
	}
	return list
}

// MutantsFailing are the mutants that a check finds.
func (m Matrix) MutantsFailing(id string) (list []Mutant) {
	for _, mutant := range m.Mutants {
		if slices.Contains(mutant.Fails, id) {
			list = append(list, mutant)
		}
	}
	return list
}

// Unproven lists the checks that nobody has seen fail.
func (m Matrix) Unproven() (list []MatrixCheck) {
	for _, check := range m.Checks {
		if check.Proof == "" && len(m.MutantsFailing(check.ID)) == 0 {
			list = append(list, check)
		}
	}
	return list
}

// OnlyAffected leaves out the checks that have to do with none of the mutants.
func (m Matrix) OnlyAffected() Matrix {
	m.Checks = slices.DeleteFunc(slices.Clone(m.Checks), func(check MatrixCheck) bool {
		return !slices.ContainsFunc(m.Mutants, func(mutant Mutant) bool {
			return slices.Contains(mutant.Fails, check.ID) || slices.Contains(mutant.Found, check.ID)
		})
	})
	return m
}

// MatrixArea is what a matrix has in one area.
type MatrixArea struct {
	Name    string
	Checks  []MatrixCheck // the rows
	Mutants []Mutant      // the columns
}

// Areas are those that the matrix has something in, in the order of its checks.
func (m Matrix) Areas() []MatrixArea {
	var list []MatrixArea
	at := func(name string) *MatrixArea {
		i := slices.IndexFunc(list, func(a MatrixArea) bool { return a.Name == name })
		if i < 0 {
			list = append(list, MatrixArea{Name: name})
			i = len(list) - 1
		}
		return &list[i]
	}
	for _, check := range m.Checks {
		area := at(check.Area)
		area.Checks = append(area.Checks, check)
	}
	for _, mutant := range m.Mutants {
		area := at(mutant.Area)
		area.Mutants = append(area.Mutants, mutant)
	}
	return list
}
