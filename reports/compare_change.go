package reports

// Change is what became of a check from one report to the next.
type Change string

// The changes of a check.
const (
	ChangedWorse     Change = "worse"     // it failed, or passed before and now has no verdict: inconclusive, or an error
	ChangedBetter    Change = "better"    // it passed
	ChangedOtherwise Change = "otherwise" // neither: it failed and now has no verdict, it was skipped, or is known to fail
	ChangedNew       Change = "new"       // the report before does not have it
	ChangedGone      Change = "gone"      // the report does not have it, and the one before does
	Unchanged        Change = "same"      // the verdict is the same
)

// changes are all there are, in the order in which they are told.
func changes() []Change {
	return []Change{ChangedWorse, ChangedBetter, ChangedOtherwise, ChangedNew, ChangedGone, Unchanged}
}

// changesOf are the changes from each verdict to the next.
func changesOf(cells []ComparedVerdict) []Change {
	list := []Change{}
	for i := 1; i < len(cells); i++ {
		list = append(list, changeBetween(cells[i-1], cells[i]))
	}
	return list
}

func changeBetween(before, after ComparedVerdict) Change {
	switch {
	case before.equals(after):
		return Unchanged
	case before.Status == NotRun:
		return ChangedNew
	case after.Status == NotRun:
		return ChangedGone
	case before.Status == after.Status: // and the list of known failures is another
		return ChangedOtherwise
	case after.Status == Passed:
		return ChangedBetter
	case after.Status == Failed:
		return ChangedWorse
	case before.Status == Passed && after.unsettled():
		return ChangedWorse
	}
	return ChangedOtherwise
}

// equals tells whether a verdict is the same; its reason, which quotes what came back,
// may be another.
func (c ComparedVerdict) equals(other ComparedVerdict) bool {
	return c.Status == other.Status && c.Known == other.Known
}

// ran tells whether a report has a check.
func (c ComparedVerdict) ran() bool { return c.Status != NotRun }

// unsettled tells whether a check was tried without a verdict on the handler.
func (c ComparedVerdict) unsettled() bool { return c.Status == Inconclusive || c.Status == Error }

// same tells whether all reports have the same verdict.
func (r ComparedCheck) same() bool {
	for _, cell := range r.Cells[1:] {
		if !cell.equals(r.Cells[0]) {
			return false
		}
	}
	return true
}

// regressed tells whether a row is a regression: see ComparedCheck.Regression. Without a verdict
// nobody knows that it still holds; who guards against regressions must not take that for
// a pass.
func regressed(row ComparedCheck, strict bool) bool {
	last := len(row.Cells) - 1
	now := row.Cells[last]
	binds := Check{Level: row.Level, Status: Failed, Known: now.Known}.FailsRun(strict)
	return binds && (now.Status == Failed || now.unsettled()) && lastJudged(row.Cells[:last]) == Passed
}

// lastJudged is the last verdict on a handler, passed or failed; Inconclusive where there
// is none.
func lastJudged(cells []ComparedVerdict) Status {
	for i := len(cells) - 1; i >= 0; i-- {
		if status := cells[i].Status; status == Passed || status == Failed {
			return status
		}
	}
	return Inconclusive
}
