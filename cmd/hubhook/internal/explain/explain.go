// Package explain makes what hubhook explain shows: all that is known about a check, and
// commands that name the reader's own handler. It runs the check on a built-in handler to find
// out what it sends. Start at [Checks].
//
// Nothing is sent to the reader's handler, and no text is laid out here.
package explain

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

// Options are what an explanation depends on besides the check.
type Options struct {
	Languages []string // of code that is shown
	URL       URL      // of the reader's handler
}

// Checks explains checks, entries of a table together.
func Checks(ctx context.Context, checks []check.Check, o Options) []reports.Explanation {
	dryRuns := o.URL.dryRun(ctx, checks)
	var list []reports.Explanation
	for _, group := range groups(checks) {
		e := o.explainGroup(group)
		for _, c := range group {
			e.Checks = append(e.Checks, reports.ExplainedCheck{ID: c.ID, Title: c.Title, DryRun: dryRuns[c.ID]})
		}
		list = append(list, e)
	}
	return list
}

// groups puts checks together that follow one another, are entries of one table, and differ
// only in their titles.
func groups(checks []check.Check) [][]check.Check {
	var list [][]check.Check
	for _, c := range checks {
		if last := len(list) - 1; last >= 0 && sameButForTitle(list[last][0], c) {
			list[last] = append(list[last], c)
		} else {
			list = append(list, []check.Check{c})
		}
	}
	return list
}

// sameButForTitle compares two checks. A title shows the type of repo that a check is about.
func sameButForTitle(a, b check.Check) bool {
	a.Needs.RepoType, b.Needs.RepoType = "", ""
	return a.Table() == b.Table() && a.Level == b.Level && a.Why == b.Why && a.Spec == b.Spec &&
		a.Fix == b.Fix && a.Example == b.Example && a.Needs == b.Needs
}

func (o Options) explainGroup(group []check.Check) reports.Explanation {
	common := group[0]
	if slices.ContainsFunc(group, func(c check.Check) bool { return c.Needs != common.Needs }) {
		common.Needs.RepoType = ""
	}
	e := reports.Explanation{
		ID: groupID(group, ", "), Area: string(common.Area), Level: string(common.Level),
		LevelMeaning: common.Level.Description(),
		Why:          common.Why, Spec: common.Spec, SpecSays: catalogue.SpecSummary(common.Spec), Fix: common.Fix,
		Needs: common.Needs.List(), Examples: builtin.Code(string(common.Example), o.Languages), Mutants: []reports.Mutant{},
	}
	words := []string{"hubhook check", o.URL.shellWord(common.Needs)}
	for _, need := range e.Needs {
		if need.Flag != "" {
			words = append(words, need.Flag)
		}
	}
	e.Rerun = strings.Join(append(words, "--only", groupID(group, ",")), " ")
	for _, proof := range catalogue.WithoutMutant() {
		if proof.ID == e.ID {
			e.Proof = proof.How
		}
	}
	for _, mutant := range mutants.All() {
		if slices.ContainsFunc(group, func(c check.Check) bool { return slices.Contains(mutant.Fails, c.ID) }) {
			e.Mutants = append(e.Mutants, builtin.Mutant(mutant))
		}
	}
	// A mutant that fails few other checks shows best what a check is about.
	slices.SortStableFunc(e.Mutants, func(a, b reports.Mutant) int { return cmp.Compare(len(a.Fails), len(b.Fails)) })
	return e
}

// groupID returns the ID of a table if a group is all of it, and otherwise the IDs of the
// group.
func groupID(group []check.Check, separator string) string {
	var ids []string
	for _, c := range group {
		ids = append(ids, c.ID)
	}
	all, err := suites.Find(catalogue.All(), group[0].Table())
	if len(group) > 1 && err == nil && len(all) == len(group) {
		return group[0].Table()
	}
	return strings.Join(ids, separator)
}
