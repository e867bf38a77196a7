package hub

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func TestBranchesAndTags(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("dataset:d")
	first := r.headOf("dataset", "mock-user/d", "main").SHA
	known := map[string]string{"first": first}
	const repo = "/api/datasets/mock-user/d"
	for _, step := range []struct {
		name, method, path string
		body               any
		refs               string // empty: no event
	}{
		{"create_branch", "POST", "/branch/dev", nil, "refs/heads/dev - first"},
		{"create_branch with a slash", "POST", "/branch/feature%2Fa", map[string]any{"startingPoint": "dev"}, "refs/heads/feature/a - first"},
		{"create_branch from a SHA", "POST", "/branch/b", map[string]any{"startingPoint": first[:7]}, "refs/heads/b - first"},
		{"createBranch that overwrites with nothing", "POST", "/branch/b", map[string]any{"overwrite": true}, ""},
		{"createBranch that is empty", "POST", "/branch/b", map[string]any{"overwrite": true, "emptyBranch": true}, "refs/heads/b first new"},
		{"createBranch that overwrites", "POST", "/branch/b", map[string]any{"overwrite": true, "startingPoint": "refs/heads/main"}, "refs/heads/b new first"},
		{"create_tag", "POST", "/tag/main", map[string]any{"tag": "v1", "message": "the first"}, "refs/tags/v1 - first"},
		{"create_branch from a tag", "POST", "/branch/from-tag", map[string]any{"startingPoint": "v1"}, "refs/heads/from-tag - first"},
		{"delete_tag", "DELETE", "/tag/v1", nil, "refs/tags/v1 first -"},
		{"delete_branch", "DELETE", "/branch/feature%2Fa", nil, "refs/heads/feature/a first -"},
		{"super_squash_history of a branch", "POST", "/super-squash/dev", map[string]any{"message": "All\n\nof it"}, "refs/heads/dev first new"},
	} {
		t.Run(step.name, func(t *testing.T) {
			r.call(step.method, repo+step.path, step.body)
			if step.refs == "" {
				if arrived := r.arrivals(); len(arrived) != 0 {
					t.Fatalf("events: %v", shapesOf(arrived))
				}
				return
			}
			event := r.onlyArrival("repo.content.update")
			event.expect(t, map[string]any{"repo.headSha": first})
			if got := event.refs(known); !slices.Equal(got, []string{step.refs}) {
				t.Errorf("events: %v, wanted %s", got, step.refs)
			}
		})
	}
}

func TestHistoryIsSquashed(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("model:m")
	before := r.headOf("model", "mock-user/m", "main")
	r.call("POST", "/api/models/mock-user/m/super-squash/main", nil)
	event := r.onlyArrival("repo.content.update")
	after := r.headOf("model", "mock-user/m", "main")
	event.expect(t, map[string]any{"repo.headSha": after.SHA})
	if after.SHA == before.SHA || len(after.Parents) != 0 || after.Title != "Super-squash branch 'main'" {
		t.Errorf("the commit: %+v", after)
	}
	if fmt.Sprint(after.Tree) != fmt.Sprint(before.Tree) || len(after.Tree) == 0 {
		t.Errorf("the files: %v, before %v", after.Tree, before.Tree)
	}
	if again := r.headOf("model", "mock-user/m", before.SHA); again.SHA != before.SHA {
		t.Error("the old commit is gone")
	}
}

func TestRefCallsThatAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("model:m", "bucket:b")
	r.call("POST", "/api/models/mock-user/m/branch/dev", nil)
	r.call("POST", "/api/models/mock-user/m/tag/main", map[string]any{"tag": "v1"})
	r.arrivals()
	for _, c := range []struct {
		status                   int
		method, path, body, code string
	}{
		{409, "POST", "/branch/dev", ``, ""},
		{409, "POST", "/branch/main", `{}`, ""},
		{404, "POST", "/branch/x", `{"startingPoint":"nowhere"}`, problem.CodeRevision},
		{404, "POST", "/branch/x", `{"startingPoint":"abc"}`, problem.CodeRevision},
		{400, "POST", "/branch/x", `{"startingPoint":7}`, ""},
		{400, "POST", "/branch/a%20b", ``, ""},
		{400, "POST", "/branch/a..b", ``, ""},
		{400, "POST", "/branch/a.lock", ``, ""},
		{400, "POST", "/branch/refs%2Fheads%2Fx", ``, ""},
		{400, "POST", "/branch/%FF", ``, ""},
		{400, "POST", "/branch/" + strings.Repeat("x", 256), ``, ""},
		{403, "DELETE", "/branch/main", ``, ""},
		{404, "DELETE", "/branch/x", ``, problem.CodeRevision},
		{404, "DELETE", "/branch/v1", ``, problem.CodeRevision},
		{400, "POST", "/tag/main", ``, ""},
		{409, "POST", "/tag/main", `{"tag":"v1"}`, ""},
		{404, "POST", "/tag/nowhere", `{"tag":"v2"}`, problem.CodeRevision},
		{400, "POST", "/tag/main", `{"tag":"v2","message":"` + strings.Repeat("x", api.MaxRefMessage+1) + `"}`, ""},
		{404, "DELETE", "/tag/dev", ``, problem.CodeRevision},
		{404, "POST", "/super-squash/v1", ``, problem.CodeRevision},
		{400, "POST", "/super-squash/dev", `{"message":"` + strings.Repeat("x", api.MaxRefMessage+1) + `"}`, ""},
	} {
		answer := r.send(c.method, "/api/models/mock-user/m"+c.path, c.body)
		if answer.status != c.status || answer.header.Get("X-Error-Code") != c.code {
			t.Errorf("%s %s %.40s: %d %s %s", c.method, c.path, c.body, answer.status, answer.header.Get("X-Error-Code"), answer.body)
		}
	}
	r.fail(http.StatusNotFound, "POST", "/api/models/mock-user/none/branch/x", nil)
	r.fail(http.StatusBadRequest, "POST", "/api/buckets/mock-user/b/branch/x", nil)
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Errorf("events of what did not happen: %v", shapesOf(arrived))
	}
}

func TestRevisionsAreResolved(t *testing.T) {
	r := newRig(t, Options{})
	r.makes("model:m")
	r.call("POST", "/api/models/mock-user/m/branch/both", map[string]any{"emptyBranch": true})
	r.call("POST", "/api/models/mock-user/m/tag/main", map[string]any{"tag": "both"})
	main := r.headOf("model", "mock-user/m", "main").SHA
	branch := r.headOf("model", "mock-user/m", "refs/heads/both").SHA
	err := r.db.Update(func(tx *domain.Tx) error {
		return tx.SetRef(tx.RepoNamed("model", "mock-user/m"), "refs/pr/1", domain.Ref{SHA: main})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ rev, sha, ref string }{
		{"main", main, "refs/heads/main"},
		{"refs/heads/main", main, "refs/heads/main"},
		{"both", branch, "refs/heads/both"},
		{"refs/tags/both", main, "refs/tags/both"},
		{"refs/pr/1", main, "refs/pr/1"},
		{main, main, ""},
		{strings.ToUpper(main), main, ""},
		{branch[:7], branch, ""},
		{branch[:6], "", ""},
		{"pr/1", "", ""},
		{"", "", ""},
		{strings.Repeat("0", 40), "", ""},
	} {
		var found *domain.Commit
		var ref string
		var err error
		r.db.View(func(s *domain.State) { found, ref, err = s.Resolve(s.RepoNamed("model", "mock-user/m"), c.rev) })
		if c.sha == "" {
			if err == nil {
				t.Errorf("%q is %s", c.rev, found.SHA)
			}
		} else if err != nil || found.SHA != c.sha || ref != c.ref {
			t.Errorf("%q is %v %q %v", c.rev, found, ref, err)
		}
	}
}
