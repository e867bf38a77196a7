package load

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hubhook/hubhook/reports"
)

// faultCounts counts attempts without a complete answer, by kind.
type faultCounts map[string]*reports.LoadCount

// kindFiles says that this machine lets nobody open more files.
const kindFiles = "files"

// absences are the kinds that say that there is nobody to send to.
func absences() []string { return []string{"refused", "name", "unreachable"} }

// isAbsence tells whether a fault is of such a kind.
func isAbsence(err error) bool { return slices.Contains(absences(), kindOf(err)) }

// areAbsences tells whether all faults are of such kinds.
func (f faultCounts) areAbsences() bool {
	for kind := range f {
		if !slices.Contains(absences(), kind) {
			return false
		}
	}
	return true
}

func (f faultCounts) add(err error) {
	kind := kindOf(err)
	if f[kind] == nil {
		f[kind] = &reports.LoadCount{Name: kind, Example: err.Error()}
	}
	f[kind].Count++
}

// counts lists the kinds, the most frequent first.
func (f faultCounts) counts() []reports.LoadCount {
	list := []reports.LoadCount{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		list = append(list, *f[name])
	}
	slices.SortStableFunc(list, func(a, b reports.LoadCount) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
