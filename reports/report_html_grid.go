package reports

import "slices"

// pageGrid counts checks by area and level.
type pageGrid struct {
	Levels []string
	Rows   []pageGridRow
}

type pageGridRow struct {
	Area, Anchor string // both are empty in the last row, which is of all areas
	Cells        []pageGridCell
}

// pageGridCell has nothing in it where there is no such check. The last of a row is of
// all levels, and has none.
type pageGridCell struct {
	Level   string
	Tallies []pageTally
}

// pageTally is how many checks are of a kind.
type pageTally struct {
	Kind, Sign, Words string
	Count             int
}

// kinds are the verdicts as a page tells them apart, what needs attention first: a
// known failure is one of its own.
func kinds() []pageTally {
	return []pageTally{
		{Kind: "failed", Sign: Mark(Failed), Words: "failed"},
		{Kind: "known", Sign: KnownMark, Words: "failed as known"},
		{Kind: "error", Sign: Mark(Error), Words: "fault of hubhook"},
		{Kind: "inconclusive", Sign: Mark(Inconclusive), Words: "inconclusive"},
		{Kind: "passed", Sign: Mark(Passed), Words: "passed"},
		{Kind: "skipped", Sign: Mark(Skipped), Words: "skipped"},
	}
}

// kindOf is the verdict on a check as a page tells it.
func kindOf(check Check) pageTally {
	name := string(check.Status)
	if check.failedAsKnown() {
		name = "known"
	}
	all := kinds()
	if i := slices.IndexFunc(all, func(k pageTally) bool { return k.Kind == name }); i >= 0 {
		return all[i]
	}
	return pageTally{Kind: "error", Sign: Mark(Error), Words: plain(name)}
}

// tallyOf counts checks by kind, those kinds that there are.
func tallyOf(checks []Check) (list []pageTally) {
	for _, kind := range kinds() {
		for _, check := range checks {
			if kindOf(check).Kind == kind.Kind {
				kind.Count++
			}
		}
		if kind.Count > 0 {
			list = append(list, kind)
		}
	}
	return list
}

// levelsIn are those of a report, what binds first.
func levelsIn(r *Report) (list []string) {
	for _, check := range r.Checks {
		if !slices.Contains(list, check.Level) {
			list = append(list, check.Level)
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return levelRank(a) - levelRank(b) })
	return list
}

// plainAll are texts in which control characters do nothing.
func plainAll(texts []string) (list []string) {
	for _, text := range texts {
		list = append(list, plain(text))
	}
	return list
}

// levelRank is how far back a level comes.
func levelRank(level string) int {
	if i := slices.Index(Levels(), level); i >= 0 {
		return i
	}
	return len(Levels())
}

func gridOf(r *Report, b *pageBuilder) pageGrid {
	list := levelsIn(r)
	grid := pageGrid{Levels: plainAll(list)}
	for _, area := range r.Areas() {
		grid.Rows = append(grid.Rows, pageGridRow{plain(area), b.areas[area], gridCells(list, r.InArea(area))})
	}
	grid.Rows = append(grid.Rows, pageGridRow{Cells: gridCells(list, r.Checks)})
	return grid
}

func gridCells(levels []string, checks []Check) (cells []pageGridCell) {
	for _, level := range levels {
		var some []Check
		for _, check := range checks {
			if check.Level == level {
				some = append(some, check)
			}
		}
		cells = append(cells, pageGridCell{plain(level), tallyOf(some)})
	}
	return append(cells, pageGridCell{"", tallyOf(checks)})
}
