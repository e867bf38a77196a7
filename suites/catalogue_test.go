package suites_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

var formOfID = regexp.MustCompile(`^(SEC|SCP|RTY|RAT|PAY|TRN)-\d\d[a-z]?$`)

func TestEachCheckSaysWhatItIs(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range catalogue.All() {
		if !formOfID.MatchString(c.ID) || seen[c.ID] {
			t.Errorf("ID %q is of another form or there twice", c.ID)
		}
		seen[c.ID] = true
		if spec, err := url.Parse(c.Spec); err != nil || spec.Scheme != "https" {
			t.Errorf("%s: spec %q is no https URL", c.ID, c.Spec)
		}
		if c.Title == "" || c.Why == "" || c.Run == nil {
			t.Errorf("%s lacks a title, a reason or a function", c.ID)
		}
		if !slices.Contains(check.Areas(), c.Area) {
			t.Errorf("%s: unknown area %q", c.ID, c.Area)
		}
	}
}

func TestMutantsFailChecksThatExist(t *testing.T) {
	names := map[string]bool{}
	for _, mutant := range mutants.All() {
		if names[mutant.Name] || len(mutant.Fails) == 0 {
			t.Errorf("mutant %q is there twice, or no check finds it", mutant.Name)
		}
		names[mutant.Name] = true
		if _, err := (suites.Selection{Only: mutant.Fails}).Select(catalogue.All()); err != nil {
			t.Errorf("mutant %q: %v", mutant.Name, err)
		}
	}
}

// proven are the checks that no mutant of the matrix can fail, each with the test
// that has a defect fail it.
func proven() map[string]func(*testing.T) {
	return map[string]func(*testing.T){
		"PAY-23": TestShapesThatSchemasAddAreSent,
	}
}

// The explained exceptions are those that are tested.
func TestWhatIsProvenOtherwiseHasATest(t *testing.T) {
	var listed []string
	for _, proof := range catalogue.WithoutMutant() {
		listed = append(listed, proof.ID)
		if proof.How == "" {
			t.Errorf("%s: nothing is said of how it is proven", proof.ID)
		}
	}
	if want := slices.Sorted(maps.Keys(proven())); !slices.Equal(listed, want) {
		t.Errorf("told are %v, tested %v", listed, want)
	}
}

// Each check is failed by a mutant, or its proof is named.
func TestEachCheckIsSeenToFail(t *testing.T) {
	killed := map[string]bool{}
	for _, mutant := range mutants.All() {
		for _, id := range mutant.Fails {
			killed[id] = true
		}
	}
	unproven := proven()
	for _, c := range catalogue.All() {
		_, elsewhere := unproven[c.ID]
		delete(unproven, c.ID)
		switch {
		case elsewhere && killed[c.ID]:
			t.Errorf("%s is no exception: a mutant fails it", c.ID)
		case !elsewhere && !killed[c.ID]:
			t.Errorf("%s: no mutant fails it", c.ID)
		}
	}
	for id := range unproven {
		t.Errorf("%s is proven elsewhere, and there is no such check", id)
	}
}

// Each failure has a fix.
func TestEachCheckSaysWhatToDo(t *testing.T) {
	for _, c := range catalogue.All() {
		if c.Fix == "" || c.Example == "" {
			t.Errorf("%s lacks words or a piece of code that show how it is mended", c.ID)
		}
	}
}

func TestSelection(t *testing.T) {
	all := catalogue.All()
	for _, c := range []struct {
		name      string
		selection suites.Selection
		want      []string // nil: an error
	}{
		{"one ID", suites.Selection{Only: []string{"sec-02"}}, []string{"SEC-02"}},
		{"a table", suites.Selection{Only: []string{"PAY-07"}}, []string{"PAY-07a", "PAY-07b", "PAY-07c"}},
		{"an entry", suites.Selection{Only: []string{"PAY-07b"}}, []string{"PAY-07b"}},
		{"an area, a level, without one", suites.Selection{Areas: []string{"ratelimit"}, Level: "must", Skip: []string{"RAT-02"}}, []string{"RAT-01", "RAT-03", "RAT-04"}},
		{"an unknown ID", suites.Selection{Only: []string{"SEC-99"}}, nil},
		{"an unknown ID to skip", suites.Selection{Skip: []string{"PAY"}}, nil},
		{"an unknown area", suites.Selection{Areas: []string{"secrets"}}, nil},
		{"an unknown level", suites.Selection{Level: "maybe"}, nil},
		{"nothing left", suites.Selection{Areas: []string{"scope"}, Only: []string{"SEC-02"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			picked, err := c.selection.Select(all)
			var ids []string
			for _, c := range picked {
				ids = append(ids, c.ID)
			}
			if !slices.Equal(ids, c.want) || (err == nil) != (c.want != nil) {
				t.Errorf("picked %v, error %v; want %v", ids, err, c.want)
			}
		})
	}
}
