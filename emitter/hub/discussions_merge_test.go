package hub

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

func TestMergePullRequest(t *testing.T) {
	t.Run("merge_pull_request", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path := k.opensPull(adds("new.txt", 'b'), domain.FileChange{Path: ".gitattributes"})
		onMain := k.push(domain.MainRef, adds("meanwhile.txt", 'c')).SHA
		k.Advance(1e9)
		k.call("POST", path+"/merge", nil)
		arrived := k.expectEvents(altered, pushed)
		merge := k.sha(domain.MainRef)
		is(t, arrived[0].payload, map[string]any{
			"discussion.status": "merged", "discussion.changes.mergeCommitId": merge, "discussion.changes.base": domain.MainRef, "comment": nil,
		})
		is(t, arrived[1].payload, map[string]any{"repo.headSha": merge})
		is(t, arrived[1].at("updatedRefs").([]any)[0], map[string]any{"ref": domain.MainRef, "oldSha": onMain, "newSha": merge})
		if got := slices.Sorted(maps.Keys(k.tree(domain.MainRef))); fmt.Sprint(got) != "[meanwhile.txt new.txt]" {
			t.Errorf("on main is %v", got)
		}
		stands := k.stands(path)
		is(t, stands, map[string]any{"status": "merged", "changes.mergeCommitId": merge, "filesWithConflicts": []any{}})
		k.db.View(func(s *domain.State) {
			c, r := s.Commit(k.repo, merge), s.RepoByID(k.repo)
			if c.Title != "A pull request (#1)" || !strings.Contains(c.Message, k.points(s, "refs/pr/1")) || fmt.Sprint(c.Parents) != "["+onMain+"]" {
				t.Errorf("the commit: %+v", c)
			}
			if !r.Modified.Equal(k.Now()) {
				t.Errorf("the repo was changed at %v, the merge was at %v", r.Modified, k.Now())
			}
			// What a database holds must lead to the same tree.
			again := maps.Clone(s.TreeOf(k.repo, s.Commit(k.repo, onMain)))
			for _, change := range c.Changes {
				if change.File == nil {
					delete(again, change.Path)
				} else {
					again[change.Path] = *change.File
				}
			}
			if !maps.Equal(again, c.Tree) {
				t.Errorf("the changes lead to %v, the tree is %v", again, c.Tree)
			}
		})
		k.push(domain.MainRef, adds("new.txt", 'd'))
		is(t, k.stands(path), map[string]any{"filesWithConflicts": []any{}}) // it is done with
		list := events(stands)
		is(t, list[1], map[string]any{"type": "commit", "data.subject": "Change refs/pr/1", "data.oid": k.sha("refs/pr/1")})
		is(t, list[3], map[string]any{"type": "status-change", "data.status": "merged"})
	})
	t.Run("merge_pull_request with a comment", func(t *testing.T) {
		k := newDiscussionRig(t, "space")
		path := k.opensPull(adds("new.txt", 'b'))
		k.call("POST", path+"/merge", map[string]any{"comment": "Thank you."})
		arrived := k.expectEvents(written, altered, pushed)
		is(t, arrived[0].payload, map[string]any{"comment.content": "Thank you.", "discussion.status": "open"})
	})
	t.Run("merge_pull_request without commits", func(t *testing.T) {
		k := newDiscussionRig(t, "model")
		path, before := k.opensPull(), k.sha(domain.MainRef)
		tree := k.tree(domain.MainRef)
		k.push(domain.MainRef, adds("meanwhile.txt", 'c'))
		k.call("POST", path+"/merge", nil)
		k.expectEvents(altered, pushed)
		if k.sha(domain.MainRef) == before || len(k.tree(domain.MainRef)) != len(tree)+1 {
			t.Errorf("on main is %v", k.tree(domain.MainRef))
		}
	})
}

func TestPullRequestConflicts(t *testing.T) {
	gone := func(path string) domain.FileChange { return domain.FileChange{Path: path} }
	type sides struct {
		name       string
		pull, main []domain.FileChange
		conflicts  []any
	}
	for _, c := range []sides{
		{"both changed it", []domain.FileChange{adds("a", '1')}, []domain.FileChange{adds("a", '2')}, []any{"a"}},
		{"both changed it alike", []domain.FileChange{adds("a", '1')}, []domain.FileChange{adds("a", '1')}, []any{}},
		{"one deleted what the other changed", []domain.FileChange{gone("base")}, []domain.FileChange{adds("base", '2')}, []any{"base"}},
		{"one changed what the other deleted", []domain.FileChange{adds("base", '2')}, []domain.FileChange{gone("base")}, []any{"base"}},
		{"both deleted it", []domain.FileChange{gone("base")}, []domain.FileChange{gone("base")}, []any{}},
		{"a file where there is a folder", []domain.FileChange{adds("a", '1')}, []domain.FileChange{adds("a/b", '2')}, []any{"a"}},
		{"a folder where there is a file", []domain.FileChange{adds("a/b/c", '1')}, []domain.FileChange{adds("a", '2')}, []any{"a/b/c"}},
		{"names that begin alike", []domain.FileChange{adds("ab", '1'), adds("a-b", '1')}, []domain.FileChange{adds("a", '2')}, []any{}},
		{"several", []domain.FileChange{adds("z", '1'), adds("y", '1'), adds("x", '1')}, []domain.FileChange{adds("z", '2'), adds("y", '2')}, []any{"y", "z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newDiscussionRig(t, "model")
			k.push(domain.MainRef, adds("base", '0'))
			path := k.opensPull(c.pull...)
			k.push(domain.MainRef, c.main...)
			is(t, k.stands(path), map[string]any{"filesWithConflicts": c.conflicts})
			if len(c.conflicts) == 0 {
				k.call("POST", path+"/merge", nil)
				return
			}
			before := k.sha(domain.MainRef)
			answer := k.send("POST", path+"/merge", map[string]any{"comment": "It is not to be merged."})
			if answer.status != 409 || !strings.Contains(string(answer.body), `"filesWithConflicts":["`+c.conflicts[0].(string)) {
				t.Errorf("%d %s", answer.status, answer.body)
			}
			k.expectEvents()
			if k.sha(domain.MainRef) != before || k.stands(path)["status"] != "open" {
				t.Error("something was changed")
			}
		})
	}
}

func TestPullRequestMergesWhenMainWasMergedIntoIt(t *testing.T) {
	k := newDiscussionRig(t, "model")
	path := k.opensPull(adds("a", '1'))
	onMain := k.push(domain.MainRef, adds("a", '2'))
	// The conflict is solved by a merge into the pull request.
	k.changes(func(tx *domain.Tx) error {
		r := tx.RepoByID(k.repo)
		c := &domain.Commit{Parents: []string{onMain.SHA}, Author: "mock-user", Changes: []domain.FileChange{adds("a", '3')}}
		tx.SaveRepo(tx.CommitOn(r, "refs/pr/1", c))
		return nil
	})
	k.call("POST", path+"/merge", nil)
	if got := k.tree(domain.MainRef)["a"].OID; got[0] != '3' {
		t.Errorf("on main is %s", got)
	}
}

// points is where a reference points to, for those who read the state already.
func (k *discussionRig) points(s *domain.State, ref string) string {
	return s.RepoByID(k.repo).Refs[ref].SHA
}
