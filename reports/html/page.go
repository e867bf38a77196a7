// Package html renders reports as pages, for a browser. A page needs nothing else: no
// network, no other file. It is whole without scripts, too, and runs nothing that a handler
// answered.
//
// Each document has a function, such as WriteReport, and a template of its own.
package html

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// functions are the words that templates ask for themselves.
var functions = template.FuncMap{
	"escape": wording.Escape, "excerpt": safetext.Excerpt, "line": safetext.Line, "mark": wording.Mark,
	"ms": wording.Ms, "number": wording.Number, "percent": wording.Percent, "share": wording.Share,
	"rate": wording.PerSecond,

	"reportName": wording.ReportName, "reportURL": wording.ReportURL, "conditions": wording.ReportConditions,
	"sumsHead": wording.SummaryHead, "sums": wording.SummaryCells, "agreed": wording.AgreedChecks,
	"regressions": wording.Regressions, "regressionSummary": wording.RegressionSummary, "notes": wording.Notes,
	"stepTitle": wording.StepTitle, "stepCounts": wording.StepCounts,
	"rowID": wording.RowID, "rowLevel": wording.RowLevel, "rowTitle": wording.RowTitle, "rowReason": wording.RowReason,
	"cellKind": cellKind, "cellMark": wording.CellMark, "verdict": wording.CellVerdict, "cellReason": wording.CellReason,
	"distinct": wording.DistinctCells, "changeTo": changeTo, "changeSign": wording.ChangeSignOf,

	"exampleCode": exampleCode, "matrixSummary": wording.MatrixSummary, "mismatch": wording.Mismatch,

	"planMeans": wording.PlanMeans, "capacity": wording.Capacity, "status": wording.ThresholdStatus,
	"figures": wording.Figures, "figure": wording.FormatFigure, "times": wording.MeasuredTimes,
	"tallies": wording.LoadTallies, "interrupted": func() string { return wording.Interrupted },
	"closed": func() string { return wording.Closed },
}

// writePage writes a template as a whole or not at all.
func writePage(w io.Writer, name, text string, data any) error {
	page, err := template.New(name).Funcs(functions).Parse(text)
	if err != nil {
		return fmt.Errorf("parse the page of the %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return fmt.Errorf("write the page of the %s: %w", name, err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// origin words what wrote a document, with which seed, and when the run began.
func origin(tool reports.Tool, seed uint64, started time.Time) string {
	var parts []string
	if tool.Name != "" {
		parts = append(parts, wording.Escape(tool.Name+" "+tool.Version))
	}
	parts = append(parts, fmt.Sprintf("seed %d", seed))
	if !started.IsZero() {
		parts = append(parts, started.UTC().Format("2 January 2006, 15:04:05 MST"))
	}
	return strings.Join(parts, " · ")
}
