package hub

import (
	"maps"

	"github.com/hubhook/hubhook/emitter"
)

// mostRefs bounds the references of a repo.
const mostRefs = 10_000

// SetRef points a reference of a repo to a commit, deletes it if the SHA is empty, and
// publishes it.
func (tx *tx) SetRef(old *repo, name string, to gitRef) (*repo, error) {
	r := *old
	r.Modified = tx.now
	r.Refs = maps.Clone(old.Refs)
	if to.SHA == "" {
		delete(r.Refs, name)
	} else {
		r.Refs[name] = to
	}
	if len(r.Refs) > mostRefs {
		return nil, forbidden("a repo has %d branches, tags and pull requests at most", mostRefs)
	}
	tx.SaveRepo(&r)
	if before := tx.Commit(r.ID, old.Refs[name].SHA); before != nil {
		tx.shed(&r, before)
	}
	tx.forgetCommits(&r)
	return &r, tx.tell(happening{
		shape: "repo.content.update", repo: &r,
		refs: []emitter.RefData{{Name: name, Old: old.Refs[name].SHA, New: to.SHA}},
	})
}
