package hub

import (
	"slices"
	"strconv"
)

// imagine has a repo and a discussion that the path names be there, where the options
// say so. What cannot be made is left to the call, which answers that it is not there.
func (c *call) imagine() {
	if !c.hub.options.Imagine || !isRepoName(c.params["repo"]) {
		return
	}
	num, _ := strconv.Atoi(c.params["num"])
	if num < 0 || num > highestNum || !c.lacks(num) {
		return
	}
	// It is no change that the call has made.
	if err := c.hub.changeFrom(origin{url: c.url, user: c.user}, func(tx *tx) error { return tx.imagine(c.repoType(), c.params["repo"], num) }); err != nil {
		c.hub.log.Warn("cannot imagine a repo", "repo", c.params["repo"], "error", err)
	}
}

// lacks tells whether the repo or the discussion of a number above zero is not there.
func (c *call) lacks(num int) (missing bool) {
	c.hub.view(func(s *state) {
		r := s.repoNamed(c.repoType(), c.params["repo"])
		missing = r == nil || num > 0 && r.Type != bucketType && s.discussions.rows[discussionKey(r.ID, num)] == nil
	})
	return missing
}

// imagine makes what is not there: a repo, and its discussion of a number above zero.
func (tx *tx) imagine(repoType, name string, num int) error {
	if !slices.Contains(repoTypes, repoType) {
		return nil
	}
	a := tx.actor(&Trigger{Num: num}, repoType, name)
	if err := a.need(needRepo); err != nil {
		return err
	}
	if num < 1 || repoType == bucketType {
		return nil
	}
	if a.lookUp(); a.discussion != nil {
		return nil
	}
	return a.makeDiscussion(num)
}
