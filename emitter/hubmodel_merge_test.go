package emitter_test

// mergeRules are about what the Hub sends as two events: a pull request opened
// is a discussion and a new ref, in either order; one merged is a change of
// status, and then a push to main.
var mergeRules = []rule{
	{"pull.announced", func(m *hubModel, e *event) *finding {
		if e.repo == nil || e.repo.git.announced == 0 {
			return nil
		}
		opened := e.key == "discussion.create" && !e.payload.Discussion.IsPullRequest
		return unless(!opened && e.key != "repo.delete", "the pull request whose ref was created", e.key)
	}},
	{"merge.commit", func(m *hubModel, e *event) *finding {
		d := e.payload.Discussion
		if d == nil || !d.IsPullRequest {
			return nil
		}
		if e.discussion != nil && e.discussion.mergeCommit != "" {
			return unless(textOf(d.mergeCommit()) == e.discussion.mergeCommit, e.discussion.mergeCommit, orNull(d.mergeCommit()))
		}
		return unless((d.mergeCommit() != nil) == (d.Status == "merged"), "mergeCommitId of merged pull requests alone", orNull(d.mergeCommit()))
	}},
	{"merge.before", func(m *hubModel, e *event) *finding {
		if !e.merges() || e.payload.Discussion.mergeCommit() == nil {
			return nil
		}
		head, known := e.repo.git.refs[mainRef]
		commit := *e.payload.Discussion.mergeCommit()
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
		if len(e.payload.UpdatedRefs) == 0 {
			return nil
		}
		main := e.updatedRef(mainRef)
		return unless(main != nil && textOf(main.NewSha) == commit, "main moved to "+commit, e.payload.refs())
	}},
}

// merges reports whether this event merges a pull request.
func (e *event) merges() bool {
	return e.key == "discussion.update" && e.payload.Discussion != nil &&
		e.payload.Discussion.Status == "merged" && e.discussion.status != "merged"
}

func (d *discussionJSON) mergeCommit() *string {
	if d.Changes == nil {
		return nil
	}
	return d.Changes.MergeCommitID
}

// refs shows the refs of a payload.
func (p *payloadJSON) refs() map[string]any {
	all := map[string]any{}
	for _, r := range p.UpdatedRefs {
		all[r.Ref] = orNull(r.NewSha)
	}
	return all
}
