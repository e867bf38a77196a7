package reports

import (
	_ "embed"
	"io"
	"strings"

	"github.com/hubhook/hubhook/reports/safetext"
)

//go:embed compare.html
var compareHTML string

// WriteComparisonHTML writes a comparison as one page that needs nothing else: no
// network, no other file, no script.
func WriteComparisonHTML(w io.Writer, c *Comparison) error {
	return writePage(w, "comparison", compareHTML, newComparisonPage(c))
}

// comparePage is a comparison as its page wants it.
type comparePage struct {
	Regressed, Words, Note, Same string
	Many                         bool // columns whose names stand upright
	SumsHead                     []string
	Reports                      []pageReport
	Steps                        []string
	Regressions                  []pageRegression
	Areas                        []pageCompared
	Legend                       []pageLegend
}

type pageReport struct {
	Name, URL, When, Version, Conditions string
	Sums                                 []pageSum
}

// pageSum is one of the sums, beneath its title.
type pageSum struct{ Title, Value string }

type pageRegression struct{ ID, Level, Title, Why string }

type pageLegend struct{ Kind, Sign, Words string }

// pageCompared are the rows of an area.
type pageCompared struct {
	Name string
	Rows []comparedRow
}

type comparedRow struct {
	ID, Level, Title string
	Regression       bool
	Cells            []comparedCell
	Change           pageLegend // from the report before to the last one
}

// comparedCell is a verdict, with what became of it since the report before.
type comparedCell struct {
	Kind, Sign, Words, Reason string
	Mark, Changed             string // empty where nothing changed
	Report                    string
}

// fewColumns is how many reports have names that need not stand upright.
const fewColumns = 4

func newComparisonPage(c *Comparison) comparePage {
	page := comparePage{
		Regressed: Regressions(c), Words: regressionSummary(c), Note: notesLine(c), Same: agreedChecks(c),
		Many: len(c.Reports) > fewColumns, SumsHead: sumsHead(),
	}
	for _, r := range c.Reports {
		page.Reports = append(page.Reports, newPageReport(r))
	}
	for _, step := range c.Steps {
		page.Steps = append(page.Steps, stepTitle(step)+": "+stepCounts(step))
	}
	for _, row := range c.regressions() {
		page.Regressions = append(page.Regressions, pageRegression{rowID(row), rowLevel(row), rowTitle(row), rowReason(row)})
	}
	for _, row := range c.Rows {
		name := safetext.Excerpt(row.Area, longestName)
		if n := len(page.Areas); n == 0 || page.Areas[n-1].Name != name {
			page.Areas = append(page.Areas, pageCompared{Name: name})
		}
		area := &page.Areas[len(page.Areas)-1]
		area.Rows = append(area.Rows, newComparedRow(c, row))
	}
	for _, cell := range distinctCells(c.Rows) {
		page.Legend = append(page.Legend, pageLegend{cellKind(cell), verdictMark(cell), cellVerdict(cell)})
	}
	return page
}

func newPageReport(r ComparedReport) pageReport {
	report := pageReport{Name: reportName(r), URL: reportURL(r), When: reportStart(r), Version: reportVersion(r), Conditions: reportConditions(r)}
	head := sumsHead()
	for i, sum := range summaryCells(r) {
		report.Sums = append(report.Sums, pageSum{head[i], sum})
	}
	return report
}

func newComparedRow(c *Comparison, row ComparedCheck) comparedRow {
	last := signOfChange(row.Changes[len(row.Changes)-1])
	page := comparedRow{
		ID: rowID(row), Level: rowLevel(row), Title: rowTitle(row), Regression: row.Regression,
		Change: pageLegend{string(last.change), last.mark, last.title},
	}
	for i, cell := range row.Cells {
		shown := comparedCell{Kind: cellKind(cell), Sign: verdictMark(cell), Words: cellVerdict(cell), Reason: cellReason(cell), Report: reportName(c.Reports[i])}
		if i > 0 && row.Changes[i-1] != Unchanged {
			sign := signOfChange(row.Changes[i-1])
			shown.Mark, shown.Changed = sign.mark, sign.title
		}
		page.Cells = append(page.Cells, shown)
	}
	return page
}

// cellKind names the class of a verdict.
func cellKind(c ComparedVerdict) string {
	if c.Known && c.Status == Failed {
		return "known"
	}
	return strings.ReplaceAll(string(c.Status), " ", "")
}
