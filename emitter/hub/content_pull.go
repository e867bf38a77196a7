package hub

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter"
)

// commitOnNewPull makes a commit on a pull request that is opened for it. It is based
// on main, for a discussion says of no other base.
func (c *call) commitOnNewPull(tx *tx, r *Repo, body *commitBody) (any, error) {
	base, ref, err := tx.resolve(r, c.params["rev"])
	if err != nil {
		return nil, err
	}
	if ref == "" || strings.HasPrefix(ref, tagRefs) {
		return nil, noRevision(r, c.params["rev"])
	}
	if ref != mainRef {
		return nil, invalid("pull requests are made against main here, not against %q", shortened(c.params["rev"]))
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
	r, pull, err := tx.openPull(r, made, body.description)
	if err != nil {
		return nil, err
	}
	if err := tx.sayCommit(r, pull, made); err != nil {
		return nil, err
	}
	tx.forgetCommits(r)
	answer := c.committed(r, made)
	answer.Pull = webURL(c.url, r) + "/discussions/" + strconv.Itoa(pull.Num)
	return answer, nil
}

// openPull opens a pull request by program, which makes it a draft. Its reference is
// new, and points to a commit from the start.
func (tx *tx) openPull(r *Repo, at *commit, description string) (*Repo, *discussion, error) {
	if r.Nums >= mostPulls {
		return nil, nil, conflict("%s has %d discussions and pull requests already", r.Name, mostPulls)
	}
	next := *r
	next.Nums++
	d := &discussion{
		ID: tx.newID(), Repo: r.ID, Num: next.Nums, Title: at.Title, Pull: true, Status: "draft",
		Author: tx.user, Created: tx.now, Messages: 1,
	}
	first := &message{ID: tx.newID(), Type: "comment", Author: tx.user, At: tx.now, Content: description}
	put(tx, tx.discussions, discussionKey(r.ID, d.Num), d)
	put(tx, tx.messages, messageKey(r.ID, d.Num, first.Seq), first)
	ref := pullRefs + strconv.Itoa(d.Num)
	r = tx.pointRef(&next, ref, at.SHA)
	return r, d, cmp.Or(
		tx.tell(happening{shape: "discussion.create", repo: r, discussion: d, comment: first}),
		tx.tell(happening{shape: "repo.content.update", repo: r, refs: []emitter.RefFacts{{Name: ref, New: at.SHA}}}),
	)
}

// pullToCommitTo is the pull request that a reference is of; nil where it is of none.
// What is merged or closed takes no more.
func (s *state) pullToCommitTo(r *Repo, ref string) (*discussion, error) {
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

// sayCommit shows a commit in its pull request.
func (tx *tx) sayCommit(r *Repo, pull *discussion, made *commit) error {
	if pull.Messages >= mostPullMessages {
		return conflict("pull request %d has %d messages already", pull.Num, mostPullMessages)
	}
	next := *pull
	next.Messages++
	put(tx, tx.discussions, discussionKey(r.ID, pull.Num), &next)
	put(tx, tx.messages, messageKey(r.ID, pull.Num, pull.Messages), &message{
		ID: tx.newID(), Seq: pull.Messages, Type: "commit", Author: tx.user, At: tx.now, From: made.Title, To: made.SHA,
	})
	return nil
}
