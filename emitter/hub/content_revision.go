package hub

import (
	"maps"
	"slices"
	"strings"
)

// resolve finds the commit that a revision means, and the full name of the reference
// that it is; none where it is a SHA. A revision is HEAD, a branch, a tag, a full name,
// a SHA, or at least seven digits of one.
func (s *state) resolve(r *repo, rev string) (*commit, string, error) {
	if rev == "HEAD" {
		rev = mainRef
	}
	for _, folder := range []string{"", headsRefs, tagRefs} {
		if ref, known := r.Refs[folder+rev]; known {
			if c := s.commits.rows[commitKey(r.ID, ref.SHA)]; c != nil {
				return c, folder + rev, nil
			}
		}
	}
	const fewest = 7
	if len(rev) >= fewest {
		if c := s.commitNamed(r, rev); c != nil {
			return c, "", nil
		}
	}
	return nil, "", noRevision(r, rev)
}

func noRevision(r *repo, rev string) error {
	return notFound(codeRevision, "there is no revision %q in %s", inShort(rev), r.Name)
}

// commitNamed finds a commit by its SHA, or the digits with which no other begins; nil
// where there is none.
func (s *state) commitNamed(r *repo, sha string) *commit {
	sha = strings.ToLower(sha)
	if !shorthandForm.MatchString(sha) {
		return nil
	}
	if c := s.commits.rows[commitKey(r.ID, sha)]; c != nil {
		return c
	}
	var found *commit
	for key := range s.ofRepo["commit "+r.ID] {
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

// treeOf is the tree of a commit; nil where there is no commit. That of one that no
// reference points to is worked out from the nearest before it that has one.
func (s *state) treeOf(repoID string, c *commit) map[string]keptFile {
	var line []*commit // the latest first
	var before map[string]keptFile
	for c != nil {
		if before = c.tree; before != nil {
			break
		}
		line = append(line, c)
		if c.Whole || len(c.Parents) == 0 {
			break
		}
		c = s.commits.rows[commitKey(repoID, c.Parents[0])]
	}
	if len(line) == 0 {
		return before
	}
	tree := applied(before, nil)
	for _, c := range slices.Backward(line) {
		apply(tree, c.Changes)
	}
	return tree
}

// applied is a tree with changes to it.
func applied(before map[string]keptFile, changes []fileChange) map[string]keptFile {
	tree := maps.Clone(before)
	if tree == nil {
		tree = make(map[string]keptFile, len(changes))
	}
	apply(tree, changes)
	return tree
}

// apply makes changes to a tree that is still to be one's own.
func apply(tree map[string]keptFile, changes []fileChange) {
	for _, c := range changes {
		if c.File == nil {
			delete(tree, c.Path)
		} else {
			tree[c.Path] = *c.File
		}
	}
}
