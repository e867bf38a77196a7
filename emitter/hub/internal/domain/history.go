package domain

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// Resolve finds the commit that a revision means, and the full name of the reference
// that it is; none if it is a SHA. A revision is HEAD, a branch, a tag, a full name,
// a SHA, or at least seven digits of one.
func (s *State) Resolve(r *Repo, rev string) (*Commit, string, error) {
	if rev == "HEAD" {
		rev = MainRef
	}
	for _, folder := range []string{"", HeadsRefs, TagRefs} {
		if ref, known := r.Refs[folder+rev]; known {
			if c := s.Commit(r.ID, ref.SHA); c != nil {
				return c, folder + rev, nil
			}
		}
	}
	const minDigits = 7
	if len(rev) >= minDigits {
		if c := s.commitNamed(r, rev); c != nil {
			return c, "", nil
		}
	}
	return nil, "", NoRevision(r, rev)
}

// NoRevision returns the error for an unknown revision.
func NoRevision(r *Repo, rev string) error {
	return problem.NotFound(problem.CodeRevision, "there is no revision %q in %s", problem.Short(rev), r.Name)
}

// commitNamed finds a commit by its SHA, or the digits with which no other begins; nil
// if there is none.
func (s *State) commitNamed(r *Repo, sha string) *Commit {
	sha = strings.ToLower(sha)
	if !shorthandForm.MatchString(sha) {
		return nil
	}
	if c := s.Commit(r.ID, sha); c != nil {
		return c
	}
	var found *Commit
	for key := range s.ofRepo[kindCommit+" "+r.ID] {
		if !strings.HasPrefix(key, commitKey(r.ID, sha)) {
			continue
		}
		if found != nil {
			return nil
		}
		found = s.commits.rows[key]
	}
	return found
}

// TreeOf returns the tree of a commit; nil if there is no commit. That of one that no
// reference points to is worked out from the nearest before it that has one.
func (s *State) TreeOf(repoID string, c *Commit) map[string]File {
	var line []*Commit // the latest first
	for ; c != nil && c.Tree == nil; c = s.Parent(repoID, c) {
		line = append(line, c)
	}
	var before map[string]File
	if c != nil {
		before = c.Tree
	}
	if len(line) == 0 {
		return before
	}
	var changes []FileChange
	for _, c := range slices.Backward(line) {
		changes = append(changes, c.Changes...)
	}
	return Applied(before, changes)
}

// Parent returns the commit that the changes of another lead from; nil if none is kept.
func (s *State) Parent(repoID string, c *Commit) *Commit {
	if c.Whole || len(c.Parents) == 0 {
		return nil
	}
	return s.Commit(repoID, c.Parents[0])
}

// dropTree forgets the tree of a commit, if there is one, that no reference points to any more: with
// many commits to many files, trees are most of what a Hub would hold. In the database nothing changes.
func (tx *Tx) dropTree(r *Repo, c *Commit) {
	if c == nil {
		return
	}
	for _, ref := range r.Refs {
		if ref.SHA == c.SHA {
			return
		}
	}
	bare, key := *c, commitKey(r.ID, c.SHA)
	bare.Tree = nil
	tx.commits.set(key, &bare)
	tx.undo = append(tx.undo, func() { tx.commits.set(key, c) })
}

// pruneCommits forgets the oldest commits of a repo, if it has more than are kept,
// and what was in the files that no other commit has. It is done when there are an
// eighth too many, so that it is not done for each.
func (tx *Tx) pruneCommits(r *Repo) {
	keep := tx.Config.KeepCommits
	if len(tx.ofRepo[kindCommit+" "+r.ID]) <= keep+keep/8 {
		return
	}
	kept, dropped := tx.tooOld(r, keep)
	if len(dropped) == 0 {
		return
	}
	isDropped := map[string]bool{}
	for _, c := range dropped {
		isDropped[c.SHA] = true
	}
	for i, c := range kept {
		if !c.Whole && len(c.Parents) > 0 && isDropped[c.Parents[0]] {
			kept[i] = tx.wholeOf(r, c)
			put(tx, tx.commits, commitKey(r.ID, c.SHA), kept[i])
		}
	}
	for _, c := range dropped {
		put(tx, tx.commits, commitKey(r.ID, c.SHA), nil)
	}
	tx.pruneContents(r, kept)
}

// tooOld parts a repo's commits into those that are kept and those that are not. What
// a reference points to is kept.
func (s *State) tooOld(r *Repo, keep int) (kept, dropped []*Commit) {
	pointed := map[string]bool{}
	for _, ref := range r.Refs {
		pointed[ref.SHA] = true
	}
	all := s.Commits(r.ID)
	slices.SortFunc(all, func(a, b *Commit) int { return cmp.Compare(a.Number, b.Number) })
	for _, c := range all {
		if len(all)-len(dropped) > keep && !pointed[c.SHA] {
			dropped = append(dropped, c)
		} else {
			kept = append(kept, c)
		}
	}
	return kept, dropped
}

// wholeOf returns a commit whose tree is known without any other.
func (s *State) wholeOf(r *Repo, c *Commit) *Commit {
	whole := *c
	whole.Whole, whole.Changes = true, nil
	for path, f := range s.TreeOf(r.ID, c) {
		whole.Changes = append(whole.Changes, FileChange{Path: path, File: &f})
	}
	slices.SortFunc(whole.Changes, func(a, b FileChange) int { return cmp.Compare(a.Path, b.Path) })
	return &whole
}

func (tx *Tx) pruneContents(r *Repo, kept []*Commit) {
	named := map[string]bool{}
	for _, c := range kept {
		for _, change := range c.Changes {
			if change.File != nil {
				named[blobKey(r.ID, change.File.OID)] = true
			}
		}
	}
	for _, key := range tx.owned(kindBlob, r.ID) {
		if !named[key] {
			put(tx, tx.blobs, key, nil)
		}
	}
}

// History returns a commit and all before it that are kept, the last one first.
func (s *State) History(repoID string, from *Commit) []*Commit {
	return slices.SortedFunc(maps.Values(s.ancestry(repoID, from)),
		func(a, b *Commit) int { return cmp.Compare(b.Number, a.Number) })
}

// MaxRefs bounds the references of a repo.
const MaxRefs = 10_000

// SetRef points a reference of a repo to a commit, deletes it if the SHA is empty, and
// publishes it.
func (tx *Tx) SetRef(old *Repo, name string, to Ref) error {
	r := old.WithRef(name, to)
	r.Modified = tx.Now
	if len(r.Refs) > MaxRefs {
		return problem.Forbidden("a repo has %d branches, tags and pull requests at most", MaxRefs)
	}
	tx.SaveRepo(r)
	tx.dropTree(r, tx.Commit(r.ID, old.Refs[name].SHA))
	tx.pruneCommits(r)
	return tx.Publish(Event{
		Shape: "repo.content.update", Repo: r,
		Refs: []emitter.RefData{{Name: name, Old: old.Refs[name].SHA, New: to.SHA}},
	})
}
