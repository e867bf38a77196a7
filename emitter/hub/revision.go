package hub

import "strings"

// shortestSHA is how many digits of a SHA name a commit.
const shortestSHA = 7

// resolve finds the commit that a revision means: a branch, a tag, a reference in full
// (refs/pr/1), or the SHA of a commit, of which the first seven digits will do. Beside
// it stands the reference in full; it is empty for a SHA. A branch comes before a tag
// of the same name.
//
// The error is a RevisionNotFound.
func (s *state) resolve(r *Repo, rev string) (*commit, string, error) {
	for _, name := range []string{rev, headsRefs + rev, tagRefs + rev} {
		if ref, known := r.Refs[name]; known {
			if c := s.commits.rows[commitKey(r.ID, ref.SHA)]; c != nil {
				return c, name, nil
			}
		}
	}
	if c := s.commitNamed(r, strings.ToLower(rev)); c != nil {
		return c, "", nil
	}
	return nil, "", noRevision(r, rev)
}

// commitNamed finds a commit by its SHA or the beginning of it; nil where there is
// none, or more than one.
func (s *state) commitNamed(r *Repo, sha string) *commit {
	if c := s.commits.rows[commitKey(r.ID, sha)]; c != nil {
		return c
	}
	if len(sha) < shortestSHA {
		return nil
	}
	var found *commit
	prefix := commitKey(r.ID, sha)
	for _, key := range s.owned("commit", r.ID) {
		if strings.HasPrefix(key, prefix) {
			if found != nil {
				return nil
			}
			found = s.commits.rows[key]
		}
	}
	return found
}

func noRevision(r *Repo, rev string) error {
	return notFound(codeRevision, "the %s %s has no revision %q", r.Type, r.Name, inShort(rev))
}

// treeOf is the tree of a commit.
func (s *state) treeOf(_ string, c *commit) map[string]File { return c.tree }
