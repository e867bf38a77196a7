package emitter

import "cmp"

// talkActs are what happens to discussions and pull requests.
func talkActs() map[actID]act {
	const update = "discussion.update"
	// becomes is an act after which the discussion has a status.
	becomes := func(status string, weight int, from func(*discussion) bool, before actID, do func(*world)) act {
		find := aTalkThat(from, before)
		if before == openPull {
			find = aPullOf(map[string]string{open: draft, merged: open}[status], from)
		}
		return act{
			shape: update, weight: weight, on: gitKinds,
			suits: func(want *Scene) bool {
				return (want.Status == "" || want.Status == status) && (want.PullRequest != No || status != merged && before != openPull)
			},
			find: find, do: plainly(do),
		}
	}
	opens := func(weight int, do func(*world, *Scene)) act {
		return act{
			shape: "discussion.create", weight: weight, on: gitKinds, find: aRepoWith(nil, createRepo),
			do: func(w *world, want *Scene, _ kinds) { do(w, want) },
		}
	}
	talk, pull := opens(60, doOpenTalk), opens(50, doOpenPull)
	talk.suits = func(want *Scene) bool {
		return want.PullRequest != Yes && want.Status != draft && want.Status != merged
	}
	pull.suits = func(want *Scene) bool { return want.PullRequest != No }
	return map[actID]act{
		openTalk: talk,
		openPull: pull,
		retitle: {
			shape: update, weight: 20, on: gitKinds,
			suits: func(want *Scene) bool { return want.Status != merged },
			find:  findTitled, do: plainly(doRetitle),
		},
		publish:    becomes(open, 15, isDraft, openPull, func(w *world) { w.scene.talk.status = open }),
		closeTalk:  becomes(closed, 40, unfinished, openTalk, func(w *world) { w.scene.talk.status = closed }),
		reopenTalk: becomes(open, 10, isClosed, closeTalk, func(w *world) { w.scene.talk.status = open }),
		mergePull:  becomes(merged, 30, openPullRequest, openPull, doMerge),
		deleteTalk: {shape: "discussion.delete", weight: 6, on: gitKinds, find: aTalkThat(isAny, openTalk), do: plainly(doDeleteTalk)},
	}
}

func isAny(*discussion) bool             { return true }
func unfinished(d *discussion) bool      { return d.status == open || d.status == draft }
func openPullRequest(d *discussion) bool { return d.pull && d.status == open }

func isDraft(d *discussion) bool { return d.status == draft }

func isClosed(d *discussion) bool { return d.status == closed }

// aTalkThat finds a discussion of which holds is true. A pull request comes
// before where one is wanted.
func aTalkThat(holds func(*discussion) bool, before actID) func(*world, *Scene, kinds) actID {
	return func(w *world, want *Scene, _ kinds) actID {
		if w.findTalk(want, holds) {
			return ready
		}
		if before == openTalk {
			return w.opening(want)
		}
		return before
	}
}

// opening is what opens a discussion such as is wanted.
func (w *world) opening(want *Scene) actID {
	w.draw(chanceOfPull)
	switch {
	case want.PullRequest == No:
		return openTalk
	case want.PullRequest == Yes, want.Status == draft, want.Status == merged, w.dice.oneIn(2):
		return openPull
	}
	return openTalk
}

// aPullThatIs finds a pull request of which holds is true.
func aPullThatIs(holds func(*discussion) bool, before actID) func(*world, *Scene, kinds) actID {
	return func(w *world, want *Scene, _ kinds) actID {
		if w.findTalk(want, func(d *discussion) bool { return d.pull && holds(d) }) {
			return ready
		}
		return before
	}
}

// aPullOf finds a pull request of which holds is true; one that is opened for it
// has the status.
func aPullOf(status string, holds func(*discussion) bool) func(*world, *Scene, kinds) actID {
	return func(w *world, want *Scene, _ kinds) actID {
		if w.findTalk(want, holds) {
			return ready
		}
		w.needs.status = status
		return openPull
	}
}

// findTitled finds a discussion that can be retitled, of the status that is
// wanted.
func findTitled(w *world, want *Scene, _ kinds) actID {
	if w.findTalk(want, func(d *discussion) bool { return want.Status == "" || d.status == want.Status }) {
		return ready
	}
	return w.leadsTo(want)
}

// leadsTo is the act after which there is a discussion of the status that is
// wanted.
func (w *world) leadsTo(want *Scene) actID {
	switch want.Status {
	case closed:
		return closeTalk
	case merged:
		return mergePull
	}
	return w.opening(want)
}

func doOpenTalk(w *world, want *Scene) { w.openTalk(want, false) }

// doOpenPull opens a pull request; its reference is told of by an event of its
// own.
func doOpenPull(w *world, want *Scene) {
	d := w.openTalk(want, true)
	d.at = w.newSHA()
	w.follow(openPullRef, d.num)
}

// openTalk opens a discussion, whose first comment comes with it.
func (w *world) openTalk(want *Scene, pull bool) *discussion {
	w.draw(chanceOfTalk)
	r := w.scene.repo
	r.nums++
	author := w.person()
	r.talks = appendLast(r.talks, discussion{
		id: w.newID(discussionID), author: author, title: phrase(w.dice.u64()), num: r.nums,
		pull: pull, pinned: !pull && w.dice.oneIn(24), status: open,
	})
	d := &r.talks[len(r.talks)-1]
	if pull && w.dice.oneIn(3) {
		d.status = draft
	}
	switch cmp.Or(w.needs.status, want.Status) {
	case draft:
		d.status = draft
	case open, closed, merged: // the last two come to be by an event of their own
		d.status = open
	}
	w.scene.talk = d
	w.write(author, want)
	return d
}

func doRetitle(w *world) {
	d := w.scene.talk
	d.title = w.otherThan(d.title, w.words.titles)
}

// doMerge merges a pull request; the push that it makes is told of next.
func doMerge(w *world) {
	d := w.scene.talk
	d.status, d.merge = merged, w.newSHA()
	w.follow(pushMerge, d.num)
}

func doDeleteTalk(w *world) {
	w.gone = *w.scene.talk
	r := w.scene.repo
	for i := range r.talks {
		if r.talks[i].num == w.gone.num {
			r.talks = remove(r.talks, i)
			break
		}
	}
	w.scene.talk = &w.gone
}
