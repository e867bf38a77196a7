package emitter_test

// mergeRules are about what the Hub tells in two events: a pull request opened
// is a discussion and a new ref, in either order; one merged is a change of
// status, and then a push to main.
var mergeRules = []rule{
	{"pull.announced", func(m *hubModel, e *event) *finding {
		if e.repo == nil || e.repo.git.announced == 0 {
			return nil
		}
		opened := e.key == "discussion.create" && !e.told.Discussion.IsPullRequest
		return unless(!opened && e.key != "repo.delete", "the pull request whose ref was created", e.key)
	}},
	{"merge.commit", func(m *hubModel, e *event) *finding {
		d := e.told.Discussion
		if d == nil || !d.IsPullRequest {
			return nil
		}
		if e.discussion != nil && e.discussion.mergeCommit != "" {
			return unless(textOf(d.mergeCommit()) == e.discussion.mergeCommit, e.discussion.mergeCommit, orNull(d.mergeCommit()))
		}
		return unless((d.mergeCommit() != nil) == (d.Status == "merged"), "mergeCommitId of merged pull requests alone", orNull(d.mergeCommit()))
	}},
	{"merge.before", func(m *hubModel, e *event) *finding {
		if !e.merges() || e.told.Discussion.mergeCommit() == nil {
			return nil
		}
		head, known := e.repo.git.refs[mainRef]
		commit := *e.told.Discussion.mergeCommit()
		return unless(!known || head != commit, "main not yet at the commit of the merge", commit)
	}},
	{"merge.twice", func(m *hubModel, e *event) *finding {
		return unless(!e.merges() || e.repo.git.merging == nil, "the push of the merge before", "another merge")
	}},
	{"merge.push", func(m *hubModel, e *event) *finding {
		if e.repo == nil || e.repo.git.merging == nil {
			return nil
		}
		commit := e.repo.git.merging.mergeCommit
		if e.key == "repo.delete" {
			return &finding{"main moved to " + commit, "the repo deleted"}
		}
		if len(e.told.UpdatedRefs) == 0 {
			return nil
		}
		main := e.refTold(mainRef)
		return unless(main != nil && textOf(main.NewSha) == commit, "main moved to "+commit, e.told.refs())
	}},
}

// merges tells whether a pull request is merged by this very event.
func (e *event) merges() bool {
	return e.key == "discussion.update" && e.told.Discussion != nil &&
		e.told.Discussion.Status == "merged" && e.discussion.status != "merged"
}

func (d *toldDiscussion) mergeCommit() *string {
	if d.Changes == nil {
		return nil
	}
	return d.Changes.MergeCommitID
}

// refs shows the refs of a payload.
func (p *toldPayload) refs() map[string]any {
	all := map[string]any{}
	for _, r := range p.UpdatedRefs {
		all[r.Ref] = orNull(r.NewSha)
	}
	return all
}
