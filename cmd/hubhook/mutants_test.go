package main

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

var update = flag.Bool("update", false, "write the golden files again")

// matrixFile is where the matrix is read on GitHub.
const matrixFile = "../../fixtures/handlers/MUTANTS.md"

func TestTheMatrixInTheRepositoryIsUpToDate(t *testing.T) {
	var out bytes.Buffer
	if err := reports.WriteMatrixMarkdown(&out, newMatrix(suites.Catalogue(), handlers.Bugs())); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(matrixFile, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), out.String()); diff != "" {
		t.Errorf("%s is out of date: go test ./cmd/hubhook -run Matrix -update\n-want +got:\n%s", matrixFile, diff)
	}
}

// A mutant of which the table says too much and too little is told to be so.
func TestMutantsThatComeOtherwiseAreMarked(t *testing.T) {
	bugs, err := findBugs([]string{"prefix", "three-segments"})
	if err != nil {
		t.Fatal(err)
	}
	bugs[0].Fails = []string{"SEC-04"} // it is SEC-05 that it fails
	m := newMatrix(suites.Catalogue(), bugs)
	var progress strings.Builder
	if err := judgeMutants(t.Context(), &m, bugs, &progress); err != nil {
		t.Fatal(err)
	}
	differs := m.Mismatches()
	if len(differs) != 1 || !slices.Equal(differs[0].Missed(), []string{"SEC-04"}) || !slices.Equal(differs[0].UnexpectedlyFound(), []string{"SEC-05"}) {
		t.Errorf("differs: %+v", differs)
	}
	for _, want := range []string{"prefix fails 1, otherwise than it must\n", "2 of 2: ", "three-segments fails 1, as it must\n"} {
		if !strings.Contains(progress.String(), want) {
			t.Errorf("progress lacks %q: %s", want, progress.String())
		}
	}
}

// Bugs are about areas that there are.
func TestMutantsAreAboutAreas(t *testing.T) {
	for _, bug := range handlers.Bugs() {
		if !slices.Contains(suites.Areas(), suites.Area(bug.Area)) {
			t.Errorf("%s is about %q", bug.Name, bug.Area)
		}
	}
}
