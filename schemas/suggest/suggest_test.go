package suggest_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/schemas/suggest"
)

func TestClosest(t *testing.T) {
	known := []string{"headSha", "name", "owner", "id", "isPullRequest", "title", "discussion.create", "discussion.update", "repo.create"}
	for _, c := range []struct{ name, want string }{
		{"headSha", "headSha"},
		{"head_sha", "headSha"},
		{"head-sha", "headSha"},
		{"HEADSHA", "headSha"},
		{"is_pull_request", "isPullRequest"},
		{"headSah", "headSha"},
		{"onwer", "owner"},
		{"tilte", "title"},
		{"discuss.create", "discussion.create"},
		{"discusion.update", "discussion.update"},
		{"Repo.create", "repo.create"},
		{" name ", "name"},
		{"nmae", "name"},
		{"emna", ""}, // the same letters, two swaps away
		{"ix", "id"},
		{"iks", ""},
		{"x", ""},
		{"", ""},
		{"stars", ""},
		{"repository.creation", ""},
		{strings.Repeat("headSha", 1<<20), ""},
		{"\xff\xfe", ""},
	} {
		got, ok := suggest.Closest(c.name, known)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Closest(%.30q) = %q, %v; want %q", c.name, got, ok, c.want)
		}
	}
}

func TestClosestPrefersNearestThenFirst(t *testing.T) {
	for _, c := range []struct {
		name  string
		known []string
		want  string
	}{
		{"repo.creat", []string{"repo.crate", "repo.create"}, "repo.create"},
		{"bat-man", []string{"batmen", "batman"}, "batman"},
		{"catch", []string{"match", "batch", "latch"}, "match"},
		{"catch", nil, ""},
	} {
		if got, _ := suggest.Closest(c.name, c.known); got != c.want {
			t.Errorf("Closest(%q, %q) = %q, want %q", c.name, c.known, got, c.want)
		}
	}
}
