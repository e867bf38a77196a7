package html

import (
	_ "embed"
	"io"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

//go:embed compare.html
var compareHTML string

// WriteComparison writes a comparison as a page without scripts.
func WriteComparison(w io.Writer, c *reports.Comparison) error {
	return writePage(w, "comparison", compareHTML, newComparisonPage(c))
}

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

type pageSum struct{ Title, Value string }

type pageRegression struct{ ID, Level, Title, Why string }

type pageLegend struct{ Kind, Sign, Words string }

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

type comparedCell struct {
	Kind, Sign, Words, Reason string
	Mark, Changed             string // empty where nothing changed
	Report                    string
}

// fewColumns is how many reports have names that need not be upright.
const fewColumns = 4

func newComparisonPage(c *reports.Comparison) comparePage {
	page := comparePage{
		Regressed: wording.Regressions(c), Words: wording.RegressionSummary(c), Note: wording.Notes(c),
		Same: wording.AgreedChecks(c),
		Many: len(c.Reports) > fewColumns, SumsHead: wording.SummaryHead(),
	}
	for _, r := range c.Reports {
		page.Reports = append(page.Reports, newPageReport(r))
	}
	for _, step := range c.Steps {
		page.Steps = append(page.Steps, wording.StepTitle(step)+": "+wording.StepCounts(step))
	}
	for _, row := range c.RegressionRows() {
		page.Regressions = append(page.Regressions,
			pageRegression{wording.RowID(row), wording.RowLevel(row), wording.RowTitle(row), wording.RowReason(row)})
	}
	for _, row := range c.Rows {
		name := safetext.Excerpt(row.Area, wording.MaxName)
		if n := len(page.Areas); n == 0 || page.Areas[n-1].Name != name {
			page.Areas = append(page.Areas, pageCompared{Name: name})
		}
		area := &page.Areas[len(page.Areas)-1]
		area.Rows = append(area.Rows, newComparedRow(c, row))
	}
	for _, cell := range wording.DistinctCells(c.Rows) {
		page.Legend = append(page.Legend, pageLegend{cellKind(cell), wording.CellMark(cell), wording.CellVerdict(cell)})
	}
	return page
}

func newPageReport(r reports.ComparedReport) pageReport {
	report := pageReport{Name: wording.ReportName(r), URL: wording.ReportURL(r), When: wording.ReportStart(r),
		Version: wording.ReportVersion(r), Conditions: wording.ReportConditions(r)}
	head := wording.SummaryHead()
	for i, sum := range wording.SummaryCells(r) {
		report.Sums = append(report.Sums, pageSum{head[i], sum})
	}
	return report
}

func newComparedRow(c *reports.Comparison, row reports.ComparedCheck) comparedRow {
	last := wording.ChangeSignOf(row.Changes[len(row.Changes)-1])
	page := comparedRow{
		ID: wording.RowID(row), Level: wording.RowLevel(row), Title: wording.RowTitle(row), Regression: row.Regression,
		Change: pageLegend{string(last.Change), last.Mark, last.Title},
	}
	for i, cell := range row.Cells {
		shown := comparedCell{Kind: cellKind(cell), Sign: wording.CellMark(cell), Words: wording.CellVerdict(cell),
			Reason: wording.CellReason(cell), Report: wording.ReportName(c.Reports[i])}
		if i > 0 && row.Changes[i-1] != reports.Unchanged {
			sign := wording.ChangeSignOf(row.Changes[i-1])
			shown.Mark, shown.Changed = sign.Mark, sign.Title
		}
		page.Cells = append(page.Cells, shown)
	}
	return page
}

// cellKind returns the CSS class of a verdict.
func cellKind(c reports.ComparedVerdict) string {
	if c.Known && c.Status == reports.Failed {
		return "known"
	}
	return strings.ReplaceAll(string(c.Status), " ", "")
}
