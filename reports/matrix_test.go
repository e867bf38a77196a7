package reports_test

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/reports/terminal"
)

// sampleMatrix has a check that no mutant fails, one that is proven otherwise, a
// mutant of one area that another's check finds, and text that would break a page.
func sampleMatrix() reports.Matrix {
	return reports.Matrix{
		Checks: []reports.MatrixCheck{
			{ID: "SEC-01", Area: "secret", Level: "MUST", Title: "accepts <b>the</b> right | secret"},
			{ID: "SEC-02", Area: "secret", Level: "MUST", Title: "refuses a wrong one"},
			{ID: "RTY-01", Area: "retry", Level: "SHOULD", Title: "accepts it again"},
			{ID: "RTY-18", Area: "retry", Level: "SHOULD", Title: "knows it after a restart", Proof: "was seen to fail by hand"},
		},
		Mutants: []reports.Mutant{
			{Name: "open", Area: "secret", Title: `never "looks" at <script>alert(1)</script>`, Fails: []string{"SEC-02"}},
			{Name: "409-again", Area: "retry", Title: "refuses what it knows", Fails: []string{"SEC-02", "RTY-01"}},
		},
	}
}

// judgedMatrix is one in which something came otherwise.
func judgedMatrix() reports.Matrix {
	m := sampleMatrix()
	m.Judged = true
	m.Mutants[0].Found = []string{"SEC-02"}
	m.Mutants[1].Found = []string{"SEC-01", "RTY-01"}
	return m
}

func TestMatricesAreAsTheyWere(t *testing.T) {
	golden(t, "matrix.txt", func(w io.Writer) error { return terminal.WriteMatrix(w, sampleMatrix(), terminal.Options{}) })
	golden(t, "matrix.md", func(w io.Writer) error { return markdown.WriteMatrix(w, sampleMatrix()) })
	golden(t, "matrix_judged.txt", func(w io.Writer) error { return terminal.WriteMatrix(w, judgedMatrix(), terminal.Options{}) })
}

func TestMatrixTellsWhatDiffers(t *testing.T) {
	m := judgedMatrix()
	differs := m.Mismatches()
	if len(differs) != 1 || differs[0].Name != "409-again" {
		t.Fatalf("differs: %+v", differs)
	}
	if diff := cmp.Diff([][]string{{"SEC-02"}, {"SEC-01"}}, [][]string{differs[0].Missed(), differs[0].UnexpectedlyFound()}); diff != "" {
		t.Errorf("missed and unexpected (-want +got):\n%s", diff)
	}
	if differs := sampleMatrix().Mismatches(); len(differs) > 0 {
		t.Errorf("without being judged, %+v differ", differs)
	}
	if unproven := m.Unproven(); len(unproven) != 1 || unproven[0].ID != "SEC-01" {
		t.Errorf("unproven: %+v", unproven)
	}
	if met := m.OnlyAffected().Checks; len(met) != 3 {
		t.Errorf("met: %+v", met)
	}
}

// The page has a mark for each pair, leads from it to its mutant, and needs nothing
// from elsewhere.
func TestMatrixPage(t *testing.T) {
	var out bytes.Buffer
	if err := html.WriteMatrix(&out, judgedMatrix()); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for kind, want := range map[string]int{"found": 2, "missed": 1, "unexpected": 1} {
		if n := strings.Count(page, `<td><a class="`+kind+`"`); n != want {
			t.Errorf("%d marks of the kind %s, want %d", n, kind, want)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if strings.Count(page, `id="`+link[1]+`"`) != 1 {
			t.Errorf("#%s leads to no place, or to several", link[1])
		}
	}
	if foreign := regexp.MustCompile(`(?i)(src|href)="[^#]|url\(|@import|https?:`).FindString(page); foreign != "" {
		t.Errorf("the page wants something from elsewhere: %q", foreign)
	}
	for _, wrong := range []string{"<b>the</b>", "alert(1)</script>", "ZgotmplZ"} {
		if strings.Contains(page, wrong) {
			t.Errorf("the page holds %q", wrong)
		}
	}
	for _, part := range []string{"no mutant yet", "was seen to fail by hand", "not found by SEC-02; found by SEC-01 as well", "prefers-color-scheme: dark"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}
