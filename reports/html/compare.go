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

// A comparePage is a comparison with its rows by area.
type comparePage struct {
	*reports.Comparison
	Many  bool // columns whose names stand upright
	Areas []comparedArea
}

type comparedArea struct {
	Name string
	Rows []reports.ComparedCheck
}

// fewColumns is how many reports have names that need not be upright.
const fewColumns = 4

func newComparisonPage(c *reports.Comparison) comparePage {
	page := comparePage{Comparison: c, Many: len(c.Reports) > fewColumns}
	for _, row := range c.Rows {
		name := safetext.Excerpt(row.Area, wording.MaxName)
		if n := len(page.Areas); n == 0 || page.Areas[n-1].Name != name {
			page.Areas = append(page.Areas, comparedArea{Name: name})
		}
		area := &page.Areas[len(page.Areas)-1]
		area.Rows = append(area.Rows, row)
	}
	return page
}

// changeTo returns how the verdict of a report changed from the one before; empty if it did
// not.
func changeTo(row reports.ComparedCheck, report int) reports.Change {
	if report == 0 || row.Changes[report-1] == reports.Unchanged {
		return ""
	}
	return row.Changes[report-1]
}

// cellKind returns the CSS class of a verdict.
func cellKind(c reports.ComparedVerdict) string {
	if c.Known && c.Status == reports.Failed {
		return "known"
	}
	return strings.ReplaceAll(string(c.Status), " ", "")
}
