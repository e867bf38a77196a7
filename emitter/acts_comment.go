package emitter

// commentActs are what happens to comments.
func commentActs() map[actID]act {
	const update = "discussion.comment.update"
	change := func(weight int, hides Choice, do func(*world)) act {
		return act{
			shape: update, weight: weight, on: gitKinds,
			suits: func(want *Scene) bool { return want.Hidden == Any || want.Hidden == hides },
			find:  findVisible, do: plainly(do),
		}
	}
	return map[actID]act{
		writeComment: {shape: "discussion.comment.create", weight: 290, on: gitKinds, find: findTalked, do: doWrite},
		editComment:  change(30, No, doEdit),
		hideComment:  change(12, Yes, doHide),
	}
}

// findTalked finds a discussion to comment on.
func findTalked(w *world, want *Scene, _ kinds) actID {
	if w.findTalk(want, func(d *discussion) bool { return want.Status == "" || d.status == want.Status }) {
		return ready
	}
	return w.leadsTo(want)
}

// findVisible finds a comment that is not hidden.
func findVisible(w *world, want *Scene, _ kinds) actID {
	found := w.findTalk(want, func(d *discussion) bool {
		return (want.Status == "" || d.status == want.Status) && d.visible() != nil
	})
	if !found {
		return writeComment
	}
	w.scene.comment = w.scene.talk.visible()
	return ready
}

// visible is the latest comment that is not hidden.
func (d *discussion) visible() *comment {
	for i := d.written - 1; i >= 0; i-- {
		if !d.comments[i].hidden {
			return &d.comments[i]
		}
	}
	return nil
}

// write adds a comment to the discussion on the scene. It is hidden where that is
// wanted of what is told.
func (w *world) write(author objectID, want *Scene) {
	w.draw(chanceOfComment)
	w.scene.comment = w.scene.talk.addComment(comment{
		id: w.newID(commentID), author: author, content: w.newRemark(), hidden: want.Hidden == Yes && w.staged,
	})
}

func (w *world) newRemark() remark {
	return remark{opening: phrase(w.dice.u64()), blocks: w.dice.u64()}
}

func doWrite(w *world, want *Scene, _ kinds) {
	author := w.person()
	if w.dice.oneIn(4) {
		author = w.scene.talk.author
	}
	w.write(author, want)
}

func doEdit(w *world) {
	c := w.scene.comment
	c.content = remark{opening: w.otherThan(c.content.opening, w.words.openings), blocks: w.dice.u64()}
}

func doHide(w *world) { w.scene.comment.hidden = true }
