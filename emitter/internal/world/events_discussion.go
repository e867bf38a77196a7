package world

import (
	"cmp"
	"slices"
)

func discussionEvents() map[EventKind]eventSpec {
	const update = "discussion.update"
	// becomes describes an event after which the discussion has a status.
	type condition = func(*Discussion) bool
	becomes := func(status string, weight int, from condition, before EventKind, do func(*World, *Constraints)) eventSpec {
		find := discussionWhere(from, before)
		if before == openPull {
			find = pullOfStatus(map[string]string{statusOpen: statusDraft, StatusMerged: statusOpen}[status], from)
		}
		return eventSpec{
			shape: update, weight: weight, on: gitRepos,
			suits: func(want *Constraints) bool {
				return (want.Status == "" || want.Status == status) &&
					(want.PullRequest != No || status != StatusMerged && before != openPull)
			},
			find: find, do: do,
		}
	}
	opens := func(weight int, do func(*World, *Constraints)) eventSpec {
		return eventSpec{
			shape: "discussion.create", weight: weight, on: gitRepos, find: repoWhere(nil, CreateRepo),
			do: do,
		}
	}
	thread, pull := opens(60, doOpenDiscussion), opens(50, doOpenPull)
	thread.suits = func(want *Constraints) bool {
		return want.PullRequest != Yes && want.Status != statusDraft && want.Status != StatusMerged
	}
	pull.suits = func(want *Constraints) bool { return want.PullRequest != No }
	return map[EventKind]eventSpec{
		openDiscussion: thread,
		openPull:       pull,
		retitle: {
			shape: update, weight: 20, on: gitRepos,
			suits: func(want *Constraints) bool { return want.Status != StatusMerged },
			find:  findOfStatus, do: doRetitle,
		},
		publish:          becomes(statusOpen, 15, isDraft, openPull, setStatus(statusOpen)),
		closeDiscussion:  becomes(statusClosed, 40, unfinished, openDiscussion, setStatus(statusClosed)),
		reopenDiscussion: becomes(statusOpen, 10, isClosed, closeDiscussion, setStatus(statusOpen)),
		mergePull:        becomes(StatusMerged, 30, openPullRequest, openPull, doMerge),
		deleteDiscussion: {
			shape: "discussion.delete", weight: 6, on: gitRepos,
			find: discussionWhere(isAny, openDiscussion), do: doDeleteDiscussion,
		},
	}
}

func setStatus(status string) func(*World, *Constraints) {
	return func(w *World, _ *Constraints) { w.event.Discussion.Status = status }
}

func isAny(*Discussion) bool             { return true }
func unfinished(d *Discussion) bool      { return d.Status == statusOpen || d.Status == statusDraft }
func openPullRequest(d *Discussion) bool { return d.Pull && d.Status == statusOpen }

func isDraft(d *Discussion) bool { return d.Status == statusDraft }

func isClosed(d *Discussion) bool { return d.Status == statusClosed }

// discussionWhere finds a discussion that satisfies a condition. If none does, it opens one such as is wanted.
func discussionWhere(holds func(*Discussion) bool, before EventKind) finder {
	return func(w *World, want *Constraints) EventKind {
		if w.findDiscussion(want, holds) {
			return ready
		}
		if before == openDiscussion {
			return w.opening(want)
		}
		return before
	}
}

func (w *World) opening(want *Constraints) EventKind {
	w.reseed(pullStream)
	switch {
	case want.PullRequest == No:
		return openDiscussion
	case want.PullRequest == Yes, want.Status == statusDraft, want.Status == StatusMerged, w.RNG.OneIn(2):
		return openPull
	}
	return openDiscussion
}

func pullWhere(holds func(*Discussion) bool, before EventKind) finder {
	return func(w *World, want *Constraints) EventKind {
		if w.findDiscussion(want, func(d *Discussion) bool { return d.Pull && holds(d) }) {
			return ready
		}
		return before
	}
}

// pullOfStatus finds a pull request that satisfies a condition; one that is opened for it has the status.
func pullOfStatus(status string, holds func(*Discussion) bool) finder {
	return func(w *World, want *Constraints) EventKind {
		if w.findDiscussion(want, holds) {
			return ready
		}
		w.needs.status = status
		return openPull
	}
}

func findOfStatus(w *World, want *Constraints) EventKind {
	if w.findDiscussion(want, func(d *Discussion) bool { return want.Status == "" || d.Status == want.Status }) {
		return ready
	}
	return w.leadsTo(want)
}

