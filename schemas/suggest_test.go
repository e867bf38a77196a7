package schemas_test

import (
	"strings"
	"testing"
)

func TestUnknownNamesSuggestTheClosest(t *testing.T) {
	set := load(t)
	for _, c := range []struct{ name, suggested string }{
		{"discuss.create", `did you mean "discussion.create"?`},
		{"Repo.update", `did you mean "repo.update"?`},
		{"repo.updated", `did you mean "repo.update"?`},
		{"user.banned", ""},
	} {
		_, _, _, err := set.ShapeByName(c.name)
		checkSuggests(t, err, c.suggested)
		_, err = set.Source(c.name)
		checkSuggests(t, err, c.suggested)
	}
	_, err := set.Source("updated_refs")
	checkSuggests(t, err, `did you mean "updatedRefs"?`)
}

func checkSuggests(t *testing.T, err error, suggested string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	if !strings.Contains(err.Error(), suggested) || strings.Contains(err.Error(), "did you mean") != (suggested != "") {
		t.Errorf("%v; want the suggestion %q", err, suggested)
	}
}
