package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// explainer is what explanations are made with.
type explainer struct {
	languages []string
	url       shownURL
}

// explain tells all that is known about checks, entries of a table together.
func (x explainer) explain(ctx context.Context, checks []suites.Check) []reports.Explanation {
	rehearsals := x.url.rehearse(ctx, checks)
	var list []reports.Explanation
	for _, group := range groups(checks) {
		e := x.explainGroup(group)
		for _, check := range group {
			e.Checks = append(e.Checks, reports.ExplainedCheck{ID: check.ID, Title: check.Title, DryRun: rehearsals[check.ID]})
		}
		list = append(list, e)
	}
	return list
}

// groups puts together what follows one another, is in one table, and has all but
// titles in common.
func groups(checks []suites.Check) [][]suites.Check {
	var list [][]suites.Check
	for _, check := range checks {
		if last := len(list) - 1; last >= 0 && sameButForTitle(list[last][0], check) {
			list[last] = append(list[last], check)
		} else {
			list = append(list, []suites.Check{check})
		}
	}
	return list
}

// sameButForTitle compares two checks. That one is about another type of repo shows
// in its title.
func sameButForTitle(a, b suites.Check) bool {
	a.Needs.RepoType, b.Needs.RepoType = "", ""
	return a.Table() == b.Table() && a.Level == b.Level && a.Why == b.Why && a.Spec == b.Spec &&
		a.Fix == b.Fix && a.Example == b.Example && a.Needs == b.Needs
}

// explainGroup tells what a group has in common.
func (x explainer) explainGroup(group []suites.Check) reports.Explanation {
	common := group[0]
	if slices.ContainsFunc(group, func(c suites.Check) bool { return c.Needs != common.Needs }) {
		common.Needs.RepoType = ""
	}
	e := reports.Explanation{
		ID: groupID(group), Area: string(common.Area), Level: string(common.Level), LevelMeaning: common.Level.Means(),
		Why: common.Why, Spec: common.Spec, SpecSays: suites.SpecSummary(common.Spec), Fix: common.Fix,
		Needs: common.Needs.List(), Examples: mends(string(common.Example), x.languages), Mutants: []reports.Mutant{},
	}
	words := []string{"hubhook check", x.url.asWord(common.Needs)}
	for _, need := range e.Needs {
		if need.Flag != "" {
			words = append(words, need.Flag)
		}
	}
	e.Rerun = strings.Join(append(words, "--only", strings.ReplaceAll(e.ID, ", ", ",")), " ")
	for _, proof := range suites.WithoutMutant() {
		if proof.ID == e.ID {
			e.Proof = proof.How
		}
	}
	for _, mutant := range mutants.All() {
		if slices.ContainsFunc(group, func(c suites.Check) bool { return slices.Contains(mutant.Fails, c.ID) }) {
			e.Mutants = append(e.Mutants, reportMutant(mutant))
		}
	}
	// What fails little else shows best what a check is about.
	slices.SortStableFunc(e.Mutants, func(a, b reports.Mutant) int { return cmp.Compare(len(a.Fails), len(b.Fails)) })
	return e
}

// groupID is the ID of a table where a group is all of it.
func groupID(group []suites.Check) string {
	var ids []string
	for _, check := range group {
		ids = append(ids, check.ID)
	}
	all, err := suites.Find(suites.Catalogue(), group[0].Table())
	if len(group) > 1 && err == nil && len(all) == len(group) {
		return group[0].Table()
	}
	return strings.Join(ids, ", ")
}