// leadsTo returns the event after which there is a discussion of the status that is wanted.
func (w *World) leadsTo(want *Constraints) EventKind {
	switch want.Status {
	case statusClosed:
		return closeDiscussion
	case StatusMerged:
		return mergePull
	}
	return w.opening(want)
}

func doOpenDiscussion(w *World, want *Constraints) { w.openDiscussion(want, false) }

// doOpenPull opens a pull request; its reference is reported by an event of its own.
func doOpenPull(w *World, want *Constraints) {
	d := w.openDiscussion(want, true)
	d.at = w.newSHA()
	w.follow(openPullRef, d.Num)
}

// openDiscussion opens a discussion, whose first comment comes with it.
func (w *World) openDiscussion(want *Constraints, pull bool) *Discussion {
	w.reseed(discussionStream)
	r := w.event.Repo
	r.nums++
	author := w.person()
	r.discussions = appendLast(r.discussions, Discussion{
		ID: w.newID(discussionID), Author: author, title: phrase(w.RNG.Uint64()), Num: r.nums,
		Pull: pull, Pinned: !pull && w.RNG.OneIn(24), Status: statusOpen,
	})
	d := &r.discussions[len(r.discussions)-1]
	if pull && w.RNG.OneIn(3) {
		d.Status = statusDraft
	}
	switch cmp.Or(w.needs.status, want.Status) {
	case statusDraft:
		d.Status = statusDraft
	case statusOpen, statusClosed, StatusMerged: // the last two come to be by an event of their own
		d.Status = statusOpen
	}
	w.event.Discussion = d
	w.write(author, want)
	return d
}

func doRetitle(w *World, _ *Constraints) {
	d := w.event.Discussion
	d.title = w.otherThan(d.title, w.Words.titles)
}

// doMerge merges a pull request; the push that it makes is reported next.
func doMerge(w *World, _ *Constraints) {
	d := w.event.Discussion
	d.Status, d.Merge = StatusMerged, w.newSHA()
	w.follow(pushMerge, d.Num)
}

func doDeleteDiscussion(w *World, _ *Constraints) {
	w.deleted = *w.event.Discussion
	r := w.event.Repo
	for i := range r.discussions {
		if r.discussions[i].Num == w.deleted.Num {
			r.discussions = slices.Delete(r.discussions, i, i+1)
			break
		}
	}
	w.event.Discussion = &w.deleted
}

func commentEvents() map[EventKind]eventSpec {
	const update = "discussion.comment.update"
	change := func(weight int, hides Choice, do func(*World, *Constraints)) eventSpec {
		return eventSpec{
			shape: update, weight: weight, on: gitRepos,
			suits: func(want *Constraints) bool { return want.Hidden == Either || want.Hidden == hides },
			find:  findVisible, do: do,
		}
	}
	return map[EventKind]eventSpec{
		writeComment: {shape: "discussion.comment.create", weight: 290, on: gitRepos, find: findOfStatus, do: doWrite},
		editComment:  change(30, No, doEdit),
		hideComment:  change(12, Yes, doHide),
	}
}

func findVisible(w *World, want *Constraints) EventKind {
	found := w.findDiscussion(want, func(d *Discussion) bool {
		return (want.Status == "" || d.Status == want.Status) && d.visible() != nil
	})
	if !found {
		return writeComment
	}
	w.event.Comment = w.event.Discussion.visible()
	return ready
}

// visible returns the latest comment that is not hidden; nil if there is none.
func (d *Discussion) visible() *Comment {
	for i := d.written - 1; i >= 0; i-- {
		if !d.comments[i].Hidden {
			return &d.comments[i]
		}
	}
	return nil
}

// write adds a comment to the event's discussion. It is hidden if that is wanted of the event that is reported.
func (w *World) write(author ObjectID, want *Constraints) {
	w.reseed(commentStream)
	w.event.Comment = w.event.Discussion.addComment(Comment{
		ID: w.newID(commentID), Author: author, Hidden: want.Hidden == Yes && w.reported,
		content: remark{opening: phrase(w.RNG.Uint64()), blocks: w.RNG.Uint64()},
	})
}

func doWrite(w *World, want *Constraints) {
	author := w.person()
	if w.RNG.OneIn(4) {
		author = w.event.Discussion.Author
	}
	w.write(author, want)
}

func doEdit(w *World, _ *Constraints) {
	c := w.event.Comment
	c.content = remark{opening: w.otherThan(c.content.opening, w.Words.openings), blocks: w.RNG.Uint64()}
}

func doHide(w *World, _ *Constraints) { w.event.Comment.Hidden = true }
