package schemas_test

import (
	"testing"

	"github.com/hubhook/hubhook/schemas"
)

func TestBroaderDropsTheLastSegment(t *testing.T) {
	for _, c := range []struct {
		scope, want string
		ok          bool
	}{
		{"repo.config.dois", "repo.config", true},
		{"repo.config", "repo", true},
		{"repo", "", false},
		{"", "", false},
		{"repo.", "repo", true},
	} {
		if got, ok := schemas.Broader(c.scope); got != c.want || ok != c.ok {
			t.Errorf("Broader(%q) = %q, %v; want %q, %v", c.scope, got, ok, c.want, c.ok)
		}
	}
}

func TestNearestIsTheMostSpecificKnownScope(t *testing.T) {
	known := map[string]bool{"repo": true, "repo.config": true, "discussion": true}
	for _, c := range []struct {
		scope, want string
		ok          bool
	}{
		{"repo", "repo", true},
		{"repo.config", "repo.config", true},
		{"repo.config.dois", "repo.config", true},
		{"repo.config.dois.versions.drafts", "repo.config", true},
		{"repo.stars", "repo", true},
		// Whole segments count, not what the text begins with.
		{"repo.configuration", "repo", true},
		{"repository.config", "", false},
		{"Repo.config", "", false},
		{"user.name", "", false},
		{"", "", false},
	} {
		got, ok := schemas.Nearest(c.scope, func(scope string) bool { return known[scope] })
		if got != c.want || ok != c.ok {
			t.Errorf("Nearest(%q) = %q, %v; want %q, %v", c.scope, got, ok, c.want, c.ok)
		}
	}
}

func TestNearestAsksOneSegmentAtATime(t *testing.T) {
	var asked []string
	schemas.Nearest("a.b.c", func(scope string) bool {
		asked = append(asked, scope)
		return false
	})
	if len(asked) != 3 || asked[0] != "a.b.c" || asked[1] != "a.b" || asked[2] != "a" {
		t.Errorf("asked %q", asked)
	}
}
