package reports

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports/safetext"
)

// Change is how a check changed from one report to the next.
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

func changes() []Change {
	return []Change{ChangedWorse, ChangedBetter, ChangedOtherwise, ChangedNew, ChangedGone, Unchanged}
}

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

// equals ignores the reason, which quotes the response.
func (c ComparedVerdict) equals(other ComparedVerdict) bool {
	return c.Status == other.Status && c.Known == other.Known
}

func (c ComparedVerdict) ran() bool { return c.Status != NotRun }

func (c ComparedVerdict) unsettled() bool { return c.Status == Inconclusive || c.Status == Error }

func (c ComparedCheck) same() bool {
	return !slices.ContainsFunc(c.Cells[1:], func(cell ComparedVerdict) bool { return !cell.equals(c.Cells[0]) })
}

// incomplete reports whether a report does not have the check.
func (c ComparedCheck) incomplete() bool {
	return slices.ContainsFunc(c.Cells, func(cell ComparedVerdict) bool { return !cell.ran() })
}

// regressed reports whether a row is a regression: see ComparedCheck.Regression. Without a
// verdict nobody knows that the check still passes, so that counts, too.
func regressed(row ComparedCheck, strict bool) bool {
	last := len(row.Cells) - 1
	now := row.Cells[last]
	binds := Check{Level: row.Level, Status: Failed, Known: now.Known}.FailsRun(strict)
	return binds && (now.Status == Failed || now.unsettled()) && lastJudged(row.Cells[:last]) == Passed
}

// lastJudged returns the last verdict on a handler, passed or failed; Inconclusive if
// there is none.
func lastJudged(cells []ComparedVerdict) Status {
	for _, cell := range slices.Backward(cells) {
		if cell.Status == Passed || cell.Status == Failed {
			return cell.Status
		}
	}
	return Inconclusive
}

// UniqueNames names reports by their files, without .json and with as many folders as
// distinguish them: "main/report" and "mine/report". A file named twice is numbered.
func UniqueNames(files []string) []string {
	var paths, names []string
	for _, file := range files {
		paths = append(paths, strings.TrimSuffix(filepath.ToSlash(filepath.Clean(file)), ".json"))
	}
	for _, path := range paths {
		names = append(names, shortest(path, paths))
	}
	numberAgain(names)
	return names
}

// shortest returns the end of a path that no other path has.
func shortest(path string, paths []string) string {
	parts := strings.Split(path, "/")
	for n := 1; n < len(parts); n++ {
		end := strings.Join(parts[len(parts)-n:], "/")
		if !endsAnother(end, path, paths) {
			return end
		}
	}
	return path
}

func endsAnother(end, path string, paths []string) bool {
	return slices.ContainsFunc(paths, func(other string) bool {
		return other != path && (other == end || strings.HasSuffix(other, "/"+end))
	})
}

func numberAgain(names []string) {
	taken := map[string]bool{}
	for i, name := range names {
		unlike := name
		for n := 2; taken[unlike]; n++ {
			unlike = fmt.Sprintf("%s (%d)", name, n)
		}
		taken[unlike] = true
		names[i] = unlike
	}
}

// The longest version shown, in characters, and the most values.
const (
	maxVersion = 40
	maxValues  = 12
)

// notesOn explains differences that are not the handler's. Seeds and versions explain
// nothing if nothing differs.
func notesOn(list []*Report, rows []ComparedCheck, differ bool) []string {
	notes := []string{}
	if n := len(filter(rows, ComparedCheck.incomplete)); n > 0 {
		notes = append(notes, fmt.Sprintf("the sets of checks differ: %s %s not in all reports",
			english.Plural(n, "check", ""), english.PluralWord(n, "is", "are")))
	}
	for _, note := range []struct {
		what, means string
		of          func(*Report) string
	}{
		{"versions of hubhook", "", func(r *Report) string { return safetext.Excerpt(r.Tool.Version, maxVersion) }},
		{"seeds", "payloads are other ones", func(r *Report) string { return strconv.FormatUint(r.Seed, 10) }},
	} {
		if values := distinct(list, note.of); differ && len(values) > 1 {
			text := fmt.Sprintf("the %s differ (%s)", note.what, safetext.TruncateList(values, maxValues))
			if note.means != "" {
				text += ": " + note.means
			}
			notes = append(notes, text)
		}
	}
	if len(distinct(list, func(r *Report) string { return strconv.FormatBool(r.Strict) })) > 1 {
		notes = append(notes, "not all are strict: whether a SHOULD that failed is a regression hangs on the last one")
	}
	return notes
}

func distinct(list []*Report, of func(*Report) string) (values []string) {
	for _, r := range list {
		if value := of(r); !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}
