package main

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

var update = flag.Bool("update", false, "write the golden files again")

// matrixFile is the matrix as it is read on GitHub.
const matrixFile = "../../fixtures/mutants/MUTANTS.md"

func TestGeneratedMatrix(t *testing.T) {
	var out bytes.Buffer
	if err := markdown.WriteMatrix(&out, newMatrix(catalogue.All(), mutants.All())); err != nil {
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
		t.Errorf("%s is out of date: run go generate ./fixtures/mutants\n-want +got:\n%s", matrixFile, diff)
	}
}

// A mutant that fails other checks than its table says is marked.
func TestMismatchesOfMutantsAreMarked(t *testing.T) {
	list, err := findMutants([]string{"prefix", "three-segments"})
	if err != nil {
		t.Fatal(err)
	}
	list[0].Fails = []string{"SEC-04"} // it is SEC-05 that it fails
	m := newMatrix(catalogue.All(), list)
	var progress strings.Builder
	if err := judgeMutants(t.Context(), &m, list, suites.Selection{}, &progress); err != nil {
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

// Mutants are about areas of checks.
func TestMutantsAreAboutAreas(t *testing.T) {
	for _, mutant := range mutants.All() {
		if !slices.Contains(check.Areas(), check.Area(mutant.Area)) {
			t.Errorf("%s is about %q", mutant.Name, mutant.Area)
		}
	}
}
