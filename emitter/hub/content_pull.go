package hub

import (
	"strconv"
	"strings"
)

// commitOnNewPull makes a commit on a pull request that is opened for it. It is based
// on main, for a discussion says of no other base.
func (c *call) commitOnNewPull(tx *tx, r *repo, body *commitBody) (any, error) {
	base, ref, err := tx.resolve(r, c.params["rev"])
	if err != nil {
		return nil, err
	}
	if ref == "" || strings.HasPrefix(ref, tagRefs) {
		return nil, noRevision(r, c.params["rev"])
	}
	if ref != mainRef {
		return nil, invalid("pull requests are made against main here, not against %q", inShort(c.params["rev"]))
	}
	if body.parent != "" {
		if base = tx.commitNamed(r, body.parent); base == nil {
			return nil, noRevision(r, body.parent)
		}
	}
	made, err := tx.addCommit(r, base, body)
	if err != nil {
		return nil, err
	}
	r, pull, _, err := tx.openDiscussionAt(r, discussion{Title: made.Title, Pull: true}, body.description, made.SHA)
	if err != nil {
		return nil, err
	}
	if err := tx.noteCommit(r, pull.Num, made); err != nil {
		return nil, err
	}
	tx.forgetCommits(r)
	answer := c.committed(r, made)
	answer.Pull = webURL(c.url, r) + "/discussions/" + strconv.Itoa(pull.Num)
	return answer, nil
}

// pullToCommitTo is the pull request that a reference is of; nil where it is of none.
// What is merged or closed takes no more.
func (s *state) pullToCommitTo(r *repo, ref string) (*discussion, error) {
	num, err := strconv.Atoi(strings.TrimPrefix(ref, pullRefs))
	if err != nil {
		return nil, nil
	}
	d := s.discussions.rows[discussionKey(r.ID, num)]
	if d != nil && (d.Status == "merged" || d.Status == "closed") {
		return nil, conflict("pull request %d is %s", num, d.Status)
	}
	return d, nil
}
