package reports

import "slices"

// Matrix is which mutants each check finds. It has every check and every mutant, by area.
type Matrix struct {
	Checks  []MatrixCheck // the rows
	Mutants []Mutant      // the columns
	// Judged is set if the mutants were judged: then Found is compared with Fails.
	Judged bool
}

// MatrixCheck is a row of the matrix.
type MatrixCheck struct {
	ID    string // "SEC-02", "PAY-01a"
	Area  string // as in Check
	Level string // MUST, SHOULD or MAY
	Title string // what a right handler does
	Proof string // how it was seen to fail without a mutant
}

// Mutant is the built-in handler with one known bug.
type Mutant struct {
	Name  string   `json:"name"`  // for hubhook handler --bug
	Area  string   `json:"area"`  // of the bug
	Title string   `json:"title"` // what it does wrong
	Fails []string `json:"fails"` // IDs of the checks that must find it
	// Found are the checks that did find it, if it was judged.
	Found []string `json:"found,omitempty"`
	Run   string   `json:"run"` // a command line that starts it
}

// Missed returns the checks that should have found a mutant and did not.
func (m Mutant) Missed() []string { return without(m.Fails, m.Found) }

// UnexpectedlyFound returns the checks that found a mutant and should not have.
func (m Mutant) UnexpectedlyFound() []string { return without(m.Found, m.Fails) }

func without(list, others []string) []string {
	return filter(list, func(id string) bool { return !slices.Contains(others, id) })
}

// Mismatches returns the mutants that were not found by exactly the checks in Fails.
func (m Matrix) Mismatches() []Mutant {
	if !m.Judged {
		return nil
	}
	return filter(m.Mutants, func(mutant Mutant) bool { return len(mutant.Missed())+len(mutant.UnexpectedlyFound()) > 0 })
}

// MutantsFailing returns the mutants that must fail a check.
func (m Matrix) MutantsFailing(id string) []Mutant {
	return filter(m.Mutants, func(mutant Mutant) bool { return slices.Contains(mutant.Fails, id) })
}

// Unproven returns the checks that nobody has seen fail.
func (m Matrix) Unproven() []MatrixCheck {
	return filter(m.Checks, func(c MatrixCheck) bool { return c.Proof == "" && len(m.MutantsFailing(c.ID)) == 0 })
}

// Has reports whether the matrix has a check.
func (m Matrix) Has(id string) bool {
	return slices.ContainsFunc(m.Checks, func(c MatrixCheck) bool { return c.ID == id })
}

// OnlyAffected drops the checks that none of the mutants fails, and the mutants that fail
// none of the checks.
func (m Matrix) OnlyAffected() Matrix {
	m.Mutants = filter(m.Mutants, func(mutant Mutant) bool { return len(mutant.Fails)+len(mutant.Found) > 0 })
	m.Checks = filter(m.Checks, func(check MatrixCheck) bool {
		return slices.ContainsFunc(m.Mutants, func(mutant Mutant) bool {
			return slices.Contains(mutant.Fails, check.ID) || slices.Contains(mutant.Found, check.ID)
		})
	})
	return m
}

// MatrixArea is the part of a matrix in one area.
type MatrixArea struct {
	Name    string
	Checks  []MatrixCheck // the rows
	Mutants []Mutant      // the columns
}

// Areas returns the parts of the matrix, in the order of its checks.
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
