package html

import (
	_ "embed"
	"io"
	"slices"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

//go:embed matrix.html
var matrixHTML string

// WriteMatrix writes a matrix as a page.
func WriteMatrix(w io.Writer, m reports.Matrix) error {
	return writePage(w, "matrix", matrixHTML, newMatrixPage(m))
}

type matrixPage struct {
	reports.Matrix
	Areas []pageArea
}

// A pageArea is one grid, and the mutants of the same area.
type pageArea struct {
	reports.MatrixArea
	Columns []reports.Mutant
	Rows    []pageRow
}

type pageRow struct {
	reports.MatrixCheck
	Note  string // why there is no mark in it; empty if there is one
	Cells []pageCell
}

// A pageCell is where a check and a mutant meet. Only Mutant is set if they are unrelated.
type pageCell struct {
	Mutant            reports.Mutant
	Mark, Kind, Words string
}

func newMatrixPage(m reports.Matrix) matrixPage {
	page := matrixPage{Matrix: m}
	for _, area := range m.Areas() {
		a := pageArea{MatrixArea: area, Columns: matrixColumns(m, area)}
		for _, check := range area.Checks {
			a.Rows = append(a.Rows, matrixRow(m, check, a.Columns))
		}
		page.Areas = append(page.Areas, a)
	}
	return page
}

// matrixColumns returns the mutants that concern the checks of an area, its own first.
func matrixColumns(m reports.Matrix, area reports.MatrixArea) []reports.Mutant {
	var own, others []reports.Mutant
	for _, mutant := range m.Mutants {
		meets := slices.ContainsFunc(area.Checks,
			func(c reports.MatrixCheck) bool { return matrixCell(m, c, mutant).Mark != "" })
		switch {
		case meets && mutant.Area == area.Name:
			own = append(own, mutant)
		case meets:
			others = append(others, mutant)
		}
	}
	return append(own, others...)
}

func matrixRow(m reports.Matrix, check reports.MatrixCheck, columns []reports.Mutant) pageRow {
	row := pageRow{MatrixCheck: check}
	for _, mutant := range columns {
		row.Cells = append(row.Cells, matrixCell(m, check, mutant))
	}
	if len(m.MutantsFailing(check.ID)) == 0 {
		row.Note = wording.Proof(m, check)
	}
	return row
}

// Marked returns the cells with a mark, for the template.
func (r pageRow) Marked() (list []pageCell) {
	for _, cell := range r.Cells {
		if cell.Mark != "" {
			list = append(list, cell)
		}
	}
	return list
}

func matrixCell(m reports.Matrix, check reports.MatrixCheck, mutant reports.Mutant) pageCell {
	must, did := slices.Contains(mutant.Fails, check.ID), slices.Contains(mutant.Found, check.ID)
	cell := pageCell{Mutant: mutant}
	switch {
	case must && !m.Judged:
		cell.Mark, cell.Kind, cell.Words = "●", "found", "must be found"
	case must && did:
		cell.Mark, cell.Kind, cell.Words = "●", "found", "found, as it must be"
	case must:
		cell.Mark, cell.Kind, cell.Words = "○", "missed", "not found, and must be"
	case did:
		cell.Mark, cell.Kind, cell.Words = "✕", "unexpected", "found, and must not be"
	}
	return cell
}
