package hub

import (
	"cmp"
	"slices"
)

// shed forgets the tree of a commit that no reference points to any more: with many
// commits to many files, trees are most of what a Hub would hold. In the database
// nothing changes.
func (tx *tx) shed(r *repo, c *commit) {
	for _, ref := range r.Refs {
		if ref.SHA == c.SHA {
			return
		}
	}
	bare, key := *c, commitKey(r.ID, c.SHA)
	bare.tree = nil
	tx.commits.set(key, &bare)
	tx.undo = append(tx.undo, func() { tx.commits.set(key, c) })
}

// forgetCommits forgets the oldest commits of a repo, where it has more than are kept,
// and what was in the files that no other commit has. It is done when there are an
// eighth too many, so that it is not done for each.
func (tx *tx) forgetCommits(r *repo) {
	keep := tx.hub.options.KeepCommits
	if len(tx.ofRepo["commit "+r.ID]) <= keep+keep/8 {
		return
	}
	kept, gone := tx.tooOld(r, keep)
	if len(gone) == 0 {
		return
	}
	isGone := map[string]bool{}
	for _, c := range gone {
		isGone[c.SHA] = true
	}
	var wholes []*commit
	for i, c := range kept {
		if !c.Whole && len(c.Parents) > 0 && isGone[c.Parents[0]] {
			kept[i] = tx.wholeOf(r, c)
			wholes = append(wholes, kept[i])
		}
	}
	for _, c := range wholes {
		put(tx, tx.commits, commitKey(r.ID, c.SHA), c)
	}
	for _, c := range gone {
		put(tx, tx.commits, commitKey(r.ID, c.SHA), nil)
	}
	tx.forgetContents(r, kept)
}

// tooOld parts a repo's commits into those that are kept and those that are not. What
// a reference points to is kept.
func (s *state) tooOld(r *repo, keep int) (kept, gone []*commit) {
	pointed := map[string]bool{}
	for _, ref := range r.Refs {
		pointed[ref.SHA] = true
	}
	var all []*commit
	for key := range s.ofRepo["commit "+r.ID] {
		all = append(all, s.commits.rows[key])
	}
	slices.SortFunc(all, func(a, b *commit) int { return cmp.Compare(a.Number, b.Number) })
	for _, c := range all {
		if len(all)-len(gone) > keep && !pointed[c.SHA] {
			gone = append(gone, c)
		} else {
			kept = append(kept, c)
		}
	}
	return kept, gone
}

// wholeOf is a commit that needs no other to tell its tree.
func (s *state) wholeOf(r *repo, c *commit) *commit {
	whole := *c
	whole.Whole, whole.Changes = true, nil
	for path, f := range s.treeOf(r.ID, c) {
		whole.Changes = append(whole.Changes, fileChange{Path: path, File: &f})
	}
	slices.SortFunc(whole.Changes, func(a, b fileChange) int { return cmp.Compare(a.Path, b.Path) })
	return &whole
}

// forgetContents forgets what was in files that none of the commits has.
func (tx *tx) forgetContents(r *repo, kept []*commit) {
	named := map[string]bool{}
	for _, c := range kept {
		for _, change := range c.Changes {
			if change.File != nil {
				named[blobKey(r.ID, change.File.OID)] = true
			}
		}
	}
	var gone []string
	for key := range tx.ofRepo["blob "+r.ID] {
		if !named[key] {
			gone = append(gone, key)
		}
	}
	for _, key := range gone {
		put(tx, tx.blobs, key, nil)
	}
}
