package main

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites"
)

// shownURL is where explanations have the handler of whoever reads them.
func shownURL(needs suites.Needs) string {
	if needs.HTTPS {
		return "https://127.0.0.1:8443/webhook"
	}
	return "http://127.0.0.1:8000/webhook"
}

// handlersFolder is where the right handlers are, in the repository.
const handlersFolder = "fixtures/handlers"

// explain tells all that is known about checks, entries of a table together.
func explain(ctx context.Context, checks []suites.Check, languages []string) []reports.Explanation {
	rehearsals := rehearse(ctx, checks)
	var list []reports.Explanation
	for _, group := range groups(checks) {
		e := explainGroup(group, languages)
		for _, check := range group {
			e.Checks = append(e.Checks, reports.Explained{ID: check.ID, Title: check.Title, Rehearsal: rehearsals[check.ID]})
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
		a.Fix == b.Fix && a.Mend == b.Mend && a.Needs == b.Needs
}

// explainGroup tells what a group has in common.
func explainGroup(group []suites.Check, languages []string) reports.Explanation {
	common := group[0]
	if slices.ContainsFunc(group, func(c suites.Check) bool { return c.Needs != common.Needs }) {
		common.Needs.RepoType = ""
	}
	e := reports.Explanation{
		ID: groupID(group), Area: string(common.Area), Level: string(common.Level), Means: common.Level.Means(),
		Why: common.Why, Spec: common.Spec, Says: suites.Says(common.Spec), Fix: common.Fix,
		Needs: common.Needs.Tell(), Mends: mends(string(common.Mend), languages), Mutants: []reports.Mutant{},
	}
	words := []string{"hubhook check", shownURL(common.Needs)}
	for _, need := range e.Needs {
		if need.Flag != "" {
			words = append(words, need.Flag)
		}
	}
	e.Rerun = strings.Join(append(words, "--only", strings.ReplaceAll(e.ID, ", ", ",")), " ")
	for _, proof := range suites.ProvenOtherwise() {
		if proof.ID == e.ID {
			e.Proof = proof.How
		}
	}
	for _, bug := range handlers.Bugs() {
		if slices.ContainsFunc(group, func(c suites.Check) bool { return slices.Contains(bug.Fails, c.ID) }) {
			e.Mutants = append(e.Mutants, newMutant(bug))
		}
	}
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

// newMutant tells of a bug as reports do.
func newMutant(bug handlers.Bug) reports.Mutant {
	run := "hubhook handler --bug " + bug.Name
	if bug.SecretIn != "" {
		run += " --secret-in " + bug.SecretIn
	}
	return reports.Mutant{Name: bug.Name, Area: bug.Area, Title: bug.Title, Fails: bug.Fails, Run: run}
}

// mends are the pieces of code on a topic, in each language that has one.
func mends(topic string, languages []string) []reports.Mend {
	list := []reports.Mend{}
	for _, language := range languages {
		if code, ok := handlers.Mend(language, topic); ok {
			list = append(list, reports.Mend{
				Language: languageTitle(language), Code: code,
				File: path.Join(handlersFolder, handlers.MendFile(language)),
			})
		}
	}
	return list
}

// languageTitle is the name of a language as people write it.
func languageTitle(language string) string {
	return cmp.Or(map[string]string{"go": "Go", "express": "Express", "fastapi": "FastAPI"}[language], language)
}

// languagesNamed is the one language that is named, or all of them.
func languagesNamed(name string) ([]string, error) {
	all := handlers.Languages()
	switch closest, ok := schemas.Closest(name, all); {
	case name == "":
		return all, nil
	case slices.Contains(all, strings.ToLower(name)):
		return []string{strings.ToLower(name)}, nil
	case ok:
		return nil, fmt.Errorf("--lang: no code in %q: did you mean %q?", name, closest)
	}
	return nil, fmt.Errorf("--lang: no code in %q: it is one of %s", name, strings.Join(all, ", "))
}
